"""How long people stay at it: mean and median active weeks, and the share seen in a single week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deepsignal_pipeline.report.charts.canvas import GREY, PALE, RULE, RUST, TEAL, Canvas, Look


@dataclass(frozen=True)
class EngagementRow:
    """A category with its values and their printed forms; `tone` points out the ends of the ranking."""

    label: str
    people: str
    mean: float
    mean_shown: str
    median: float
    one_week: float
    one_week_shown: str
    tone: str = ""


_TONES = {"deep": TEAL, "shallow": RUST}
_FIRST = 40  # where the rows begin


def draw_engagement(rows: Sequence[EngagementRow], look: Look) -> Canvas:
    """Draw weeks to the left and the one-week share to the right."""
    step = 23 if look.is_narrow else 26
    canvas = Canvas(look, _FIRST + step * len(rows) + 24)
    labels = 118 if look.is_narrow else 236
    weeks = (look.width - labels) * (0.52 if look.is_narrow else 0.5)
    last = max(4, *(int(row.mean) + 1 for row in rows)) if rows else 4
    scale = (weeks - 40) / (last - 1)
    shares = labels + weeks + 12
    _frame(canvas, labels, scale, last, step * len(rows))
    canvas.text(shares, 12, "seen in one week only", bold=True, size=look.size - (1.5 if look.is_narrow else 0))
    for number, row in enumerate(rows):
        y = _FIRST + step * (number + 0.5)
        canvas.label(0, y, row.label, labels - (8 if look.is_narrow else 50))
        if not look.is_narrow:
            canvas.text(labels - 14, y, row.people, align="right", size=look.size - 1, color=GREY)
        _weeks(canvas, row, labels, scale, y)
        _share(canvas, row, shares, look.width - shares - 40, y)
    _legend(canvas, labels)
    return canvas


def _frame(canvas: Canvas, x: float, scale: float, last: int, height: float) -> None:
    size = canvas.look.size
    canvas.text(x, 12, "active weeks", bold=True, size=size - (1.5 if canvas.look.is_narrow else 0))
    for week in range(1, last + 1):
        canvas.line(x + (week - 1) * scale, _FIRST, x + (week - 1) * scale, _FIRST + height)
        canvas.text(x + (week - 1) * scale, 30, str(week), align="center", size=size - 2, color=GREY)


def _weeks(canvas: Canvas, row: EngagementRow, x: float, scale: float, y: float) -> None:
    color = _TONES.get(row.tone, GREY)
    mean, median = x + (row.mean - 1) * scale, x + (row.median - 1) * scale
    canvas.line(median, y, mean, y, color=color, weight=2)
    canvas.dot(median, y, color=color, is_hollow=True)
    canvas.dot(mean, y, color=color)
    canvas.text(max(mean, median) + 9, y, row.mean_shown, bold=True, size=canvas.look.size - 0.5, color=color)


def _share(canvas: Canvas, row: EngagementRow, x: float, room: float, y: float) -> None:
    canvas.rect(x, y - 6, room, 12, fill=RULE)
    canvas.rect(x, y - 6, room * row.one_week, 12, fill=_TONES.get(row.tone, PALE))
    canvas.text(x + room + 40, y, row.one_week_shown, align="right", size=canvas.look.size - 0.5, bold=True)


def _legend(canvas: Canvas, x: float) -> None:
    y, size = canvas.height - 8, canvas.look.size - 1.5
    canvas.dot(x + 4, y, color=GREY)
    canvas.text(x + 13, y, "mean", size=size)
    canvas.dot(x + 62, y, color=GREY, is_hollow=True)
    canvas.text(x + 71, y, "median", size=size)
