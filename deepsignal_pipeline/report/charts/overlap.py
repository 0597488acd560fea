"""People whom two categories share: a lower triangle with numbers; the diagonal holds each category's own people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deepsignal_pipeline.report.charts.canvas import GREY, INK, RULE, Canvas, Look


@dataclass(frozen=True)
class OverlapGrid:
    """Labels and people in catalogue order; shared people by (row, column), None where too few to print.

    `lifts`: how many times as many as by chance, of the pairs that are above it; "vs <1" where fewer than one is expected.
    `notes` are the findings that are written into the empty half.
    """

    labels: Sequence[str]
    people: Sequence[str]
    shared: Mapping[tuple[int, int], tuple[float | None, str]]
    lifts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    notes: Sequence[tuple[str, str]] = ()


_SHADES = ("#dcebee", "#b9d7dc", "#86b8c1", "#4b929f", "#0f6b7d")
_HEAD = 12


def draw_overlap(grid: OverlapGrid, look: Look) -> Canvas:
    """Draw the grid; numbers of the columns repeat those of the rows, so that no label is turned."""
    count = max(1, len(grid.labels))
    labels = 128 if look.is_narrow else 214
    cell = (look.width - labels) / count if look.is_narrow else min(44.0, (look.width - labels) / count)
    height = cell if look.is_narrow else 34
    canvas = Canvas(look, _HEAD + height * count + 26)
    largest = max((value or 0 for value, _ in grid.shared.values()), default=1) or 1
    for row, label in enumerate(grid.labels):
        y = _HEAD + height * row
        canvas.text(0, y + height / 2, str(row + 1), size=look.size - 1.5, color=GREY)
        canvas.label(20, y + height / 2, label, labels - 26)
        _cells(canvas, grid, row, (labels, y, cell, height), largest)
        canvas.text(
            labels + cell * (row + 0.5), _HEAD + height * count + 12, str(row + 1), align="center", color=GREY,
            size=look.size - 1.5,
        )  # fmt: skip
    if not look.is_narrow:
        _notes(canvas, grid)
    return canvas


def _cells(canvas: Canvas, grid: OverlapGrid, row: int, box: tuple[float, float, float, float], largest: float) -> None:
    x, y, width, height = box
    small = canvas.look.size - (3.5 if canvas.look.is_narrow else 1)
    for column in range(row):
        value, shown = grid.shared[row, column]
        shade = 0 if value is None else min(4, int(5 * value / largest))
        left = x + width * column
        canvas.rect(left + 1, y + 1, width - 2, height - 2, fill="#f4f5f6" if value is None else _SHADES[shade])
        color = "#737a81" if value is None else "#ffffff" if shade >= 3 else INK
        lift = grid.lifts.get((row, column), "")
        middle = y + height / 2
        compact = shown.replace(" ", "")
        canvas.text(
            left + width / 2, middle - (6 if lift else 0), compact, align="center", size=small, color=color,
            bold=value is not None,
        )  # fmt: skip
        if lift:
            canvas.text(left + width / 2, middle + 8, lift, align="center", size=small - 2.5, color=color)
    canvas.rect(x + width * row + 1.5, y + 1.5, width - 3, height - 3, fill="none", edge=RULE)
    canvas.text(x + width * (row + 0.5), y + height / 2, grid.people[row], align="center", size=small, color=GREY)


def _notes(canvas: Canvas, grid: OverlapGrid) -> None:
    """Write the findings, and how to read the grid, into the upper right half."""
    x, size = canvas.look.width, canvas.look.size
    y = 24.0
    for figure, words in grid.notes:
        canvas.text(x, y, figure, align="right", size=size + 9, bold=True, color=_SHADES[-1])
        canvas.text(x, y + 22, words, align="right", size=size - 0.5, color=INK)
        y += 58
    canvas.text(x, y, "outlined: people of the category itself", align="right", size=size - 1.5, color=GREY)
