"""Changes of a category, and how sure they are."""

from __future__ import annotations

from math import log, sqrt

from scipy import stats

from worked.example import OfCommits, did, facts, gives
from worked.formulas import around, newcombe, per_cent, t, wilson

# Three people now, two before, one in both: 1/3 + 1/2 - 2 x 1 / (3 x 2) = 1/2
_PEOPLE = per_cent(around(3 / 2, 1 / 2))
# Nobody is new twice: 1/2 + 1/2
_NEW = per_cent(around(2 / 2, 1))
# The mean of 2, 1, 1 without each is 1, 3/2, 3/2. Their logs are 0, L, L around 2/3 L: (4 + 1 + 1) / 9 L^2, times 2/3
_MEAN = around(4 / 3, (2 / 3 * log(3 / 2)) ** 2, t(2))
# The ratio of means without ada is 1 / 1, without bob (4/3) / 1, without cy or dan (3/2) / 1
_LOGS = [log(1), log(4 / 3), log(3 / 2), log(3 / 2)]
_MEAN_CHANGE = per_cent(around(4 / 3, 3 / 4 * sum((x - sum(_LOGS) / 4) ** 2 for x in _LOGS), t(3)))
_SHARE = wilson(2, 3)
_SHARE_CHANGE = newcombe((2, 3), (2, 2))

# e is -1/4 of four people and 1/5 of five: sum e^2 = 1/4 + 1/5 = 9/20, sum e^4 = 1/64 + 1/125 = 189/8000
_DEGREES = (9 / 20) ** 2 / (189 / 8000)
_COMMITS = per_cent(around(5 / 4, 9 / 20 * _DEGREES / (_DEGREES - 1), t(_DEGREES)))
# Nine people, none of them in both: 1/5 + 1/4
_ALL_OTHERS = per_cent(around(5 / 4, 9 / 20))

EXAMPLES = (
    OfCommits(
        title="A half is rounded up, also below 0",
        commits=(did("a/one", "ada", "8 x 2022-Q4+1", "2023-Q1+1"),),
        gives=(
            # 1 / 8 - 1 = -87.5 %
            gives("category_metrics", "a", commits_previous=8, commits=1, commits_qoq_pct=-87, contributors_qoq_pct=0),
            gives("category_metrics", "a", repositories_active_previous=1, repositories_active=1),
            gives("category_changes", "a", "repositories_active", value=1, previous=1, change=0),
        ),
    ),
    OfCommits(
        title="In the same basket of repositories there are fewer, outside of it there are more",
        commits=(
            # a/old was there before the quarter before began, a/young was not
            did("a/old", "mia", "2022-Q3+1", "2022-Q4+1", "2023-Q1+1"),
            did("a/old", "bob", "2022-Q4+1"),
            did("a/young", "ned", "2022-Q4+1", "3 x 2023-Q1+1"),
            did("a/young", "oli", "2023-Q1+1"),
            did("a/young", "pam", "2023-Q1+1"),
        ),
        gives=(
            # Commits 3 -> 6, in a/old 2 -> 1. People 3 -> 4 (+33.3 %), in a/old mia and bob -> mia
            gives(
                "category_metrics", "a",
                commits_previous=3, commits=6, commits_qoq_pct=100, contributors_previous=3, contributors=4,
                contributors_qoq_pct=33, contributors_net_change=1, basket_repositories=1, basket_commits_previous=2,
                basket_commits=1, basket_commits_qoq_pct=-50, basket_contributors_previous=2, basket_contributors=1,
                basket_contributors_qoq_pct=-50,
            ),
            # +3 commits are -1 in the basket and +4 outside; +1 person is -1 and +2
            gives(
                "category_changes", "a", "commits",
                basket_value=1, basket_previous=2, basket_change=-50, basket_contribution=-1, catalogue_contribution=4,
            ),
            *facts(
                "a",
                commits_net_change_in_basket=-1, commits_net_change_of_catalogue=4,
                contributors_net_change_in_basket=-1, contributors_net_change_of_catalogue=2,
            ),
            # Nothing else is in the catalogue
            *facts(
                "catalogue",
                commits_previous=3, commits_qoq_pct=100, basket_commits=1, basket_commits_previous=2,
                basket_commits_qoq_pct=-50, basket_contributors=1, basket_contributors_previous=2,
                basket_contributors_qoq_pct=-50,
            ),
        ),
    ),
    OfCommits(
        title="Three people now and two before, of whom one was there in both quarters",
        commits=(
            did("a/one", "ada", "2022-Q4+1", "2023-Q1+1", "2023-Q1+8"),
            did("a/one", "bob", "2022-Q4+1"),
            did("a/one", "cy", "2023-Q1+1"),
            did("a/one", "dan", "2023-Q1+1"),
        ),
        gives=(
            gives(
                "category_changes", "a", "contributors",
                value=3, previous=2, change=50, people_in_both=1, low=_PEOPLE[0], high=_PEOPLE[1],
            ),
            # cy and dan now, ada and bob before
            gives(
                "category_changes", "a", "contributors_new", value=2, previous=2, change=0, low=_NEW[0], high=_NEW[1]
            ),
            # (2 + 1 + 1) / 3 weeks against (1 + 1) / 2
            gives(
                "category_changes", "a", "mean_active_weeks",
                value=4 / 3, people=3, previous=1, change=33, degrees=3,
                value_low=_MEAN[0], value_high=_MEAN[1], low=_MEAN_CHANGE[0], high=_MEAN_CHANGE[1],
            ),
            # Two of three against two of two: -33 points; before nobody was in more weeks
            gives(
                "category_changes", "a", "one_week_share",
                value=2 / 3, people=3, previous=1, change=-33, smallest_part=0,
                value_low=_SHARE[0], value_high=_SHARE[1], low=_SHARE_CHANGE[0], high=_SHARE_CHANGE[1],
            ),
            gives("report_facts", "a.mean_active_weeks", value=4 / 3, n=3, low=_MEAN[0], high=_MEAN[1]),
            gives(
                "report_facts", "a.mean_active_weeks_qoq_pct", value=33, low=_MEAN_CHANGE[0], high=_MEAN_CHANGE[1]
            ),
            gives("report_facts", "a.one_week_share_change", value=-33, low=_SHARE_CHANGE[0], high=_SHARE_CHANGE[1]),
            # e is 2/4 - 1/2 of ada, -1/2 of bob, 1/4 of cy and dan: (1/4 + 1/8)^2 / (1/16 + 1/128) = 2 are under 5
            gives(
                "category_changes", "a", "commits",
                value=4, previous=2, change=100, degrees=2, low=None, high=None, null_reason="change_by_few",
            ),
        ),
    ),
    OfCommits(
        title="Five made a commit, four others one before, in a repository that was there already",
        commits=(
            did("a/one", "zoe", "2021-Q1+1"),
            *(did("a/one", name, "2022-Q4+1") for name in ("b1", "b2", "b3", "b4")),
            *(did("a/one", name, "2023-Q1+1") for name in ("n1", "n2", "n3", "n4", "n5")),
        ),
        gives=(
            gives(
                "category_changes", "a", "commits",
                value=5, previous=4, change=25, degrees=_DEGREES, low=_COMMITS[0], high=_COMMITS[1],
                basket_value=5, basket_previous=4, basket_change=25, basket_low=_COMMITS[0], basket_high=_COMMITS[1],
            ),
            gives(
                "category_changes", "a", "contributors",
                change=25, low=_ALL_OTHERS[0], high=_ALL_OTHERS[1],
                basket_low=_ALL_OTHERS[0], basket_high=_ALL_OTHERS[1],
            ),
        ),
    ),
    OfCommits(
        title="After six quarters that hardly changed a change is a discovery",
        commits=(
            # Commits and people a quarter: 2 1 1 1 1 1 1, and 2 now
            did("a/one", "ada", "2021-Q2+1", "2021-Q3+1", "2021-Q4+1", "2022-Q1+1", "2022-Q2+1", "2022-Q3+1"),
            did("a/one", "ada", "2022-Q4+1", "2023-Q1+1"),
            did("a/one", "bea", "2021-Q2+1", "2023-Q1+1"),
        ),
        gives=(
            # In log 2 the six changes are -1 0 0 0 0 0: mean -1/6, sd sqrt((25/36 + 5/36) / 5) = sqrt(1/6). The change is 1:
            # (1 + 1/6) / (sqrt(1/6) sqrt(1 + 1/6)) = sqrt(7). Of t(5) beyond it lie 4.6 %. Three measures are tested: new_share
            # went from 1 to 0 and stays: (0 + 1/6) / (sqrt(1/6) sqrt(7/6)) = 1 / sqrt(7). So q is 3 p / 2 of the first two
            gives(
                "category_changes", "a", "commits",
                earlier_changes=6, surprise=sqrt(7), p_value=2 * stats.t.sf(sqrt(7), 5),
                q_value=3 * stats.t.sf(sqrt(7), 5), is_discovery=True,
            ),
            gives("category_changes", "a", "contributors", surprise=sqrt(7), q_value=3 * stats.t.sf(sqrt(7), 5)),
            gives(
                "category_changes", "a", "new_share",
                surprise=1 / sqrt(7), q_value=2 * stats.t.sf(1 / sqrt(7), 5), is_discovery=False,
            ),
            *facts("a", commits_surprise=2.6, contributors_surprise=2.6),
            *facts("catalogue", changes_tested=3, discoveries=2),
        ),
    ),
)  # fmt: skip
