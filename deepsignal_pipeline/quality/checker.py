"""Have batches judged by a process beside the run: Great Expectations takes seconds to import, on a core that is idle then.

One such process serves this one, until it ends. Who has imported the library already needs none.
"""

from __future__ import annotations

import os
import sys
from typing import cast

from deepsignal_pipeline.quality.suites import Batch, Outcome, judge
from deepsignal_pipeline.workers import Worker, WorkerError

_started: list[Worker] = []


def warm_up() -> None:
    """Start the process, so that it has imported what it needs when the first batch comes."""
    if not _is_imported():
        _worker()


def judged(batch: Batch) -> list[Outcome]:
    """Return one outcome a check of the batch's table, in their order. Raises WorkerError if the process died."""
    if _is_imported():
        return next(judge([batch]))
    worker = _worker()
    try:
        worker.ask([batch])
        return cast("list[Outcome]", worker.answer())
    except WorkerError:
        _started.pop().close()
        raise


def _worker() -> Worker:
    # A process that was forked from this one has no part in its pipes
    if not _started or _started[0].owner != os.getpid():
        _started[:] = [Worker(f"{judge.__module__}:{judge.__name__}")]
        _started[0].ask([])
    return _started[0]


def _is_imported() -> bool:
    return "great_expectations" in sys.modules
