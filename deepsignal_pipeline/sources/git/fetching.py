"""Mirrors of remote repositories: bare, without file contents, of the default branch only, fetched in steps.

A mirror is made under a temporary name and renamed when its first fetch has ended, so a folder of its final name is a
complete one. A fetch that breaks leaves the tip where it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from deepsignal_pipeline.lake import remove, removed_on_error, temporary
from deepsignal_pipeline.sources.git.command import HARMLESS, Answer, Git
from deepsignal_pipeline.sources.git.failures import BrokenMirrorError, failure, first_line
from deepsignal_pipeline.sources.git.places import Host, make_repository

_HEAD = re.compile(r"(?:ref: (?P<branch>refs/heads/[^\t]+)|(?P<tip>[0-9a-f]{40}|[0-9a-f]{64}))\tHEAD")
_MOVED = re.compile(r"error: 30[1278]")
_COMPLAINT = re.compile(r"error: object [0-9a-f]+: (\w+):")
_MOST_PACKS = 24
_TIP = "refs/heads/tip"


@dataclass(frozen=True)
class Head:
    """Where a default branch stands. `tip` None: it has no commit; `branch` None: its name is not told."""

    tip: str | None
    branch: str | None


@dataclass(frozen=True)
class Remote:
    """A repository of a host, at the address at which it answered, with its head."""

    url: str
    head: Head


def look(git: Git, host: Host, name: str) -> Remote:
    """Ask a host where a repository's default branch stands, following a rename. Raises GitFailureError."""
    url = host.url(name)
    answer = _ask(git, url)
    if answer.status and _MOVED.search(answer.stderr):
        from deepsignal_pipeline.sources.git.redirects import follow  # its libraries are slow to import

        url = follow(host, url)
        answer = _ask(git, url)
    if answer.status:
        raise failure("asking for its default branch", answer.stderr)
    branch = tip = None
    for line in answer.output.decode("utf-8", "replace").splitlines():
        # A branch may be called HEAD as well: only the full name counts
        if match := _HEAD.fullmatch(line):
            branch, tip = match["branch"] or branch, match["tip"] or tip
    return Remote(url, Head(tip, branch.removeprefix("refs/heads/") if branch else None))


def _ask(git: Git, url: str) -> Answer:
    return git.talk("ls-remote", "--symref", "--", url, "HEAD", url=url)


def fetch(git: Git, remote: Remote, mirror: Path) -> str:
    """Bring a mirror up to date and return its tip, which may be newer than the one looked at. Raises GitFailureError."""
    if remote.head.tip is None:
        raise ValueError(f"{remote.url}: nothing to fetch")
    if not mirror.exists():
        made = temporary(mirror)
        remove(made)
        with removed_on_error(made):
            make_repository(made, len(remote.head.tip), is_mirror=True)
            _fetch_into(git, remote, made)
            made.rename(mirror)
    else:
        _fetch_into(git, remote, mirror)
        _tidy(git, mirror)
    return mirror_tip(git, mirror)


def _fetch_into(git: Git, remote: Remote, mirror: Path) -> None:
    answer = _fetched(git, remote, mirror)
    if answer.status and _is_harmless(answer.stderr):
        # Before version 2.45 git checks what arrives without blobs by its own rules only, which refuse any odd date or
        # name. So the check by our rules comes after.
        answer = _fetched(git, remote, mirror, is_checked=False)
        checked = git.run("fsck", "--no-progress", "--no-dangling", "--no-reflogs", repository=mirror)
        if answer.status == 0 and checked.status:
            remove(mirror)
            raise failure("checking what was fetched", f"fsck: {first_line(checked.stderr)}")
    if answer.status:
        sweep(mirror)  # on a full disk, what git began may take the room that the record of this needs
        raise failure("fetching", answer.stderr)


def _tidy(git: Git, mirror: Path) -> None:
    """Make one pack of the many that fetches leave, one each: git looks for an object in pack after pack."""
    if len(list(mirror.glob("objects/pack/*.pack"))) > _MOST_PACKS:
        answer = git.run("repack", "-a", "-d", "--quiet", repository=mirror)
        if answer.status:
            raise failure("packing its mirror", answer.stderr)


def _fetched(git: Git, remote: Remote, mirror: Path, *, is_checked: bool = True) -> Answer:
    # Not asked for: tags, other branches, notes, replacements
    options = ("--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
    return git.talk(
        "fetch", *options, "origin", f"+HEAD:{_TIP}", url=remote.url, repository=mirror, is_checked=is_checked
    )


def _is_harmless(stderr: str) -> bool:
    """Whether git refused an object for one of the reasons that do not matter here."""
    complaint = _COMPLAINT.search(stderr)
    return complaint is not None and complaint[1] in HARMLESS


def mirror_tip(git: Git, mirror: Path) -> str:
    """Return the tip that a mirror holds."""
    answer = git.run("rev-parse", "--verify", "--quiet", f"{_TIP}^{{commit}}", repository=mirror)
    if answer.status:
        raise BrokenMirrorError(f"reading its mirror: {first_line(answer.stderr)}")
    return answer.output.decode("ascii").strip()


def sweep(mirror: Path) -> None:
    """Remove what an interrupted fetch left in a mirror that nobody else visits: half-written packs and locks."""
    for pattern in ("objects/pack/tmp_*", "objects/pack/.tmp-*", "objects/tmp_*", "objects/*/tmp_obj_*", "*.lock"):
        for path in mirror.glob(pattern):
            remove(path)
    for path in (mirror / "refs").rglob("*.lock"):
        remove(path)
