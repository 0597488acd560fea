"""Worker processes: work that Python would do on one core, or imports that would keep the run waiting, done beside it.

A worker is started by module name, not forked (this process runs DuckDB's threads) and not by multiprocessing (which would
import the caller's main module again). It reads requests from its standard input and writes answers to its standard output,
both pickled. On Linux it is killed with its parent, so it never writes into a folder that a later run sweeps.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import BinaryIO, cast

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class WorkerError(Exception):
    """A worker failed or ended; the message says why."""


class Worker:
    """A process that answers requests with `target`, a "module:function" that takes a request and yields its answers."""

    def __init__(self, target: str) -> None:
        command = [sys.executable, "-m", __name__, target, str(os.getpid())]
        self.owner = os.getpid()
        self._target = target
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )

    def ask(self, request: object) -> None:
        """Hand in a request. Returns once the worker has read it, or all but what fits into a pipe."""
        pipe = cast("BinaryIO", self._process.stdin)
        # A worker that died is noticed when its answer is asked for
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(request, pipe)
            pipe.flush()

    def answer(self) -> object:
        """Wait for the next answer, in the order of the requests. Raises WorkerError."""
        try:
            answer = pickle.load(cast("BinaryIO", self._process.stdout))  # noqa: S301  our own worker wrote it
        except (EOFError, pickle.UnpicklingError):
            raise WorkerError(
                f"the worker {self._target} ended with status {self._process.wait()}; run again"
            ) from None
        if isinstance(answer, WorkerError):
            raise answer
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        # What was not sent yet has no reader any more
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(target: str, parent: int) -> None:
    """Answer the requests that come through standard input until it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        return
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    module, name = target.split(":")
    function: Callable[[object], Iterable[object]] = getattr(import_module(module), name)
    while True:
        try:
            request = pickle.load(requests)  # noqa: S301  our own parent wrote it
        except EOFError:
            return
        for answer in _answers(function, request):
            pickle.dump(answer, answers)
            answers.flush()


def _answers(function: Callable[[object], Iterable[object]], request: object) -> Iterable[object]:
    try:
        yield from function(request)
    except WorkerError as error:
        yield error
    except Exception as error:  # whatever it is, the parent raises it
        yield WorkerError(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    # Run as a module, this file is __main__: answers must carry the names that the parent knows
    import_module("deepsignal_pipeline.workers")._serve(sys.argv[1], int(sys.argv[2]))
