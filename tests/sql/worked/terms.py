"""What the work of a category turned to."""

from __future__ import annotations

from worked.example import OfCommits, alike, did, gives

EXAMPLES = (
    OfCommits(
        title="Nine people all speak of what one of them spoke of the quarter before",
        commits=[
            alike(8, "person-", ["a/one"], "2022-Q4+1", subject="plain"),
            did("a/one", "person-8", "2022-Q4+1", subject="flash"),
            alike(9, "person-", ["a/one"], "2023-Q1+1", subject="flash"),
        ],
        gives=(
            # 9 of 9 now, 1 of 9 before, 10 of 18 in all. Mean 9 x 10 / 18 = 5, variance 9 x 9 x 10 x 8 / (18^2 x 17) = 1.176:
            # (9 - 5) / sqrt(1.176) = 3.688. As often as before they would have been 9 x 1 / 9
            gives(
                "focus_terms", "a", "repository", 1,
                term="flash", people=9, uses=9, units=9, base_uses=1, base_units=9, expected_uses=1, z=3.7,
                top_repository_share=1,
            ),
        ),
    ),
)  # fmt: skip
