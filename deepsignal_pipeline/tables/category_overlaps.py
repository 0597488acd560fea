"""Contract of `category_overlaps`: people whom two categories share, and what chance would give them."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table


def _count(name: str, meaning: str, *, required: bool = True) -> Column:
    return Column(name, "BIGINT", meaning, "people", required=required, minimum=0)


def _share(name: str, meaning: str, people: str) -> Column:
    return Column(name, "DOUBLE", meaning, "share", required=False, minimum=0, maximum=1, people=people)


def _computed(name: str, meaning: str, *, maximum: float | None = None) -> Column:
    return Column(name, "DOUBLE", meaning, required=False, minimum=0, maximum=maximum)


def _lift_end(name: str, meaning: str) -> Column:
    return Column(name, "DOUBLE", meaning, "times", required=False, minimum=0, people="shared")


_PAIR = (
    Column("category_a", "VARCHAR", "slug of the first category"),
    Column("category_b", "VARCHAR", "slug of the second category"),
    Column("order_a", "INTEGER", "position of the first category in the catalogue", minimum=0),
    Column("order_b", "INTEGER", "position of the second category in the catalogue", minimum=0),
)

_SHARED = (
    _count("contributors_a", "people active in the first category"),
    _count("contributors_b", "people active in the second category"),
    _count("shared", "people active in both"),
    _count("shared_qualified", "people with at least 2 active weeks or 3 commits in each of the two"),
    _share("containment_a", "shared / people of the first; null if it has none", "contributors_a"),
    _share("containment_b", "shared / people of the second; null if it has none", "contributors_b"),
    _share("jaccard", "shared / people of either; null if both are empty", ""),
    _computed("shared_low", "lower end of the 95 % interval of shared, as a Poisson count (Garwood)"),
    _computed("shared_high", "upper end of the same interval"),
)

_CHANCE = (
    Column("shared_over_sweeps", "BIGINT", "people shared, added up over the sweeps of the null model", minimum=0),
    Column("sweeps", "BIGINT", "sweeps of the curveball chain, every category trading once in each", minimum=1),
    Column(
        "shared_expected",
        "DOUBLE",
        "people whom chance would give the pair, with every person in as many categories and every category with as many "
        "people as now: mean over the sweeps",
        "people by chance",
        minimum=0,
        people="shared",
    ),
    Column(
        "lift",
        "DOUBLE",
        "shared / expected by chance, from 5 shared people and 1 expected; it compares pairs, since all pairs together share "
        "what is expected of them",
        "times",
        required=False,
        minimum=0,
        people="shared",
    ),
    _lift_end("lift_low", "lower end of the 95 % interval of the lift: shared_low / expected"),
    _lift_end("lift_high", "upper end of the 95 % interval of the lift: shared_high / expected"),
    Column(
        "lift_null_reason",
        "VARCHAR",
        "why there is no lift: under 5 shared people, or under 1 expected",
        required=False,
        allowed=("few_people", "little_expected"),
    ),
    _computed(
        "p_value",
        "two-sided Poisson mid-p of shared at the expected, at least one person in all sweeps; null if a category has no people",
        maximum=1,
    ),
    Column(
        "q_value",
        "DOUBLE",
        "p after Benjamini and Hochberg over the 66 pairs: the share of false finds among the pairs up to this one",
        "q",
        required=False,
        minimum=0,
        maximum=1,
        people="shared",
    ),
)

_CHANGE = (
    _count("shared_previous", "people shared in the quarter before", required=False),
    Column("shared_change", "BIGINT", "shared less those of the quarter before", "people more", required=False),
    _count("shared_retained", "people shared in both quarters", required=False),
    Column("change_null_reason", "VARCHAR", "why the change is null", required=False, allowed=("first_quarter",)),
    _count(
        "shared_new",
        "shared people whose first commit of a counted kind in one of the two is in the quarter: they could not be shared "
        "before",
    ),
    _share("shared_new_share", "shared_new / shared, from 5 shared people; what newness_rank ranks by", "shared"),
    Column(
        "strength_rank",
        "INTEGER",
        "1 for the strongest: by shared_low / expected, or / 1 where less is expected, among the pairs that share 5 people or "
        "more, more than expected, with q up to 0.10; null for the others",
        "rank",
        required=False,
        minimum=1,
        people="shared",
    ),
    Column(
        "newness_rank",
        "INTEGER",
        "1 for the newest: by shared_new_share, then shared, among the pairs that have a strength_rank; null for the others",
        "rank",
        required=False,
        minimum=1,
        people="shared",
    ),
)

TABLE = Table(
    name="category_overlaps",
    one_row_is="a pair of categories, the one that comes first in the catalogue first",
    group="overlaps",
    stage=2,
    version="4",
    grain=("category_a", "category_b"),
    order=("order_a", "order_b"),
    rows=66,
    reads=(
        Read("alias_activity", quarters_back=1),
        Read("contributor_identities"),
        Read("first_commits"),
        Read("tracked_repositories"),
    ),
    derives=("contributor_activity", "category_presences"),
    staged=("overlap_null_model",),
    sums=("category_sets",),
    kinds=("duckdb", "parquet", "sql", "numpy"),
    columns=(*_PAIR, *_SHARED, *_CHANCE, *_CHANGE),
    rules=(
        Rule(
            "nobody_is_shared_who_is_not_there",
            "The shared are no more than the people of either category.",
            "shared <= least(contributors_a, contributors_b)",
        ),
        Rule("the_qualified_are_shared", "The qualified are among the shared.", "shared_qualified <= shared"),
        Rule("the_new_are_shared", "The new are among the shared.", "shared_new <= shared"),
        Rule(
            "the_new_were_not_shared_before",
            "Nobody is new who was shared in the quarter before.",
            "shared_new + shared_retained <= shared AND shared_retained <= shared_previous",
        ),
        Rule("each_pair_stands_once", "A pair stands in catalogue order.", "order_a < order_b"),
        Rule(
            "chance_shares_as_many_people",
            "All pairs together share exactly the people whom chance gives them.",
            "sum(shared) OVER () * sweeps = sum(shared_over_sweeps) OVER ()",
        ),
        Rule(
            "the_count_lies_in_its_interval",
            "A pair's people lie within the interval of their number.",
            "shared BETWEEN shared_low AND shared_high",
        ),
        Rule(
            "every_pair_with_people_is_tested",
            "A pair has p and q if both categories have people, and only then.",
            "(p_value IS NOT NULL) = (contributors_a > 0 AND contributors_b > 0) AND (q_value IS NULL) = (p_value IS NULL)",
        ),
        Rule("q_is_not_below_p", "Correcting for 66 tests makes no pair more certain.", "q_value >= p_value - 1e-12"),
        Rule(
            "a_lift_is_there_or_says_why",
            "A pair without a lift has a reason.",
            "(lift IS NULL) = (lift_null_reason IS NOT NULL)",
        ),
    ),
)
