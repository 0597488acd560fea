"""Co-authors: the lines `Co-authored-by: Name <address>` of a message, wherever they stand in it and in any case."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from deepsignal_pipeline.sources.git.tokens import Positions, Slices

LIMIT = 1000
"""More co-authors of one commit than this are left out: somebody plays with a trailer block, nobody worked so."""

_LINE = re.compile(rb"(?i)\n[ \t]*co-authored-by[ \t]*:([^\n\0]*)")
_PERSON = re.compile(rb"([^<]*)<([^>]*)>?")
_CLIPPED = 1024  # bytes of a line that are read


@dataclass(frozen=True)
class Coauthors:
    """Names and addresses of all commits in their order, the commit of each, and how many each commit has."""

    names: list[bytes]
    emails: list[bytes]
    rows: Positions
    counts: Positions


def coauthors(messages: Slices) -> Coauthors:
    """Find the co-authors. A line without `<` has a name and an empty address; an empty one, or one said before, is none."""
    names, emails, rows = [], [], []
    seen: set[tuple[int, tuple[bytes, bytes]]] = set()
    counts = np.zeros(len(messages), dtype=np.int64)
    for match in _LINE.finditer(messages.data.data):
        # The line may stand in a path: its place tells
        row = int(np.searchsorted(messages.begin, match.start(), side="right")) - 1
        if row < 0 or match.start() >= messages.end[row] or counts[row] >= LIMIT:
            continue
        person = _person(match[1])
        # A squashed branch names the same person once a commit
        if any(person) and (row, person) not in seen:
            seen.add((row, person))
            names.append(person[0])
            emails.append(person[1])
            rows.append(row)
            counts[row] += 1
    return Coauthors(names, emails, np.array(rows, dtype=np.int64), counts)


def _person(line: bytes) -> tuple[bytes, bytes]:
    line = line[:_CLIPPED].strip()
    match = _PERSON.match(line)
    return (match[1].strip(), match[2].strip()) if match else (line, b"")
