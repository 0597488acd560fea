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
from collections.abc import Sequence
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
    """Print what each tool costs, as CPU seconds and as ratios to git log and to this source."""
    if not PYTHON.exists():
        print("not measured; run: make .venv-peers/installed")
        return
    for mirror in mirrors or [""]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            name = label(Path(mirror)) if mirror else "rebuilt from the sample"
            _compare(name, _whole(Path(mirror).absolute(), folder / "whole") if mirror else rebuilt(folder), folder)


def _whole(mirror: Path, folder: Path) -> Path:
    """Clone the default branch with the contents of all files; end this program if some are missing."""
    options = ("--quiet", "--bare", "--single-branch", "--no-tags", "--no-local")
    command = ["git", "clone", *options, "--", str(mirror), str(folder)]
    if subprocess.run(command, env=os.environ | {"GIT_NO_LAZY_FETCH": "1"}, check=False).returncode:
        raise SystemExit(f"{mirror}: no whole repository; the peers need the contents of all files")
    return folder


def _compare(name: str, repository: Path, folder: Path) -> None:
    commits = count(repository)
    print(f"{name}: {commits:,} commits", flush=True)
    host = linked(folder, [repository])
    git, ours = in_turn(lambda: bare([repository]), lambda: worker(host, 1, folder))
    print(f"  git log {median(git):.2f} CPU s; git source with its start and Parquet {median(ours):.2f}", flush=True)
    clone = folder / "clone"  # Perceval reads a clone of its own; making it is not counted
    subprocess.run(["git", "clone", "--quiet", "--bare", str(repository), str(clone)], check=True)
    for peer, script in _SCRIPTS.items():
        cost = measured([str(PYTHON), "-c", script, str(repository), str(clone), str(commits)])
        print(
            f"  {peer:9s} {cost.cpu:7.2f} CPU s: {cost.cpu / median(git):.0f} times git log, "
            f"{cost.cpu / median(ours):.1f} times this source (goal: {GOALS[peer]})",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
