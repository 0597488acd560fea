"""Repositories by contributors: bars, the people new to each in colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deepsignal_pipeline.report.charts.canvas import GREY, PALE, TEAL, Canvas, Look
from deepsignal_pipeline.report.charts.fonts import fitted, width


@dataclass(frozen=True)
class ProjectRow:
    """A repository: owner/name, category, people and those new to it (None = too few to print)."""

    label: str
    category: str
    people: float
    people_shown: str
    new: float | None
    new_shown: str


def draw_projects(rows: Sequence[ProjectRow], look: Look) -> Canvas:
    """Draw the chart; a phone shows the name without its owner."""
    step = 26
    canvas = Canvas(look, 30 + step * len(rows))
    labels = 122 if look.is_narrow else 216
    categories = 0 if look.is_narrow else 158
    room = look.width - labels - categories - 92
    longest = max((row.people for row in rows), default=1) or 1
    _legend(canvas, labels + categories)
    for number, row in enumerate(rows):
        y = 30 + step * (number + 0.5)
        label = row.label.rpartition("/")[2] if look.is_narrow else row.label
        canvas.text(0, y, fitted(label, look.size, labels - 8))
        if categories:
            canvas.text(labels, y, fitted(row.category, look.size - 1, categories - 10), color=GREY, size=look.size - 1)
        _bar(canvas, row, labels + categories, y, room / longest)
    return canvas


def _bar(canvas: Canvas, row: ProjectRow, x: float, y: float, scale: float) -> None:
    size = canvas.look.size
    new = row.new or 0
    canvas.rect(x, y - 8, new * scale, 16, fill=TEAL)
    canvas.rect(x + new * scale, y - 8, (row.people - new) * scale, 16, fill=PALE)
    end = x + row.people * scale + 8
    canvas.text(end, y, row.people_shown, bold=True, size=size)
    end += width(row.people_shown, size, is_bold=True) + 7
    canvas.text(end, y, f"{row.new_shown} new", color=TEAL, size=size - 1.5)


def _legend(canvas: Canvas, x: float) -> None:
    size = canvas.look.size - 1
    canvas.rect(x, 5, 10, 10, fill=TEAL)
    canvas.text(x + 16, 10, "new to it", size=size)
    canvas.rect(x + 88, 5, 10, 10, fill=PALE)
    canvas.text(x + 104, 10, "seen before", size=size)
