"""A visit: which repositories may have changed, what GitHub says of those, what it will cost, then each of them in turn.

A repository that fails becomes a record with a status and a reason. A wrong token stops all at once; a budget that is used
up stops in order: whoever was not reached says until when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.sources import Asked, Progress, SourceError
from deepsignal_pipeline.sources.github.budget import Forecast, Left, read_left
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.clock import as_instant
from deepsignal_pipeline.sources.github.errors import (
    STOPS,
    BlockedError,
    BudgetError,
    GitHubError,
    GoneError,
    RefusedError,
)
from deepsignal_pipeline.sources.github.facts import Facts, Wanted, read_facts, read_one
from deepsignal_pipeline.sources.github.knowledge import Known, read_known
from deepsignal_pipeline.sources.github.probing import settle_if_unchanged
from deepsignal_pipeline.sources.github.reading import SOURCE, Wish, bring_up_to_date, plan, trusted
from deepsignal_pipeline.sources.github.threads import together
from deepsignal_pipeline.sources.record import Record, failed
from deepsignal_pipeline.sources.store import Holding, Store

_STATUS: tuple[tuple[type[GitHubError], str], ...] = ((GoneError, "not_found"), (BlockedError, "blocked"))


@dataclass
class Visit:
    """One visit of some repositories, for what is wished for of each."""

    client: Client
    store: Store
    asked: Sequence[Asked]
    wish: Wish
    progress: Progress
    workers: int
    _stopped: GitHubError | None = field(default=None)

    def run(self) -> None:
        """Visit all; raise SourceError if nothing, or nothing more, can be asked at all."""
        try:
            left = read_left(self.client)
            stale = [asked for asked, is_fresh in zip(self.asked, self._fresh(), strict=True) if not is_fresh]
            found = dict(read_facts(self.client, [self._wanted(asked) for asked in stale]))
            self._read_all(sorted(stale, key=self._fairness), found, left)
        except GitHubError as error:
            raise SourceError(str(error)) from None

    def _fresh(self) -> list[bool]:
        return list(together(self.client.clock, self.workers, self._is_fresh, self.asked))

    def _is_fresh(self, asked: Asked) -> bool:
        with self.store.visiting(asked.name) as holding:
            return settle_if_unchanged(self.client, holding, self.wish)

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
        return tuple(sorted({*self.wish.quarters, *held}))

    def _read_all(
        self, order: Sequence[Asked], found: dict[str, Facts | GitHubError], left: Mapping[str, Left]
    ) -> None:
        self.progress(f"{len(self.asked) - len(order)} of {len(self.asked)} repositories are as they were")
        self.progress(self._forecast(order, found, left).sentence())
        records = together(self.client.clock, self.workers, lambda asked: self._visit(asked, found[asked.name]), order)
        for number, record in enumerate(records, start=1):
            outcome = f"{record.status}: {record.reason}" if record.reason else f"{record.commits:,} commits held"
            self.progress(f"{number} of {len(order)}: {record.repository}, {outcome}")
            for sentence in record.news:
                self.progress(f"{record.repository}: {sentence}")

    def _forecast(
        self, order: Sequence[Asked], found: dict[str, Facts | GitHubError], left: Mapping[str, Left]
    ) -> Forecast:
        requests, points, commits = [], [], 0
        for asked in order:
            facts = found[asked.name]
            if isinstance(facts, GitHubError):
                continue
            known = trusted(Holding(self.store.folder(asked.name), asked.name, self.store.record(asked.name)))
            planned = plan(known, facts, self._wish(facts).quarters, self.wish.people)
            requests.append(planned.cost(facts.totals))
            points.append(planned.points(facts.totals) if self.wish.people else 0)
            commits += sum(facts.totals[quarter.label] for quarter in planned.changed)
        return Forecast(commits, requests, points, left)

    def _visit(self, asked: Asked, facts: Facts | GitHubError) -> Record:
        with self.store.visiting(asked.name) as holding:
            try:
                if self._stopped is not None:
                    raise self._stopped
                return self._read(asked, holding, facts)
            except STOPS as error:
                # Whoever comes next asks nothing more
                self._stopped = error
                if not isinstance(error, BudgetError):
                    raise
                return self._fail(holding, error)
            except GitHubError as error:
                return self._fail(holding, error)

    def _read(self, asked: Asked, holding: Holding, facts: Facts | GitHubError) -> Record:
        if isinstance(facts, GitHubError):
            facts = self._by_number(asked, holding, facts)
        wish = self._wish(facts)
        try:
            return bring_up_to_date(self.client, holding, facts, wish, asked.former_names)
        except (GoneError, RefusedError):
            # The tip may have been rewritten away while it was listed: once more from the present one
            again = read_one(self.client, Wanted(facts.name, tuple(wish.quarters)))
            return bring_up_to_date(self.client, holding, again, wish, asked.former_names)

    def _wish(self, facts: Facts) -> Wish:
        """Return the quarters that were counted: those wished for and those held."""
        return Wish([Quarter.parse(label) for label in facts.totals], self.wish.people)

    def _by_number(self, asked: Asked, holding: Holding, error: GitHubError) -> Facts:
        """Look for a repository whose name leads nowhere by its number; raise the error if that leads nowhere either."""
        if not isinstance(error, GoneError) or holding.record is None or holding.record.github_id is None:
            raise error
        data = self.client.get(f"/repositories/{holding.record.github_id}").data
        return read_one(self.client, Wanted(str(data.get("full_name")), self._wanted(asked).quarters))

    def _fail(self, holding: Holding, error: GitHubError) -> Record:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), "failed")
        now = as_instant(self.client.clock.now())
        return holding.publish(
            failed(holding.record, holding.repository, SOURCE, status=status, reason=str(error), now=now)
        )
