"""Under which identities a file of the lake stands, and the refusal of tables that disagree."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.stored_files import MissingQuarterError, explain_missing, file_metadata
from deepsignal_pipeline.lake import Lake, LakeError
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Table

IDENTITIES = "deepsignal.identities"


class MixedVersionsError(LakeError):
    """Tables of one quarter stand under different versions of the identities."""


def refuse_mixed(lake: Lake, table: Table, quarter: Quarter | None) -> None:
    """Raise MixedVersionsError if what a table reads of a quarter was made under two versions of the identities."""
    expected = identities_digest(lake)
    for read in table.reads:
        source = TABLES[read.table]
        if not stands_under_identities(source):
            continue
        made_for = quarter if source.quarterly else None
        if file_metadata(lake.file(source, made_for)).get(IDENTITIES) != expected:
            what = f"{source.name} of {quarter}" if made_for else source.name
            command = f"deepsignal run --job publish_quarters --quarter {quarter}"
            raise MixedVersionsError(
                f"{what} stands under other identities than contributor_identities; run: {command}"
            )


def stands_under_identities(table: Table) -> bool:
    """Whether a table is made with the identities, and carries their digest."""
    return table.stage == 2 and table.name != "contributor_identities"


def identities_metadata(lake: Lake, table: Table) -> dict[str, str]:
    """Return what the files of stage 2 carry: the digest of the identities that they stand under."""
    return {IDENTITIES: identities_digest(lake)} if stands_under_identities(table) else {}


def identities_digest(lake: Lake) -> str:
    """Return the digest of the identities as they are; raise MissingQuarterError if there are none."""
    table = TABLES["contributor_identities"]
    if not lake.has(table):
        raise MissingQuarterError(explain_missing(lake, table, [None], None))
    file = lake.file(table)
    stated = file.stat()
    return _digest_once(file, stated.st_ino, stated.st_mtime_ns)


@lru_cache(maxsize=4)
def _digest_once(file: Path, _inode: int, _written: int) -> str:
    """Return the digest of a file that is replaced and never changed: every table and quarter asks for it."""
    return str(file_digest(file)["sha256"])


def file_digest(path: Path) -> dict[str, object]:
    """Return size and SHA-256 (hexadecimal) of a file, as the columns of the edition's table."""
    with path.open("rb") as file:
        return {"size_bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
