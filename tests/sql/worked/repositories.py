"""Repositories, and those of few people, which are printed as one."""

from __future__ import annotations

from worked.example import OfCommits, did, facts, gives

EXAMPLES = (
    OfCommits(
        title="A repository with somebody who stays, who is new and who was seen before",
        commits=(
            did("a/one", "ada", "2022-Q4+1", "2 x 2023-Q1+1", "2023-Q1+8"),
            did("a/one", "bob", "2023-Q1+1"),
            did("a/one", "cy", "2022-Q3+1", "2023-Q1+1"),
            did("a/one", "dan", "2022-Q4+1"),
        ),
        gives=(
            # Commits 2 -> 5, people 2 -> 3; ada in two weeks and the others in one: 4 / 3; ada made 3 of 5
            gives(
                "repository_metrics", "a/one",
                commits=5, commits_previous=2, commits_qoq_pct=150, contributors=3, contributors_previous=2,
                contributors_qoq_pct=50, contributors_new=1, contributors_retained=1, mean_active_weeks=4 / 3,
                top_contributor_share=3 / 5,
            ),
        ),
    ),
    OfCommits(
        title="Repositories of few people are one, and who is in two of them, or in two categories, is one person",
        commits=(
            did("a/two", "gil", "2022-Q4+1", "2023-Q1+1"),
            did("a/two", "ida", "2023-Q1+1"),
            did("a/three", "ida", "2 x 2023-Q1+1"),
            did("a/three", "jo", "2 x 2023-Q1+1"),
            did("b/one", "ida", "2023-Q1+1"),
        ),
        gives=(
            # 2 + 4 commits by gil, ida and jo, of which ida made 1 + 2
            *facts("a:small_repositories", repositories=2, commits=6, contributors=3, top_contributor_share=3 / 6),
            # Three people in a and one in b are four memberships of three people. 7 commits against 1, 3 people against 1
            *facts(
                "catalogue",
                memberships=4, contributors=3, contributors_previous=1, contributors_qoq_pct=200, commits_qoq_pct=600,
            ),
        ),
    ),
)  # fmt: skip
