"""What a visit leaves behind of a repository: its record, as one JSON file. Pure but for the JSON; no file is touched here.

A record says what is held, not when somebody last looked: a visit that finds nothing new writes none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deepsignal_pipeline.domain.quarters import Quarter

FORMAT = 1
"""Version of records and pieces. Raise it when rows are made in another way: what is held under another one is read anew."""

STATUSES = ("full", "partial", "not_found", "blocked", "failed", "unchanged")
_GOOD = ("full", "unchanged")
_LANE = 2**64

CLOCK_AHEAD = timedelta(days=1)
"""A committer date further than this after a visit is no date yet."""


@dataclass(frozen=True)
class Held:
    """Rows of a quarter, and a digest of which they are that does not depend on their order (32 hexadecimal digits)."""

    rows: int
    digest: str

    def __add__(self, other: Held) -> Held:
        lanes = [
            (int(self.digest[at : at + 16], 16) + int(other.digest[at : at + 16], 16)) % _LANE
            for at in range(0, 32, 16)
        ]
        return Held(self.rows + other.rows, "".join(f"{lane:016x}" for lane in lanes))


NOTHING = Held(0, "0" * 32)


@dataclass(frozen=True)
class Piece:
    """A file of commits, and beside it one of rows in quarantine if there are any.

    `size` is that of the file in bytes: a file of another size is not the one that was written. `reread` counts commits
    with a value that is not UTF-8 and was therefore read as Latin-1, `cut` those that change more paths than are kept.
    `possible_at` is the earliest date among the rows in quarantine that lay after the visit: when it has come, those rows
    are commits.
    """

    name: str
    size: int
    commits: int
    quarters: Mapping[str, Held]
    quarantined: int = 0
    reread: int = 0
    cut: int = 0
    first_committed_at: datetime | None = None
    last_committed_at: datetime | None = None
    possible_at: datetime | None = None


@dataclass(frozen=True)
class Restated:
    """A closed quarter whose commits are no longer those held before; `why` is late or rewritten."""

    quarter: str
    commits_before: int
    commits_after: int
    noticed_at: datetime
    why: str

    def sentence(self) -> str:
        """Say what became of the quarter."""
        moved = {"late": "commits joined it after its end", "rewritten": "history was rewritten"}[self.why]
        return f"{self.quarter} restated: {self.commits_before:,} commits, now {self.commits_after:,} ({moved})"


@dataclass(frozen=True)
class Record:
    """What is held of a repository at its pinned tip.

    A visit that failed keeps tip, pieces and dates of the last good one and changes status and reason only. `commits`
    counts those reachable from the tip of any kind, quarantine included. `names` are all full names that it was seen
    under, newest last. `complete_until` is exclusive; None: nothing could be read yet.
    """

    repository: str
    source: str
    status: str
    reason: str | None
    fetched_at: datetime
    complete_until: datetime | None = None
    tip: str | None = None
    branch: str | None = None
    names: tuple[str, ...] = ()
    github_id: int | None = None
    commits: int = 0
    pieces: tuple[Piece, ...] = ()
    restated: tuple[Restated, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether the last visit read everything."""
        return self.status in _GOOD

    @property
    def restated_quarters(self) -> list[str]:
        """Labels of the quarters that were ever restated, oldest first."""
        return sorted({restated.quarter for restated in self.restated})

    @property
    def news(self) -> list[str]:
        """What is to be told of the visit that wrote this record, a sentence each: closed quarters restated, cut commits."""
        cut = sum(piece.cut for piece in self.pieces)
        told = [f"commits that change more paths than are kept: {cut:,}"] if cut else []
        return [r.sentence() for r in self.restated if r.noticed_at == self.fetched_at] + told

    @property
    def quarantined(self) -> int:
        """Rows in quarantine."""
        return sum(piece.quarantined for piece in self.pieces)

    @property
    def first_committed_at(self) -> datetime | None:
        """Oldest committer date held."""
        return min((p.first_committed_at for p in self.pieces if p.first_committed_at), default=None)

    @property
    def last_committed_at(self) -> datetime | None:
        """Newest committer date held."""
        return max((p.last_committed_at for p in self.pieces if p.last_committed_at), default=None)

    def is_overtaken(self, now: datetime) -> bool:
        """Whether a date that lay too far in the future has come, so that rows in quarantine have to be read again."""
        return any(p.possible_at is not None and p.possible_at <= now + CLOCK_AHEAD for p in self.pieces)

    def held(self, quarter: str) -> Held:
        """Return what all pieces together hold of a quarter, by its label."""
        return sum((piece.quarters.get(quarter, NOTHING) for piece in self.pieces), NOTHING)

    def quarters(self) -> list[str]:
        """Labels of the quarters that any piece has commits of, oldest first."""
        return sorted({label for piece in self.pieces for label in piece.quarters})


def failed(previous: Record | None, repository: str, source: str, *, status: str, reason: str, now: datetime) -> Record:
    """Return the record of a visit that did not succeed: what was held stays, marked with the reason."""
    if previous is None:
        return Record(repository, source, status, reason, fetched_at=now)
    return replace(previous, status=status, reason=reason)


def unchanged(previous: Record, now: datetime) -> Record:
    """Return the record of a visit that found the same tip.

    It is the previous one, word for word, unless that was not good or a quarter has ended since: then more is complete.
    """
    if previous.is_good and previous.complete_until is not None and _same_quarter(previous.complete_until, now):
        return previous
    return replace(previous, status="unchanged", reason=None, fetched_at=now, complete_until=now)


def restatements(previous: Record | None, now_held: Record, why: str) -> tuple[Restated, ...]:
    """Return the quarters that were complete when visited before and hold other commits now, after those known before."""
    if previous is None:
        return ()
    until = previous.complete_until
    labels = sorted({*previous.quarters(), *now_held.quarters()})
    closed = [label for label in labels if until is not None and Quarter.parse(label).end <= until]
    found = [
        Restated(label, previous.held(label).rows, now_held.held(label).rows, now_held.fetched_at, why)
        for label in closed
        if previous.held(label) != now_held.held(label)
    ]
    return (*previous.restated, *found)


def _same_quarter(one: datetime, other: datetime) -> bool:
    return Quarter.containing(one.date()) == Quarter.containing(other.date())


def to_json(record: Record) -> str:
    """Write a record as JSON for people and programs: sorted, a line a value, instants in ISO 8601."""
    return json.dumps({"format": FORMAT} | asdict(record), indent=1, sort_keys=True, default=_instant_text) + "\n"


def from_json(text: str) -> Record | None:
    """Read a record; None if it is of another format or damaged, in which case the repository is read anew."""
    try:
        values = json.loads(text)
        if values.pop("format") != FORMAT:
            return None
        return _record(values)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _record(values: dict[str, Any]) -> Record:
    pieces = tuple(
        Piece(**_instants(p) | {"quarters": {label: Held(**held) for label, held in p["quarters"].items()}})
        for p in values.pop("pieces")
    )
    restated = tuple(Restated(**_instants(row)) for row in values.pop("restated"))
    names = tuple(values.pop("names"))
    return Record(**_instants(values), names=names, pieces=pieces, restated=restated)


def _instants(values: dict[str, Any]) -> dict[str, Any]:
    """Turn the values whose names say so into instants."""
    return {k: datetime.fromisoformat(v) if k.endswith(("_at", "_until")) and v else v for k, v in values.items()}


def _instant_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def newest_names(previous: Iterable[str], seen: str) -> tuple[str, ...]:
    """Return the names of a repository over time with the one seen now at the end."""
    return (*(name for name in previous if name != seen), seen)
