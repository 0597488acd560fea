"""Read commits out of a repository's objects into a piece: one `git log`, followed while it writes, a block at a time.

git writes to a nameless file instead of a pipe, which costs a fifth less, and git and this process work at the same time.
Whatever git's exit status, form of output or a limit speaks against, nothing of the piece is kept. The repository itself is
never opened for this: only its objects are, through an empty repository beside them, so nothing that its configuration,
grafts or replacements say can have an effect.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from deepsignal_pipeline.lake import remove, temporary
from deepsignal_pipeline.sources.git.columns import read_commits
from deepsignal_pipeline.sources.git.command import Git, Watch
from deepsignal_pipeline.sources.git.failures import (
    NO_ROOM,
    BrokenMirrorError,
    GitFailureError,
    failure,
    first_line,
    printable,
)
from deepsignal_pipeline.sources.git.places import make_repository
from deepsignal_pipeline.sources.git.tokens import StreamError, log_format, read_block, whole_commits
from deepsignal_pipeline.sources.pieces import PieceWriter, Quarantined

_BLOCK = 2 << 20  # larger ones cost more: memory that no cache holds, and that the kernel has to give again and again
_PAUSE = 0.02  # seconds between two looks at how far git is
_RAW_BYTES = 4096  # of a commit's header that are kept in quarantine

_LOG = (
    "log", "-z", "--name-status", "--no-renames", "--no-color", "--no-decorate", "--no-notes", "--no-mailmap",
    "--no-show-signature", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none", "--diff-merges=off",
    "--encoding=UTF-8", "--date=raw",
)  # fmt: skip


@dataclass(frozen=True)
class Objects:
    """The objects of a repository on this disk, to be read through an empty repository."""

    git: Git
    folder: Path
    empty: Path

    @property
    def environment(self) -> dict[str, str]:
        """What makes git find the objects."""
        return {"GIT_OBJECT_DIRECTORY": str(self.folder)}

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether a commit is still there and in the history of another one."""
        arguments = ("merge-base", "--is-ancestor", "--end-of-options", older, newer)
        answer = self.git.run(*arguments, repository=self.empty, **self.environment)
        return answer.status == 0

    def count(self, tip: str) -> int:
        """Count the commits reachable from a tip, without reading what they say. Raises GitFailureError."""
        answer = self.git.run(
            "rev-list", "--count", "--end-of-options", tip, "--", repository=self.empty, **self.environment
        )
        if answer.status:
            raise BrokenMirrorError(f"counting its commits: {printable(first_line(answer.stderr))}")
        return int(answer.output)

    def extract(self, tip: str, known: str | None, piece: PieceWriter, now: datetime) -> None:
        """Read what is reachable from a tip and not from a known commit. Raises GitFailureError; the piece is then void."""
        word = secrets.token_hex(16)
        revisions = [tip, f"^{known}"] if known else [tip]
        arguments = (*_LOG, f"--format={log_format(word)}", "--end-of-options", *revisions, "--")
        with self.git.streaming(*arguments, repository=self.empty, folder=self.empty, **self.environment) as started:
            try:
                for text, is_cut in whole_commits(_written(self.git, *started), word):
                    commits = read_commits(read_block(text, word, len(tip)), piece.repository, now)
                    piece.write(commits.table, commits.reread, cut=int(is_cut))
                    piece.quarantine((self._quarantined(sha) for sha in commits.undated), commits.possible_at)
            except StreamError as error:
                raise GitFailureError("failed", f"reading its history: {error}") from None

    def _quarantined(self, sha: str) -> Quarantined:
        answer = self.git.run("cat-file", "commit", sha, repository=self.empty, **self.environment)
        header = answer.output.partition(b"\n\n")[0]
        dated = [line for line in header.split(b"\n") if line.startswith((b"author ", b"committer "))]
        return Quarantined(sha, "bad_date", b"\n".join(dated)[:_RAW_BYTES].decode("utf-8", "backslashreplace"))


@contextmanager
def opened(git: Git, objects: Path, beside: Path, id_length: int) -> Iterator[Objects]:
    """Open the objects of a repository for the length of a `with`; `beside` gets a temporary folder."""
    empty = temporary(beside / "empty.git")
    remove(empty)
    try:
        yield Objects(git, objects, make_repository(empty, id_length))
    finally:
        remove(empty)


def _written(git: Git, process: subprocess.Popen[bytes], output: IO[bytes], stderr: IO[bytes]) -> Iterator[bytes]:
    """Give git's output in blocks, as it grows; raise GitFailureError if git does not end well."""
    watch = Watch(git.limits)
    read = 0
    while True:
        has_ended = process.poll() is not None  # asked before the size: then the size is the last one
        size = os.fstat(output.fileno()).st_size
        watch.check(size)
        if not has_ended and size - read < _BLOCK:
            time.sleep(_PAUSE)
            continue
        if has_ended and process.returncode:
            raise _failed(git, process.returncode, stderr)
        if read == size:
            return
        block = os.pread(output.fileno(), _BLOCK, read)
        read += len(block)
        yield block


def _failed(git: Git, status: int, stderr: IO[bytes]) -> GitFailureError:
    """Return what to raise for a `git log` that failed: mostly its objects are to blame, but not for a full disk."""
    said = git.said(stderr)
    if re.search(NO_ROOM, said):
        return failure("reading its history", said)
    return BrokenMirrorError(f"reading its history: git ended with status {status} ({printable(first_line(said))})")
