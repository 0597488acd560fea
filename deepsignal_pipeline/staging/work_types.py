"""What the rules of work types hand to the SELECTs: patterns of paths as parameters, overrides as a relation."""

from __future__ import annotations

import pyarrow as pa

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.staging.inputs import Inputs

PATTERNS = (
    "named_build_paths",
    "vendored_paths",
    "test_paths",
    "benchmark_paths",
    "named_docs_paths",
    "docs_paths",
    "build_paths",
    "integration_paths",
)
"""Parameters that carry the pattern of each step. Constants, because DuckDB compiles a pattern of a column once a row."""


def path_patterns(inputs: Inputs) -> dict[str, object]:
    """Return the parameters of the SELECT of changed_paths."""
    return dict(zip(PATTERNS, inputs.work_types.patterns, strict=True))


def stage_path_overrides(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    """Stage what people say of the folders of single repositories."""
    overrides = inputs.work_types.overrides
    session.stage(
        "path_overrides",
        pa.table(
            {
                "repository": pa.array([o.repository for o in overrides], pa.string()),
                "prefix": pa.array([o.prefix for o in overrides], pa.string()),
                "work_type": pa.array([o.work_type for o in overrides], pa.string()),
            }
        ),
    )
