"""Visit many repositories at once: a process a core, each given the next repository when it has done one.

A process, because reading is work for a core; by module name and not forked, because this one may run DuckDB's threads.
The largest repositories go first, so that no core waits for one that began last. If a process ends in the middle (out of
memory, mostly), its repository gets a failed record and the others go on.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.visit import Visit, Visitor

_PATIENCE = 5.0  # seconds
_WORKER = "deepsignal_pipeline.sources.git.worker"
# Threads that OpenBLAS would start and nobody here uses spin for a tenth of a second; Arrow's own allocator asks the kernel
# for each block's memory anew, which costs a fifth of what a block does
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


def command() -> list[str]:
    """Return the command that starts a worker of this process, in the environment ENVIRONMENT besides its own."""
    return [sys.executable, "-m", _WORKER, str(os.getpid())]


def visits(visitor: Visitor, asked: Sequence[Asked], count: int) -> Iterator[Visit]:
    """Visit repositories in up to `count` processes, in the order given, and give each visit as it ends."""
    with _Crew(visitor, asked, min(count, len(asked))) as crew:
        for _ in asked:
            answer = crew.answers.get()
            if isinstance(answer, BaseException):
                raise answer
            yield answer


@dataclass
class _Crew:
    """Worker processes, each with a thread that hands it orders; all are ended when this is left."""

    visitor: Visitor
    asked: Sequence[Asked]
    count: int
    answers: queue.SimpleQueue[Visit | BaseException] = field(default_factory=queue.SimpleQueue)
    _orders: queue.SimpleQueue[Asked] = field(default_factory=queue.SimpleQueue)
    _threads: list[threading.Thread] = field(default_factory=list)
    _workers: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _is_over: bool = False

    def __enter__(self) -> _Crew:
        for order in self.asked:
            self._orders.put(order)
        self._threads = [threading.Thread(target=self._lane, daemon=True) for _ in range(self.count)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        for worker in list(self._workers):
            worker.terminate()
        for thread in self._threads:
            thread.join()

    def _lane(self) -> None:
        """Hand out orders until there are none. The kernel takes this thread for the worker's parent: it must outlive it."""
        try:
            while not self._is_over:
                with self._started() as worker:
                    if self._served(worker):
                        return
        except BaseException as error:  # whatever it is, the caller raises it
            self.answers.put(error)

    def _served(self, worker: subprocess.Popen[bytes]) -> bool:
        """Serve one worker; return whether there are no more orders (else it died, and another one is needed)."""
        while not self._is_over:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                return True
            answer = _ask(worker, order)
            if answer is None and not self._is_over:
                status = worker.wait()
                self.answers.put(self.visitor.abandon(order, f"the process that read it ended with status {status}"))
                return False
            if answer is not None:
                self.answers.put(answer)
        return True

    @contextlib.contextmanager
    def _started(self) -> Iterator[subprocess.Popen[bytes]]:
        worker = subprocess.Popen(  # noqa: S603  our own interpreter and module
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | ENVIRONMENT,
        )
        self._workers.add(worker)
        try:
            _send(worker, self.visitor)
            yield worker
        finally:
            if self._is_over:
                worker.terminate()
            _end(worker)
            self._workers.discard(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Wait for a worker that has no more orders or was told to end; kill it if that takes too long."""
    with contextlib.suppress(BrokenPipeError):
        cast("BinaryIO", worker.stdin).close()
    try:
        worker.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
    cast("BinaryIO", worker.stdout).close()


def _ask(worker: subprocess.Popen[bytes], order: Asked) -> Visit | BaseException | None:
    """Return the visit of an order, or what it raised; None if the worker ended without an answer."""
    _send(worker, order)
    try:
        return cast("Visit | BaseException", pickle.load(cast("BinaryIO", worker.stdout)))  # noqa: S301  our own worker wrote it
    except (EOFError, pickle.UnpicklingError):
        return None


def _send(worker: subprocess.Popen[bytes], what: object) -> None:
    # A worker that died is noticed when its answer is waited for
    with contextlib.suppress(BrokenPipeError):
        pickle.dump(what, cast("BinaryIO", worker.stdin))
        cast("BinaryIO", worker.stdin).flush()
