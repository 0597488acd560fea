"""Contract of `quarterly_report`: the files of an edition."""

from deepsignal_pipeline.tables.contract import Column, Read, Table

TABLE = Table(
    name="quarterly_report",
    one_row_is="a file of the quarter's edition",
    group="report",
    stage=2,
    version="2",
    grain=("file",),
    reads=(
        Read("report_facts"),
        Read("category_metrics"),
        Read("repository_metrics"),
        Read("category_overlaps"),
        Read("prediction_scores"),
        Read("focus_terms"),
        Read("commit_audit"),
        Read("repository_snapshots"),
        Read("tracked_repositories"),
    ),
    staged=("edition_files",),
    kinds=("python", "html", "matplotlib", "parquet"),
    columns=(
        Column("file", "VARCHAR", "path within the edition's folder"),
        Column("media_type", "VARCHAR", "what it is"),
        Column("size_bytes", "BIGINT", "its size", "bytes", minimum=1),
        Column("sha256", "VARCHAR", "digest of its bytes, hexadecimal"),
    ),
)
