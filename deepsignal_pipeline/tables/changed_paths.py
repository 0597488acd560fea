"""Contract of `changed_paths`: paths that commits touched, with the kind of work that each stands for."""

from deepsignal_pipeline.domain.work_types import CLASSES
from deepsignal_pipeline.tables.contract import Column, Read, Table

TABLE = Table(
    name="changed_paths",
    one_row_is="a path that a commit of one parent and at most 50 paths touched in the quarter, with its work type",
    group="commits",
    stage=1,
    version="2",
    grain=("repository", "path"),
    reads=(Read("raw_commits"),),
    staged=("path_overrides",),
    may_be_empty=True,
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("path", "VARCHAR", "path from the repository's root, as the source gave it"),
        Column("work_type", "VARCHAR", "kind of work, by content/work_types.yaml", allowed=CLASSES),
    ),
)
