"""The measures of a category, each on a category of its own with expected values worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

BEFORE, NOW = "2022-Q4", "2023-Q1"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def changes(lab: Lab) -> Bench:
    """Build two quarters in which levels and people change."""
    many = lab.commits
    commits = [
        # 200 -> 201 is +0.5 %, 200 -> 199 is -0.5 %; 8 -> 9 is +12.5 %, 8 -> 7 is -12.5 %
        *many("half-up/one", "ada", "200 x 2022-Q4+1", "201 x 2023-Q1+1"),
        *many("half-down/one", "bea", "200 x 2022-Q4+1", "199 x 2023-Q1+1"),
        *many("eighth-up/one", "cy", "8 x 2022-Q4+1", "9 x 2023-Q1+1"),
        *many("eighth-down/one", "dan", "8 x 2022-Q4+1", "7 x 2023-Q1+1"),
        *many("from-nothing/one", "eve", "2023-Q1+1"),
        *many("to-nothing/one", "fay", "30 x 2022-Q4+1"),
        # 30 people and 30 commits before: the base is just not small. 31 commits now, one person made 8 of them
        *(c for n in range(30) for c in many("base-of-30/one", f"p{n}", "2022-Q4+1")),
        *(c for n in range(23) for c in many("base-of-30/one", f"p{n}", "2023-Q1+1")),
        *many("base-of-30/one", "p0", "8 x 2023-Q1+2"),
        # Retained: gus. New: hal. Returning: ida, seen two quarters ago. Churned: jo moves, kit narrows, lee is gone
        *many("turnover/one", "gus", "2022-Q4+1", "2023-Q1+1"),
        *many("turnover/one", "hal", "2023-Q1+1"),
        *many("turnover/one", "ida", "2022-Q3+1", "2023-Q1+1"),
        *many("turnover/one", "jo", "2022-Q4+1"),
        *many("turnover/one", "kit", "2022-Q4+1", "2022-Q4+80"),
        *many("turnover/one", "lee", "2022-Q4+1"),
        # jo was in a third category before and is in this one only now; kit was here before and stays
        *many("elsewhere/one", "kit", "2022-Q4+1", "2023-Q1+1"),
        *many("elsewhere/one", "jo", "2023-Q1+1"),
        # The same basket: `old` loses half, `young` appears within the quarter before, `ended` is not complete
        *many("basket/old", "mia", "2022-Q3+1", "4 x 2022-Q4+1", "2 x 2023-Q1+1"),
        *many("basket/young", "ned", "2022-Q4+1", "9 x 2023-Q1+1"),
        *many("basket/late", "oli", "2022-Q3+1", "2022-Q4+60", "2023-Q1+1"),
        # A copy has its upstream's history, and commits of its own only since the quarter before
        lab.commit("basket/old", "mia", "2022-Q2+1", sha="8" * 40),
        lab.commit("basket/copy", "mia", "2022-Q2+1", sha="8" * 40),
        *many("basket/copy", "mia", "2022-Q4+3", "6 x 2023-Q1+1"),
        *many("basket/ended", "pat", "2022-Q3+1", "5 x 2022-Q4+1", "5 x 2023-Q1+1"),
    ]
    return lab.bench(
        commits,
        categories=(
            "half-up", "half-down", "eighth-up", "eighth-down", "from-nothing", "to-nothing", "base-of-30", "turnover",
            "elsewhere", "basket", "quiet",
        ),
        repositories={
            "basket/old": {"category": "basket"},
            "basket/young": {"category": "basket"},
            "basket/late": {"category": "basket", "tracked_from": "2022-10-02"},
            "basket/ended": {"category": "basket"},
            "basket/copy": {"category": "basket", "fork_of": "basket/old"},
            "basket/unread": {"category": "basket"},
            "basket/future": {"category": "basket", "tracked_from": "2023-04-01"},
            "basket/past": {"category": "basket", "tracked_to": "2023-01-01"},
        },
        snapshots={
            "basket/ended": {"status": "partial", "reason": "x", "complete_until": "2023-02-01"},
            "basket/unread": None,
        },
    ).run("category_metrics", read=f"{BEFORE}:{NOW}", publish=NOW)  # fmt: skip


@pytest.fixture(scope="module")
def levels(lab: Lab) -> Bench:
    """Build one quarter in which people differ in what they do."""
    many, c = lab.commits, lab.commit
    ten_in_28 = [f"2023-Q1+{day}" for day in (0, 1, 2, 3, 4, 5, 6, 7, 8, 27)]
    ten_in_29 = [f"2023-Q1+{day}" for day in (0, 1, 2, 3, 4, 5, 6, 7, 8, 28)]
    across_45 = [f"2023-Q1+{day}" for day in (30, 40, 41, 42, 43, 44, 45, 46, 47, 57)]
    commits = [
        *many("full-time/one", "dan", *ten_in_28),
        *many("full-time/one", "eve", *ten_in_29),
        *many("full-time/one", "fay", *across_45),
        # Ten days of which the repositories of the category hold five each
        *many("full-time/two", "gus", *ten_in_28[:5]),
        *many("full-time/one", "gus", *ten_in_28[5:]),
        # 1, 1, 2 and 4 commits: Gini 2 (1 + 2 + 6 + 16) / (4 * 8) - 5 / 4 = 0.3125; 4 of 8 are half: one person
        *many("shares/one", "hal", "2023-Q1+1"),
        *many("shares/one", "ida", "2023-Q1+1"),
        *many("shares/one", "jo", "2 x 2023-Q1+1"),
        *many("shares/one", "kit", "4 x 2023-Q1+1"),
        # Four with a quarter each: nobody dominates, two make half, all alike
        *(row for name in ("q1", "q2", "q3", "q4") for row in many("alike/one", name, "2023-Q1+1")),
        # The quarter ends on 2023-04-01; a year is 365.25 days, so a year before is 2022-03-31 18:00
        *many("tenure/one", "lea", "2022-03-31 18:00:01", "2023-Q1+1"),
        *many("tenure/one", "mia", "2022-03-31 18:00:00", "2023-Q1+1"),
        *many("tenure/one", "ned", "2021-03-31 12:00:01", "2023-Q1+1"),
        *many("tenure/one", "oli", "2021-03-31 12:00:00", "2023-Q1+1"),
        # The first commit anywhere; a merge and a duplicate begin no tenure
        *many("shares/one", "pat", "2020-01-01"),
        *many("first-anywhere/one", "pat", "2023-03-31 00:00:00"),
        c("first-anywhere/one", "pat", "2019-01-01", parents=2),
        c("shares/one", "quinn", "2018-01-01", sha="5" * 40),
        c("first-anywhere/one", "pat", "2018-01-01", sha="5" * 40),
        # A bot, an agent and a placeholder beside one person
        *many("automation/one", "root", "2023-Q1+1", "2023-Q1+2"),
        *many("automation/one", "renovate[bot]", "2023-Q1+1"),
        *many("automation/one", "Devin AI", "2023-Q1+1"),
        *many("automation/one", "ray", "2023-Q1+1"),
        # Each of them merges once, and one who does nothing else
        *(
            c("automation/one", name, "2023-Q1+3", parents=2)
            for name in ("root", "renovate[bot]", "Devin AI", "ray", "only merges")
        ),
        # Co-authors: somebody new, the author again, a bot; those of a merge are not counted
        c("coauthors/one", "sam", "2023-02-01", coauthors=["tom", "sam", "renovate[bot]"]),
        c("coauthors/one", "sam", "2023-02-01", coauthors=["uma"], parents=2),
        # Of four commits of people two name an agent, one of them two; a bot's, an agent's own and a merge are none
        c("assisted/one", "ada", "2023-02-01", coauthors=["Devin AI", "Copilot", "bea"]),
        c("assisted/one", "root", "2023-02-01", coauthors=["Devin AI"]),
        c("assisted/one", "ada", "2023-02-01", coauthors=["renovate[bot]", "bea"]),
        c("assisted/one", "ada", "2023-02-01"),
        c("assisted/one", "renovate[bot]", "2023-02-01", coauthors=["Devin AI"]),
        c("assisted/one", "Devin AI", "2023-02-01", coauthors=["Devin AI", "ada"]),
        c("assisted/one", "ada", "2023-02-01", coauthors=["Devin AI"], parents=2),
        # One commit a reason
        c("reasons/one", "vic", "2023-02-15"),
        c("reasons/one", "vic", "2023-02-15", parents=2),
        c("reasons/slow", "vic", "2023-03-15"),
        c("reasons/one", "vic", "2023-02-15", sha="6" * 40),
        c("reasons/two", "vic", "2023-02-15", sha="6" * 40),
        c("reasons/two", "vic", "2023-02-15", sha="7" * 40),
        c("reasons/two", "vic", "2023-02-09 23:59:59"),
        c("reasons/two", "vic", "2023-02-20"),
        c("reasons/short", "vic", "2023-02-15"),
        c("reasons/one", "renovate[bot]", "2023-02-15"),
    ]
    repositories = {f"full-time/{name}": {"category": "full-time"} for name in ("one", "two")}
    repositories |= {f"reasons/{name}": {"category": "reasons"} for name in ("one", "two", "slow", "short")}
    repositories["reasons/two"] |= {"tracked_from": "2023-02-10", "tracked_to": "2023-02-20"}
    return lab.bench(
        commits,
        categories=(
            "full-time", "shares", "alike", "tenure", "first-anywhere", "automation", "coauthors", "reasons", "assisted",
        ),
        repositories=repositories,
        snapshots={
            "reasons/slow": {"fetched_at": "2023-03-01", "complete_until": "2023-04-01"},
            "reasons/short": {"status": "partial", "reason": "x", "complete_until": "2023-03-01"},
        },
        imports=[{"repository": "reasons/two", "sha": "7" * 40}],
    ).run("category_metrics", read=f"{BEFORE}:{NOW}", publish=NOW)  # fmt: skip


def measures(bench: Bench, category: str, *names: str) -> list[Any]:
    row = bench.row("category_metrics", NOW, category=category)
    return [row[name] for name in names]


@pytest.mark.parametrize(
    ("category", "before", "now", "change"),
    [
        ("half-up", 200, 201, 1),
        ("half-down", 200, 199, 0),
        ("eighth-up", 8, 9, 13),
        ("eighth-down", 8, 7, -12),
        ("from-nothing", 0, 1, None),
        ("to-nothing", 30, 0, -100),
        ("quiet", 0, 0, None),
        ("base-of-30", 30, 31, 3),
    ],
)
def test_a_change_is_rounded_half_up_also_below_0(
    changes: Bench, category: str, before: int, now: int, change: int | None
) -> None:
    names = ("commits_previous", "commits", "commits_qoq_pct")
    assert measures(changes, category, *names) == [before, now, change]


def test_people_change_as_commits_do_and_their_net_change_has_its_own_name(changes: Bench) -> None:
    names = ("contributors_previous", "contributors", "contributors_qoq_pct", "contributors_net_change")
    assert measures(changes, "base-of-30", *names) == [30, 23, -23, -7]
    assert measures(changes, "to-nothing", *names) == [1, 0, -100, -1]
    assert measures(changes, "from-nothing", *names) == [0, 1, None, 1]


def test_marks_say_new_on_no_base_and_small_base_below_30(changes: Bench) -> None:
    (nothing, small, enough, half) = (
        measures(changes, category, "marks")[0] for category in ("from-nothing", "eighth-up", "base-of-30", "half-up")
    )
    assert "new" in nothing
    assert "small_base" not in nothing
    assert "small_base" in small
    assert "small_base" not in enough
    # 200 commits, but of one person: the base of the people is small
    assert "small_base" in half


def test_a_category_is_dominated_above_a_quarter_of_its_commits(changes: Bench, levels: Bench) -> None:
    share, marks = measures(changes, "base-of-30", "top_contributor_share", "marks")
    assert share == 9 / 31
    assert "dominated" in marks
    share, rest, marks = measures(levels, "alike", "top_contributor_share", "commits_share_without_top", "marks")
    assert (share, rest) == (0.25, 0.75)
    assert "dominated" not in marks


def test_the_change_without_the_largest_leaves_them_out_of_both_quarters(changes: Bench) -> None:
    # p0 made 9 of 31 commits, and 1 of 30 before: 22 / 29 - 1 = -24.1 %
    assert measures(changes, "base-of-30", "commits_qoq_pct_without_top") == [-24]
    # Nobody but the largest: no base is left
    assert measures(changes, "half-up", "commits_qoq_pct_without_top") == [None]


def test_contributors_are_retained_new_or_returning(changes: Bench) -> None:
    names = ("contributors", "contributors_retained", "contributors_new", "contributors_returning")
    assert measures(changes, "turnover", *names) == [3, 1, 1, 1]


def test_the_churned_moved_narrowed_or_are_gone(changes: Bench) -> None:
    names = ("contributors_previous", "contributors_churned", "churned_moved", "churned_narrowed", "churned_gone")
    assert measures(changes, "turnover", *names) == [4, 3, 1, 1, 1]
    names = ("churn_rate_pct", "retention_pct")
    assert measures(changes, "turnover", *names) == [75, 25]


def test_engaged_churn_is_over_people_of_two_weeks_or_more(changes: Bench) -> None:
    # Only kit had two active weeks
    names = ("engaged_previous", "engaged_churned", "engaged_churn_rate_pct")
    assert measures(changes, "turnover", *names) == [1, 1, 100]
    assert measures(changes, "half-up", *names) == [0, 0, None]


def test_the_same_basket_holds_what_was_tracked_and_active_before_the_quarter_before(changes: Bench) -> None:
    names = (
        "repositories_tracked", "repositories_read", "repositories_complete", "basket_repositories",
        "basket_commits_previous", "basket_commits", "basket_commits_qoq_pct", "basket_contributors_previous",
        "basket_contributors", "basket_contributors_qoq_pct",
    )  # fmt: skip
    # Tracked: old, young, late, copy, ended, unread. Read: all but unread. Complete: all of these but ended
    assert measures(changes, "basket", *names) == [6, 5, 4, 1, 4, 2, -50, 1, 1, 0]


def test_a_basket_that_disagrees_is_marked(changes: Bench) -> None:
    # old, young, late, copy: 4 + 1 + 1 + 1 before and 2 + 9 + 1 + 6 now; ended: 0 of 5 before, for it was complete then
    names = ("commits_previous", "commits", "commits_qoq_pct")
    assert measures(changes, "basket", *names) == [12, 18, 50]
    assert "basket_differs" in measures(changes, "basket", "marks")[0]
    assert "basket_differs" not in measures(changes, "eighth-up", "marks")[0]


def test_a_source_that_ends_early_marks_its_category_partial(changes: Bench) -> None:
    assert "partial" in measures(changes, "basket", "marks")[0]
    assert measures(changes, "basket", "not_counted_partial_source") == [5]
    assert "partial" not in measures(changes, "turnover", "marks")[0]


def test_a_quiet_category_is_a_row_of_zeros_and_nulls(changes: Bench) -> None:
    row = changes.row("category_metrics", NOW, category="quiet")
    zeros = ("commits", "commits_read", "contributors", "contributors_churned", "full_time_like")
    nulls = (
        "unresolved_share", "agent_assisted_share", "top_contributor_share", "absence_factor", "commits_gini", "churn_rate_pct",
        "mean_active_weeks", "median_active_weeks", "one_week_share", "median_tenure_years", "commits_qoq_pct",
    )  # fmt: skip
    assert [row[name] for name in zeros] == [0] * len(zeros)
    assert [row[name] for name in nulls] == [None] * len(nulls)
    assert row["repositories_tracked"] == row["repositories_complete"] == 1


def test_there_are_always_twelve_rows_in_the_order_of_the_catalogue(changes: Bench) -> None:
    assert [row["category_order"] for row in changes.rows("category_metrics", NOW)] == list(range(12))


def test_full_time_like_is_ten_days_within_28_across_repositories(levels: Bench) -> None:
    # dan (days 0 to 27), fay (30 to 57) and gus (two repositories) are; eve needs 29 days
    assert measures(levels, "full-time", "contributors", "full_time_like") == [4, 3]


def test_gini_and_absence_factor(levels: Bench) -> None:
    names = ("commits", "top_contributor_share", "absence_factor", "commits_gini")
    assert measures(levels, "shares", *names) == [8, 0.5, 1, 0.3125]
    assert measures(levels, "alike", *names) == [4, 0.25, 2, 0]


def test_tenure_has_three_bands_with_their_lower_ends(levels: Bench) -> None:
    names = ("tenure_under_1_year", "tenure_1_to_2_years", "tenure_2_years_or_more")
    assert measures(levels, "tenure", *names) == [1, 2, 1]
    # The median of a second under 1, 1, a second under 2, and 2 years
    second = 1 / 31_557_600
    assert measures(levels, "tenure", "median_tenure_years") == [pytest.approx((1 + 2 - second) / 2, abs=1e-12)]


def test_tenure_begins_with_the_first_owned_commit_in_the_category_or_anywhere(levels: Bench) -> None:
    names = ("median_tenure_years", "median_catalogue_tenure_years", "contributors_new")
    # One day in the category; 2020-01-01 to 2023-04-01 is 1186 days anywhere
    assert measures(levels, "first-anywhere", *names) == [pytest.approx(1 / 365.25), pytest.approx(1186 / 365.25), 1]


def test_bots_and_agents_are_left_out_and_placeholders_count_without_a_person(levels: Bench) -> None:
    names = ("commits_read", "not_counted_bot", "commits", "contributors", "unresolved_commits", "unresolved_share")
    assert measures(levels, "automation", *names) == [10, 2, 3, 1, 2, 2 / 3]
    assert "unresolved" in measures(levels, "automation", "marks")[0]


def test_over_1_percent_of_unresolved_authors_in_one_category_is_told(lab: Lab) -> None:
    """Of the commits of a 2 % are by root, of b 0.5 %, of the catalogue 0.8 %."""
    commits = [
        *lab.commits("a/one", "ada", "49 x 2023-Q1+1"),
        *lab.commits("a/one", "root", "2023-Q1+1"),
        *lab.commits("b/one", "bob", "199 x 2023-Q1+1"),
        *lab.commits("b/one", "root", "2023-Q1+1"),
    ]
    bench = lab.bench(commits, categories="ab").write("category_metrics", read="2023-Q1")
    made = bench.make("category_metrics", "2023-Q1")
    (told,) = [outcome for outcome in made.outcomes if not outcome.passed]
    assert (told.check, told.broken_rows) == ("category_metrics_at_most_1_percent_is_unresolved", 1)
    assert "a" in told.examples[0]
    assert made.is_published
    assert [measures(bench, slug, "marks")[0].count("unresolved") for slug in "ab"] == [1, 0]


def test_bots_and_merges_are_counted_apart_to_show_how_far_they_matter(levels: Bench) -> None:
    # 3 commits and 2 by automation; 3 and the merges by root, ray and one who only merges
    names = ("not_counted_bot", "commits_with_bots", "not_counted_merge", "commits_with_merges")
    assert measures(levels, "automation", *names) == [2, 5, 5, 6]
    assert measures(levels, "automation", "contributors", "contributors_with_merges") == [1, 2]
    assert measures(levels, "shares", "commits_with_merges", "contributors_with_merges") == [8, 4]


def test_coauthors_stand_in_a_column_of_their_own(levels: Bench) -> None:
    assert measures(levels, "coauthors", "contributors", "contributors_with_coauthors") == [1, 2]


def test_an_agent_in_the_trailers_makes_a_commit_assisted_and_is_nobody(levels: Bench) -> None:
    names = ("commits", "agent_assisted_commits", "agent_assisted_share", "not_counted_bot", "not_counted_merge")
    assert measures(levels, "assisted", *names) == [4, 2, 0.5, 2, 1]
    assert measures(levels, "assisted", "contributors", "contributors_with_coauthors") == [1, 2]
    assert measures(levels, "automation", "agent_assisted_commits", "agent_assisted_share") == [0, 0]


def test_reasons_and_counted_commits_add_up_to_what_was_read(levels: Bench) -> None:
    reasons = (
        "merge", "bad_date", "duplicate", "import", "before_tracking", "after_tracking", "partial_source", "bot",
    )  # fmt: skip
    assert measures(levels, "reasons", *(f"not_counted_{reason}" for reason in reasons)) == [1] * 8
    assert measures(levels, "reasons", "commits_read", "commits") == [10, 2]


def test_the_first_quarter_has_levels_and_no_changes(lab: Lab) -> None:
    commits = lab.commits("a/one", "ada", "2014-Q4+1", "2015-Q1+1")
    bench = lab.bench(commits, categories="a").run("category_metrics", read="2015-Q1")
    row = bench.row("category_metrics", "2015-Q1", category="a")
    assert (row["commits"], row["contributors"], row["mean_active_weeks"]) == (1, 1, 1)
    changes = [name for name in row if name.startswith(("contributors_", "basket_", "churn", "engaged_", "retention"))]
    changes += ["commits_previous", "commits_qoq_pct", "commits_qoq_pct_without_top", "repositories_active_previous"]
    changes = [name for name in changes if not name.endswith(("_with_coauthors", "_with_merges", "_strict", "_loose"))]
    assert {name: row[name] for name in changes} == dict.fromkeys(changes)
    assert row["change_null_reason"] == "first_quarter"
    assert row["marks"] == ["dominated", "first_quarter"]


def test_a_commit_whose_author_has_no_identity_is_refused_and_not_lost(lab: Lab) -> None:
    late = lab.commit("a/one", "somebody read after the identities", "2023-02-01", is_hidden=True)
    bench = lab.bench([late, lab.commit("a/one", "ada", "2023-02-01")], categories="a")
    read = ("alias_activity", "contributor_profiles", "counted_commits", "first_repository_commits")
    bench.write(*read, read=f"{BEFORE}:{NOW}")
    made = bench.make("category_metrics", NOW)
    assert not made.is_published
    broken = [outcome.check for outcome in made.outcomes if not outcome.passed]
    assert broken == ["category_metrics_counted_and_reasons_add_up"]
