"""The tables of the analysis over a synthetic lake, as the project makes them: staged, computed and written, not checked.

`python -m benchmarks.analytics_tables HOME THREADS QUARTER ...`, a process a table; `analytics` runs it. Made is every table
that the lake holds the beginnings of: it has no subjects and no paths, so the terms, the coordination and what prints
all of it (facts, edition) are left out, and said to be.
"""

import os
import resource
import sys
import time
from pathlib import Path

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import replace_file
from deepsignal_pipeline.running import open_pipeline
from deepsignal_pipeline.settings import read_settings
from deepsignal_pipeline.staging import stage
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.tables import TABLES

GENERATED = (
    "tracked_repositories",
    "repository_snapshots",
    "contributor_aliases",
    "contributor_identities",
    "counted_commits",
)
"""What `synthetic_lake` writes."""


def main(home: str, threads: str, *quarters: str) -> None:
    """Print what each table costs over all quarters, and what its third and its last quarter did."""
    names, left_out = _tables()
    print(f"left out: {', '.join(left_out)}")
    for name in names:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _make(name, Path(home), int(threads), [Quarter.parse(key) for key in quarters])
                status = 0
            finally:
                sys.stdout.flush()
                os._exit(status)
        if os.waitpid(child, 0)[1]:
            raise SystemExit(f"{name} failed")


def _tables() -> tuple[list[str], list[str]]:
    """Return the tables that can be made from what the generator wrote, in their order, and those that cannot."""
    there = set(GENERATED)
    names: list[str] = []
    left_out: list[str] = []
    for table in TABLES.values():
        if table.stage == 0 or table.name in there:
            continue
        is_of_a_source = any(name.startswith("source_") for name in table.staged)
        if {read.table for read in table.reads} <= there and not is_of_a_source:
            there.add(table.name)
            names.append(table.name)
        else:
            left_out.append(table.name)
    return names, left_out


def _make(name: str, home: Path, threads: int, quarters: list[Quarter]) -> None:
    pipeline = open_pipeline(read_settings({"DEEPSIGNAL_HOME": str(home), "DEEPSIGNAL_THREADS": str(threads)}))
    table = TABLES[name]
    inputs = Inputs(pipeline.lake, pipeline.source, pipeline.content)
    spent, started = [], time.monotonic()
    with pipeline.engine.session() as session:
        for quarter in quarters if table.quarterly else (None,):
            before = _cpu()
            staged = stage(session, inputs, table, quarter)
            session.metadata = staged.metadata
            written = session.write(table, quarter, **staged.parameters)
            replace_file(written, pipeline.lake.file(table, quarter))
            spent.append(_cpu() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = f"{name:24s}{sum(spent):9.1f}{time.monotonic() - started:9.1f}{peak:9.0f}"
    if len(spent) > 3:
        line += f"   3rd quarter {spent[2]:.2f}, last {spent[-1]:.2f}"
    print(line)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
