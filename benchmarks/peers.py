"""Other tools that read commits with their changed paths, Perceval and PyDriller, against git and this project's git source.

`python -m benchmarks.peers [MIRROR ...]` reads a clone of the default branch of each bare repository named on the command
line. The peers want the contents of files, so a repository that lacks some is refused. Without one named, a repository
rebuilt from the sample is read, which is too small and has too few paths to be judged by. All read the same clone. This
source's cost is that of its process from start to record and Parquet; the peers count commits and write nothing. They
take minutes where git takes seconds, so each runs once, in an environment of its own (`make .venv-peers/installed`). What a
peer counts must be what git counts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.extraction import ROOT, bare, count, in_turn, label, linked, measured, median, rebuilt, worker

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
GOALS = {"Perceval": 20, "PyDriller": 150}

_SCRIPTS = {
    "Perceval": """
import sys
from perceval.backends.core.git import Git
count = sum(1 for _ in Git(sys.argv[1], sys.argv[2]).fetch())
sys.exit(None if count == int(sys.argv[3]) else f"{count} commits")
""",
    "PyDriller": """
import sys
from pydriller import Repository
count = sum(len([f.new_path for f in c.modified_files]) >= 0 for c in Repository(sys.argv[1]).traverse_commits())
sys.exit(None if count == int(sys.argv[3]) else f"{count} commits")
""",
}


def main(mirrors: Sequence[str] = ()) -> None:
    """Print what each tool costs, as CPU seconds and as ratios to git log and to this source, for each repository and all."""
    if not PYTHON.exists():
        print("not measured; run: make .venv-peers/installed")
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        named = {label(Path(mirror)): _whole(Path(mirror).absolute(), folder) for mirror in mirrors}
        every = named or {"rebuilt from the sample": rebuilt(folder)}
        found = []
        for name, repository in every.items():
            found.append({peer: _peer(script, repository, folder) for peer, script in _SCRIPTS.items()})
            _tell(f"{name}: {count(repository):,} commits", [repository], found[-1], folder)
        if len(every) > 1:
            sums = {peer: sum(cpu[peer] for cpu in found) for peer in _SCRIPTS}
            _tell(f"all {len(every)}, by one process of this source", [*every.values()], sums, folder)


def _whole(mirror: Path, folder: Path) -> Path:
    """Clone the default branch with the contents of all files; end this program if some are missing."""
    clone = Path(tempfile.mkdtemp(dir=folder))
    options = ("--quiet", "--bare", "--single-branch", "--no-tags", "--no-local")
    command = ["git", "clone", *options, "--", str(mirror), str(clone)]
    if subprocess.run(command, env=os.environ | {"GIT_NO_LAZY_FETCH": "1"}, check=False).returncode:
        raise SystemExit(f"{mirror}: no whole repository; the peers need the contents of all files")
    return clone


def _peer(script: str, repository: Path, folder: Path) -> float:
    """Return the CPU seconds of a peer. Perceval reads a clone of its own, of which the making is not counted."""
    clone = tempfile.mkdtemp(dir=folder)
    subprocess.run(["git", "clone", "--quiet", "--bare", str(repository), clone], check=True)
    return measured([str(PYTHON), "-c", script, str(repository), clone, str(count(repository))]).cpu


def _tell(name: str, repositories: Sequence[Path], peers: Mapping[str, float], folder: Path) -> None:
    host = linked(folder, repositories)
    git, ours = in_turn(lambda: bare(repositories), lambda: worker(host, len(repositories), folder))
    print(f"{name}\n  git log {median(git):.2f} CPU s; git source with its start and Parquet {median(ours):.2f}")
    for peer, cpu in peers.items():
        print(
            f"  {peer:9s} {cpu:7.2f} CPU s: {cpu / median(git):.0f} times git log, "
            f"{cpu / median(ours):.1f} times this source (goal: {GOALS[peer]})",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
