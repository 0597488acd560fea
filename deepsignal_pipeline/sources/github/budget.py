"""What a visit will cost, said before it begins, and what is left of the hour's budget. Pure but for the one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.clock import as_clock_time
from deepsignal_pipeline.sources.github.errors import EmptyRepositoryError, GoneError, MalformedError


@dataclass(frozen=True)
class Left:
    """What is left of a budget, and when it begins anew (seconds since 1970)."""

    requests: int
    limit: int
    renewed_at: float


@dataclass(frozen=True)
class Forecast:
    """What listing so many commits will cost. `costs`: requests of each repository, in the order in which they are read."""

    commits: int
    costs: Sequence[int]
    left: Left | None

    @property
    def requests(self) -> int:
        """Requests in all."""
        return sum(self.costs)

    @property
    def affordable(self) -> int:
        """How many repositories, counted from the first, can be read before the budget is used up."""
        spent = 0
        for number, cost in enumerate(self.costs):
            spent += cost
            if self.left is not None and spent > self.left.requests:
                return number
        return len(self.costs)

    def sentence(self) -> str:
        """Say it in one line."""
        said = f"{len(self.costs)} repositories to list, {self.commits:,} commits: {self.requests:,} requests"
        if self.left is None:
            return f"{said}; this server limits none"
        said += f" of {self.left.requests:,} left"
        if self.affordable == len(self.costs):
            return said
        return f"{said}: enough for {self.affordable} now, the rest after {as_clock_time(self.left.renewed_at)}"


def read_left(client: Client) -> Left | None:
    """Return what is left of the budget for lists; costs nothing. None if the server has no limits.

    Raises UnauthorisedError if the token is not accepted.
    """
    try:
        data = client.get("/rate_limit", resource="rate_limit").data
    except (GoneError, EmptyRepositoryError):
        return None
    return _left(data)


def _left(data: Any) -> Left:
    try:
        core = data["resources"]["core"]
        return Left(int(core["remaining"]), int(core["limit"]), float(core["reset"]))
    except (KeyError, TypeError, ValueError):
        raise MalformedError("/rate_limit: the answer has another form than GitHub's; is the address right?") from None
