"""Stand-ins: repositories that any tool can read, made of partial clones, which lack the contents of files.

A stand-in has the commits of a repository's default branch, its people, dates, messages, parents, trees and paths. Each
content is one line of its own instead of what stood there, so tools that compare contents have less to do than in the
repository itself: what they take here is a lower bound. No object is fetched for it.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

_OFFLINE = os.environ | {"GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}
_EXPORT = ("fast-export", "--no-data", "--signed-tags=strip", "--reencode=no", "HEAD", "--")
_IMPORT = ("fast-import", "--quiet", "--date-format=raw-permissive")
_TOLD = (
    "log", "-z", "--name-status", "--no-renames", "--date=raw",
    "--format=%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B", "HEAD", "--",
)  # fmt: skip
_FILE = re.compile(rb"M (100644|100755|120000|644|755) ([0-9a-f]{40}) ")


def make(mirror: Path, folder: Path) -> Path:
    """Make the stand-in of a bare repository, packed as one that was fetched. Raises ValueError if its history differs."""
    branch = _output(mirror, "symbolic-ref", "--short", "HEAD").strip()
    subprocess.run(["git", "init", "--quiet", "--bare", f"--initial-branch={branch}", str(folder)], check=True)
    with (
        subprocess.Popen(_git(mirror, *_EXPORT), stdout=subprocess.PIPE, env=_OFFLINE) as giver,
        subprocess.Popen(_git(folder, *_IMPORT), stdin=subprocess.PIPE, env=_OFFLINE) as taker,
    ):
        for part in _with_contents(cast("IO[bytes]", giver.stdout)):
            cast("IO[bytes]", taker.stdin).write(part)
    if giver.returncode or taker.returncode:
        raise ValueError(f"{mirror}: git could not copy its history")
    subprocess.run(_git(folder, "repack", "-adfq"), check=True)
    if _told(mirror) != _told(folder):
        raise ValueError(f"{mirror}: its stand-in has another history")
    return folder


def _with_contents(stream: IO[bytes]) -> Iterator[bytes]:
    """Give a stream of git's fast-export with new ids of files, and each content before the first commit that has it."""
    known: dict[bytes, bytes] = {}
    commit: list[bytes] = []
    for line in stream:
        if line.startswith(b"commit "):
            yield from commit
            commit = []
        commit.append(line)
        if line.startswith(b"data "):
            commit.append(stream.read(int(line[5:])))
        elif file := _FILE.match(line):
            if file[2] not in known:
                known[file[2]] = (
                    hashlib.sha1(b"blob 41\0" + file[2] + b"\n", usedforsecurity=False).hexdigest().encode()
                )
                yield b"blob\ndata 41\n" + file[2] + b"\n"
            commit[-1] = b"M " + file[1] + b" " + known[file[2]] + b" " + line[file.end() :]
    yield from commit


def _told(repository: Path) -> str:
    """Return a digest of the history as git tells it: people, dates, messages, statuses and paths, without ids."""
    with subprocess.Popen(_git(repository, *_TOLD), stdout=subprocess.PIPE, env=_OFFLINE) as log:
        digest = hashlib.file_digest(cast("io.BufferedReader", log.stdout), "sha256").hexdigest()
    if log.returncode:
        raise ValueError(f"{repository}: git could not read its history")
    return digest


def _git(repository: Path, *arguments: str) -> list[str]:
    return ["git", "--git-dir", str(repository), *arguments]


def _output(repository: Path, *arguments: str) -> str:
    return subprocess.run(_git(repository, *arguments), capture_output=True, check=True, text=True).stdout
