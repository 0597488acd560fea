"""How long to wait after what went wrong. Pure but for the dice that a caller hands in."""

from __future__ import annotations

import random
from dataclasses import dataclass

from deepsignal_pipeline.sources.github.errors import GitHubError, LimitedError, MalformedError, TransientError


@dataclass(frozen=True)
class Patience:
    """What one call may take. All times in seconds.

    `in_all`: waiting for limits that a whole visit may do; an hourly budget is back after an hour at most.
    `one_wait`: longest single wait; GitHub asked for more: we stop, since asking earlier may get the token banned.
    """

    in_all: float = 6 * 3600
    one_wait: float = 3900
    tries: int = 5
    limited_tries: int = 8
    first_pause: float = 1
    longest_pause: float = 60
    secondary: float = 60


RETRIED = (TransientError, MalformedError)
"""What the next try may mend. A malformed answer is one of them: most are a proxy's page or a cut body."""


def pause_after(error: GitHubError, failures: int, patience: Patience, dice: random.Random) -> float | None:
    """Return the seconds to wait before the next try, None to give up. `failures` counts this one, from 1.

    A limit: what GitHub asked for, never less; if it did not say, a minute, doubled each time. Anything else: one second,
    doubled each time. Up to a fifth is added by chance, so that many clients do not come back in the same instant.
    """
    spread = 1.0 + dice.random() / 5
    if isinstance(error, LimitedError):
        if failures >= patience.limited_tries:
            return None
        asked: float = error.wait if error.wait is not None else patience.secondary * 2 ** (failures - 1)
        # A second more: GitHub tells whole seconds. A short wait may be spread by more than a fifth of nothing
        return min(asked * spread, asked + 60) + 1
    if not isinstance(error, RETRIED) or failures >= patience.tries:
        return None
    pause: float = patience.first_pause * 2 ** (failures - 1)
    return min(pause, patience.longest_pause) * spread
