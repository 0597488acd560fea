"""Who was not seen again, to the left, and who was there, to the right: one scale for all categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deepsignal_pipeline.report.charts.canvas import GREY, INK, PALE, RUST, TEAL, Canvas, Look


@dataclass(frozen=True)
class TurnoverRow:
    """A category: people not seen again, stayed, back after a pause, new; the printed forms of both ends."""

    label: str
    churned: float
    churned_shown: str
    retained: float
    returning: float
    new: float
    new_shown: str


_RETURNING = "#7f8891"
_FIRST = 34


def draw_turnover(rows: Sequence[TurnoverRow], look: Look) -> Canvas:
    """Draw the chart around a common middle."""
    step = 23 if look.is_narrow else 26
    canvas = Canvas(look, _FIRST + step * len(rows) + (44 if look.is_narrow else 26))
    labels = 118.0 if look.is_narrow else 196.0
    left = max((row.churned for row in rows), default=1)
    right = max((row.retained + row.returning + row.new for row in rows), default=1)
    scale = (look.width - labels - 86) / (left + right or 1)
    zero = labels + 40 + left * scale
    small = look.size - (1.5 if look.is_narrow else 0)
    canvas.text(zero - 8, 12, "not seen again", bold=True, align="right", size=small)
    canvas.text(zero + 8, 12, "active", bold=True, size=small)
    for number, row in enumerate(rows):
        y = _FIRST + step * (number + 0.5)
        canvas.label(0, y, row.label, labels - 8)
        _bars(canvas, row, zero, scale, y)
    canvas.line(zero, _FIRST - 6, zero, _FIRST + step * len(rows), color=INK)
    _legend(canvas)
    return canvas


def _bars(canvas: Canvas, row: TurnoverRow, zero: float, scale: float, y: float) -> None:
    size = canvas.look.size - 0.5
    canvas.rect(zero, y - 7, -row.churned * scale, 14, fill=RUST)
    canvas.text(zero - row.churned * scale - 7, y, row.churned_shown, align="right", size=size, color=RUST, bold=True)
    x = zero
    for people, color in ((row.retained, PALE), (row.returning, _RETURNING), (row.new, TEAL)):
        canvas.rect(x, y - 7, people * scale, 14, fill=color)
        x += people * scale
    canvas.text(x + 7, y, row.new_shown, size=size, color=TEAL, bold=True)


def _legend(canvas: Canvas) -> None:
    narrow = canvas.look.is_narrow
    size = canvas.look.size - 1.5
    words = ((RUST, "not seen again"), (PALE, "stayed"), (_RETURNING, "back after a pause"), (TEAL, "new"))
    x, y = 0.0, canvas.height - (28 if narrow else 8)
    for number, (color, word) in enumerate(words):
        if narrow and number == 2:
            x, y = 0.0, canvas.height - 10
        canvas.rect(x, y - 5, 10, 10, fill=color)
        canvas.text(x + 15, y, word, size=size, color=GREY)
        x += 34 + 6.6 * len(word)
