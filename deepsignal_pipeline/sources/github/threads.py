"""Do the same to many things at once, and stop soon when one of them, or a person, says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from deepsignal_pipeline.sources.github.clock import Clock

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def together(
    clock: Clock, workers: int, function: Callable[[Thing], Result], things: Sequence[Thing]
) -> Iterator[Result]:
    """Give the results in the order of the things. What raises ends it: what has not begun never does, no wait goes on."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield from pool.map(function, things)
    except BaseException:
        clock.interrupt()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
