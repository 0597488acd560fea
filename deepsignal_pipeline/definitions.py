"""The entry point of Dagster's code location: finds what `defs/` defines and assembles nothing else."""

from pathlib import Path

from dagster import Definitions, definitions, load_from_defs_folder


@definitions
def defs() -> Definitions:
    """Return every asset, check, job, schedule, sensor and resource of the project."""
    return load_from_defs_folder(path_within_project=Path(__file__).parent)
