"""Contract of `report_facts`: every number that an edition may print."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

ENTITY_KINDS = (
    "catalogue",
    "category",
    "repository",
    "small_repositories",
    "pair",
    "flow",
    "term",
    "prediction",
    "forecast",
)

CATALOGUE_SUMS = (
    "repositories_tracked",
    "repositories_read",
    "repositories_complete",
    "repositories_active",
    "commits_read",
    "not_counted_merge",
    "not_counted_bad_date",
    "not_counted_duplicate",
    "not_counted_import",
    "not_counted_before_tracking",
    "not_counted_after_tracking",
    "not_counted_partial_source",
    "not_counted_bot",
    "commits",
    "commits_previous",
    "unresolved_commits",
    "agent_assisted_commits",
)
"""Measures of category_metrics whose sum over the twelve categories is the catalogue's figure."""

OF_CATALOGUE_ONLY = frozenset(
    {
        "commits_read",
        "agent_assisted_commits",
        "agent_assisted_share",
        *(measure for measure in CATALOGUE_SUMS if measure.startswith("not_counted_")),
    }
)
"""Measures of category_metrics that are facts of the catalogue alone: of a category they may be what few people did."""

CATALOGUE_VALUES = (
    Column("contributors", "BIGINT", "people with at least one counted commit, each counted once", "people"),
    Column("contributors_previous", "BIGINT", "the same in the quarter before", "people", required=False),
    Column(
        "contributors_qoq_pct",
        "BIGINT",
        "change of contributors against the quarter before, rounded half up",
        "%",
        required=False,
    ),
    Column(
        "commits_qoq_pct",
        "BIGINT",
        "change of commits against the quarter before, rounded half up",
        "%",
        required=False,
    ),
    *(
        column
        for counted, unit, reading, rule in (
            ("contributors", "people", "strict", "if only ids, logins and addresses tell who is who"),
            ("contributors", "people", "loose", "if everybody with one full name is one person"),
            ("commits", "commits", "with_bots", "with those by automation"),
            ("commits", "commits", "with_merges", "with the merges by people that nothing else stands against"),
            ("contributors", "people", "with_merges", "with those who made such merges"),
        )
        for column in (
            Column(f"{counted}_{reading}", "BIGINT", f"{counted} {rule}", unit),
            Column(
                f"{counted}_qoq_pct_{reading}",
                "BIGINT",
                f"change of {counted} against the quarter before {rule}, rounded half up",
                "%",
                required=False,
            ),
        )
    ),
    Column(
        "repositories_recounted",
        "BIGINT",
        "tracked repositories that were read and whose whole history was counted a second time, without reading it",
        "repositories",
    ),
    Column("history_commits", "BIGINT", "commits of any kind that were read of these, whatever the quarter", "commits"),
    Column("history_commits_recounted", "BIGINT", "commits that the second count finds in them", "commits"),
    Column(
        "agent_assisted_share",
        "DOUBLE",
        "agent-assisted commits / commits; null without commits",
        "share",
        required=False,
    ),
    Column(
        "changes_tested",
        "BIGINT",
        "changes of categories that can be held against their own earlier changes; retention, which is what churn leaves, is "
        "not counted beside it",
        "changes",
    ),
    Column("discoveries", "BIGINT", "those of them that are unusual, at most a tenth of them false finds", "changes"),
    Column("memberships", "BIGINT", "contributors added up over categories: who is in two counts twice", "memberships"),
)
"""Measures of the catalogue that are no sum over categories."""

SMALL_VALUES = (
    Column(
        "repositories",
        "BIGINT",
        "repositories of the category with a counted commit and under 5 people",
        "repositories",
    ),
    Column("commits", "BIGINT", "their counted commits", "commits"),
    Column("contributors", "BIGINT", "people with a counted commit in any of them, each counted once", "people"),
    Column("top_contributor_share", "DOUBLE", "share of those commits of the person with most of them", "share"),
)
"""Measures of the repositories of a category that are too small to be printed one by one."""

CHANGE_VALUES = (
    (
        ("contributors", "basket_contribution"),
        Column(
            "contributors_net_change_in_basket",
            "BIGINT",
            "what of the net change of contributors stands in the same basket of repositories",
            "net people",
        ),
    ),
    (
        ("contributors", "catalogue_contribution"),
        Column(
            "contributors_net_change_of_catalogue",
            "BIGINT",
            "what of it stands outside: in repositories newly begun, newly tracked, ended or incomplete",
            "net people",
        ),
    ),
    (
        ("commits", "basket_contribution"),
        Column(
            "commits_net_change_in_basket",
            "BIGINT",
            "what of the net change of commits stands in the same basket of repositories",
            "net commits",
        ),
    ),
    (
        ("commits", "catalogue_contribution"),
        Column("commits_net_change_of_catalogue", "BIGINT", "what of it stands outside", "net commits"),
    ),
    (
        ("contributors", "surprise"),
        Column(
            "contributors_surprise",
            "DOUBLE",
            "change of contributors against the mean of up to eight earlier changes, in standard deviations",
            "standard deviations",
        ),
    ),
    (
        ("commits", "surprise"),
        Column("commits_surprise", "DOUBLE", "the same of commits", "standard deviations"),
    ),
    (
        ("mean_active_weeks", "change"),
        Column("mean_active_weeks_qoq_pct", "BIGINT", "change of mean active weeks, rounded half up", "%"),
    ),
    (
        ("one_week_share", "change"),
        Column("one_week_share_change", "BIGINT", "change of the share of people active in a single week", "points"),
    ),
    (("churn_rate_pct", "change"), Column("churn_rate_change", "BIGINT", "change of the churn rate", "points")),
)
"""Measures of changes: where category_changes has them (measure, column), and the fact that they become."""

CATALOGUE_CHANGE_VALUES = tuple(
    (
        (counted, column),
        Column(
            f"basket_{counted}{suffix}",
            "BIGINT",
            f"{counted} of the same basket of repositories{meaning}",
            "%" if suffix == "_qoq_pct" else unit,
            required=False,
        ),
    )
    for counted, unit in (("commits", "commits"), ("contributors", "people"))
    for column, suffix, meaning in (
        ("basket_value", "", ""),
        ("basket_previous", "_previous", " in the quarter before"),
        ("basket_change", "_qoq_pct", ": change against the quarter before, rounded half up"),
    )
)
"""What category_metrics has of a category, and only category_changes of the catalogue."""

TABLE = Table(
    name="report_facts",
    one_row_is="a fact: one measure of one entity, with the query that gives it",
    group="report",
    stage=2,
    version="16",
    grain=("fact_id",),
    reads=(
        Read("category_metrics"),
        Read("category_changes"),
        Read("repository_metrics"),
        Read("category_overlaps"),
        Read("prediction_scores"),
        Read("prediction_calibration"),
        Read("restatements"),
        Read("work_type_mix"),
        Read("category_depth"),
        Read("category_coordination"),
        Read("contributor_migration"),
        Read("focus_terms"),
        Read("contributor_activity"),
        Read("contributor_identities"),
        Read("alias_activity", quarters_back=1),
        Read("counted_commits", quarters_back=1),
        Read("repository_snapshots"),
        Read("tracked_repositories"),
    ),
    staged=("measure_definitions", "change_definitions", "ratio_intervals"),
    sums=("pair_counts", "repository_counts", "depth_counts"),
    columns=(
        Column("fact_id", "VARCHAR", "entity.measure, e.g. llm-serving.contributors"),
        Column("entity_kind", "VARCHAR", "what is measured", allowed=ENTITY_KINDS),
        Column(
            "entity",
            "VARCHAR",
            "slug, owner/name, slug:small_repositories, slug+slug, flow:origin:destination, slug:scope:term, or catalogue",
        ),
        Column(
            "part_of",
            "VARCHAR",
            "category of a repository, or of its small ones together; null for anything else",
            required=False,
        ),
        Column("measure", "VARCHAR", "name of the measure: a column of the metric tables"),
        Column("value", "DOUBLE", "the number; null with a reason among the marks", required=False),
        Column("unit", "VARCHAR", "what the number counts"),
        Column("definition", "VARCHAR", "what the measure means"),
        Column("query", "VARCHAR", "SELECT over the published tables that gives the value"),
        Column("n", "BIGINT", "people behind the value, where it is a ratio or mean over people", required=False),
        Column("low", "DOUBLE", "lower end of the 95 % interval, where the measure has one", required=False),
        Column("high", "DOUBLE", "upper end of the 95 % interval, where the measure has one", required=False),
        Column("marks", "VARCHAR[]", "what a reader must know: partial, small_base, dominated, ..."),
    ),
    rules=(Rule("a_null_says_why", "A fact without a value carries a mark.", "value IS NOT NULL OR len(marks) > 0"),),
)
