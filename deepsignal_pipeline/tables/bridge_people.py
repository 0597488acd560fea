"""Contract of `bridge_people`: who works in two categories. Contributor level, so restricted: never printed."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table


def _side(side: str, which: str) -> tuple[Column, ...]:
    return (
        Column(
            f"began_{side}_at",
            "TIMESTAMP WITH TIME ZONE",
            f"first commit of a counted kind in the {which} category",
        ),
        Column(f"commits_{side}", "BIGINT", f"counted commits in the {which}", "commits", minimum=1),
        Column(f"active_weeks_{side}", "INTEGER", f"active weeks in the {which}", "weeks", minimum=1, maximum=13),
    )


TABLE = Table(
    name="bridge_people",
    one_row_is="a person with at least 2 active weeks or 3 commits in each of two categories; restricted, never printed",
    group="overlaps",
    stage=2,
    version="1",
    grain=("category_a", "category_b", "contributor_id"),
    order=("order_a", "order_b", "contributor_id"),
    reads=(
        Read("alias_activity"),
        Read("contributor_identities"),
        Read("first_commits"),
        Read("tracked_repositories"),
    ),
    derives=("contributor_activity", "category_presences"),
    may_be_empty=True,
    columns=(
        Column("category_a", "VARCHAR", "slug of the category that comes first in the catalogue"),
        Column("category_b", "VARCHAR", "slug of the other"),
        Column("order_a", "INTEGER", "position of the first category in the catalogue", minimum=0),
        Column("order_b", "INTEGER", "position of the second category in the catalogue", minimum=0),
        Column("contributor_id", "VARCHAR", "the person", is_personal=True),
        *_side("a", "first"),
        *_side("b", "second"),
    ),
    rules=(
        Rule("each_pair_stands_once", "A pair stands in catalogue order.", "order_a < order_b"),
        Rule(
            "they_are_qualified_in_both",
            "Everybody has 2 active weeks or 3 commits on both sides.",
            "(active_weeks_a >= 2 OR commits_a >= 3) AND (active_weeks_b >= 2 OR commits_b >= 3)",
        ),
    ),
)
