"""`deepsignal imports`: commits that look like history made elsewhere, for a person to judge."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from deepsignal_pipeline.cli.options import Commands, add_home, fail, home_of, visible
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.tables import TABLES

_REASONS = (
    ("is_root", "no parent"),
    ("is_in_first_30_days", "first 30 days of the repository"),
    ("says_so", "its subject says so"),
)


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    imports = commands.add_parser("imports", help="history that was made elsewhere")
    verbs = imports.add_subparsers(required=True, metavar="VERB")
    propose = verbs.add_parser(
        "propose",
        help="list commits that look imported as entries for content/overrides.yaml; those listed are left out",
    )
    add_home(propose)
    propose.set_defaults(command=_propose)


def _propose(options: argparse.Namespace) -> int:
    """Print entries; whether they belong into the overrides is for a person to say."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from deepsignal_pipeline.engines.stored_files import broken_file, refuse_misplaced

    lake, table = Lake(home_of(options)), TABLES["proposed_imports"]
    quarters = lake.quarters(table)
    if not quarters:
        return fail(f"{lake.home}: no quarter was read yet; run: deepsignal run --job read_quarters --quarter QUARTER")
    refuse_misplaced(lake, table, quarters)
    rows = []
    for file in (lake.file(table, quarter) for quarter in quarters):
        try:
            rows += [row for row in pq.ParquetFile(file).read().to_pylist() if not row["is_listed"]]
        except pa.ArrowException:
            raise broken_file(file) from None
    read = f"{quarters[0]}" if len(quarters) == 1 else f"{len(quarters)} quarters from {quarters[0]} to {quarters[-1]}"
    print(f"# {len(rows)} proposed of {read}; look at each before it goes under `imports:` in content/overrides.yaml")
    for row in rows:
        print("\n".join(_entry(row)))
    return 0


def _entry(row: dict[str, object]) -> Iterator[str]:
    reasons = ", ".join(words for column, words in _REASONS if row[column])
    yield f"# {row['committed_at']:%Y-%m-%d}: {row['added_paths']} of {row['path_count']} paths added; {reasons}"
    yield f"# {visible(str(row['subject']))}"
    yield f'- {{repository: {row["repository"]}, sha: {row["sha"]}, why: ""}}'
