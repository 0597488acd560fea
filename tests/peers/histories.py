"""Real bare repositories, written by git itself from described commits. Nothing here knows a server or a source."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Written:
    """A commit to write: who, when (git's own form: seconds since 1970 and offset), what, on which earlier ones.

    `parents` are places in the list, from 0; None stands for the one before, () for none.
    """

    author: str
    at: datetime
    message: str = "say what was done"
    email: str = ""
    authored: datetime | None = None
    offset: str = "+0000"
    committer: str = ""
    parents: tuple[int, ...] | None = None

    @property
    def address(self) -> str:
        """Address of the author."""
        return self.email or f"{self.author.lower().replace(' ', '.')}@example.org"


def write_repository(path: Path, commits: Sequence[Written], branch: str = "main") -> list[str]:
    """Write a bare repository whose branch ends with the last commit; return the ids, in the order of the list."""
    subprocess.run(["git", "init", "--quiet", "--bare", f"--initial-branch={branch}", str(path)], check=True)
    return append(path, commits, branch)


def append(path: Path, commits: Sequence[Written], branch: str = "main", onto: str | None = None) -> list[str]:
    """Write commits into a repository, the first one onto `onto`, and let the branch end with the last of them."""
    stream = b"".join(_entry(commits, number, branch, onto) for number in range(len(commits)))
    marks = path / "marks.tmp"
    subprocess.run(
        ["git", "-C", str(path), "fast-import", "--quiet", "--force", f"--export-marks={marks}"],
        input=stream,
        check=True,
    )
    shas = dict(line.split() for line in marks.read_text().splitlines()) if marks.exists() else {}
    return [shas[f":{number + 1}"] for number in range(len(commits))]


def git(path: Path, *arguments: str) -> str:
    """Run git in a repository and return what it prints."""
    done = subprocess.run(["git", "-C", str(path), *arguments], check=True, capture_output=True)
    return done.stdout.decode("utf-8", "surrogateescape")


def _entry(commits: Sequence[Written], number: int, branch: str, onto: str | None) -> bytes:
    commit = commits[number]
    message = commit.message.encode("utf-8", "surrogateescape")
    committer = commit.committer or commit.author
    mail = commit.address if committer == commit.author else f"{committer.lower().replace(' ', '.')}@example.org"
    lines = [
        f"commit refs/heads/{branch}",
        f"mark :{number + 1}",
        f"author {commit.author} <{commit.address}> {_stamp(commit.authored or commit.at, commit.offset)}",
        f"committer {committer} <{mail}> {_stamp(commit.at, commit.offset)}",
        f"data {len(message)}",
    ]
    parents = _parents(commit, number, onto)
    # fast-import would continue the branch as it stands: a root is said to begin anew
    tail = [f"{word} {parent}" for word, parent in zip(["from", *["merge"] * len(parents)], parents, strict=False)]
    start = b"" if parents else f"reset refs/heads/{branch}\n\n".encode()
    body = "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n" + message + b"\n"
    return start + body + "".join(f"{line}\n" for line in tail).encode() + b"\n"


def _parents(commit: Written, number: int, onto: str | None) -> list[str]:
    if commit.parents is not None:
        return [f":{place + 1}" for place in commit.parents]
    if number:
        return [f":{number}"]
    return [onto] if onto else []


def _stamp(at: datetime, offset: str) -> str:
    return f"{int(at.timestamp())} {offset}"
