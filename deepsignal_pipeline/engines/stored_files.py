"""What a file of the lake says of itself, and the refusal of one that is not what its place says.

A file carries its table, its quarter and the version of its contract, so that a copy put into another place is never read
as what it is not. Reading rows does not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, quarter_range
from deepsignal_pipeline.lake import Lake, LakeError
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Table

_TABLE, _VERSION, _QUARTER = "deepsignal.table", "deepsignal.version", "deepsignal.quarter"


class MissingQuarterError(LakeError):
    """A quarter that a SELECT reads was never made; the message names it and the command that makes it."""


class BrokenFileError(LakeError):
    """A file of the lake cannot be used; the message names it and the command that makes it anew."""


def account_of(table: Table, quarter: Quarter | None) -> dict[str, str]:
    """Return what a file says of itself: table, version of the contract, quarter if the table has any."""
    return {_TABLE: table.name, _VERSION: table.version} | ({_QUARTER: quarter.label} if quarter else {})


def file_metadata(path: Path) -> dict[str, str]:
    """Return what a file of the lake says of itself; raise BrokenFileError if it cannot be read."""
    stated = path.stat()
    return _metadata_once(path, stated.st_ino, stated.st_mtime_ns)


@lru_cache(maxsize=4096)
def _metadata_once(path: Path, _inode: int, _written: int) -> dict[str, str]:
    """Return the metadata of a file that is replaced and never changed: every window of quarters asks for it."""
    try:
        stored = pq.read_metadata(path).metadata or {}
    except pa.ArrowException:
        raise broken_file(path) from None
    return {key.decode(): value.decode() for key, value in stored.items()}


def refuse_misplaced(lake: Lake, table: Table, quarters: Sequence[Quarter | None]) -> None:
    """Raise BrokenFileError for the first file that is not what its place says; it names what makes all of them anew."""
    found = {q: said for q in quarters if (said := misplaced(lake, table, q))}
    if found:
        first, *_ = wrong = list(found)
        command = making_command(lake, table, wrong)
        raise BrokenFileError(f"{lake.file(table, first)}: {found[first]}; remove it and run: {command}")


def misplaced(lake: Lake, table: Table, quarter: Quarter | None) -> str:
    """Say how a file differs from what its place says; nothing if it does not. Raise BrokenFileError if it is damaged."""
    stored = file_metadata(lake.file(table, quarter))
    named, of, version = stored.get(_TABLE), stored.get(_QUARTER), stored.get(_VERSION)
    # Files of before quarters were kept have none
    if named != table.name or (of and of != str(quarter)):
        return f"holds {' of '.join(filter(None, [named, of]))}" if named else "was not written by this program"
    return "" if version == table.version else f"has version {version} of its table, which is {table.version} by now"


def broken_file(path: Path) -> BrokenFileError:
    """Say which file of the lake cannot be read, and which command makes it anew."""
    return BrokenFileError(f"{path}: cannot be read; remove it and run: {command_of(path)}")


def command_of(path: Path) -> str:
    """Return the command that makes a file of the lake anew."""
    in_quarter = re.fullmatch(r"quarter=(\d{4}-\d{2}-\d{2})", path.parent.name)
    folder = path.parent.parent if in_quarter else path.parent
    quarter = Quarter.parse(in_quarter[1]) if in_quarter else None
    return making_command(Lake(folder.parent.parent), TABLES[folder.name], [quarter])


def explain_missing(lake: Lake, table: Table, missing: Sequence[Quarter | None], wanted_for: Quarter | None) -> str:
    """Say which quarters of a table are not there, what wanted them and which command makes them."""
    quarters = [quarter for quarter in missing if quarter]
    what = f"{table.name} of {', '.join(map(str, quarters))}" if quarters else table.name
    command = making_command(lake, table, quarters or [wanted_for])
    return f"{wanted_for or 'this table'} reads {what}, which was never made; run: {command}"


def making_command(lake: Lake, table: Table, quarters: Sequence[Quarter | None]) -> str:
    """Return the command that makes quarters of a table, with what they look back on if that was never read."""
    asked = [quarter for quarter in quarters if quarter]
    if not asked:
        return f"deepsignal run --job {_job(table)} --quarter QUARTER"
    first, last = min(asked), max(asked)
    job = f" --job {_job(table)}" if table.stage < 2 or _was_read(lake, first, last) else ""
    return f"deepsignal run{job}{f' --from {first}' if first < last else ''} --quarter {last}"


def _job(table: Table) -> str:
    return "publish_quarters" if table.stage == 2 else "read_quarters"


def _was_read(lake: Lake, first: Quarter, last: Quarter) -> bool:
    back = max(read.quarters_back for table in TABLES.values() for read in table.reads)
    window = quarter_range(max(FIRST_QUARTER, first.shift(-back)), last)
    return all(lake.has(TABLES["alias_activity"], quarter) for quarter in window)
