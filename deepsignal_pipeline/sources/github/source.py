"""GitHub as a commit source. What a visit does is told by `visit`, how rows are staged by `held`."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.sources import Asked, Progress, SourceError, Workspace, held
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.clock import Clock, SystemClock, as_instant
from deepsignal_pipeline.sources.github.errors import UnauthorisedError
from deepsignal_pipeline.sources.github.knowledge import Known, read_known
from deepsignal_pipeline.sources.github.limiter import Gate, Limiter, shared_gate
from deepsignal_pipeline.sources.github.reading import SOURCE, Wish
from deepsignal_pipeline.sources.github.token import read_token
from deepsignal_pipeline.sources.github.visit import Visit
from deepsignal_pipeline.sources.github.waits import Patience
from deepsignal_pipeline.sources.github.wire import Limits
from deepsignal_pipeline.sources.record import Record
from deepsignal_pipeline.sources.store import Store

PUBLIC = "https://api.github.com"
_WORKERS = 4
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@contextlib.contextmanager
def open_client(
    progress: Progress,
    *,
    base_url: str = PUBLIC,
    clock: Clock | None = None,
    patience: Patience | None = None,
    limits: Limits | None = None,
    gate: Gate | None = None,
) -> Iterator[Client]:
    """Open a client with the token of the environment; raise SourceError if there is none, or none may go to a server.

    Without a `gate` of its own it goes through the one of this process.
    """
    try:
        token = read_token()
    except UnauthorisedError as error:
        raise SourceError(str(error)) from None
    server = urlsplit(base_url)
    if server.scheme != "https" and server.hostname not in _LOOPBACK:
        raise SourceError(f"{base_url}: the token would go there in the clear; use an https address")
    clock = clock or SystemClock()
    limiter = Limiter(clock, progress, gate or shared_gate(base_url, token.fingerprint), patience or Patience())
    client = Client(base_url, token, clock, limiter, limits or Limits())
    try:
        yield client
    finally:
        client.close()


@dataclass(frozen=True)
class GitHubSource:
    """Reads commits of quarters by GitHub's REST lists, without clones. The token is read when a visit begins.

    `home` is the home folder. `base_url` is another server only where a setting names one. Changed paths are null:
    GitHub's lists do not tell them. Offsets of dates are null, and accounts of co-authors unknown, without `people`, which
    costs one GraphQL point more for each 100 commits.
    """

    home: Path
    identity_key: str = field(repr=False)
    base_url: str = PUBLIC
    workers: int = _WORKERS
    people: bool = False
    clock: Clock = field(default_factory=SystemClock, repr=False)
    patience: Patience = field(default_factory=Patience, repr=False)
    limits: Limits = field(default_factory=Limits, repr=False)
    gate: Gate | None = field(default=None, repr=False)
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
            gate=self.gate,
        ) as client:
            Visit(client, self.store, asked, Wish(quarters, self.people), progress, self.workers).run()

    def state(self, quarter: Quarter | None) -> str | None:
        """Return a digest of a quarter's rows, None if no visit read it; for None: of snapshots, history and metadata."""
        if quarter is not None and not self._is_read(quarter):
            return None
        seen = [
            asdict(known.facts) if quarter is None else (record.repository, _has_people(known, quarter))
            for record, known in self._known()
        ]
        rows = self.store.state(quarter.label if quarter else None)
        return hashlib.sha256(json.dumps([rows, seen], default=datetime.isoformat).encode()).hexdigest()

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
        rows = [{name: row[name] for name in held.METADATA.names} for row in rows]
        workspace.stage("source_metadata", pa.Table.from_pylist(rows, schema=held.METADATA))

    def stage_accounts(self, workspace: Workspace) -> None:
        """Stage the accounts behind addresses: GitHub's number, every login and address seen, when last, which kind."""
        rows = [
            {
                "repository": record.repository,
                "github_id": int(github_id),
                "login": login,
                "email": email,
                "kind": account["kind"],
                "last_seen_at": datetime.fromisoformat(seen),
            }
            for record, known in self._known()
            for github_id, account in known.accounts.items()
            for login, emails in account["logins"].items()
            for email, seen in emails.items()
        ]
        workspace.stage("source_accounts", pa.Table.from_pylist(rows, schema=held.ACCOUNTS))

    def _known(self) -> list[tuple[Record, Known]]:
        found = [(record, read_known(self.store.folder(record.repository))) for record in self.store.records()]
        return [(record, known) for record, known in found if known is not None]

    def _is_read(self, quarter: Quarter) -> bool:
        return any(quarter.label in known.quarters for _, known in self._known())


def _has_people(known: Known, quarter: Quarter) -> bool:
    """Whether the offsets of a quarter's dates are there; its digest in the store is made of ids and logins only."""
    read = known.quarters.get(quarter.label)
    return read is not None and read.people and read.total > 0
