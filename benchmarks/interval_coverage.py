"""How often the intervals cover the truth, in simulation from the sample's own people: the table of docs/analysis.md.

What is simulated stands in tests/peers/interval_coverage.py. Seeds are fixed: every run prints the same table.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

FIRST, LAST = "2018-Q3", "2023-Q1"
DRAWS_AGAIN, DRAWS_OTHERS, SEED = 200, 1000, 20230331
SIZES = (200, 1000)


def main() -> None:
    """Print the table: coverage with its own error, and the 5th and 95th of a hundred populations."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "peers"))
    from interval_coverage import simulate_again, simulate_others, simulate_pairs

    from deepsignal_pipeline.domain.quarters import Quarter, quarter_range

    quarters = quarter_range(Quarter.parse(FIRST), Quarter.parse(LAST))
    given = os.environ.get("DEEPSIGNAL_COVERAGE_HOME")
    with tempfile.TemporaryDirectory() as home:
        pipeline = _pipeline(Path(given or home), quarters)
        from interval_coverage import read_people

        people = read_people(pipeline, quarters)
        shared = _shared(pipeline, quarters[-1])
    _print("again", simulate_again(people, DRAWS_AGAIN, SEED))
    for size in SIZES:
        _print(f"others, {size}", simulate_others(people, size, DRAWS_OTHERS, SEED))
    pairs = simulate_pairs(shared, 10_000, SEED)
    print(f"{'again':14s}{'people shared by a pair':42s}{_row(pairs)}")


def _print(model: str, tallies) -> None:  # noqa: ANN001 - imported late
    for kind, tally in sorted(tallies.items()):
        print(f"{model:14s}{kind.measure + ', ' + kind.of:42s}{_row(tally)}", flush=True)


def _row(tally) -> str:  # noqa: ANN001
    spread = tally.by_population
    low, high = (spread[int(part * (len(spread) - 1))] for part in (0.05, 0.95))
    numbers = f"{100 * tally.coverage:6.1f} ± {100 * tally.error:.1f}"
    return f"{numbers}   {100 * low:5.1f} to {100 * high:5.1f}   {tally.count:8d} intervals, {len(spread)} populations"


def _pipeline(home: Path, quarters):  # noqa: ANN001, ANN202
    from deepsignal_pipeline.domain.quarters import quarter_range
    from deepsignal_pipeline.pipeline import make
    from deepsignal_pipeline.running import open_pipeline
    from deepsignal_pipeline.settings import read_settings
    from deepsignal_pipeline.tables import TABLES

    pipeline = open_pipeline(read_settings({"DEEPSIGNAL_HOME": str(home)}))
    pipeline.lake.prepare()
    back = max(read.quarters_back for read in TABLES["category_changes"].reads)
    window = quarter_range(quarters[0].shift(-back), quarters[-1])
    for name, table in TABLES.items():
        missing = [q for q in (window if table.quarterly else (None,)) if not pipeline.lake.has(table, q)]
        if missing and name != "contributor_activity" and table.stage < 2 + (not table.quarterly):
            make(pipeline, name, missing)
    return pipeline


def _shared(pipeline, quarter) -> list[int]:  # noqa: ANN001
    """Return the shared people of every pair of categories that has any."""
    from deepsignal_pipeline.pipeline import make
    from deepsignal_pipeline.tables import TABLES

    make(pipeline, "category_overlaps", [quarter])
    file = pipeline.lake.file(TABLES["category_overlaps"], quarter)
    with pipeline.engine.session() as session:
        found = session.frame("SELECT shared FROM read_parquet($file) WHERE shared > 0", {"file": str(file)})
        return [shared for (shared,) in found.fetchall()]
