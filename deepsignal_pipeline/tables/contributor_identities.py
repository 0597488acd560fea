"""Contract of `contributor_identities`: which aliases are one person, and which are no person."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="contributor_identities",
    one_row_is="an alias with the contributor it belongs to",
    group="identity",
    stage=2,
    version="1",
    grain=("alias_id",),
    quarterly=False,
    reads=(Read("contributor_aliases"),),
    staged=("resolved_aliases",),
    kinds=("python", "duckdb", "parquet"),
    columns=(
        Column("alias_id", "VARCHAR", "keyed hash of name, address and login"),
        Column("contributor_id", "VARCHAR", "stable pseudonymous id; null for a placeholder", required=False),
        Column("kind", "VARCHAR", "what stands behind the alias", allowed=("human", "bot", "agent", "placeholder")),
        Column("evidence", "VARCHAR", "the rule that linked or classified the alias"),
    ),
    rules=(
        Rule(
            "only_placeholders_are_nobody",
            "A placeholder has no contributor; every other alias has one.",
            "(kind = 'placeholder') = (contributor_id IS NULL)",
        ),
    ),
)
