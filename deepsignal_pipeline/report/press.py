"""Print several editions at once: drawing is single-threaded Python, so each core gets a worker of its own.

Here stands how editions are handed out; what an edition is, is told by `edition`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import cast

from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.edition import EditionFile, print_edition
from deepsignal_pipeline.workers import Worker, WorkerError, cores

Order = tuple[Context, Path]
_WORTH_A_PROCESS = 3  # a worker takes two to three seconds to import what an edition takes one and a half to draw


@dataclass
class Press:
    """Prints orders (what to print, and into which new folder) and gives the files of each, in their order."""

    orders: Sequence[Order]
    _workers: list[Worker] = field(default_factory=list)

    def __enter__(self) -> Press:
        count = min(cores(), len(self.orders)) if len(self.orders) >= _WORTH_A_PROCESS else 0
        self._workers = [Worker(f"{__name__}:print_editions") for _ in range(count)]
        for number, worker in enumerate(self._workers):
            # All have been started, so that they import at the same time: orders do not fit into a pipe unread
            worker.ask(self.orders[number::count])
        return self

    def files(self, number: int) -> list[EditionFile]:
        """Return the files of an order, waiting for them; orders must be asked for in turn. Raises WorkerError."""
        if not self._workers:
            return print_edition(*self.orders[number])
        return cast("list[EditionFile]", self._workers[number % len(self._workers)].answer())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.close()


def print_editions(orders: Sequence[Order]) -> Iterator[list[EditionFile]]:
    """Print orders one after the other, yielding the files of each."""
    for context, folder in orders:
        try:
            yield print_edition(context, folder)
        except Exception as error:
            raise WorkerError(f"edition of {context.quarter}: {type(error).__name__}: {error}") from error
