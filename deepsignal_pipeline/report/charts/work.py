"""What the work was: a bar of one length for each category, cut by kinds of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deepsignal_pipeline.report.charts.canvas import GREY, INK, PALE, RULE, RUST, TEAL, Canvas, Look
from deepsignal_pipeline.report.charts.fonts import width


@dataclass(frozen=True)
class WorkRow:
    """A category, or the catalogue as a whole: its parts with their printed forms, in the order of the kinds."""

    label: str
    parts: Sequence[tuple[float, str]]
    is_whole: bool = False


_FILLS = (TEAL, RUST, "#8b949d", "#aab2b9", PALE, RULE)
"""Fills of the kinds in their order; what is beyond the last is left blank."""

_LIGHT = frozenset({"#aab2b9", PALE, RULE})
_ROOM = 7  # around a number inside its part


def draw_work(kinds: Sequence[str], rows: Sequence[WorkRow], look: Look) -> Canvas:
    """Draw the rows below a legend of the kinds."""
    step = 23 if look.is_narrow else 26
    legend = 38.0 if look.is_narrow else 24.0
    canvas = Canvas(look, legend + step * len(rows) + 6)
    labels = 118.0 if look.is_narrow else 210.0
    _legend(canvas, kinds, 0.0 if look.is_narrow else labels)
    for number, row in enumerate(rows):
        y = legend + step * (number + 0.5)
        canvas.label(0, y, row.label, labels - 8)
        _bar(canvas, row, labels, y, look.width - labels)
        if row.is_whole:
            canvas.line(0, y - step / 2, look.width, y - step / 2, color=GREY)
    return canvas


def _bar(canvas: Canvas, row: WorkRow, x: float, y: float, room: float) -> None:
    size = canvas.look.size - (1.5 if canvas.look.is_narrow else 1)
    for (share, shown), fill in zip(row.parts, _FILLS, strict=False):
        canvas.rect(x, y - 9, share * room, 18, fill=fill)
        if share * room > width(shown, size) + _ROOM:
            color = INK if fill in _LIGHT else "#ffffff"
            canvas.text(x + share * room / 2, y, shown, size=size, color=color, align="center", bold=fill in _FILLS[:2])
        x += share * room


def _legend(canvas: Canvas, kinds: Sequence[str], left: float) -> None:
    size = canvas.look.size - 1.5
    x, y = left, 10.0
    for kind, fill in zip(kinds, _FILLS, strict=True):
        needed = 15 + width(kind, size) + 14
        if x + needed > canvas.look.width + 14:
            x, y = left, y + 15
        canvas.rect(x, y - 5, 10, 10, fill=fill)
        canvas.text(x + 14, y, kind, size=size)
        x += needed
