"""The store of the real sources: what was read of each repository, a folder each, below `<home>/mirrors`.

    <home>/mirrors/<folder>/record.json     what is held; written last, so it never speaks of files that are not there
                            pieces/         commits as Parquet, and rows in quarantine
                            lock            held while a repository is visited
                            ...             whatever else a source keeps there (git: its mirror)

Whoever is killed in the middle leaves the old record and files that no record names; the next visit removes them.
How rows are staged for the SELECTs is told by `held`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from deepsignal_pipeline.lake import LakeError, locked, remove, removed_on_error, replace_file, temporary
from deepsignal_pipeline.sources.pieces import PieceWriter, writing
from deepsignal_pipeline.sources.record import FORMAT, NOTHING, Piece, Record, from_json, to_json

_UNSAFE = re.compile(r"[^a-z0-9_-]+")
_PIECE_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")
_READABLE = 60  # characters of a folder's name that are for people


@dataclass(frozen=True)
class Holding:
    """One repository of the store, locked for a visit. `record` is what was held when the visit began."""

    folder: Path
    repository: str
    record: Record | None

    @property
    def pieces(self) -> Path:
        """Folder of the pieces."""
        return self.folder / "pieces"

    def piece(self, name: str) -> AbstractContextManager[PieceWriter]:
        """Open a new piece, under a name of letters, digits and hyphens.

        Name it after what it holds, so that a visit made again writes the same file.
        """
        if not _PIECE_NAME.fullmatch(name):
            raise ValueError(f"piece {name!r}: its name may hold letters, digits and hyphens only")
        return writing(self.pieces, name, self.repository)

    def publish(self, record: Record) -> Record:
        """Make a record the valid one, if it differs from the one held, and return it."""
        if record != self.record:
            target = self.folder / "record.json"
            written = temporary(target)
            with removed_on_error(written):
                written.write_text(to_json(record), encoding="utf-8")
                replace_file(written, target)
        return record


@dataclass(frozen=True)
class Store:
    """What one source holds. A record of another source is not seen: the repository is read anew, and replaces it."""

    root: Path
    source: str

    def folder(self, repository: str) -> Path:
        """Folder of a repository: readable, the same on every file system, and never that of another spelling."""
        readable = _UNSAFE.sub("-", repository.lower().replace("/", "+", 1).replace("+", "--", 1)).strip("-")
        digest = hashlib.sha256(repository.encode("utf-8", "surrogatepass")).hexdigest()
        return self.root / f"{readable[:_READABLE]}-{digest[:16]}"

    @contextlib.contextmanager
    def visiting(self, repository: str) -> Iterator[Holding]:
        """Hold a repository alone, waiting for whoever visits it, and remove what no record names."""
        folder = self.folder(repository)
        self.prepare()
        _refuse_link(folder)
        (folder / "pieces").mkdir(parents=True, exist_ok=True)
        with locked(folder / "lock"):
            record = self._read(folder)
            if record is not None and record.repository != repository:
                record = None
            _sweep(folder, record)
            yield Holding(folder, repository, record)

    def prepare(self) -> None:
        """Make the folder of the store, for its owner's eyes only; raise LakeError if that cannot be."""
        _refuse_link(self.root)
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise LakeError(f"{self.root}: cannot be made ({error.strerror}); set DEEPSIGNAL_HOME elsewhere") from None

    def records(self) -> list[Record]:
        """Return what is held of every repository, by name."""
        return [record for record, _ in self._held()]

    def record(self, repository: str) -> Record | None:
        """Return what is held of a repository."""
        return self._read(self.folder(repository))

    def state(self, quarter: str | None) -> str:
        """Return a digest of all rows that staging a quarter (by label) would give; for None, snapshots and history."""
        seen: list[object]
        if quarter is None:
            seen = [text for _, text in self._held()]
        else:
            seen = [(r.repository, asdict(r.held(quarter))) for r in self.records() if r.held(quarter) != NOTHING]
        return hashlib.sha256(json.dumps([FORMAT, self.source, seen]).encode()).hexdigest()

    def files(self, record: Record, suffix: str = ".parquet") -> list[Path]:
        """Return the files of a record's pieces, in the order in which they were read."""
        return [self.folder(record.repository) / "pieces" / f"{piece.name}{suffix}" for piece in record.pieces]

    def _held(self) -> list[tuple[Record, str]]:
        """Return the records of all repositories, by name, each with the text of its file."""
        found = [read for path in self.root.glob("*/record.json") if (read := self._read_text(path.parent))]
        return sorted(found, key=lambda read: read[0].repository)

    def _read(self, folder: Path) -> Record | None:
        read = self._read_text(folder)
        return read[0] if read else None

    def _read_text(self, folder: Path) -> tuple[Record, str] | None:
        """Return the record of a folder; None if there is none, of another source, or pieces of it are missing."""
        try:
            text = (folder / "record.json").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        record = _parsed(text)
        if record is None or record.source != self.source:
            return None
        return (record, text) if all(_is_whole(folder, piece) for piece in record.pieces) else None


# A run asks a few times a quarter what is held, and the parsing takes most of that
_parsed = lru_cache(maxsize=4096)(from_json)


def _is_whole(folder: Path, piece: Piece) -> bool:
    try:
        size = (folder / "pieces" / f"{piece.name}.parquet").stat().st_size
    except OSError:
        return False
    quarantine = folder / "pieces" / f"{piece.name}.quarantine.parquet"
    return size == piece.size and (not piece.quarantined or quarantine.is_file())


def _sweep(folder: Path, record: Record | None) -> None:
    """Remove what killed visits left. The lock is held, so every temporary name is a dead visit's, whatever it says."""
    named = {piece.name for piece in record.pieces} if record else set()
    for path in (folder / "pieces").iterdir():
        if path.name.split(".")[0] not in named:
            remove(path)
    for path in folder.glob(".*.tmp"):
        remove(path)


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise LakeError(f"{path}: is a symbolic link, so what is kept there would go elsewhere; remove the link")
