"""One visit of one repository: see where its default branch stands, read what is new, and leave a record.

A visit that fails leaves a record too, with a status and a reason over what was held before.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from deepsignal_pipeline.lake import remove
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git import fetching
from deepsignal_pipeline.sources.git.command import Git
from deepsignal_pipeline.sources.git.extraction import Objects, opened
from deepsignal_pipeline.sources.git.failures import BrokenMirrorError, GitFailureError, first_line, printable
from deepsignal_pipeline.sources.git.fetching import Head
from deepsignal_pipeline.sources.git.places import Host, checked_name, local_mirror
from deepsignal_pipeline.sources.record import Piece, Record, failed, newest_names, restatements, unchanged
from deepsignal_pipeline.sources.store import Holding, Store

NAME = "git"
_MOST_PIECES = 24  # a repository in more files than this is read anew into one: opening files would cost more


@dataclass(frozen=True)
class Places:
    """Where repositories are: below a folder of local mirrors if there is one, else at a host."""

    host: Host = field(default_factory=Host)
    mirrors: Path | None = None


@dataclass(frozen=True)
class Visit:
    """What came of a visit: the record, how many commits were read for it, and how long it took."""

    record: Record
    read: int
    seconds: float


@dataclass(frozen=True)
class Visitor:
    """Visits repositories one after the other, at one instant that counts as now."""

    store: Store
    places: Places
    git: Git
    now: datetime

    def visit(self, asked: Asked) -> Visit:
        """Visit a repository and publish its record, whatever came of it. Raises OSError or LakeError if it cannot be."""
        started = time.monotonic()
        name = asked.name
        with self.store.visiting(name) as holding:
            before = holding.record
            try:
                record = self._read(holding, asked)
            except Exception as error:  # whatever it is, it must not cost the other repositories
                status = error.status if isinstance(error, GitFailureError) else "failed"
                record = failed(before, name, NAME, status=status, reason=self._reason(error), now=self.now)
            holding.publish(record)
        known = before.pieces if before else ()
        read = _counted(piece for piece in record.pieces if piece not in known)
        return Visit(record, read, time.monotonic() - started)

    def _reason(self, error: Exception) -> str:
        """Say in one line what went wrong, without the folders of this machine: the reason is published."""
        if isinstance(error, GitFailureError):
            text = error.reason
        else:
            said = str(error)
            if isinstance(error, OSError) and error.strerror:
                said = f"{error.filename or ''} {error.strerror}".strip()
            text = f"{type(error).__name__}: {said or 'no more is known'}"
        for folder in filter(None, (self.store.root, self.places.mirrors)):
            text = text.replace(str(folder), "...")
        return printable(text)

    def abandon(self, asked: Asked, reason: str) -> Visit:
        """Publish that a repository could not be read because its reader ended."""
        with self.store.visiting(asked.name) as holding:
            record = failed(holding.record, asked.name, NAME, status="failed", reason=reason, now=self.now)
            return Visit(holding.publish(record), 0, 0.0)

    def _read(self, holding: Holding, asked: Asked) -> Record:
        checked_name(asked.name)
        if self.places.mirrors is not None:
            mirror = local_mirror(self.places.mirrors, (asked.name, *asked.former_names))
            return self._read_local(holding, mirror, asked.former_names)
        return self._read_remote(holding)

    def _read_local(self, holding: Holding, mirror: Path, former_names: tuple[str, ...]) -> Record:
        """Read a bare repository of somebody else's where it lies; nothing is written there."""
        refuse_shallow(mirror)
        head = local_head(self.git, mirror)
        if holding.record is not None and self._is_known(holding.record, head):
            return unchanged(holding.record, self.now)
        record = self._extracted(holding, mirror, head)
        # The mirror may lie under one of them, and is looked for again when its commits are counted
        return replace(record, names=newest_names(dict.fromkeys((*former_names, *record.names)), holding.repository))

    def _read_remote(self, holding: Holding) -> Record:
        remote = fetching.look(self.git, self.places.host, holding.repository)
        seen_as = remote.url.removeprefix(self.places.host.base + "/").removesuffix(".git")
        previous = holding.record
        if previous is not None and self._is_known(previous, remote.head):
            same = unchanged(previous, self.now)
            return replace(same, branch=remote.head.branch, names=newest_names(same.names, seen_as))
        mirror = holding.folder / "repository.git"
        if remote.head.tip is None:
            return self._extracted(holding, mirror, remote.head, seen_as)
        fetching.sweep(mirror)
        is_old = mirror.exists()
        try:
            return self._fetched(holding, remote, mirror, seen_as)
        except BrokenMirrorError:
            if not is_old:
                raise
            remove(mirror)
            return self._fetched(holding, remote, mirror, seen_as)

    def _fetched(self, holding: Holding, remote: fetching.Remote, mirror: Path, seen_as: str) -> Record:
        tip = fetching.fetch(self.git, remote, mirror)
        return self._extracted(holding, mirror, Head(tip, remote.head.branch), seen_as)

    def _extracted(self, holding: Holding, repository: Path, head: Head, seen_as: str | None = None) -> Record:
        """Read what a tip has over what is held, and return the record of both."""
        previous = holding.record
        record = Record(
            repository=holding.repository,
            source=NAME,
            status="full",
            reason=None,
            fetched_at=self.now,
            complete_until=self.now,
            tip=head.tip,
            branch=head.branch,
            names=newest_names(previous.names if previous else (), seen_as or holding.repository),
        )
        if head.tip is None:
            if previous is not None and previous.tip is not None:
                raise GitFailureError(
                    "failed", "its default branch has no commits any more; what was read before is kept"
                )
            return record
        with opened(self.git, repository / "objects", holding.folder, len(head.tip)) as objects:
            base = _base(objects, previous, head.tip)
            known = base.tip if base and not self._is_to_be_read_anew(base) else None
            kept = base.pieces if base and known else ()
            with holding.piece(self._piece_name(head.tip, known)) as piece:
                objects.extract(head.tip, known, piece, self.now)
                pieces = (*kept, piece.finish())
        record = replace(record, pieces=pieces, commits=_counted(pieces))
        return replace(record, restated=restatements(previous, record, "late" if base else "rewritten"))

    def _is_known(self, record: Record, head: Head) -> bool:
        """Whether a record was made of this tip and says all of it; one that never read anything was made of none."""
        is_read = record.complete_until is not None and record.tip == head.tip
        return is_read and not record.is_overtaken(self.now)

    def _is_to_be_read_anew(self, base: Record) -> bool:
        return len(base.pieces) >= _MOST_PIECES or base.is_overtaken(self.now)

    def _piece_name(self, tip: str, known: str | None) -> str:
        """Name a piece after what it holds. One of all may be written again for a tip, when the time has come for more."""
        return f"{tip[:16]}-after-{known[:16]}" if known else f"{tip[:16]}-all-{self.now:%Y%m%dT%H%M%S}"


def _base(objects: Objects, previous: Record | None, tip: str) -> Record | None:
    """Return the previous record if the tip grew out of the one held; None: nothing is held, or history was rewritten."""
    if previous is None or previous.tip is None or not objects.is_ancestor(previous.tip, tip):
        return None
    return previous


def _counted(pieces: Iterable[Piece]) -> int:
    return sum(piece.commits + piece.quarantined for piece in pieces)


def refuse_shallow(mirror: Path) -> None:
    """Raise GitFailureError for a repository whose older history is cut off: its first commits would lie."""
    shallow = mirror / "shallow"
    if shallow.is_file() and shallow.stat().st_size:
        raise GitFailureError("failed", "a shallow clone, without its older history; run git fetch --unshallow in it")


def local_head(git: Git, mirror: Path) -> Head:
    """Return where the default branch of a bare repository on this disk stands."""
    named = git.run("symbolic-ref", "--quiet", "HEAD", repository=mirror)
    branch = named.output.decode("utf-8", "replace").strip().removeprefix("refs/heads/") or None
    # The id is asked for, not the commit: one whose object is lost must not look like an empty repository
    found = git.run("rev-parse", "--verify", "--quiet", "HEAD", repository=mirror)
    tip = found.output.decode("ascii", "replace").strip() or None
    if tip is None:
        listed = git.run("for-each-ref", "--count=1", repository=mirror)
        if listed.status or listed.stderr:
            raise GitFailureError("failed", f"not a repository that this git can read ({first_line(listed.stderr)})")
    return Head(tip, branch)
