"""How many requests are under way, and how many may begin: one gate for all visits of a process to one server with one token.

GitHub allows 100 requests at once and 900 points a minute (REST: a GET is one; GraphQL: 2,000); a limit that one thread met
holds for all. A Gate knows what began and what must wait, a Limiter how long one visit is ready to wait for it; neither
sends or judges anything.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from deepsignal_pipeline.sources import Progress
from deepsignal_pipeline.sources.github.clock import Clock, as_clock_time
from deepsignal_pipeline.sources.github.errors import BudgetError
from deepsignal_pipeline.sources.github.judge import Rate
from deepsignal_pipeline.sources.github.waits import Patience

_MINUTE = 60.0
_WORTH_A_LINE = 5.0
EVERYTHING = ""
"""What a pause is for if it is not for one budget: GitHub's protection against haste counts REST and GraphQL together."""


@dataclass
class Gate:
    """What all who ask one server with one token share: places for requests under way, when others began, pauses.

    `a_minute` stays below GitHub's 900, which counts other programs of the same token too. Instants are seconds since 1970.
    """

    in_flight: int = 8
    a_minute: int = 700
    begun: deque[float] = field(default_factory=deque)
    pauses: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.places = threading.BoundedSemaphore(self.in_flight)


@lru_cache
def shared_gate(server: str, fingerprint: str) -> Gate:  # noqa: ARG001  what it is kept under
    """Return this process's one gate for a server and a token (its fingerprint)."""
    return Gate()


@dataclass
class Limiter:
    """Lets a visit's requests through a gate, as long as its patience lasts from when this was made."""

    clock: Clock
    progress: Progress
    gate: Gate = field(default_factory=Gate)
    patience: Patience = field(default_factory=Patience)
    _told: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ends = self.clock.now() + self.patience.in_all

    @contextmanager
    def place(self, resource: str) -> Iterator[None]:
        """Wait until a request on a budget may begin, and hold its place. Raises BudgetError if that would take too long."""
        with self.gate.places:
            self._await_turn(resource)
            yield

    def hear(self, rate: Rate | None) -> None:
        """Note what an answer says of its budget: where nothing is left, nobody asks before it begins anew."""
        if rate is not None and rate.remaining == 0:
            self.pause(rate.resource, rate.renewed_in + 1)

    def pause(self, resource: str, seconds: float) -> None:
        """Let no request on a budget, or none at all (EVERYTHING), begin for some seconds."""
        until = self.clock.now() + seconds
        with self.gate.lock:
            self.gate.pauses[resource] = max(until, self.gate.pauses.get(resource, 0))

    def _await_turn(self, resource: str) -> None:
        while True:
            with self.gate.lock:
                now = self.clock.now()
                limited = max(self.gate.pauses.get(resource, 0), self.gate.pauses.get(EVERYTHING, 0))
                paced = self._next_free(now)
                if max(limited, paced) <= now:
                    self.gate.begun.append(now)
                    return
            if limited > now:
                self._wait_for_github(resource, limited, limited - now)
            else:
                self.clock.sleep(paced - now)

    def _next_free(self, now: float) -> float:
        """Return when the next request fits into the minute's points."""
        begun = self.gate.begun
        while begun and begun[0] <= now - _MINUTE:
            begun.popleft()
        return begun[0] + _MINUTE if len(begun) >= self.gate.a_minute else 0

    def _wait_for_github(self, resource: str, until: float, seconds: float) -> None:
        if seconds > self.patience.one_wait or until > self._ends:
            raise BudgetError(
                f"GitHub's {resource} limit is used up until {as_clock_time(until)}, longer than this visit may wait: "
                "run again after that; what was read is kept and not asked for again",
                until,
            )
        if seconds >= _WORTH_A_LINE and self._is_news(resource, until):
            self.progress(f"waiting for GitHub's {resource} limit until {as_clock_time(until)}")
        self.clock.sleep(seconds)

    def _is_news(self, resource: str, until: float) -> bool:
        """Whether nobody said so yet: all threads wait for the same instant."""
        with self.gate.lock:
            is_news = until > self._told.get(resource, 0) + 1
            self._told[resource] = max(until, self._told.get(resource, 0))
        return is_news
