"""Print several editions at once: drawing is single-threaded Python, so each core gets a process of its own.

A worker is started by module name, not forked (this process runs DuckDB's threads) and not by multiprocessing (which would
import the caller's main module again). On Linux it is killed with its parent, so it never writes into a folder that a later run
sweeps. Here stands how editions are handed out; what an edition is, is told by `edition`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.edition import EditionFile, print_edition

Order = tuple[Context, Path]
_WORTH_A_PROCESS = 3  # a worker takes two to three seconds to import what an edition takes one and a half to draw
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class PressError(Exception):
    """An edition could not be printed; the message is the worker's."""


@dataclass
class Press:
    """Prints orders (what to print, and into which new folder) and gives the files of each, in their order."""

    orders: Sequence[Order]
    _workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Press:
        count = min(_cores(), len(self.orders)) if len(self.orders) >= _WORTH_A_PROCESS else 0
        self._workers = [_start() for _ in range(count)]
        for number, worker in enumerate(self._workers):
            # All have been started, so that they import at the same time: orders do not fit into a pipe unread
            _feed(worker, self.orders[number::count])
        return self

    def files(self, number: int) -> list[EditionFile]:
        """Return the files of an order, waiting for them; orders must be asked for in turn. Raises PressError."""
        if not self._workers:
            return print_edition(*self.orders[number])
        worker = self._workers[number % len(self._workers)]
        try:
            printed = pickle.load(cast("BinaryIO", worker.stdout))  # noqa: S301  our own worker wrote it
        except EOFError:
            raise PressError(f"a worker ended with status {worker.wait()}; run again") from None
        if isinstance(printed, BaseException):
            raise printed
        return cast("list[EditionFile]", printed)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.kill()
            worker.communicate()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", __name__, str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)  # noqa: S603


def _feed(worker: subprocess.Popen[bytes], orders: Sequence[Order]) -> None:
    pipe = cast("BinaryIO", worker.stdin)
    # A worker that died is noticed when its first edition is asked for
    with contextlib.suppress(BrokenPipeError):
        pickle.dump(orders, pipe)
    with contextlib.suppress(BrokenPipeError):
        pipe.close()
    worker.stdin = None


def _work(parent: int) -> None:
    """Print the orders that come through standard input, and answer each on standard output."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        return
    answers = sys.stdout.buffer
    for order in pickle.load(sys.stdin.buffer):  # noqa: S301  our own parent wrote it
        try:
            answer: object = print_edition(*order)
        except Exception as error:  # whatever it is, the parent raises it
            answer = PressError(f"{order[0].quarter}: {type(error).__name__}: {error}")
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    # Run as a module, this file is __main__: answers must carry the names that the parent knows
    import_module("deepsignal_pipeline.report.press")._work(int(sys.argv[1]))
