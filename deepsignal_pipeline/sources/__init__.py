"""The commit source: one shape, whatever stands behind it. No table of the lake is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from deepsignal_pipeline.domain.quarters import Quarter, QuarterError

MERGED_BRANCH = "^Merge pull request #[0-9]+ from ([A-Za-z0-9-]+)[/:]"
"""The subject that GitHub gives a merge: it names the login whose branch was merged."""

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

    A source is visited first; what is held then is staged. The staged relations have the columns that the SELECTs of the
    tables read: `source_snapshots`, `source_metadata`, `source_accounts`, `source_history`, `source_quarantine` and
    `source_commits`. Instants are TIMESTAMP WITH TIME ZONE.
    """

    @property
    def name(self) -> str:
        """Its name among the settings."""

    @property
    def identity_key(self) -> str:
        """Key of the hashes that stand for aliases and people."""

    def coverage(self) -> tuple[Quarter, Quarter]:
        """Return the first and last quarter that the source can give."""

    def visit(self, asked: Sequence[Asked], quarters: Sequence[Quarter], progress: Progress) -> None:
        """Bring what is held of repositories up to date: their tips, and what is new of the quarters.

        A repository that cannot be read becomes a snapshot with a status and a reason, and the others go on. Raises
        SourceError for what stops all of them.
        """

    def state(self, quarter: Quarter | None) -> str | None:
        """Return a digest of what is staged of a quarter's commits (None: of everything else); None if nobody knows."""

    def stage_snapshots(self, workspace: Workspace) -> None:
        """Stage one row a repository: tip, status, reason, dates, complete_until."""

    def stage_metadata(self, workspace: Workspace) -> None:
        """Stage what GitHub says of the repositories."""

    def stage_accounts(self, workspace: Workspace) -> None:
        """Stage the GitHub accounts behind addresses: repository, github_id, login, email, kind, last_seen_at."""

    def stage_history(self, workspace: Workspace) -> None:
        """Stage who appears in which commit, over the whole history, without messages and paths.

        Of a merge that MERGED_BRANCH fits: `merged_login`, and `merged_sha`, its second parent; else null.
        """

    def stage_quarantine(self, workspace: Workspace) -> None:
        """Stage the commits that no quarter can hold, with the reason."""

    def stage_commits(self, workspace: Workspace, quarter: Quarter) -> None:
        """Stage the commits whose committer date lies in a quarter."""


class Unvisited:
    """What a source has that is given as it is: no visits, no state, nothing in quarantine, no metadata, no accounts."""

    def visit(self, asked: Sequence[Asked], quarters: Sequence[Quarter], progress: Progress) -> None:
        """Do nothing."""

    def state(self, quarter: Quarter | None) -> str | None:  # noqa: ARG002
        """Say that nobody knows, so that every table is made whenever it is asked for."""
        return None

    def stage_quarantine(self, workspace: Workspace) -> None:
        """Stage no commit."""
        workspace.materialize("source_quarantine", _NOTHING_IN_QUARANTINE, {})

    def stage_metadata(self, workspace: Workspace) -> None:
        """Stage no repository."""
        workspace.materialize("source_metadata", _NO_METADATA, {})

    def stage_accounts(self, workspace: Workspace) -> None:
        """Stage no account."""
        workspace.materialize("source_accounts", _NO_ACCOUNTS, {})


_NOTHING_IN_QUARANTINE = """
SELECT CAST(NULL AS VARCHAR) AS repository, CAST(NULL AS VARCHAR) AS sha, CAST(NULL AS VARCHAR) AS reason,
  CAST(NULL AS VARCHAR) AS raw
WHERE false
"""
_NO_METADATA = """
SELECT CAST(NULL AS VARCHAR) AS repository, CAST(NULL AS BIGINT) AS github_id, CAST(NULL AS VARCHAR[]) AS names,
  CAST(NULL AS BIGINT) AS stars, CAST(NULL AS BIGINT) AS forks, CAST(NULL AS VARCHAR[]) AS topics,
  CAST(NULL AS VARCHAR) AS language, CAST(NULL AS VARCHAR) AS licence, CAST(NULL AS BOOLEAN) AS is_archived,
  CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS created_at, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS pushed_at,
  CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS fetched_at
WHERE false
"""


_NO_ACCOUNTS = """
SELECT CAST(NULL AS VARCHAR) AS repository, CAST(NULL AS BIGINT) AS github_id, CAST(NULL AS VARCHAR) AS login,
  CAST(NULL AS VARCHAR) AS email, CAST(NULL AS VARCHAR) AS kind, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS last_seen_at
WHERE false
"""


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
