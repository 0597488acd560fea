"""What a visit will cost, said before it begins, and what is left of the hour's budget. Pure but for the one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.clock import as_clock_time
from deepsignal_pipeline.sources.github.errors import EmptyRepositoryError, GoneError, MalformedError

LISTS, GRAPHQL = "core", "graphql"
"""GitHub's names of the budgets."""


@dataclass(frozen=True)
class Left:
    """What is left of a budget, and when it begins anew (seconds since 1970)."""

    requests: int
    limit: int
    renewed_at: float


@dataclass(frozen=True)
class Forecast:
    """What listing so many commits will cost: of each repository, in the order in which they are read.

    `requests` are those for lists, `points` those of GraphQL's budget for offsets and co-authors. `left` is what each budget
    has; without one the server limits none.
    """

    commits: int
    requests: Sequence[int]
    points: Sequence[int]
    left: Mapping[str, Left]

    @property
    def affordable(self) -> int:
        """How many repositories, counted from the first, can be read before a budget is used up."""
        return min(self._enough(budget) for budget in (LISTS, GRAPHQL))

    def sentence(self) -> str:
        """Say it in one line."""
        said = f"{len(self.requests)} repositories to list, {self.commits:,} commits: {sum(self.requests):,} requests"
        if not self.left:
            return f"{said}; this server limits none"
        said += f" of {self.left[LISTS].requests:,} left"
        if any(self.points):
            said += f", {sum(self.points):,} points of GraphQL's {self.left[GRAPHQL].requests:,} left for people"
        if self.affordable == len(self.requests):
            return said
        until = max(left.renewed_at for budget, left in self.left.items() if self._enough(budget) < len(self.requests))
        return f"{said}: enough for {self.affordable} now, the rest after {as_clock_time(until)}"

    def _enough(self, budget: str) -> int:
        """Return for how many repositories one of the budgets is enough."""
        costs = self.requests if budget == LISTS else self.points
        left = self.left.get(budget)
        return len(costs) if left is None else sum(spent <= left.requests for spent in accumulate(costs))


def read_left(client: Client) -> Mapping[str, Left]:
    """Return what is left of the budgets for lists and for GraphQL; costs nothing. Empty if the server has no limits.

    Raises UnauthorisedError if the token is not accepted.
    """
    try:
        data = client.get("/rate_limit", resource="rate_limit").data
    except (GoneError, EmptyRepositoryError):
        return {}
    return {budget: _left(data, budget) for budget in (LISTS, GRAPHQL)}


def _left(data: Any, budget: str) -> Left:
    try:
        told = data["resources"][budget]
        return Left(int(told["remaining"]), int(told["limit"]), float(told["reset"]))
    except (KeyError, TypeError, ValueError):
        raise MalformedError("/rate_limit: the answer has another form than GitHub's; is the address right?") from None
