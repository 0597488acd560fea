"""The commit source: one shape, whatever stands behind it. No table of the lake is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from deepsignal_pipeline.domain.quarters import Quarter, QuarterError

Progress = Callable[[str], None]


class SourceError(Exception):
    """What keeps a source from giving anything at all; the message says what, and what to do."""


@dataclass(frozen=True)
class Asked:
    """A repository that a source is asked for: canonical owner/name, and the names that it had before."""

    name: str
    former_names: tuple[str, ...] = ()


class Workspace(Protocol):
    """What a source needs of an engine's session: names for relations that the SELECTs of the lake read."""

    def stage(self, name: str, relation: Any) -> None:
        """Give a relation a name."""

    def stage_file(self, name: str, path: str) -> None:
        """Give the rows of a Parquet or CSV file a name."""

    def materialize(self, name: str, select: str, parameters: Mapping[str, object]) -> None:
        """Compute a SELECT once and keep its rows under a name."""


class CommitSource(Protocol):
    """Where commits come from.

    The staged relations have the columns that the SELECTs of `repository_snapshots`, `contributor_aliases` and
    `raw_commits` read: `source_snapshots`, `source_history` and `source_commits`. Instants are TIMESTAMP WITH TIME ZONE.
    """

    @property
    def name(self) -> str:
        """Its name among the settings."""

    @property
    def identity_key(self) -> str:
        """Key of the hashes that stand for aliases and people."""

    def coverage(self) -> tuple[Quarter, Quarter]:
        """Return the first and last quarter that the source can give."""

    def stage_snapshots(self, workspace: Workspace) -> None:
        """Stage one row a repository: tip, status, reason, dates, complete_until."""

    def stage_history(self, workspace: Workspace) -> None:
        """Stage who appears in which commit, over the whole history, without messages and paths."""

    def stage_commits(self, workspace: Workspace, quarter: Quarter) -> None:
        """Stage the commits whose committer date lies in a quarter."""


class CoverageError(QuarterError):
    """A quarter that the source cannot give."""


def refuse_outside(source: CommitSource, quarters: list[Quarter]) -> None:
    """Raise CoverageError if the source cannot give one of the quarters, naming those that it can."""
    first, last = source.coverage()
    outside = [quarter.label for quarter in quarters if not first <= quarter <= last]
    if outside:
        raise CoverageError(
            f"{', '.join(outside)}: outside what the source '{source.name}' holds; choose from {first} to {last}"
        )
