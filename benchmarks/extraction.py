"""Reading a repository: this project's git source against git itself and against Perceval and PyDriller, as ratios of CPU time.

`python -m benchmarks.extraction [MIRROR ...]` reads bare repositories named on the command line, else one rebuilt from the
sample. Bare git is `git log` with the same fields into nothing. The source's time is that of a whole process with all that
it starts, Python and Parquet included; of three runs each the least disturbed counts. The peers take minutes where git takes
seconds, so they read a smaller repository; they run in an environment of their own (`make .venv-peers/installed`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGE, SMALL = "PrefectHQ/prefect", "huggingface/diffusers"
PEERS = ROOT / ".venv-peers" / "bin" / "python"
RUNS = 3

_OURS = """
import sys
from deepsignal_pipeline.sources.git.worker import _NoPandas
sys.meta_path.insert(0, _NoPandas())
from datetime import UTC, datetime
from pathlib import Path
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.command import Git
from deepsignal_pipeline.sources.git.visit import Places, Visitor
from deepsignal_pipeline.sources.store import Store
folder, home = map(Path, sys.argv[1:])
if folder.name:
    visitor = Visitor(Store(home, "git"), Places(mirrors=folder), Git(), datetime.now(UTC))
    assert visitor.visit(Asked("bench/mark")).record.status == "full"
"""
_START = _OURS.replace("if folder.name:", "if False:")
_BOTH = """
import sys
from pathlib import Path
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places
GitSource(Path(sys.argv[2]), "key", Places(mirrors=Path(sys.argv[1])), workers=2).visit(
    [Asked("bench/mark"), Asked("bench/twin")], [], lambda line: None)
"""
_PERCEVAL = """
import sys
from perceval.backends.core.git import Git
print(sum(1 for _ in Git(sys.argv[1], sys.argv[2]).fetch()))
"""
_PYDRILLER = """
import sys
from pydriller import Repository
print(sum(len([file.new_path for file in commit.modified_files]) >= 0 for commit in Repository(sys.argv[1]).traverse_commits()))
"""


@dataclass(frozen=True)
class Cost:
    """What a command cost: wall and CPU seconds, with all that it started."""

    wall: float
    cpu: float


def main(mirrors: Sequence[str] = ()) -> None:
    """Print the ratios for each repository, then the peers' for the smaller one."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(mirror).absolute() for mirror in mirrors] or [_rebuilt(Path(folder), LARGE)]
        print(
            f"{os.cpu_count()} cores; CPU s of the least disturbed of {RUNS} runs; ratio to bare git on the same repository"
        )
        for place in places:
            _against_git(place, Path(folder))
        _against_peers(_rebuilt(Path(folder), SMALL), Path(folder))


def _against_git(mirror: Path, folder: Path) -> None:
    commits = int(_git(mirror, "rev-list", "--count", "HEAD"))
    host = _linked(folder, mirror)
    bare = _best(_log_command(mirror))
    start = _best([sys.executable, "-c", _START, "x", "x"])
    ours = _best([sys.executable, "-c", _OURS, str(host)], folder)
    print(f"\n{_label(mirror)}: {commits:,} commits")
    _line("git log", bare, bare)
    _line("git source, all of it", ours, bare)
    _line("  of which starting Python", start, bare)
    bare_twice = _best_wall(_log_command(mirror), 2)
    both = _best([sys.executable, "-c", _BOTH, str(host)], folder)
    print(
        f"  wall, twice at once: git log {bare_twice:.2f} s, git source {both.wall:.2f} s, ratio {both.wall / bare_twice:.2f}"
    )


def _against_peers(mirror: Path, folder: Path) -> None:
    print(
        f"\n{_label(mirror)}: {int(_git(mirror, 'rev-list', '--count', 'HEAD')):,} commits, contents included for the peers"
    )
    bare = _best(_log_command(mirror))
    _line("git log", bare, bare)
    _line("git source, all of it", _best([sys.executable, "-c", _OURS, str(_linked(folder, mirror))], folder), bare)
    if not PEERS.exists():
        print("  peers: not measured; run: make .venv-peers/installed")
        return
    clone = folder / "perceval"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(mirror), str(clone)], check=True)
    for name, script in (("Perceval", _PERCEVAL), ("PyDriller", _PYDRILLER)):
        _line(name, _measured([str(PEERS), "-c", script, str(mirror), str(clone)]), bare)


def _line(name: str, cost: Cost, bare: Cost) -> None:
    ratio = cost.cpu / bare.cpu
    print(f"  {name:28s}{cost.cpu:8.2f} CPU s {cost.wall:8.2f} s  ratio {ratio:7.2f}", flush=True)


def _log_command(mirror: Path) -> list[str]:
    from deepsignal_pipeline.sources.git.tokens import log_format

    options = ["-z", "--raw", "--no-renames", "--no-abbrev", "--date=raw", f"--format={log_format('x' * 32)}"]
    return ["git", "--git-dir", str(mirror), "log", *options, "HEAD"]


def _git(mirror: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "--git-dir", str(mirror), *arguments], capture_output=True, check=True, text=True
    ).stdout


def _linked(folder: Path, mirror: Path) -> Path:
    """Return a folder of mirrors in which one repository stands under two names."""
    host = Path(tempfile.mkdtemp(dir=folder))
    for name in ("bench+mark", "bench+twin"):
        (host / name).symlink_to(mirror)
    return host


def _label(mirror: Path) -> str:
    return mirror.parent.name if mirror.name == "repo" else mirror.name


def _rebuilt(folder: Path, name: str) -> Path:
    """Make a repository of the sample's rows, packed as one that was fetched."""
    sys.path.insert(0, str(ROOT / "tests" / "peers"))
    from repositories import git, rebuild, sample_rows

    made = rebuild(folder / name.replace("/", "+"), sample_rows([name])[name]).folder
    git(made, "repack", "-adfq")
    return made


def _best(command: list[str], homes: Path | None = None) -> Cost:
    """Run a command a few times, each with an empty home as its last argument if homes are given; return the cheapest."""
    costs = [_measured([*command, tempfile.mkdtemp(dir=homes)] if homes else command) for _ in range(RUNS)]
    return min(costs, key=lambda cost: cost.cpu)


def _best_wall(command: list[str], times: int) -> float:
    """Run a command several times at once, a few times over; return the shortest wall time."""
    walls = []
    for _ in range(RUNS):
        started = time.monotonic()
        for process in [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(times)]:
            process.wait()
        walls.append(time.monotonic() - started)
    return min(walls)


def _measured(command: list[str]) -> Cost:
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{command[0]} ... {command[-1]} failed with status {process.returncode}")
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    main(sys.argv[1:])
