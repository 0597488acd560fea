"""Where tables and editions live, and how a new version takes the place of an old one.

A table is a folder, a quarter of it one Parquet file; whoever reads sees the old version or the new one, never a part.
A version is written under a temporary name that carries its owner's process, flushed to disk, then renamed. Nothing
here knows what the files hold, and nothing computes.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deepsignal_pipeline.domain.quarters import Quarter, QuarterError

if TYPE_CHECKING:  # workers of a source lock and rename files too, and need no contracts
    from deepsignal_pipeline.tables.contract import Table

_PARTITION = re.compile(r"quarter=(\d{4}-\d{2}-\d{2})")
_TEMPORARY = re.compile(r"\..+\.(?P<pid>\d+)-(?P<born>\d+)\.tmp(\.wal)?")
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


class LakeError(Exception):
    """Something in the home folder stands in the way; the message says where and what to do."""


@dataclass(frozen=True)
class Lake:
    """The folders below one home: `lake/<table>/...` and `editions/<label>/`."""

    home: Path

    def folder(self, table: Table) -> Path:
        """Folder of a table."""
        return self.home / "lake" / table.name

    def file(self, table: Table, quarter: Quarter | None = None) -> Path:
        """File of a table, or of one quarter of it. It need not exist."""
        if table.quarterly != (quarter is not None):
            raise LakeError(f"{table.name} is {'' if table.quarterly else 'not '}kept a quarter a file")
        partition = f"quarter={quarter.key}" if quarter else ""
        return self.folder(table) / partition / "part-0.parquet"

    def edition(self, quarter: Quarter) -> Path:
        """Folder of an edition."""
        return self.home / "editions" / quarter.label

    def quarters(self, table: Table) -> list[Quarter]:
        """Quarters of a table that are there, oldest first."""
        found = []
        for path in self.folder(table).glob("quarter=*/part-0.parquet"):
            match = _PARTITION.fullmatch(path.parent.name)
            with contextlib.suppress(QuarterError):
                found.append(Quarter.parse(match[1] if match else ""))
        return sorted(found)

    def newest(self, table: Table) -> list[Quarter | None]:
        """Newest quarter of a table in a list, `[None]` for a table without quarters; empty if nothing is there."""
        if table.quarterly:
            return list(self.quarters(table)[-1:])
        return [None] if self.has(table) else []

    def has(self, table: Table, quarter: Quarter | None = None) -> bool:
        """Whether a table, or one quarter of it, is there."""
        return self.file(table, quarter).is_file()

    def prepare(self) -> None:
        """Make the home folder and prove that it can be written; raise LakeError if it cannot."""
        try:
            # Stage 0 and 1 hold names and addresses as people wrote them: for the owner's eyes only
            self.home.mkdir(parents=True, exist_ok=True)
            (self.home / "lake").mkdir(mode=0o700, exist_ok=True)
            (self.home / "editions").mkdir(exist_ok=True)
        except OSError as error:
            place = error.filename or self.home
            raise LakeError(f"{place}: cannot be made ({error.strerror}); set DEEPSIGNAL_HOME elsewhere") from None
        self.refuse_closed()

    def refuse_closed(self) -> None:
        """Raise LakeError if what is there of the home folder may not be read and written."""
        for folder in (self.home, self.home / "lake"):
            if folder.is_dir() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise LakeError(f"{self.home}: no permission to write; set DEEPSIGNAL_HOME elsewhere")

    def sweep(self) -> list[Path]:
        """Remove what dead processes left behind and return it. What a live process is writing stays."""
        swept = self.leftovers()
        discard(swept)
        return swept

    def leftovers(self) -> list[Path]:
        """Temporary files and folders whose owner is gone."""
        found = []
        for pattern in ("lake/.*", "lake/*/.*", "lake/*/*/.*", "editions/.*", "published/.*", "dagster/.*", ".*"):
            for path in sorted(self.home.glob(pattern)):
                match = _TEMPORARY.fullmatch(path.name)
                if match and not is_alive(int(match["pid"]), int(match["born"])):
                    found.append(path)
        return found


def temporary(target: Path) -> Path:
    """Return a name beside the target, hidden from every reader, that says which process owns it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.parent / f".{target.name}.{os.getpid()}-{process_born(os.getpid())}.tmp"


def replace_file(written: Path, target: Path) -> None:
    """Put a file that was written completely in the place of the target; on a crash one of the two is there, whole."""
    _flush(written)
    written.replace(target)
    _flush(target.parent)


def replace_folder(written: Path, target: Path) -> None:
    """Put a folder that was written completely in the place of the target, in one step where the system can.

    Where it cannot exchange two folders, the old one is set aside first: for a moment there is none, never half of one.
    """
    for path in sorted(written.rglob("*")):
        _flush(path)
    if not _move_in(written, target) and not _exchange(written, target):
        aside = temporary(target.with_name(f"previous-{target.name}"))
        target.rename(aside)
        written.rename(target)
        remove(aside)
    _flush(target.parent)
    remove(written)


def _move_in(written: Path, target: Path) -> bool:
    try:
        written.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def reject(written: Path, target: Path) -> Path:
    """Keep a file that broke its contract beside the target, out of every reader's sight; return where."""
    rejected = target.with_name(target.name + ".rejected")
    written.replace(rejected)
    return rejected


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def removed_on_error(written: Path) -> Iterator[None]:
    """Remove what was being written if the writing fails, so that a full disk does not stay full."""
    try:
        yield
    except BaseException:
        remove(written)
        raise


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock that other processes wait for. It ends with the process, however that ends; the file stays."""
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def discard(paths: Iterable[Path]) -> None:
    """Remove temporary files that will not be published."""
    for path in paths:
        remove(path)


def is_alive(pid: int, born: int) -> bool:
    """Whether the process that had this id when it began at `born` still runs. A zombie does not."""
    return process_born(pid) == born


def process_born(pid: int) -> int:
    """Start of a process in clock ticks since boot; 1 where the system does not tell but it lives; 0 if it is gone."""
    try:
        # The command may hold spaces and brackets: the fields that follow are counted from its last bracket.
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return 0 if state == "Z" else int(fields[18])
    except FileNotFoundError:
        return _answers(pid)


def process_started_at(pid: int) -> float | None:
    """Start of a process in seconds since 1970, true to a second; 0 where the system does not tell; None if it is gone."""
    born = process_born(pid)
    if not born:
        return None
    try:
        (booted,) = re.findall(r"^btime (\d+)$", Path("/proc/stat").read_text(), re.MULTILINE)
    except FileNotFoundError:
        return 0.0
    return int(booted) + born / os.sysconf("SC_CLK_TCK")


def _answers(pid: int) -> int:
    if Path("/proc/self/stat").exists():
        return 0
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return 0
    except PermissionError:
        return 1
    return 1


def _exchange(one: Path, other: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
