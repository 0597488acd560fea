"""Contract of `quarantined_commits`: commits that the source holds and no quarter can."""

from deepsignal_pipeline.tables.contract import Column, Read, Table

TABLE = Table(
    name="quarantined_commits",
    one_row_is="a commit that the source holds, but that no quarter can, with the reason",
    group="ingest",
    stage=0,
    version="1",
    grain=("repository", "sha"),
    quarterly=False,
    may_be_empty=True,
    reads=(Read("repository_snapshots"),),
    staged=("source_quarantine",),
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("sha", "VARCHAR", "commit id, lower-case hexadecimal"),
        Column("reason", "VARCHAR", "what is wrong with it, in words"),
        Column("raw", "VARCHAR", "what the source gave, as text", required=False, is_personal=True),
    ),
)
