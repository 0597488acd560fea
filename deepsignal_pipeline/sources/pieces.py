"""Pieces: the Parquet files in which a source keeps the commits it read, written as a stream of batches.

A piece has the columns and types of `raw_commits`, so staging a quarter is a filter and no conversion. Rows stand in the
order in which they came; row groups carry statistics on committed_at, so that a quarter is found without reading others.
Rows that cannot be a commit of any quarter go to a quarantine file beside it, with the reason and the raw values.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import remove, replace_file, temporary
from deepsignal_pipeline.sources.record import NOTHING, Held, Piece

INSTANT = pa.timestamp("us", tz="UTC")
PEOPLE = pa.list_(pa.struct([("name", pa.string()), ("email", pa.string())]))
CHANGES = pa.list_(pa.struct([("status", pa.string()), ("path", pa.string())]))
COMMITS = pa.schema(
    [
        ("repository", pa.string()),
        ("sha", pa.string()),
        ("parents", pa.list_(pa.string())),
        ("author_name", pa.string()),
        ("author_email", pa.string()),
        ("author_login", pa.string()),
        ("authored_at", INSTANT),
        ("author_tz", pa.int16()),
        ("committer_name", pa.string()),
        ("committer_email", pa.string()),
        ("committed_at", INSTANT),
        ("committer_tz", pa.int16()),
        ("subject", pa.string()),
        ("coauthors", PEOPLE),
        ("changes", CHANGES),
    ]
)
QUARANTINE = pa.schema(
    [("repository", pa.string()), ("sha", pa.string()), ("reason", pa.string()), ("raw", pa.string())]
)

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""A committer date before this one is no date; nor is one more than a day after the visit."""

# Values that repeat within a piece; a dictionary of all others costs more time than it saves space
_REPEATING = ["repository", "author_name", "author_email", "author_tz", "committer_name", "committer_email"]
_REPEATING += ["committer_tz", "changes.list.element.status", "changes.list.element.path"]
_MEASURED = ["sha", "committed_at"]
_ROW_GROUP = 20_000
_FLUSH_BYTES = 32 << 20  # a row group is held in memory until it is written, so one of long rows ends early


@dataclass(frozen=True)
class Quarantined:
    """A row that cannot be a commit of any quarter: its id if it has one, why, and what stood there (bounded)."""

    sha: str | None
    reason: str
    raw: str


@dataclass
class PieceWriter:
    """Writes one piece of a repository under temporary names; `finish` puts it in place. Not in place: never read."""

    folder: Path
    name: str
    repository: str
    _writer: pq.ParquetWriter | None = None
    _quarantined: list[Quarantined] = field(default_factory=list)
    _waiting: list[pa.Table] = field(default_factory=list)
    _quarters: dict[str, Held] = field(default_factory=dict)
    _bounds: list[datetime] = field(default_factory=list)
    _commits: int = 0
    _reread: int = 0
    _cut: int = 0
    _possible_at: datetime | None = None

    @property
    def file(self) -> Path:
        """Where the commits will be."""
        return self.folder / f"{self.name}.parquet"

    @property
    def quarantine_file(self) -> Path:
        """Where the rows in quarantine will be."""
        return self.folder / f"{self.name}.quarantine.parquet"

    def write(self, commits: pa.Table, reread: int = 0, cut: int = 0) -> None:
        """Take commits with the columns COMMITS, in their order.

        `reread` of them had values that are not UTF-8, and of `cut` not all changed paths are there.
        """
        if not commits.num_rows:
            return
        for label, held in held_by_quarter(commits).items():
            self._quarters[label] = self._quarters.get(label, NOTHING) + held
        bounds = pc.min_max(commits["committed_at"])
        self._bounds += [bounds["min"].as_py(), bounds["max"].as_py()]
        self._commits += commits.num_rows
        self._reread += reread
        self._cut += cut
        self._waiting.append(commits)
        if sum(t.num_rows for t in self._waiting) >= _ROW_GROUP or sum(t.nbytes for t in self._waiting) >= _FLUSH_BYTES:
            self._flush()

    def quarantine(self, rows: Iterable[Quarantined], possible_at: datetime | None = None) -> None:
        """Take rows that cannot be commits of any quarter; `possible_at`: the earliest date of those that lie ahead."""
        self._quarantined += rows
        self._possible_at = min(filter(None, (self._possible_at, possible_at)), default=None)

    def finish(self) -> Piece:
        """Put the files in place, flushed to disk, and return what the record says of them."""
        self._flush()
        self._open().close()
        if self._quarantined:
            rows = [{"repository": self.repository} | vars(row) for row in self._quarantined]
            written = temporary(self.quarantine_file)
            pq.write_table(pa.Table.from_pylist(rows, QUARANTINE), written, compression="zstd")
            replace_file(written, self.quarantine_file)
        replace_file(temporary(self.file), self.file)
        return Piece(
            name=self.name,
            size=self.file.stat().st_size,
            commits=self._commits,
            quarters=dict(sorted(self._quarters.items())),
            quarantined=len(self._quarantined),
            reread=self._reread,
            cut=self._cut,
            first_committed_at=min(self._bounds, default=None),
            last_committed_at=max(self._bounds, default=None),
            possible_at=self._possible_at,
        )

    def discard(self) -> None:
        """Remove what was not finished."""
        if self._writer is not None:
            with contextlib.suppress(OSError, pa.ArrowException):
                self._writer.close()
        remove(temporary(self.file))

    def _open(self) -> pq.ParquetWriter:
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                temporary(self.file),
                COMMITS,
                compression="zstd",
                compression_level=1,
                use_dictionary=_REPEATING,
                write_statistics=_MEASURED,
                store_schema=False,
            )
        return self._writer

    def _flush(self) -> None:
        if self._waiting:
            self._open().write_table(pa.concat_tables(self._waiting), row_group_size=_ROW_GROUP)
            self._waiting = []


@contextlib.contextmanager
def writing(folder: Path, name: str, repository: str) -> Iterator[PieceWriter]:
    """Open a piece for the length of a `with`; what was not finished by its end is removed."""
    writer = PieceWriter(folder, name, repository)
    try:
        yield writer
    finally:
        writer.discard()


def held_by_quarter(commits: pa.Table) -> dict[str, Held]:
    """Return rows and digest of each quarter, by label.

    The digest adds up one number a commit, so that it depends on which commits there are and not on their order.
    """
    months = commits["committed_at"].cast(pa.int64()).to_numpy().astype("datetime64[us]").astype("datetime64[M]")
    quarters: npt.NDArray[np.int64] = months.astype(np.int64) // 3 + 1970 * 4
    numbers = _fingerprints(commits)
    found = {}
    for index in sorted(set(quarters.tolist())):
        own = numbers[quarters == index]
        lanes = own.sum(axis=0, dtype=np.uint64)
        label = Quarter(index // 4, index % 4 + 1).label
        found[label] = Held(len(own), "".join(f"{int(lane):016x}" for lane in lanes))
    return found


def _fingerprints(commits: pa.Table) -> npt.NDArray[np.uint64]:
    """Return two 64-bit numbers a commit: its id says all that git holds of it, and a login may come on top."""
    ids = commits["sha"].combine_chunks()
    digits = "".join(ids.to_pylist())
    raw = np.frombuffer(bytes.fromhex(digits), dtype=np.uint8).reshape(commits.num_rows, -1)
    numbers = np.ascontiguousarray(raw[:, :16]).view(">u8").astype(np.uint64)
    logins = commits["author_login"]
    if logins.null_count < commits.num_rows:
        for row, login in enumerate(logins.to_pylist()):
            if login is not None:
                numbers[row] += np.frombuffer(hashlib.sha256(login.encode()).digest()[:16], dtype=np.uint64)
    return numbers


def commits_table(columns: dict[str, Any]) -> pa.Table:
    """Make a table of commits from columns; those that a source does not know are null."""
    rows = len(columns["sha"])
    missing = {f.name: pa.nulls(rows, f.type) for f in COMMITS if f.name not in columns}
    return pa.table(columns | missing, schema=COMMITS)
