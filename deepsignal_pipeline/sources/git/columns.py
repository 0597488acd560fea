"""Columns of `raw_commits` from a block of git's output: what its values mean, and what is done with those that mean nothing.

Text that is not UTF-8 is read as Latin-1, value by value: no byte is lost, most such names then look as they were meant,
and the commits are counted. Dates that git cannot read are empty in its output; see `dates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from deepsignal_pipeline.sources.git.dates import read_dates
from deepsignal_pipeline.sources.git.tokens import Block, Positions, Slices, StreamError, arrow
from deepsignal_pipeline.sources.git.trailers import coauthors
from deepsignal_pipeline.sources.pieces import CHANGES, EARLIEST, INSTANT, PEOPLE, commits_table
from deepsignal_pipeline.sources.record import CLOCK_AHEAD

SUBJECT_BYTES = 4096
"""A longer subject is cut: a message of many megabytes is no subject."""

_BLANK_LINES = re.compile(rb"(?:[ \t\r\f\v]*\n)*")
_BLANK = 32  # this byte and those below are blanks or control characters


@dataclass(frozen=True)
class Commits:
    """Commits of a block with the columns of pieces.

    `undated` are the ids of those whose committer date is none, `possible_at` the earliest of their dates that lie ahead.
    `reread` counts commits with text that is not UTF-8.
    """

    table: pa.Table
    reread: int
    undated: tuple[str, ...] = ()
    possible_at: datetime | None = None


def read_commits(block: Block, repository: str, now: datetime) -> Commits:
    """Make the columns of a block. A committer date before 1990 or more than a day after `now` is no date."""
    reread = np.zeros(block.commits, dtype=bool)
    text = _Text(reread)
    fields = block.fields
    authored_at, author_tz = read_dates(fields["author_date"])
    committed_at, committer_tz = read_dates(fields["committer_date"])
    found = coauthors(fields["message"])
    columns = {
        "repository": pa.repeat(pa.scalar(repository), block.commits),
        "sha": _ids(fields["sha"]),
        "parents": _parents(fields["parents"], int(fields["sha"].lengths[0])),
        "author_name": text.read(fields["author_name"]),
        "author_email": text.read(fields["author_email"]),
        "authored_at": authored_at.cast(INSTANT),
        "author_tz": author_tz,
        "committer_name": text.read(fields["committer_name"]),
        "committer_email": text.read(fields["committer_email"]),
        "committed_at": committed_at.cast(INSTANT),
        "committer_tz": committer_tz,
        "subject": text.read(_subjects(fields["message"])),
        "coauthors": _listed(
            found.counts,
            [text.decode(found.names, found.rows), text.decode(found.emails, found.rows)],
            PEOPLE,
        ),
        "changes": _listed(
            block.changes, [_ascii(block.statuses), text.read(block.paths, _owners(block.changes))], CHANGES
        ),
    }
    return _apart(commits_table(columns), committed_at, now, reread)


def _apart(table: pa.Table, committed_at: pa.Array, now: datetime, reread: npt.NDArray[np.bool_]) -> Commits:
    """Set commits without a possible committer date apart."""
    latest = (now + CLOCK_AHEAD).timestamp()
    seconds = committed_at.cast(pa.int64())
    in_time = pc.and_(pc.greater_equal(seconds, EARLIEST.timestamp()), pc.less_equal(seconds, latest))
    possible = pc.fill_null(in_time, False)
    if pc.all(possible).as_py():
        return Commits(table, int(reread.sum()))
    undated = table["sha"].filter(pc.invert(possible))
    ahead = pc.min(seconds.filter(pc.greater(seconds, latest))).as_py()
    kept = np.asarray(possible.to_numpy(zero_copy_only=False))
    return Commits(
        table=table.filter(possible),
        reread=int(reread[kept].sum()),
        undated=tuple(undated.to_pylist()),
        possible_at=None if ahead is None else datetime.fromtimestamp(ahead, UTC),
    )


@dataclass(frozen=True)
class _Text:
    """Reads text and marks the commits with a value that had to be read as Latin-1."""

    reread: npt.NDArray[np.bool_]

    def read(self, values: Slices, owners: Callable[[], Positions] | None = None) -> pa.Array:
        """Return values as text. `owners` gives the commit of each value, if they are not one a commit."""
        binary = values.binary()
        try:
            return binary.cast(pa.string())
        except pa.ArrowInvalid:
            return self.decode(binary.to_pylist(), owners() if owners else np.arange(len(values)))

    def decode(self, values: list[bytes], owners: Positions) -> pa.Array:
        """Return values as text, one by one; `owners` is the commit of each."""
        texts = []
        for value, owner in zip(values, owners, strict=True):
            try:
                texts.append(value.decode("utf-8"))
            except UnicodeDecodeError:
                texts.append(value.decode("latin-1"))
                self.reread[owner] = True
        return pa.array(texts, pa.string())


def _ascii(values: Slices) -> pa.Array:
    try:
        return values.binary().cast(pa.string())
    except pa.ArrowInvalid:
        raise StreamError("an id or a status in git's output is not ASCII") from None


def _ids(values: Slices) -> pa.Array:
    ids = _ascii(values)
    if not pc.all(pc.match_substring_regex(ids, "^[0-9a-f]+$")).as_py():
        raise StreamError("a commit in git's output has no id")
    return ids


def _parents(values: Slices, id_length: int) -> pa.Array:
    """Split ids that a blank separates; as all are of one length, their number follows from the length."""
    counts = (values.lengths + 1) // (id_length + 1)
    if (counts * (id_length + 1) != values.lengths + (counts > 0)).any():
        raise StreamError("a commit in git's output has parents that are no ids")
    begin = np.repeat(values.begin, counts) + _places(counts) * (id_length + 1)
    return pa.ListArray.from_arrays(_offsets(counts), _ascii(Slices(values.data, begin, begin + id_length)))


def _subjects(messages: Slices) -> Slices:
    """Return the first line with text of each message, without blanks after it, cut to SUBJECT_BYTES at a character's end."""
    data = messages.data
    begin = messages.begin.copy()
    for row in np.flatnonzero((messages.lengths > 0) & (messages.first_bytes() <= _BLANK)):
        blank = _BLANK_LINES.match(messages.value(row))
        begin[row] += blank.end() if blank else 0
    breaks = np.append(np.flatnonzero(data == ord("\n")), len(data))
    end = np.minimum(breaks[np.searchsorted(breaks, begin)], messages.end)
    for row in np.flatnonzero(end - begin > SUBJECT_BYTES):
        cut = data[begin[row] : begin[row] + SUBJECT_BYTES].tobytes()
        end[row] = begin[row] + len(cut.decode("utf-8", "ignore").encode() if _is_cut_in_a_character(cut) else cut)
    for row in np.flatnonzero((end > begin) & (data[end - 1] <= _BLANK)):
        end[row] = begin[row] + len(data[begin[row] : end[row]].tobytes().rstrip())
    return Slices(data, begin, end)


def _is_cut_in_a_character(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end == len(text) and error.reason == "unexpected end of data"
    return False


def _listed(counts: Positions, columns: list[pa.Array], kind: pa.DataType) -> pa.Array:
    """Make a list a commit of structs from the values of all commits."""
    fields = [kind.value_type.field(number) for number in range(kind.value_type.num_fields)]
    return pa.ListArray.from_arrays(_offsets(counts), pa.StructArray.from_arrays(columns, fields=fields)).cast(kind)


def _offsets(counts: Positions) -> pa.Array:
    return arrow(np.concatenate(([0], np.cumsum(counts))).astype(np.int32), pa.int32())


def _places(counts: Positions) -> Positions:
    """Return 0, 1, ... for each commit, up to its count."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def _owners(counts: Positions) -> Callable[[], Positions]:
    return lambda: np.repeat(np.arange(len(counts)), counts)
