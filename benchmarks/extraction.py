"""Reading a repository: this project's git source against git itself, as ratios. Against other tools: `peers`.

`python -m benchmarks.extraction [MIRROR ...]` reads bare repositories named on the command line, else one rebuilt from the
sample. Bare git is `git log -z --raw --no-renames --no-abbrev` into nothing. The source's cost is that of the process that
reads repositories in a run, from its start to its record, Python, Parquet and git included. The two run in turn, and the
median of the ratios pair by pair counts, since machines are shared.
"""

from __future__ import annotations

import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git import workers
from deepsignal_pipeline.sources.git.command import Git
from deepsignal_pipeline.sources.git.visit import Places, Visitor
from deepsignal_pipeline.sources.store import Store

ROOT = Path(__file__).resolve().parents[1]
LARGE = "PrefectHQ/prefect"
PAIRS = 5
MOST_CPU, MOST_WALL, MOST_MEGABYTES = 1.45, 1.4, 400

_TWO_WORKERS = """
import sys, time
from pathlib import Path
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places
source = GitSource(Path(sys.argv[2]), "key", Places(mirrors=Path(sys.argv[1])), workers=2)
started = time.monotonic()
source.visit([Asked(f"bench/m{number}") for number in range(int(sys.argv[3]))], [], lambda line: None)
print(time.monotonic() - started)
"""
Run = Callable[[], "Cost"]


@dataclass(frozen=True)
class Cost:
    """What a process cost: wall and CPU seconds with all that it started, and the most memory of one of them (MB)."""

    wall: float
    cpu: float
    megabytes: float = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.megabytes, other.megabytes))


def main(mirrors: Sequence[str] = ()) -> None:
    """Print the ratios for each repository and for all of them in one worker."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        places = [Path(mirror).absolute() for mirror in mirrors] or [rebuilt(folder)]
        print(f"{os.cpu_count()} cores; medians of {PAIRS} pairs; goals: CPU {MOST_CPU}, wall of two {MOST_WALL}")
        print(
            f"{'':24s}{'commits':>8s}{'git CPU s':>10s}{'CPU s':>7s}{'ratio':>7s}{'min':>6s}{'max':>6s}{'two, wall':>10s}"
        )
        for place in places:
            _against_git([place], folder)
        if len(places) > 1:
            _against_git(places, folder)
        _bulk(folder)


def _against_git(mirrors: Sequence[Path], folder: Path) -> None:
    """Print a line: one worker for all of the mirrors against one git each; then two workers against two gits at once."""
    host = linked(folder, mirrors)
    git, ours = in_turn(lambda: bare(mirrors), lambda: worker(host, len(mirrors), folder))
    ratios = sorted(one.cpu / other.cpu for one, other in zip(ours, git, strict=True))
    name = f"{len(mirrors)} in one worker" if len(mirrors) > 1 else label(mirrors[0])
    commits = sum(map(count, mirrors))
    print(
        f"{name:24s}{commits:8,}{median(git):10.2f}{median(ours):7.2f}{statistics.median(ratios):7.2f}"
        f"{ratios[0]:6.2f}{ratios[-1]:6.2f}{_two(mirrors, folder):10.2f}",
        flush=True,
    )


def _two(mirrors: Sequence[Path], folder: Path) -> float:
    """Return the wall time of two workers that read every mirror twice, by that of bare git, two at once.

    Both take the largest first. The workers' start counts; that of the run that starts them does not.
    """
    doubled = [mirror for mirror in sorted(mirrors, key=count, reverse=True) for _ in range(2)]
    host = linked(folder, doubled)
    git, ours = in_turn(
        lambda: _two_at_once([_log_command(mirror) for mirror in doubled]),
        lambda: _two_workers(host, len(doubled), folder),
    )
    return statistics.median(one.wall / other.wall for one, other in zip(ours, git, strict=True))


def _two_at_once(commands: Sequence[Sequence[str]]) -> Cost:
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(measured, command) for command in commands]:
            done.result()
    return Cost(time.monotonic() - started, 0)


def _two_workers(host: Path, repositories: int, folder: Path) -> Cost:
    command = [sys.executable, "-c", _TWO_WORKERS, str(host), _home(folder), str(repositories)]
    return Cost(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout), 0)


def _bulk(folder: Path) -> None:
    """Print the memory of a worker that reads a commit of many paths."""
    for paths in (100_000, 1_000_000):
        mirror = _with_bulk(folder / f"bulk-{paths}", paths)
        cost = worker(linked(folder, [mirror]), 1, folder)
        print(
            f"one commit of {paths:9,} paths: {cost.wall:.1f} s, {cost.megabytes:.0f} MB (goal: under {MOST_MEGABYTES})",
            flush=True,
        )


def in_turn(one: Run, other: Run) -> tuple[list[Cost], list[Cost]]:
    """Run two things in turn, once uncounted."""
    costs = [(one(), other()) for _ in range(PAIRS + 1)][1:]
    return [first for first, _ in costs], [second for _, second in costs]


def median(costs: Sequence[Cost]) -> float:
    """Return the median of CPU seconds."""
    return statistics.median(cost.cpu for cost in costs)


def bare(mirrors: Sequence[Path]) -> Cost:
    """Let git read repositories, one after the other; return what it cost."""
    return sum((measured(_log_command(mirror)) for mirror in mirrors), Cost(0, 0))


def _log_command(mirror: Path) -> list[str]:
    return ["git", "--git-dir", str(mirror), "log", "-z", "--raw", "--no-renames", "--no-abbrev", "HEAD"]


def worker(host: Path, repositories: int, folder: Path) -> Cost:
    """Let the process that a run starts read the first repositories of a folder; return its cost."""
    store = Store(Path(_home(folder)), "git")
    visitor = Visitor(store, Places(mirrors=host), Git(), datetime.now(UTC))
    asked = [Asked(f"bench/m{number}") for number in range(repositories)]
    orders = folder / "orders"
    orders.write_bytes(b"".join(pickle.dumps(order) for order in (visitor, *asked)))
    cost = measured(workers.command(), orders, os.environ | workers.ENVIRONMENT)
    if [record.status for record in store.records()] != ["full"] * repositories:
        raise SystemExit(f"not read: {[record.reason for record in store.records()]}")
    return cost


def count(mirror: Path) -> int:
    """Return the number of commits of a repository's default branch."""
    command = ["git", "--git-dir", str(mirror), "rev-list", "--count", "HEAD", "--"]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def linked(folder: Path, mirrors: Sequence[Path]) -> Path:
    """Return a folder of mirrors in which repositories stand as bench/m0, bench/m1 and so on."""
    host = Path(tempfile.mkdtemp(dir=folder))
    for number, mirror in enumerate(mirrors):
        (host / f"bench+m{number}").symlink_to(mirror)
    return host


def _home(folder: Path) -> str:
    return tempfile.mkdtemp(dir=folder)


def label(mirror: Path) -> str:
    """Return a name for a repository: its folder's."""
    return mirror.parent.name if mirror.name == "repo" else mirror.name


def rebuilt(folder: Path) -> Path:
    """Make a repository of 15,160 commits of the sample's rows, packed as one that was fetched."""
    sys.path.insert(0, str(ROOT / "tests" / "peers"))
    from repositories import git, rebuild, sample_rows

    made = rebuild(folder / LARGE.replace("/", "+"), sample_rows([LARGE])[LARGE]).folder
    git(made, "repack", "-adfq")
    return made


def _with_bulk(folder: Path, paths: int) -> Path:
    """Make a repository with one commit that adds many paths."""
    sys.path.insert(0, str(ROOT / "tests" / "peers"))
    from repositories import git, written

    made = written(folder)
    blob = made.blob()
    files = [f"100644 blob {blob}\tfile-with-a-name-of-usual-length-{n:06d}.py\n" for n in range(50_000)]
    leaf = git(folder, "mktree", data="".join(files).encode()).decode().strip()
    folders = "".join(f"040000 tree {leaf}\tfolder-{n}\n" for n in range(paths // len(files)))
    made.point(made.commit(tree=git(folder, "mktree", data=folders.encode()).decode().strip()))
    return folder


def measured(command: Sequence[str], reads: Path = Path(os.devnull), environment: dict[str, str] | None = None) -> Cost:
    """Run a command, its output thrown away, and return what it cost; end this program if it fails."""
    started = time.monotonic()
    with reads.open("rb") as orders:
        process = subprocess.Popen(
            command, stdin=orders, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{command[0]} ... {command[-1]} failed with status {process.returncode}")
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main(sys.argv[1:])
