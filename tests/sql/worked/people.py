"""Who stays, who comes and who is not seen again; where people come from and where they are at home."""

from __future__ import annotations

from datetime import date

from worked.example import OfCommits, did, gives
from worked.formulas import newcombe, wilson

_CHURN = tuple(100 * end for end in wilson(3, 4))
_CHURN_CHANGE = newcombe((3, 4), (0, 2))

EXAMPLES = (
    OfCommits(
        title="Of three people one stays, one is new and one returns",
        commits=(
            did("a/one", "gus", "2022-Q4+1", "2023-Q1+1"),
            did("a/one", "hal", "2023-Q1+1"),
            did("a/one", "ida", "2022-Q3+1", "2023-Q1+1"),
        ),
        gives=(
            # Before: gus. Now: gus, hal, ida; 3 = 1 + 1 + 1
            gives(
                "category_metrics", "a",
                contributors_previous=1, contributors=3, contributors_net_change=2, contributors_qoq_pct=200,
                contributors_retained=1, contributors_new=1, contributors_returning=1,
            ),
            # Before, gus was new: 1/3 - 1/1
            gives("category_changes", "a", "new_share", value=1 / 3, previous=1, change=-67),
            gives("measure_history", date(2023, 1, 1), "a", "new_share", value=1 / 3),
        ),
    ),
    OfCommits(
        title="Of four people three are not seen again: one moved, one narrowed, one is gone",
        commits=(
            # jo is in b now, where jo was not; kit was in b already; lee is nowhere; mia stays. kit and mia had two weeks
            did("a/one", "jo", "2022-Q4+1"),
            did("b/one", "jo", "2023-Q1+1"),
            did("a/one", "kit", "2022-Q4+1", "2022-Q4+80"),
            did("b/one", "kit", "2022-Q4+1", "2023-Q1+1"),
            did("a/one", "lee", "2022-Q4+1"),
            did("a/one", "mia", "2022-Q4+1", "2022-Q4+80", "2023-Q1+1"),
        ),
        gives=(
            # 3 = 1 + 1 + 1 of 4; of the two with two weeks kit is not seen
            gives(
                "category_metrics", "a",
                contributors_previous=4, contributors_churned=3, churned_moved=1, churned_narrowed=1, churned_gone=1,
                churn_rate_pct=75, retention_pct=25, engaged_previous=2, engaged_churned=1, engaged_churn_rate_pct=50,
            ),
            # Wilson's interval of 3 of 4
            gives(
                "category_changes", "a", "churn_rate_pct", value=75, people=4, value_low=_CHURN[0], value_high=_CHURN[1]
            ),
            gives("category_changes", "a", "retention_pct", value=25),
            gives("category_changes", "a", "engaged_churn_rate_pct", value=50),
            gives("measure_history", date(2023, 1, 1), "a", "churn_rate_pct", value=75, people=4, smallest_part=1),
            # kit was in both before, and nobody is now
            gives("measure_history", date(2022, 10, 1), "a+b", "shared", value=1),
        ),
    ),
    OfCommits(
        title="Nobody churned a quarter ago, three of four now",
        commits=(
            did("a/one", "ada", "2022-Q3+1", "2022-Q4+1", "2023-Q1+1"),
            did("a/one", "bob", "2022-Q3+1", "2022-Q4+1"),
            did("a/one", "cy", "2022-Q4+1"),
            did("a/one", "dan", "2022-Q4+1"),
        ),
        gives=(
            # 3 / 4 - 0 / 2 are 75 points. Before nobody differed from anybody, so the shares have nothing in common
            gives(
                "category_changes", "a", "churn_rate_pct",
                value=75, previous=0, change=75, low=_CHURN_CHANGE[0], high=_CHURN_CHANGE[1],
            ),
            gives("category_changes", "a", "retention_pct", value=25, previous=100, change=-75),
            gives("report_facts", "a.churn_rate_change", value=75, low=_CHURN_CHANGE[0], high=_CHURN_CHANGE[1]),
            gives("report_facts", "a.churn_rate_pct", value=75, n=4, low=_CHURN[0], high=_CHURN[1]),
            # One repository, four people and one
            gives("measure_history", date(2022, 10, 1), "a", "contributors", value=4),
            gives("measure_history", date(2022, 10, 1), "a", "commits", value=4),
            gives("measure_history", date(2022, 10, 1), "a", "repositories_active", value=1),
            gives("measure_history", date(2022, 10, 1), "a", "mean_active_weeks", value=1),
            gives("measure_history", date(2022, 10, 1), "a", "one_week_share", value=1),
        ),
    ),
    OfCommits(
        title="An arrival counts by each past, and once in any",
        commits=(
            did("c/one", "ada", "2023-Q1+1"),
            did("a/one", "ada", "2022-Q1+0"),
            did("b/one", "ada", "2022-Q4+91"),
            # The four quarters before begin with 2022-Q1: the past of bob lies before them
            did("a/one", "bob", "2021-Q4+91"),
            did("c/one", "bob", "2023-Q1+89"),
        ),
        gives=(
            gives("contributor_migration", "arrivals", "a", "c", people=1),
            gives("contributor_migration", "arrivals", "b", "c", people=1),
            gives("contributor_migration", "arrivals", "any", "c", people=1),
            gives("contributor_migration", "arrivals", "none", "c", people=1),
            gives("contributor_migration", "arrivals", "all", "c", people=2),
        ),
    ),
    OfCommits(
        title="Homes of a year against those of the year before",
        commits=(
            # 2021-Q2 to 2022-Q1 against 2022-Q2 to 2023-Q1. ada: two weeks in a, then two in b; bob: three commits in a, twice
            did("a/one", "ada", "2021-Q2+1", "2022-Q1+1"),
            did("b/one", "ada", "2022-Q2+1", "2023-Q1+1"),
            did("a/one", "bob", "3 x 2022-Q1+5", "3 x 2022-Q3+5"),
        ),
        gives=(
            gives("contributor_migration", "year", "a", "b", people=1),
            gives("contributor_migration", "year", "a", "a", people=1),
            gives("contributor_migration", "year", "a", "all", people=2),
            gives("contributor_migration", "year", "all", "a", people=1),
            gives("contributor_migration", "year", "all", "b", people=1),
            # Of the two quarters alone the one before saw nobody, and one commit is no home
            gives("contributor_migration", "quarter", "absent", "passing", people=1),
        ),
    ),
)  # fmt: skip
