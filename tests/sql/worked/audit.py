"""What is read and what is counted; what an edition printed and what is known of it later."""

from __future__ import annotations

from worked.example import OfCommits, Restated, did, facts, gives

EXAMPLES = (
    OfCommits(
        title="Two of ten commits count, and every other is left out for a reason of its own",
        commits=(
            did("a/one", "vic", "2023-02-15"),
            did("a/one", "vic", "2023-02-16", sha="6" * 40),
            did("a/one", "vic", "2023-02-15", parents=2),
            did("a/one", "renovate[bot]", "2023-02-15"),
            # Two weeks after the source was read
            did("a/slow", "vic", "2023-03-15"),
            # Held by a/one as well, which comes first in the catalogue
            did("b/two", "vic", "2023-02-16", sha="6" * 40),
            did("b/two", "vic", "2023-02-15", sha="7" * 40),
            did("b/two", "vic", "2023-02-09 23:59:59"),
            did("b/two", "vic", "2023-02-20"),
            # Its source stops within the quarter
            did("b/short", "vic", "2023-02-15"),
        ),
        catalogue={"b/two": {"tracked_from": "2023-02-10", "tracked_to": "2023-02-20"}},
        snapshots={
            "a/slow": {"fetched_at": "2023-03-01", "complete_until": "2023-04-01"},
            "b/short": {"status": "partial", "reason": "x", "complete_until": "2023-03-01"},
        },
        imports=[{"repository": "b/two", "sha": "7" * 40}],
        gives=(
            gives(
                "category_metrics", "a",
                repositories_tracked=2, repositories_read=2, repositories_complete=2, repositories_active=1,
                commits_read=5, not_counted_merge=1, not_counted_bot=1, not_counted_bad_date=1, commits=2,
            ),
            gives(
                "category_metrics", "b",
                repositories_tracked=2, repositories_read=2, repositories_complete=1, repositories_active=0,
                commits_read=5, not_counted_duplicate=1, not_counted_import=1, not_counted_before_tracking=1,
                not_counted_after_tracking=1, not_counted_partial_source=1, commits=0,
            ),
            # The catalogue's are the sums: 5 + 5 commits. Ten more categories have a quiet repository each: 2 + 2 + 10
            *facts(
                "catalogue",
                repositories_tracked=14, repositories_read=14, repositories_complete=13, repositories_active=1,
                commits_read=10, not_counted_merge=1, not_counted_bot=1, not_counted_bad_date=1,
                not_counted_duplicate=1, not_counted_import=1, not_counted_before_tracking=1,
                not_counted_after_tracking=1, not_counted_partial_source=1, commits=2,
            ),
            # The audit has the same by repository: two of vic's, of one name; a bot's is no commit of people
            gives("commit_audit", "a/one", "counted", None, commits=2, people_commits=2, aliases=1),
            gives("commit_audit", "a/one", "bot", None, commits=1, people_commits=0, aliases=1),
            gives("commit_audit", "b/two", "duplicate", "a/one", commits=1, people_commits=1, aliases=1),
        ),
    ),
    Restated(
        title="What an edition printed is restated by the catalogue, by late commits and by who is a program",
        commits=(
            did("here/stays", "ada", "2022-Q4+1", "2023-Q1+1"),
            did("here/mover", "cy", "2022-Q4+1"),
            did("late/one", "dan", "2022-Q4+1"),
            did("told/one", "eve", "2022-Q4+1"),
            did("told/one", "fay", "2022-Q4+1"),
            did("two/gone", "ivy", "2022-Q4+1"),
            did("two/gone", "jon", "2022-Q4+1"),
        ),
        late=(did("late/one", "gus", "2022-Q4+80"), did("two/stays", "hal", "2022-Q4+80")),
        gone=["two/gone"],
        moved={"here/mover": "there"},
        programs=["eve"],
        gives=(
            # ada and cy were printed; cy's repository belongs elsewhere: 2 - 1 = 1. ada made one again: 1 - 1 = 0
            gives(
                "restatements", "here",
                commits_published=2, commits_by_catalogue=-1, commits_by_source=0, commits_by_identities=0,
                commits_restated=1, commits_real_change=0,
                contributors_published=2, contributors_by_catalogue=-1, contributors_by_source=0,
                contributors_by_identities=0, contributors_by_either=0, contributors_restated=1,
                contributors_real_change=0,
            ),
            # Nobody was printed, cy is restated, and is not seen in the quarter: 0 - 1
            gives(
                "restatements", "there",
                commits_published=0, commits_by_catalogue=1, commits_restated=1, commits_real_change=-1,
                contributors_published=0, contributors_by_catalogue=1, contributors_restated=1,
                contributors_real_change=-1,
            ),
            # dan was printed, gus's commit came later: 1 + 1 = 2; none in the quarter: 0 - 2
            gives(
                "restatements", "late",
                commits_published=1, commits_by_source=1, commits_restated=2, commits_real_change=-2,
                contributors_published=1, contributors_by_source=1, contributors_restated=2,
                contributors_real_change=-2,
            ),
            # eve is a program: 2 - 1
            gives(
                "restatements", "told",
                commits_published=2, commits_by_identities=-1, commits_restated=1,
                contributors_published=2, contributors_by_identities=-1, contributors_restated=1,
            ),
            # ivy and jon went with their repository, hal came late: 2 - 2 + 1. Of people only the sum can be told: -1
            gives(
                "restatements", "two",
                commits_published=2, commits_by_catalogue=-2, commits_by_source=1, commits_restated=1,
                contributors_published=2, contributors_by_catalogue=0, contributors_by_source=0,
                contributors_by_either=-1, contributors_restated=1,
            ),
        ),
    ),
    OfCommits(
        title="An edition's file is as long as what stands in it",
        commits=(did("a/one", "ada", "2023-Q1+1"),),
        gives=(
            # A half matrix of 12 categories, without its empty row and column. Its head: "category,a" and a comma and 7
            # letters for each of spare-1 .. 9, 8 for spare-10, a line end: 10 + 9 x 8 + 9 + 1 = 92. Eleven rows: names of 9 x 7 +
            # 2 x 8 letters; 66 cells of ",< 5"; 55 commas of empty ones; line ends: 79 + 264 + 55 + 11 = 409
            gives("quarterly_report", "charts/overlap.csv", size_bytes=92 + 409),
        ),
    ),
)  # fmt: skip
