"""Contract of `contributor_identities`: which aliases are one person, and which are no person."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="contributor_identities",
    one_row_is="an alias with the contributor it belongs to",
    group="identity",
    stage=2,
    version="2",
    grain=("alias_id",),
    quarterly=False,
    reads=(Read("contributor_aliases"),),
    staged=("resolved_aliases",),
    kinds=("python", "duckdb", "parquet"),
    columns=(
        Column("alias_id", "VARCHAR", "keyed hash of name, address and login"),
        Column("contributor_id", "VARCHAR", "stable pseudonymous id; null for a placeholder", required=False),
        Column("kind", "VARCHAR", "what stands behind the alias", allowed=("human", "bot", "agent", "placeholder")),
        Column("evidence", "VARCHAR", "the strongest rule that linked or classified the alias"),
        Column("verified_id_key", "VARCHAR", "keyed hash of the GitHub id, where the alias has one", required=False),
        Column(
            "verified_address_key",
            "VARCHAR",
            "keyed hash of the address, where it is one person's; null for shared, machine-made and role addresses",
            required=False,
        ),
        Column(
            "strict_contributor_id",
            "VARCHAR",
            "the contributor if only ids, logins and addresses link",
            required=False,
        ),
        Column("loose_contributor_id", "VARCHAR", "the contributor if every full name links too", required=False),
    ),
    rules=(
        Rule(
            "only_placeholders_are_nobody",
            "A placeholder has no contributor; every other alias has one.",
            "(kind = 'placeholder') = (contributor_id IS NULL)",
        ),
        Rule(
            "one_verified_id_is_one_contributor",
            "No two aliases with one GitHub id are two contributors.",
            "verified_id_key IS NULL OR min(contributor_id) OVER (PARTITION BY verified_id_key) "
            "= max(contributor_id) OVER (PARTITION BY verified_id_key)",
        ),
        Rule(
            "one_verified_address_is_one_contributor",
            "No two aliases with one person's address are two contributors.",
            "verified_address_key IS NULL OR min(contributor_id) OVER (PARTITION BY verified_address_key) "
            "= max(contributor_id) OVER (PARTITION BY verified_address_key)",
        ),
        Rule(
            "unresolved_aliases_are_few",
            "At most two in a hundred aliases stand for nobody.",
            "avg(CAST(contributor_id IS NULL AS INTEGER)) OVER () <= 0.02",
            blocks=False,
        ),
    ),
)
