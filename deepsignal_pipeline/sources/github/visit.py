"""A visit: which repositories may have changed, what GitHub says of those, what it will cost, then each of them in turn.

Nothing new costs nothing: whoever is known is asked only whether its tip is still the same, with the tip as the ETag, and
GitHub does not count a 304. Facts (stars, topics, names) are read again when a tip moved, or after a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.sources import Asked, Progress, SourceError
from deepsignal_pipeline.sources.github.budget import Forecast, Left, read_left
from deepsignal_pipeline.sources.github.client import Client, Reply
from deepsignal_pipeline.sources.github.clock import as_instant
from deepsignal_pipeline.sources.github.errors import (
    BlockedError,
    BudgetError,
    GitHubError,
    GoneError,
    UnauthorisedError,
)
from deepsignal_pipeline.sources.github.facts import Facts, Wanted, read_facts
from deepsignal_pipeline.sources.github.knowledge import Known, read_known, write_known
from deepsignal_pipeline.sources.github.reading import SOURCE, bring_up_to_date, plan, trusted
from deepsignal_pipeline.sources.record import Record, failed, unchanged
from deepsignal_pipeline.sources.store import Holding, Store

FACTS_LAST = timedelta(days=7)
_STATUS: tuple[tuple[type[GitHubError], str], ...] = ((GoneError, "not_found"), (BlockedError, "blocked"))
_STOPS = (BudgetError, UnauthorisedError)


@dataclass
class Visit:
    """One visit of some repositories for some quarters."""

    client: Client
    store: Store
    asked: Sequence[Asked]
    quarters: Sequence[Quarter]
    progress: Progress
    workers: int
    _done: int = 0
    _stopped: BudgetError | None = field(default=None)

    def run(self) -> None:
        """Visit all; raise SourceError if nothing can be asked at all."""
        try:
            left = read_left(self.client)
            stale = self._stale()
            found = dict(read_facts(self.client, [self._wanted(asked) for asked in stale]))
        except UnauthorisedError as error:
            raise SourceError(str(error)) from None
        except GitHubError as error:
            raise SourceError(f"{error}; nothing was read") from None
        order = sorted(stale, key=self._fairness)
        costs = self._forecast([found[asked.name] for asked in order], order, left)
        self.progress(f"{len(self.asked) - len(stale)} of {len(self.asked)} repositories are as they were")
        self.progress(costs.sentence())
        with ThreadPoolExecutor(self.workers) as pool:
            for record in pool.map(lambda asked: self._visit(asked, found[asked.name]), order):
                self._tell(record, len(order))

    def _tell(self, record: Record, of: int) -> None:
        self._done += 1
        outcome = f"{record.status}: {record.reason}" if record.reason else f"{record.commits:,} commits held"
        self.progress(f"{self._done} of {of}: {record.repository}, {outcome}")

    def _fairness(self, asked: Asked) -> tuple[bool, float, str]:
        """Whoever was never read comes first, then who was read longest ago: no budget is too small to reach all."""
        record = self.store.record(asked.name)
        until = record.complete_until if record else None
        return until is not None, until.timestamp() if until else 0.0, asked.name

    def _wanted(self, asked: Asked) -> Wanted:
        return Wanted(asked.name, self._all_quarters(read_known(self.store.folder(asked.name))))

    def _all_quarters(self, known: Known | None) -> tuple[Quarter, ...]:
        """Return the quarters asked for, and those held: they too must fit the tip."""
        held = [Quarter.parse(label) for label in known.quarters] if known else []
        return tuple(sorted({*self.quarters, *held}))

    def _forecast(self, found: Sequence[Facts | GitHubError], order: Sequence[Asked], left: Left | None) -> Forecast:
        costs, commits = [], 0
        for asked, facts in zip(order, found, strict=True):
            if isinstance(facts, GitHubError):
                costs.append(0)
                continue
            folder = self.store.folder(asked.name)
            known = trusted(Holding(folder, asked.name, self.store.record(asked.name)))
            planned = plan(known, facts, [Quarter.parse(label) for label in facts.totals])
            costs.append(planned.cost(facts.totals))
            commits += sum(facts.totals[quarter.label] for quarter in planned.changed)
        return Forecast(commits, costs, left)

    # Who is as it was

    def _stale(self) -> list[Asked]:
        """Return the repositories that must be read; those that are as they were are settled here."""
        with ThreadPoolExecutor(self.workers) as pool:
            fresh = list(pool.map(self._is_fresh, self.asked))
        return [asked for asked, is_fresh in zip(self.asked, fresh, strict=True) if not is_fresh]

    def _is_fresh(self, asked: Asked) -> bool:
        with self.store.visiting(asked.name) as holding:
            known = trusted(holding)
            if known is None or holding.record is None or not self._covers(known):
                return False
            reply = self._probe(known)
            if reply is None:
                return False
            at = as_instant(reply.answered_at)
            if at - known.facts.fetched_at > FACTS_LAST:
                return False
            if reply.etag and reply.data is not None and self.client.token is not None:
                known = known.with_etag(self.client.token.fingerprint, _tip_path(known.facts), reply.etag)
                write_known(holding.folder, known)
            holding.publish(unchanged(holding.record, at))
            return True

    def _covers(self, known: Known) -> bool:
        return known.facts.tip is not None and all(quarter.label in known.quarters for quarter in self.quarters)

    def _probe(self, known: Known) -> Reply | None:
        """Ask whether the tip is still the same; None if it is not, or if that cannot be told.

        GitHub takes the commit's id as the ETag of this address (media type sha), so the first time costs nothing either.
        """
        facts, path = known.facts, _tip_path(known.facts)
        fingerprint = self.client.token.fingerprint if self.client.token else ""
        etag = known.etags.get(fingerprint, {}).get(path, f'"{facts.tip}"')
        try:
            reply = self.client.get(path, etag=etag, accept="application/vnd.github.sha", repository_id=facts.github_id)
        except _STOPS:
            raise
        except GitHubError:
            return None
        return reply if reply.path == path and reply.data in (None, facts.tip) else None

    # Who is to be read

    def _visit(self, asked: Asked, facts: Facts | GitHubError) -> Record:
        with self.store.visiting(asked.name) as holding:
            try:
                if self._stopped is not None:
                    raise self._stopped
                return self._read(asked, holding, facts)
            except BudgetError as error:
                self._stopped = error
                return self._fail(holding, error)
            except GitHubError as error:
                return self._fail(holding, error)

    def _read(self, asked: Asked, holding: Holding, facts: Facts | GitHubError) -> Record:
        if isinstance(facts, GitHubError):
            raise facts
        quarters = [Quarter.parse(label) for label in facts.totals]
        try:
            return bring_up_to_date(self.client, holding, facts, quarters, asked.former_names)
        except GoneError:
            # The tip may have been rewritten away while it was listed: once more from the present one
            ((_, again),) = read_facts(self.client, [Wanted(asked.name, tuple(quarters))])
            if isinstance(again, GitHubError):
                raise again from None
            return bring_up_to_date(self.client, holding, again, quarters, asked.former_names)

    def _fail(self, holding: Holding, error: GitHubError) -> Record:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), "failed")
        now = as_instant(self.client.clock.now())
        return holding.publish(
            failed(holding.record, holding.repository, SOURCE, status=status, reason=str(error), now=now)
        )


def _tip_path(facts: Facts) -> str:
    return f"/repos/{facts.name}/commits/heads/{quote(facts.branch or '', safe='/')}"
