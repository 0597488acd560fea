"""Contract of `category_metrics`: the measures of a category."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table


def _count(name: str, meaning: str, unit: str, *, required: bool = True) -> Column:
    return Column(name, "BIGINT", meaning, unit, required=required, minimum=0)


def _change(name: str, meaning: str) -> Column:
    return Column(name, "BIGINT", f"{meaning}, rounded half up; null on a base of 0", "%", required=False, minimum=-100)


def _ratio(name: str, meaning: str, unit: str, maximum: float, people: str = "contributors") -> Column:
    return Column(name, "DOUBLE", meaning, unit, required=False, minimum=0, maximum=maximum, people=people)


_REPOSITORIES = (
    _count("repositories_tracked", "repositories of the catalogue tracked in the quarter", "repositories"),
    _count("repositories_read", "of these, read by the source", "repositories"),
    _count("repositories_complete", "of these, complete through the quarter's end", "repositories"),
    _count("repositories_active", "of these, with a counted commit", "repositories"),
)

_COUNTED = (
    _count("commits_read", "commits of any kind that the source gave", "commits"),
    _count("not_counted_merge", "merges: more than one parent", "commits"),
    _count("not_counted_bad_date", "committed before 1990, or a day after they were fetched", "commits"),
    _count("not_counted_duplicate", "owned by the upstream, or by an earlier repository of the catalogue", "commits"),
    _count("not_counted_import", "imports of foreign history, as content/overrides.yaml lists them", "commits"),
    _count("not_counted_before_tracking", "before the repository was tracked", "commits"),
    _count("not_counted_after_tracking", "after the repository was tracked", "commits"),
    _count("not_counted_partial_source", "of repositories whose source ends before the quarter does", "commits"),
    _count("not_counted_bot", "by automation: bots and AI agents", "commits"),
    _count("commits", "counted commits", "commits"),
    # Without a unit, and so no facts: the sum of two others, and what would tell how many people only merge
    _count("commits_with_bots", "counted commits and those by automation: how far the line between them matters", ""),
    _count("commits_with_merges", "counted commits and the merges by people that nothing else stands against", ""),
    _count("unresolved_commits", "counted commits whose author is a placeholder such as root", "commits"),
    _ratio("unresolved_share", "unresolved commits / commits; null without commits", "share", 1, people=""),
    _count(
        "agent_assisted_commits", "counted commits with an AI agent among the co-authors of their trailers", "commits"
    ),
    _ratio("agent_assisted_share", "agent-assisted commits / commits; null without commits", "share", 1, people=""),
)

_LEVELS = (
    _count("contributors", "people with at least one counted commit", "people"),
    _count("contributors_with_coauthors", "the same, with the people named in co-author trailers", "people"),
    _count("contributors_with_merges", "contributors if those merges counted", ""),
    _count("contributors_strict", "contributors if only ids, logins and addresses tell who is who", "people"),
    _count("contributors_loose", "contributors if everybody with one full name is one person", "people"),
    _count("commits_previous", "commits in the quarter before", "commits", required=False),
    _count("contributors_previous", "contributors in the quarter before", "people", required=False),
    _count("repositories_active_previous", "active repositories in the quarter before", "repositories", required=False),
    _change("commits_qoq_pct", "change of commits against the quarter before"),
    _change("contributors_qoq_pct", "change of contributors against the quarter before"),
    Column(
        "contributors_net_change", "BIGINT", "contributors less those of the quarter before", "people", required=False
    ),
)

_BASKET = (
    _count(
        "basket_repositories",
        "repositories tracked and with a counted commit before the quarter before began, complete through the quarter",
        "repositories",
        required=False,
    ),
    _count("basket_commits", "commits of the same basket", "commits", required=False),
    _count("basket_commits_previous", "commits of the same basket in the quarter before", "commits", required=False),
    _count("basket_contributors", "contributors of the same basket", "people", required=False),
    _count(
        "basket_contributors_previous",
        "contributors of the same basket in the quarter before",
        "people",
        required=False,
    ),
    _change("basket_commits_qoq_pct", "change of commits over the same basket of repositories"),
    _change("basket_contributors_qoq_pct", "change of contributors over the same basket of repositories"),
)

_DOMINANCE = (
    _ratio("top_contributor_share", "share of the commits made by the person with most of them", "share", 1),
    # Without a unit, and so no fact: it would say the same again
    _ratio("commits_share_without_top", "share of the commits made by all others", "", 1),
    _change("commits_qoq_pct_without_top", "change of commits without the quarter's largest contributor"),
    _count(
        "absence_factor", "smallest number of people who made at least half of the commits", "people", required=False
    ),
    _ratio("commits_gini", "Gini coefficient of commits over people", "share", 1),
)

_TURNOVER = (
    _count("contributors_retained", "active in both quarters", "people", required=False),
    _count(
        "contributors_new", "first commit of a counted kind in the category is in the quarter", "people", required=False
    ),
    _count("contributors_returning", "seen before, but not in the quarter before", "people", required=False),
    _count("contributors_churned", "active in the quarter before, not seen in this one", "people", required=False),
    _count(
        "churned_moved",
        "churned and active in a category in which they were not the quarter before",
        "people",
        required=False,
    ),
    _count("churned_narrowed", "churned and active only where they already were", "people", required=False),
    _count("churned_gone", "churned and active nowhere in the catalogue", "people", required=False),
    _ratio("churn_rate_pct", "churned / contributors of the quarter before", "%", 100, "contributors_previous"),
    _ratio("retention_pct", "100 - churn rate", "%", 100, "contributors_previous"),
    _count("engaged_previous", "people with 2 active weeks or more in the quarter before", "people", required=False),
    _count("engaged_churned", "of these, not seen in the quarter", "people", required=False),
    _ratio(
        "engaged_churn_rate_pct", "churn rate of the people with 2 active weeks or more", "%", 100, "engaged_previous"
    ),
)

_ENGAGEMENT = (
    Column(
        "mean_active_weeks",
        "DOUBLE",
        "mean over people of distinct active weeks; 13 weeks a quarter",
        "weeks",
        required=False,
        minimum=1,
        maximum=13,
        people="contributors",
    ),
    Column(
        "median_active_weeks",
        "DOUBLE",
        "median over people of distinct active weeks",
        "weeks",
        required=False,
        minimum=1,
        maximum=13,
        people="contributors",
    ),
    _ratio("one_week_share", "share of people active in a single week", "share", 1),
    Column(
        "mean_active_days",
        "DOUBLE",
        "mean over people of distinct active days",
        "days",
        required=False,
        minimum=1,
        maximum=92,
        people="contributors",
    ),
    _count("full_time_like", "people with 10 active days or more within 28 days of the quarter", "people"),
    _ratio(
        "median_tenure_years", "median years from the first commit in the category to the quarter's end", "years", 100
    ),
    _ratio("median_catalogue_tenure_years", "the same from the first commit anywhere in the catalogue", "years", 100),
    _count("tenure_under_1_year", "people with less than a year in the category", "people"),
    _count("tenure_1_to_2_years", "people with one year or more, but less than two", "people"),
    _count("tenure_2_years_or_more", "people with two years or more", "people"),
)

TABLE = Table(
    name="category_metrics",
    one_row_is="a category, all twelve in every quarter",
    group="metrics",
    stage=2,
    version="5",
    grain=("category",),
    order=("category_order",),
    rows=12,
    reads=(
        Read("counted_commits"),
        Read("alias_activity", quarters_back=1),
        Read("contributor_identities"),
        Read("first_commits"),
        Read("first_repository_commits"),
        Read("contributor_profiles"),
        Read("tracked_repositories"),
        Read("repository_snapshots"),
    ),
    derives=("contributor_activity", "category_presences"),
    columns=(
        Column("category", "VARCHAR", "slug of the category"),
        Column("category_order", "INTEGER", "position of the category in the catalogue", minimum=0),
        *_REPOSITORIES,
        *_COUNTED,
        *_LEVELS,
        *_BASKET,
        *_DOMINANCE,
        *_TURNOVER,
        *_ENGAGEMENT,
        Column("change_null_reason", "VARCHAR", "why every change is null", required=False, allowed=("first_quarter",)),
        Column(
            "marks",
            "VARCHAR[]",
            "partial: a source failed or ends before the quarter does; dominated: one person made over "
            "25 % of the commits; small_base: under 30 commits or people in the quarter before; new: none; "
            "basket_differs: the same basket disagrees in sign or by over 20 points; first_quarter; unresolved: "
            "over 1 % of the commits",
        ),
    ),
    rules=(
        Rule(
            "counted_and_reasons_add_up",
            "Counted commits and all reasons add up to what was read.",
            "commits_read = commits + not_counted_merge + not_counted_bad_date + not_counted_duplicate + "
            "not_counted_import + not_counted_before_tracking + not_counted_after_tracking + "
            "not_counted_partial_source + not_counted_bot",
        ),
        Rule(
            "merges_and_bots_only_add",
            "With merges or bots there are no fewer commits and people, and no more commits than were left out as such.",
            "commits_with_bots = commits + not_counted_bot AND contributors_with_merges >= contributors AND "
            "commits_with_merges BETWEEN commits AND commits + not_counted_merge",
        ),
        Rule(
            "loose_linking_finds_no_more_people",
            "Joining more aliases never makes more people.",
            "contributors_loose <= contributors",
        ),
        Rule(
            "retained_new_and_returning_are_all",
            "Contributors are the retained, the new and the returning.",
            "contributors = contributors_retained + contributors_new + contributors_returning",
        ),
        Rule(
            "churned_and_retained_are_the_previous",
            "Contributors of the quarter before are the retained and the churned.",
            "contributors_previous = contributors_retained + contributors_churned",
        ),
        Rule(
            "moved_narrowed_and_gone_are_the_churned",
            "The churned moved, narrowed or are gone.",
            "contributors_churned = churned_moved + churned_narrowed + churned_gone",
        ),
        Rule(
            "retention_and_churn_make_100",
            "Retention and churn rate add up to 100.",
            "abs(retention_pct + churn_rate_pct - 100) < 1e-9",
        ),
        Rule(
            "nobody_is_more_active_than_their_commits",
            "Mean active weeks are at most the commits a person.",
            "mean_active_weeks * contributors <= commits + 1e-6",
        ),
        Rule(
            "tenure_bands_are_all",
            "Every contributor is in one tenure band.",
            "contributors = tenure_under_1_year + tenure_1_to_2_years + tenure_2_years_or_more",
        ),
        Rule(
            "at_most_1_percent_is_unresolved",
            "At most 1 % of a category's commits have an unresolved author.",
            "100 * unresolved_commits <= commits",
            blocks=False,
        ),
        Rule(
            "agent_assisted_commits_are_counted_ones",
            "Commits that an agent assisted are some of the counted ones.",
            "agent_assisted_commits <= commits",
        ),
        Rule(
            "sources_narrow_down",
            "Active repositories are complete, complete ones read, read ones tracked.",
            "repositories_active <= repositories_complete AND repositories_complete <= repositories_read AND "
            "repositories_read <= repositories_tracked",
        ),
    ),
)
