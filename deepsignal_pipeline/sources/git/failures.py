"""What went wrong with a repository, in one of four words and one line, told from what git said.

Texts of git are another person's: they are made printable and short before anybody sees them.
"""

from __future__ import annotations

import re

_LONGEST = 300

NO_ROOM = r"No space left on device|unable to write|write error"
# The first that fits decides. GitHub answers 401 for what does not exist as well as for what is private.
_CAUSES: tuple[tuple[str, str, str], ...] = (
    (r"error: 451|DMCA|unavailable due to", "blocked", "the host refuses it for legal reasons"),
    (r"error: 403|[Aa]ccess .*(blocked|disabled|forbidden)", "blocked", "the host refuses access"),
    (r"error: 40[14]|not found|could not read (Username|Password)|Authentication failed", "not_found", "gone or private"),
    (r"error: 429|rate limit", "failed", "the host asks to slow down; visit again later"),
    (r"error: 5\d\d", "failed", "the host is in trouble; visit again later"),
    (NO_ROOM, "failed", "the disk is full or cannot be written"),
    (r"Out of memory|memory exhausted", "failed", "not enough memory"),
    (r"less than .* bytes/sec|timed? ?out", "failed", "the host does not send; visit again later"),
    (r"early EOF|unexpected disconnect|hung up|RPC failed|reset by peer|[Cc]ould ?n.t (resolve|connect)|Failed to connect",
     "failed", "the connection broke; visit again later"),
    (r"fsck|error: object [0-9a-f]+: ", "failed", "it holds objects that no safe repository holds"),
    (r"transport '.*' not allowed", "failed", "its address leads to a protocol that is not allowed"),
)  # fmt: skip


class GitFailureError(Exception):
    """A repository could not be read. `status` is one of not_found, blocked, failed; the text says why, in one line."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class BrokenMirrorError(GitFailureError):
    """The objects of a repository on this disk are damaged or missing."""

    def __init__(self, reason: str) -> None:
        super().__init__("failed", reason)


# Said of what lies on this disk. What a host sends is looked at before it is kept, so the host is not to blame
_DAMAGE = re.compile(
    r"bad object|unable to (read|find|open)|missing (blob|tree|commit|object)|did not send all necessary|corrupt"
    r"|not a git repository|garbage|packfile .* cannot|revision walk setup failed|Could not read"
)


def failure(doing: str, stderr: str) -> GitFailureError:
    """Return what to raise for a git command that failed while `doing` something."""
    if _DAMAGE.search(stderr):
        return BrokenMirrorError(f"{doing}: {first_line(stderr)}")
    for pattern, status, meaning in _CAUSES:
        if re.search(pattern, stderr):
            return GitFailureError(status, f"{doing}: {meaning} ({first_line(stderr)})")
    return GitFailureError("failed", f"{doing}: {first_line(stderr)}")


def first_line(text: str) -> str:
    """Return the line of git's messages that says most, printable and short."""
    lines = [line for line in map(printable, text.splitlines()) if line]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    return (telling[0] if telling else "git said nothing")[:_LONGEST]


def printable(text: str) -> str:
    """Replace what a terminal could take for a command, and what hides or turns text around."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
