"""What a repository's objects say, read in another way than any source does: no `git log`, no format, no parser of ours."""

from __future__ import annotations

from pathlib import Path

from repositories import git


def committer_seconds(repository: Path) -> dict[str, int]:
    """Return the committer's second of every commit, from the bytes of the objects themselves."""
    ids = git(repository, "rev-list", "HEAD")
    objects = memoryview(git(repository, "cat-file", "--batch", data=ids))
    seconds, at = {}, 0
    while at < len(objects):
        line, _, _ = bytes(objects[at : at + 200]).partition(b"\n")
        sha, _, size = line.decode().split(" ")
        start = at + len(line) + 1
        header = bytes(objects[start : start + int(size)]).partition(b"\n\n")[0]
        (committer,) = [part for part in header.split(b"\n") if part.startswith(b"committer ")]
        seconds[sha] = int(committer.rsplit(b" ", 2)[1])
        at = start + int(size) + 1
    return seconds
