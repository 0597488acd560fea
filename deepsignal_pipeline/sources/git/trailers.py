"""Co-authors: the lines `Co-authored-by: Name <address>` of a message, wherever they stand in it and in any case."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from deepsignal_pipeline.sources.git.tokens import Positions, Slices

LIMIT = 1000
"""More co-authors of one commit than this are left out: somebody plays with a trailer block, nobody worked so."""

_LINE = re.compile(rb"(?i)\n[ \t]*co-authored-by[ \t]*:([^\n\0]*)")
_PERSON = re.compile(rb"([^<]*)<([^>]*)(?:>|$)")
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
    lines = [(match.start(), match[1]) for match in _LINE.finditer(messages.data.data)]
    places = np.array([place for place, _ in lines], dtype=np.int64)
    owners = np.searchsorted(messages.begin, places, side="right") - 1
    # A path may hold such a line as well: its place tells
    is_message = (owners >= 0) & (places < messages.end[owners])
    found: dict[tuple[int, bytes, bytes], None] = {}
    counts = [0] * len(messages)
    fitting = (
        (row, *person)
        for row, (_, line), fits in zip(owners.tolist(), lines, is_message.tolist(), strict=True)
        for person in (people(line) if fits else ())
    )
    for person in fitting:
        # A squashed branch names the same person once a commit
        if person not in found and counts[person[0]] < LIMIT:
            found[person] = None
            counts[person[0]] += 1
    return Coauthors(
        names=[name for _, name, _ in found],
        emails=[email for _, _, email in found],
        rows=np.array([row for row, _, _ in found], dtype=np.int64),
        counts=np.array(counts, dtype=np.int64),
    )


def people(line: bytes) -> list[tuple[bytes, bytes]]:
    """Return who is named in a line: one person as a rule, several if it has several addresses."""
    line = line[:_CLIPPED].strip()
    people = [(name.lstrip(b" \t,;&").rstrip(), email.strip()) for name, email in _PERSON.findall(line)]
    return [person for person in people or [(line, b"")] if any(person)]
