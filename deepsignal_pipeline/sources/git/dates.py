"""Dates as git stored them: seconds since 1970 and an offset, both as people's programs wrote them, or nothing at all.

`--date=raw` gives `1672531200 +0100`. git leaves a date empty that it cannot read, and gives 0 for one that no clock
can hold. An offset is kept as written, in minutes, however odd (+9999 is 99 hours and 99 minutes).
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from deepsignal_pipeline.sources.git.tokens import Slices, arrow

_USUAL = np.frombuffer(b"1234567890 +0100", dtype=np.uint8)
_ZERO, _MINUS = ord("0"), ord("-")
_DIGIT_PLACES = np.array([*range(10), 12, 13, 14, 15])
_POWERS = 10 ** np.arange(9, -1, -1, dtype=np.int64)
_TIME_UNIT = pa.timestamp("s", tz="UTC")
_UNUSUAL = re.compile(rb"(\d{1,18}) ([+-])(\d{4,9})")
_END_OF_TIME = 253_402_300_800  # the year 10000, in seconds since 1970
_LARGEST_OFFSET = 2**15 - 1


def read_dates(values: Slices) -> tuple[pa.Array, pa.Array]:
    """Return instants (to the second, UTC) and offsets (minutes); null where there is none that can be read."""
    seconds = np.zeros(len(values), dtype=np.int64)
    minutes = np.zeros(len(values), dtype=np.int64)
    unread = np.ones(len(values), dtype=bool)
    usual = np.flatnonzero(values.lengths == len(_USUAL))
    if len(usual):
        table = np.lib.stride_tricks.sliding_window_view(values.data, len(_USUAL))[values.begin[usual]]
        fits = _is_usual(table)
        rows, table = usual[fits], table[fits].astype(np.int64)
        seconds[rows] = (table[:, :10] - _ZERO) @ _POWERS
        hours = (table[:, 12:16] - _ZERO) @ np.array([600, 60, 10, 1])
        minutes[rows] = np.where(table[:, 11] == _MINUS, -hours, hours)
        unread[rows] = False
    no_offset = unread.copy()
    for row in np.flatnonzero(unread):
        at, offset = _unusual(values.value(row))
        unread[row], no_offset[row] = at is None, offset is None
        seconds[row], minutes[row] = at or 0, offset or 0
    return arrow(seconds, _TIME_UNIT, unread), arrow(minutes.astype(np.int16), pa.int16(), no_offset)


def _is_usual(table: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    digits = table[:, _DIGIT_PLACES]
    is_number = ((digits >= _ZERO) & (digits <= _ZERO + 9)).all(axis=1)
    is_signed = (table[:, 11] == ord("+")) | (table[:, 11] == _MINUS)
    usual: npt.NDArray[np.bool_] = is_number & is_signed & (table[:, 10] == ord(" "))
    return usual


def _unusual(text: bytes) -> tuple[int | None, int | None]:
    match = _UNUSUAL.fullmatch(text)
    if match is None or int(match[1]) >= _END_OF_TIME:
        return None, None
    hours, rest = divmod(int(match[3]), 100)
    offset = hours * 60 + rest
    return int(match[1]), None if offset > _LARGEST_OFFSET else -offset if match[2] == b"-" else offset
