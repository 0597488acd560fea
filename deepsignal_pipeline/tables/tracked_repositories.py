"""Contract of `tracked_repositories`: the catalogue as a table."""

from deepsignal_pipeline.tables.contract import Column, Table

TABLE = Table(
    name="tracked_repositories",
    one_row_is="a repository of the catalogue with its one category",
    group="catalogue",
    stage=0,
    version="1",
    grain=("repository",),
    order=("catalogue_order",),
    quarterly=False,
    staged=("catalogue_entries",),
    kinds=("yaml", "duckdb", "parquet"),
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name on GitHub"),
        Column("category", "VARCHAR", "slug of its one primary category"),
        Column("category_name", "VARCHAR", "the category's name for readers"),
        Column("category_order", "INTEGER", "position of the category in the catalogue", minimum=0),
        Column(
            "catalogue_order", "INTEGER", "position in the catalogue; decides who owns a repeated commit", minimum=0
        ),
        Column("former_names", "VARCHAR[]", "names it had before"),
        Column("created", "VARCHAR", "YYYY or YYYY-MM; information, never a date of tracking", required=False),
        Column("fork_of", "VARCHAR", "the repository that it was forked from", required=False),
        Column("fork_depth", "INTEGER", "forks between it and an upstream of the catalogue; 0 = none", minimum=0),
        Column("tracked_from", "DATE", "first day tracked; null = always", required=False),
        Column("tracked_to", "DATE", "first day no longer tracked; null = always", required=False),
        Column(
            "verified",
            "VARCHAR",
            "how the entry is known: its history was read, its name was listed, or recalled from memory",
            allowed=("read", "listed", "recalled"),
        ),
        Column("notes", "VARCHAR", "remarks of the people who keep the catalogue", required=False),
    ),
)
