"""GitHub as a commit source. What a visit does is told by `visit`, how rows are staged by `held`."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.sources import Asked, Progress, SourceError, Workspace, held
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.clock import Clock, SystemClock, as_instant
from deepsignal_pipeline.sources.github.errors import UnauthorisedError
from deepsignal_pipeline.sources.github.knowledge import Known, read_known
from deepsignal_pipeline.sources.github.limiter import Limiter
from deepsignal_pipeline.sources.github.reading import SOURCE
from deepsignal_pipeline.sources.github.token import read_token
from deepsignal_pipeline.sources.github.visit import Visit
from deepsignal_pipeline.sources.github.waits import Patience
from deepsignal_pipeline.sources.github.wire import Limits
from deepsignal_pipeline.sources.pieces import INSTANT
from deepsignal_pipeline.sources.record import Record
from deepsignal_pipeline.sources.store import Store

PUBLIC = "https://api.github.com"
_WORKERS = 4

METADATA = pa.schema(
    [
        ("repository", pa.string()),
        ("github_id", pa.int64()),
        ("names", pa.list_(pa.string())),
        ("stars", pa.int64()),
        ("forks", pa.int64()),
        ("topics", pa.list_(pa.string())),
        ("language", pa.string()),
        ("licence", pa.string()),
        ("is_archived", pa.bool_()),
        ("created_at", INSTANT),
        ("pushed_at", INSTANT),
        ("fetched_at", INSTANT),
    ]
)
ACCOUNTS = pa.schema(
    [
        ("repository", pa.string()),
        ("github_id", pa.int64()),
        ("login", pa.string()),
        ("kind", pa.string()),
        ("last_seen_at", INSTANT),
    ]
)


@contextlib.contextmanager
def open_client(
    progress: Progress,
    *,
    base_url: str = PUBLIC,
    clock: Clock | None = None,
    patience: Patience | None = None,
    limits: Limits | None = None,
    in_flight: int = 2 * _WORKERS,
) -> Iterator[Client]:
    """Open a client with the token of the environment; raise SourceError if there is none."""
    try:
        token = read_token()
    except UnauthorisedError as error:
        raise SourceError(str(error)) from None
    clock = clock or SystemClock()
    limiter = Limiter(clock, progress, in_flight, patience=patience or Patience())
    client = Client(base_url, token, clock, limiter, limits or Limits())
    try:
        yield client
    finally:
        client.close()


@dataclass(frozen=True)
class GitHubSource:
    """Reads commits of quarters by GitHub's REST lists, without clones. The token is read when a visit begins.

    `home` is the home folder. `base_url` is another server only where a setting names one. Changed paths and the
    offsets of dates are null: GitHub's lists do not tell them.
    """

    home: Path
    identity_key: str = field(repr=False)
    base_url: str = PUBLIC
    workers: int = _WORKERS
    clock: Clock = field(default_factory=SystemClock, repr=False)
    patience: Patience = field(default_factory=Patience, repr=False)
    limits: Limits = field(default_factory=Limits, repr=False)
    name: str = SOURCE

    @property
    def store(self) -> Store:
        """Where what was read is kept."""
        return Store(self.home / "mirrors", SOURCE)

    def coverage(self) -> tuple[Quarter, Quarter]:
        """Return the first quarter of all tables and the last one that is over."""
        return FIRST_QUARTER, Quarter.containing(as_instant(self.clock.now()).date()).shift(-1)

    def visit(self, asked: Sequence[Asked], quarters: Sequence[Quarter], progress: Progress) -> None:
        """Bring what is held of repositories up to date; raise SourceError if nothing can be asked at all."""
        self.store.prepare()
        with open_client(
            progress,
            base_url=self.base_url,
            clock=self.clock,
            patience=self.patience,
            limits=self.limits,
            in_flight=2 * self.workers,
        ) as client:
            Visit(client, self.store, asked, quarters, progress, self.workers).run()

    def state(self, quarter: Quarter | None) -> str | None:
        """Return a digest of a quarter's rows, None if no visit read it; for None: of snapshots, history and metadata."""
        if quarter is not None:
            return self.store.state(quarter.label) if self._is_read(quarter) else None
        facts = [asdict(known.facts) for _, known in self._known()]
        text = json.dumps([self.store.state(None), facts], default=datetime.isoformat)
        return hashlib.sha256(text.encode()).hexdigest()

    def stage_snapshots(self, workspace: Workspace) -> None:
        """Stage one row a repository that was visited."""
        held.stage_snapshots(self.store, workspace)

    def stage_history(self, workspace: Workspace) -> None:
        """Stage who appears in which commit, over the quarters that were read: earlier ones are not known."""
        held.stage_history(self.store, workspace)

    def stage_commits(self, workspace: Workspace, quarter: Quarter) -> None:
        """Stage the commits of a quarter; raise SourceError if no visit has read it."""
        if not self._is_read(quarter):
            raise SourceError(f"{quarter}: no visit has read it from GitHub; visit it first (deepsignal extract)")
        held.stage_commits(self.store, workspace, quarter)

    def stage_quarantine(self, workspace: Workspace) -> None:
        """Stage the rows that no quarter can hold, with the reason."""
        held.stage_quarantine(self.store, workspace)

    def stage_metadata(self, workspace: Workspace) -> None:
        """Stage what GitHub said of each repository the last time; null where it is unknown."""
        rows = [
            asdict(known.facts) | {"repository": record.repository, "names": list(record.names)}
            for record, known in self._known()
        ]
        rows = [{name: row[name] for name in METADATA.names} for row in rows]
        workspace.stage("source_metadata", pa.Table.from_pylist(rows, schema=METADATA))

    def stage_accounts(self, workspace: Workspace) -> None:
        """Stage as `source_accounts` the accounts of authors: GitHub's number, every login seen, when last, which kind."""
        rows = [
            {
                "repository": record.repository,
                "github_id": int(github_id),
                "login": login,
                "kind": account["kind"],
                "last_seen_at": datetime.fromisoformat(seen),
            }
            for record, known in self._known()
            for github_id, account in known.accounts.items()
            for login, seen in account["logins"].items()
        ]
        workspace.stage("source_accounts", pa.Table.from_pylist(rows, schema=ACCOUNTS))

    def _known(self) -> list[tuple[Record, Known]]:
        found = [(record, read_known(self.store.folder(record.repository))) for record in self.store.records()]
        return [(record, known) for record, known in found if known is not None]

    def _is_read(self, quarter: Quarter) -> bool:
        return any(quarter.label in known.quarters for _, known in self._known())
