"""How many requests are under way, and how many may begin: one limiter for all threads of a process.

GitHub allows 100 requests at once and 900 points a minute (REST: a GET is one; GraphQL: 2,000); a limit that one thread met
holds for all. A Limiter knows budgets and waits; it sends nothing and judges nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deepsignal_pipeline.sources.github.clock import Clock, as_clock_time
from deepsignal_pipeline.sources.github.errors import BudgetError
from deepsignal_pipeline.sources.github.judge import Rate
from deepsignal_pipeline.sources.github.waits import Patience

Progress = Callable[[str], None]
_MINUTE = 60.0
_WORTH_A_LINE = 5.0


@dataclass
class Limiter:
    """Lets requests begin, as long as `patience` lasts from when it was made.

    `a_minute` stays below GitHub's 900, which counts other programs of the same token too.
    """

    clock: Clock
    progress: Progress
    in_flight: int = 8
    a_minute: int = 700
    patience: Patience = field(default_factory=Patience)
    most_in_flight: int = 0
    _begun: deque[float] = field(default_factory=deque)
    _pauses: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _under_way: int = 0

    def __post_init__(self) -> None:
        self._places = threading.BoundedSemaphore(self.in_flight)
        self._ends = self.clock.now() + self.patience.in_all

    @contextmanager
    def place(self, resource: str) -> Iterator[None]:
        """Wait until a request on a budget may begin, and hold its place. Raises BudgetError if that would take too long."""
        with self._places:
            self._await_turn(resource)
            with self._lock:
                self._under_way += 1
                self.most_in_flight = max(self.most_in_flight, self._under_way)
            try:
                yield
            finally:
                with self._lock:
                    self._under_way -= 1

    def hear(self, rate: Rate | None) -> None:
        """Note what an answer says of its budget: where nothing is left, nobody asks before it begins anew."""
        if rate is not None and rate.remaining == 0:
            self.pause(rate.resource, rate.renewed_in + 1)

    def pause(self, resource: str, seconds: float) -> None:
        """Let no request on a budget begin for some seconds."""
        until = self.clock.now() + seconds
        with self._lock:
            self._pauses[resource] = max(until, self._pauses.get(resource, 0))

    def _await_turn(self, resource: str) -> None:
        while True:
            with self._lock:
                now = self.clock.now()
                until = max(self._pauses.get(resource, 0), self._next_free(now))
                if until <= now:
                    self._begun.append(now)
                    return
            self._wait(resource, until, until - now)

    def _next_free(self, now: float) -> float:
        """Return when the next request fits into the minute's points."""
        while self._begun and self._begun[0] <= now - _MINUTE:
            self._begun.popleft()
        return self._begun[0] + _MINUTE if len(self._begun) >= self.a_minute else 0

    def _wait(self, resource: str, until: float, seconds: float) -> None:
        if seconds > self.patience.one_wait or until > self._ends:
            raise BudgetError(
                f"GitHub's {resource} limit is used up until {as_clock_time(until)}, longer than this visit may wait: "
                "run again after that; what was read is kept and not asked for again",
                until,
            )
        if seconds >= _WORTH_A_LINE:
            self.progress(f"waiting for GitHub's {resource} limit until {as_clock_time(until)}")
        self.clock.sleep(seconds)
