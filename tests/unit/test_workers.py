"""A worker answers in order, tells what went wrong, and never outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deepsignal_pipeline.lake import process_born
from deepsignal_pipeline.workers import Worker, WorkerError

_TARGETS = """
import os, sys, time

def doubled(numbers):
    for number in numbers:
        print("a library that prints")
        yield 2 * number

def failing(numbers):
    yield from numbers
    raise ValueError("no number left")

def named(_):
    yield os.getpid()
    time.sleep(60)
"""


@pytest.fixture
def targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "targets_of_workers.py").write_text(_TARGETS)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    return "targets_of_workers"


def answers(target: str, *requests: object, count: int) -> list[object]:
    worker = Worker(target)
    try:
        for request in requests:
            worker.ask(request)
        return [worker.answer() for _ in range(count)]
    finally:
        worker.close()


def test_answers_come_in_the_order_of_the_requests_whatever_is_printed(targets: str) -> None:
    assert answers(f"{targets}:doubled", [1, 2], [], [3], count=3) == [2, 4, 6]


def test_what_a_worker_raises_is_told_after_its_answers(targets: str) -> None:
    worker = Worker(f"{targets}:failing")
    worker.ask([1])
    assert worker.answer() == 1
    with pytest.raises(WorkerError, match="ValueError: no number left"):
        worker.answer()
    worker.close()


def test_a_worker_that_was_killed_is_told(targets: str) -> None:
    worker = Worker(f"{targets}:named")
    worker.ask(None)
    os.kill(worker.answer(), signal.SIGKILL)  # type: ignore[arg-type]
    with pytest.raises(WorkerError, match="ended with status -9"):
        worker.answer()
    worker.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_worker_dies_with_who_started_it(targets: str) -> None:
    started = (
        "import os, time\nfrom deepsignal_pipeline.workers import Worker\n"
        f"worker = Worker('{targets}:named')\nworker.ask(None)\nprint(worker.answer(), flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", started], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert process_born(pid)
        parent.kill()
    deadline = time.monotonic() + 10
    while process_born(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not process_born(pid)
