"""git's output as tokens: where each begins and ends in a block of bytes, and which of them are a commit's.

With -z every value ends in a NUL byte, and none holds one. Only counting could tell where a commit begins, and a commit
that lies about a count must not shift all that follow. So each begins with a random word that was drawn for this one
reading: nobody who wrote a commit can have known it. Nothing here knows what the values mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Positions = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

FIELDS: tuple[str, ...] = ("sha", "parents", "author_name", "author_email", "author_date")
FIELDS += ("committer_name", "committer_email", "committer_date", "message")
_PER_COMMIT = 1 + len(FIELDS)  # the random word comes first
_LARGEST_COMMIT = 24 << 20  # bytes that are kept of one commit: its message, and some 450,000 paths
_PLACEHOLDERS = ("%H", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%B")


class StreamError(Exception):
    """What git wrote is not of the form that it was asked for, so nothing of it can be trusted."""


def log_format(word: str) -> str:
    """Return the format of `git log` whose output `Block` reads."""
    return "%x00".join([word, *_PLACEHOLDERS])


def arrow(values: npt.NDArray[Any], kind: pa.DataType, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Hand numbers to Arrow as they lie in memory. `pa.array` looks at more kinds of input than is worth its time here."""
    valid = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))])


@dataclass(frozen=True)
class Slices:
    """Places in a block, in rising order and apart from one another: values of one column."""

    data: Bytes
    begin: Positions
    end: Positions

    def __len__(self) -> int:
        return len(self.begin)

    @property
    def lengths(self) -> Positions:
        """Length of each value in bytes."""
        return self.end - self.begin

    def first_bytes(self) -> Bytes:
        """Return the byte at which each value begins (of an empty one, the byte that ends it)."""
        return self.data[self.begin]

    def binary(self) -> pa.Array:
        """Return the values, copied out: an array over the whole block, gaps included, of which every second is taken."""
        offsets = np.empty(2 * len(self) + 1, dtype=np.int32)
        offsets[0:-1:2], offsets[1::2] = self.begin, self.end
        offsets[-1] = self.end[-1] if len(self) else 0
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(self.data)]
        every = pa.Array.from_buffers(pa.binary(), 2 * len(self), buffers)
        return every.take(arrow(np.arange(0, 2 * len(self), 2, dtype=np.int32), pa.int32()))

    def value(self, row: int | np.signedinteger) -> bytes:
        """Return one value."""
        return self.data[self.begin[row] : self.end[row]].tobytes()

    def take(self, rows: npt.NDArray[np.bool_] | Positions) -> Slices:
        """Return some of the values."""
        return Slices(self.data, self.begin[rows], self.end[rows])


@dataclass(frozen=True)
class Block:
    """Whole commits: their fields by name, and their changes (status letter, path) with the number of each commit."""

    fields: dict[str, Slices]
    statuses: Slices
    paths: Slices
    changes: Positions

    @property
    def commits(self) -> int:
        """Number of commits."""
        return len(self.changes)


def whole_commits(blocks: Iterable[bytes], word: str) -> Iterator[tuple[bytes, bool]]:
    """Regroup git's output so that every text holds whole commits, or one that is cut; say which.

    A commit that takes more than 24 MiB is cut behind the last change that fits, so that memory is bounded whatever it
    holds; blocks are no longer than that. Raises StreamError if its message alone takes so much.
    """
    head = b"\0" + word.encode("ascii") + b"\0"
    rest = skipped = b""
    for block in blocks:
        text = (skipped or rest) + block
        first = text.find(head) + 1
        if skipped and not first:
            skipped = text[-len(head) :]  # the next commit's beginning may lie across two blocks
            continue
        if not skipped and first > _LARGEST_COMMIT:
            yield _cut(text), True
        if skipped or first > _LARGEST_COMMIT:
            text, skipped = text[first:], b""
        whole = text.rfind(head) + 1
        if whole:
            yield text[:whole], False
        rest = text[whole:]
        if len(rest) > _LARGEST_COMMIT:
            yield _cut(rest), True
            rest, skipped = b"", rest[-len(head) :]
    if rest:
        yield rest, False


def _cut(commit: bytes) -> bytes:
    """Return the beginning of a commit up to the last change that fits: a status and a path, each with the NUL behind it."""
    ends = np.flatnonzero(np.frombuffer(commit, dtype=np.uint8, count=_LARGEST_COMMIT) == 0)
    changes = (len(ends) - _PER_COMMIT) // 2
    if changes < 0:
        raise StreamError(f"a commit has a message of more than {_LARGEST_COMMIT:,} bytes")
    return commit[: ends[_PER_COMMIT + 2 * changes - 1] + 1]


def read_block(text: bytes, word: str, id_length: int) -> Block:
    """Find the commits of a block that holds whole ones only; raise StreamError if anything does not fit."""
    data = np.frombuffer(text, dtype=np.uint8)
    end = np.flatnonzero(data == 0)
    if not len(end) or end[-1] != len(data) - 1:
        raise StreamError("git's output ends within a value")
    begin = np.concatenate(([0], end[:-1] + 1))
    heads = _heads(data, begin, end, word)
    sizes = np.diff(np.append(heads, len(end)))
    if not len(heads) or heads[0] != 0 or (sizes < _PER_COMMIT).any() or ((sizes - _PER_COMMIT) % 2).any():
        raise StreamError("a commit in git's output has too few values")
    fields = {
        name: Slices(data, begin[heads + place], end[heads + place]) for place, name in enumerate(FIELDS, start=1)
    }
    if (fields["sha"].lengths != id_length).any():
        raise StreamError("a commit in git's output has no id")
    statuses, paths = _changes(data, begin, end, heads)
    return Block(fields, statuses, paths, (sizes - _PER_COMMIT) // 2)


def _heads(data: Bytes, begin: Positions, end: Positions, word: str) -> Positions:
    """Return the numbers of the tokens that are the random word."""
    expected = np.frombuffer(word.encode("ascii"), dtype=np.uint8)
    alike = np.flatnonzero(end - begin == len(expected))
    windows = np.lib.stride_tricks.sliding_window_view(data, len(expected))[begin[alike]]
    found: Positions = alike[(windows == expected).all(axis=1)]
    return found


def _changes(data: Bytes, begin: Positions, end: Positions, heads: Positions) -> tuple[Slices, Slices]:
    """Return status letters and paths of all commits: a change is two tokens. The first of a commit may follow a line end."""
    is_change = np.ones(len(end), dtype=bool)
    for place in range(_PER_COMMIT):
        is_change[heads + place] = False
    tokens = np.flatnonzero(is_change)
    status, path = tokens[0::2], tokens[1::2]
    letter = begin[status] + (data[begin[status]] == ord("\n"))
    if (end[status] - letter != 1).any() or (data[letter] < ord("A")).any() or (data[letter] > ord("Z")).any():
        raise StreamError("a change in git's output has no status")
    if (begin[path] == end[path]).any():
        raise StreamError("a change in git's output has no path")
    return Slices(data, letter, end[status]), Slices(data, begin[path], end[path])
