"""git as a commit source: mirrors brought up to date by visits, and what is held of them staged for the SELECTs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.lake import LakeError
from deepsignal_pipeline.sources import Asked, SourceError, Workspace, held
from deepsignal_pipeline.sources.git.command import Git, GitUnusableError
from deepsignal_pipeline.sources.git.failures import GitFailureError
from deepsignal_pipeline.sources.git.places import local_mirror
from deepsignal_pipeline.sources.git.progress import Progress
from deepsignal_pipeline.sources.git.recount import recounted
from deepsignal_pipeline.sources.git.visit import NAME, Places, Visitor
from deepsignal_pipeline.sources.git.workers import visits
from deepsignal_pipeline.sources.record import CLOCK_AHEAD, Record
from deepsignal_pipeline.sources.store import Store


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class GitSource:
    """Reads repositories by git into the store below `home`.

    `places` says where they are, `workers` how many are read at once (None: one a core). `clock` tells now.
    """

    home: Path
    identity_key: str = field(repr=False)
    places: Places = field(default_factory=Places)
    git: Git = field(default_factory=Git)
    workers: int | None = None
    clock: Callable[[], datetime] = _now
    name: str = NAME

    @property
    def store(self) -> Store:
        """What is held."""
        return Store(self.home / "mirrors", NAME)

    def coverage(self) -> tuple[Quarter, Quarter]:
        """Return the first quarter of the catalogue and the last one that is over."""
        return FIRST_QUARTER, Quarter.containing(self.clock().date()).shift(-1)

    def visit(
        self,
        asked: Sequence[Asked],
        quarters: Sequence[Quarter],  # noqa: ARG002  one pass reads all quarters: git has no cheaper one
        progress: Callable[[str], None],
    ) -> None:
        """Bring what is held of repositories up to date, telling how far it is.

        A repository that fails gets a record with a status and a reason, and the others go on. Raises SourceError if git
        cannot be used, or if no record can be written.
        """
        try:
            self.git.check()
            self._visit(asked, progress)
        except (GitUnusableError, LakeError) as error:
            raise SourceError(str(error)) from None
        except OSError as error:
            problem = f"{error.filename or self.store.root}: {error.strerror}"
            raise SourceError(f"{problem}; what was held stays, mend that and visit again") from None

    def _visit(self, asked: Sequence[Asked], progress: Callable[[str], None]) -> None:
        self.store.prepare()
        self._refuse_clock()
        visitor = Visitor(self.store, self.places, self.git, self.clock())
        sizes = {repository.name: self._size(repository) for repository in asked}
        ordered = sorted(asked, key=lambda repository: (-sizes[repository.name], repository.name))
        told = Progress(sizes, time.monotonic, progress)
        for visit in visits(visitor, ordered, self.workers or _cores()):
            told.tell(visit)
        told.close()

    def _refuse_clock(self) -> None:
        """Raise SourceError if a former visit lies in the future: by such a clock, commits since then would be no commits."""
        now, last = self.clock(), max((record.fetched_at for record in self.store.records()), default=None)
        if last is not None and last - now > CLOCK_AHEAD:
            raise SourceError(
                f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC, but the last visit was at {last:%Y-%m-%d %H:%M}; "
                "set the clock and run again"
            )

    def state(self, quarter: Quarter | None) -> str | None:
        """Return a digest of all that staging a quarter would give; for None, of snapshots and history."""
        return self.store.state(quarter.label if quarter else None)

    def stage_snapshots(self, workspace: Workspace) -> None:
        """Stage one row a repository that was visited, with what git counts in it."""
        workers = self.workers or _cores()
        counts = recounted(self.store, self.git, self._place, self.store.records(), workers)
        held.stage_snapshots(self.store, workspace, counts)

    def stage_history(self, workspace: Workspace) -> None:
        """Stage who appears in which commit, over the whole history."""
        held.stage_history(self.store, workspace)

    def stage_commits(self, workspace: Workspace, quarter: Quarter) -> None:
        """Stage the commits whose committer date lies in a quarter."""
        held.stage_commits(self.store, workspace, quarter)

    def stage_quarantine(self, workspace: Workspace) -> None:
        """Stage the commits without a possible committer date, with the reason and the raw header."""
        held.stage_quarantine(self.store, workspace)

    def stage_metadata(self, workspace: Workspace) -> None:
        """Stage nothing: git does not know what GitHub says of a repository."""
        held.stage_no_metadata(workspace)

    def stage_accounts(self, workspace: Workspace) -> None:
        """Stage nothing: git knows addresses, not whose accounts they are."""
        held.stage_no_accounts(workspace)

    def _place(self, record: Record) -> Path:
        """Return the bare repository that a record was read from; raise GitFailureError if there is none."""
        return self._folder(record.repository, reversed(record.names))

    def _folder(self, name: str, other_names: Iterable[str]) -> Path:
        if self.places.mirrors is not None:
            return local_mirror(self.places.mirrors, (name, *other_names))
        return self.store.folder(name) / "repository.git"

    def _size(self, repository: Asked) -> int:
        """Return a measure of the work that a repository is: the bytes of its packs. One not seen yet comes first."""
        try:
            folder = self._folder(repository.name, repository.former_names)
            packs = [path.stat().st_size for path in folder.glob("objects/pack/*.pack")]
            return sum(packs) if folder.exists() else 1 << 40
        except (GitFailureError, OSError):
            return 0  # the visit will say what is wrong with it


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
