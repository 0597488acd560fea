"""Contract of `category_overlaps`: people whom two categories share."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="category_overlaps",
    one_row_is="a pair of categories, the one that comes first in the catalogue first",
    group="overlaps",
    stage=2,
    version="1",
    grain=("category_a", "category_b"),
    order=("order_a", "order_b"),
    rows=66,
    reads=(Read("alias_activity"), Read("contributor_identities"), Read("tracked_repositories")),
    derives=("contributor_activity",),
    columns=(
        Column("category_a", "VARCHAR", "slug of the first category"),
        Column("category_b", "VARCHAR", "slug of the second category"),
        Column("order_a", "INTEGER", "position of the first category in the catalogue", minimum=0),
        Column("order_b", "INTEGER", "position of the second category in the catalogue", minimum=0),
        Column("contributors_a", "BIGINT", "people active in the first category", "people", minimum=0),
        Column("contributors_b", "BIGINT", "people active in the second category", "people", minimum=0),
        Column("shared", "BIGINT", "people active in both", "people", minimum=0),
        Column(
            "shared_qualified",
            "BIGINT",
            "people with at least 2 active weeks or 3 commits in each of the two",
            "people",
            minimum=0,
        ),
        Column("containment_a", "DOUBLE", "shared / people of the first; null if it has none", "share",
               required=False, minimum=0, maximum=1),
        Column("containment_b", "DOUBLE", "shared / people of the second; null if it has none", "share",
               required=False, minimum=0, maximum=1),
        Column("jaccard", "DOUBLE", "shared / people of either; null if both are empty", "share",
               required=False, minimum=0, maximum=1),
    ),
    rules=(
        Rule(
            "nobody_is_shared_who_is_not_there",
            "The shared are no more than the people of either category.",
            "shared <= least(contributors_a, contributors_b)",
        ),
        Rule("the_qualified_are_shared", "The qualified are among the shared.", "shared_qualified <= shared"),
        Rule("each_pair_stands_once", "A pair stands in catalogue order.", "order_a < order_b"),
    ),
)
