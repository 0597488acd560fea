"""People whom two categories share."""

from __future__ import annotations

import pytest
from scipy import stats

from worked.example import OfCommits, alike, did, gives
from worked.formulas import garwood, shared_by_chance, wilson

_FIVE = garwood(5)
_ALL_OF_FIVE = wilson(5, 5)
# People of a, b, c, d and e: 24 of them in two categories; then 14 in two and 6 in one
_SIZES = (8, 8, 6, 6, 6)
_FEW_A_B, _FEW_C_D = (shared_by_chance((6, 6, 12, 12, 12), (24, 0), pair) for pair in ((0, 1), (2, 3)))
_A_B, _C_D = (shared_by_chance(_SIZES, (14, 6), pair) for pair in ((0, 1), (2, 3)))

EXAMPLES = (
    OfCommits(
        title="Two categories share two people, one of whom is qualified in both",
        commits=(
            # Three commits on one side, two weeks on the other; shared already in the quarter before
            did("a/one", "ada", "2022-Q4+1", "3 x 2023-Q1+1"),
            did("b/one", "ada", "2022-Q4+1", "2023-Q1+1", "2023-Q1+8"),
            did("a/one", "bob", "2023-Q1+1"),
            did("b/one", "bob", "2023-Q1+1"),
            did("a/one", "cy", "2023-Q1+1"),
        ),
        gives=(
            # a: ada, bob, cy; b: ada, bob. bob is new to both
            gives(
                "category_overlaps", "a", "b",
                contributors_a=3, contributors_b=2, shared=2, shared_qualified=1, containment_a=2 / 3, containment_b=2 / 2,
                jaccard=2 / 3, shared_previous=1, shared_change=1, shared_retained=1, shared_new=1,
                shared_new_share=None, lift=None, lift_null_reason="few_people",
            ),
            gives("bridge_people", "a", "b", "ada", commits_a=3, active_weeks_a=1, commits_b=2, active_weeks_b=2),
        ),
    ),
    OfCommits(
        title="Where everybody is in both of two categories chance gives them all the same",
        commits=[alike(5, "ab", ["a/one", "b/one"], "2023-Q1+1")],
        gives=(
            # However five people are dealt out, two categories with five each hold all of them: lift 5 / 5. Garwood's interval
            # of a count of 5 is 1.62 to 11.67. Of the counts at a mean of 5 the likeliest are 4 and 5, equally: p is the
            # chance of all others and half of these two's, 1 - P(5) = 0.82, and 66 of it are over 1
            gives(
                "category_overlaps", "a", "b",
                shared=5, shared_expected=5, lift=1, shared_low=_FIVE[0], shared_high=_FIVE[1],
                lift_low=_FIVE[0] / 5, lift_high=_FIVE[1] / 5, p_value=1 - stats.poisson.pmf(5, 5), q_value=1,
                shared_new=5, shared_new_share=1, strength_rank=None, newness_rank=None,
            ),
            gives("report_facts", "a+b.shared", value=5, low=_FIVE[0], high=_FIVE[1]),
            # Wilson's interval of five of five
            gives("report_facts", "a+b.containment_a", value=1, n=5, low=_ALL_OF_FIVE[0], high=_ALL_OF_FIVE[1]),
        ),
    ),
    OfCommits(
        title="Of two pairs above chance one is the stronger and the other the newer",
        commits=[
            alike(8, "ab", ["a/one", "b/one"], "2023-Q1+1"),
            # The first of the six
            alike(1, "cd", ["c/one", "d/one"], "2022-Q4+1"),
            alike(6, "cd", ["c/one", "d/one"], "2023-Q1+1"),
            alike(6, "e", ["e/one"], "2023-Q1+1"),
        ],
        gives=(
            # 14 people in two categories and 6 in one, dealt out in all ways that leave a and b with 8 people and c, d and e with
            # 6, share 2.12 in a and b and 1.02 in c and d; a thousand sweeps come near to it. The lower ends of the lift: 3.45 /
            # 2.12 = 1.6 and 2.20 / 1.02 = 2.2. All eight are new to a and b; of the six of c and d one was in both before
            gives(
                "category_overlaps", "a", "b",
                shared=8, shared_expected=pytest.approx(_A_B, rel=0.15), strength_rank=2, shared_new_share=8 / 8, newness_rank=1,
            ),
            gives(
                "category_overlaps", "c", "d",
                shared=6, shared_expected=pytest.approx(_C_D, rel=0.15), strength_rank=1, shared_new_share=5 / 6, newness_rank=2,
            ),
        ),
    ),
    OfCommits(
        title="A pair of which less than one person is expected has no lift and may be above chance all the same",
        commits=[
            alike(6, "ab", ["a/one", "b/one"], "2023-Q1+1"),
            alike(6, "cd", ["c/one", "d/one"], "2023-Q1+1"),
            alike(6, "ce", ["c/one", "e/one"], "2023-Q1+1"),
            alike(6, "de", ["d/one", "e/one"], "2023-Q1+1"),
        ],
        gives=(
            # 24 people in two categories each, dealt out in all ways that leave a and b with 6 and c, d and e with 12, share
            # 0.73 in a and b and 4.24 in c and d; a thousand sweeps come as near to it as a hundred draws. Six where 0.73 are
            # expected have a p of 0.00006, times 66 is 0.004
            gives(
                "category_overlaps", "a", "b",
                shared=6, shared_expected=pytest.approx(_FEW_A_B, rel=0.3), lift=None, lift_low=None,
                lift_null_reason="little_expected",
                strength_rank=1, newness_rank=1,
            ),
            gives(
                "category_overlaps", "c", "d",
                shared=6, shared_expected=pytest.approx(_FEW_C_D, rel=0.1), strength_rank=None,
            ),
        ),
    ),
)  # fmt: skip
