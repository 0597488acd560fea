"""Change of contributors and commits by category: the same basket as bars, the raw change as a ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deepsignal_pipeline.report.charts.canvas import GREY, INK, PALE, RULE, RUST, STEADY, TEAL, Canvas, Look
from deepsignal_pipeline.report.charts.fonts import width


@dataclass(frozen=True)
class Change:
    """A change over the same basket and raw, each as printed beside it, and where a word for it points.

    The interval is of the same basket, None where there is none; `is_certain` if the word says that it leaves 0 out.
    """

    basket: float | None
    basket_shown: str
    raw: float | None
    raw_shown: str
    direction: str
    is_certain: bool = False
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class SnapshotRow:
    """A category: how many people, and what changed."""

    label: str
    people: str
    contributors: Change
    commits: Change


@dataclass(frozen=True)
class _Panel:
    title: str
    x: float
    y: float
    width: float
    numbers: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies; values beyond the ends lie on them."""
        inside = min(max(value, self.low), self.high)
        return self.x + (inside - self.low) / (self.high - self.low) * self.width


_COLORS = {"up": TEAL, "down": RUST, "level": STEADY, "": PALE}
_UNSURE = {"up": "#d3e6e9", "down": "#f3ded5"}
"""What fills a bar whose interval holds 0, within an edge of its colour."""
_HEAD = 46  # height of a panel above its rows
_GAP = 26  # between the panels
_LINE = 18  # height of a line of the legend


def draw_snapshot(rows: Sequence[SnapshotRow], look: Look) -> Canvas:
    """Draw the chart; on a phone the panels stand one below the other."""
    step = 23 if look.is_narrow else 27
    block = _HEAD + step * len(rows)
    canvas = Canvas(look, (2 * block if look.is_narrow else block) + 12 + _legend_height(look))
    contributors, commits = ([row.contributors for row in rows], [row.commits for row in rows])
    for is_first, column in ((True, contributors), (False, commits)):
        panel = _panel(look, column, block, is_first=is_first)
        _frame(canvas, panel, step * len(rows))
        for number, (row, change) in enumerate(zip(rows, column, strict=True)):
            middle = panel.y + _HEAD + step * (number + 0.5)
            if is_first or look.is_narrow:
                _label(canvas, row, middle)
            _bar(canvas, panel, change, middle)
    _legend(canvas)
    return canvas


def _panel(look: Look, changes: Sequence[Change], block: float, *, is_first: bool) -> _Panel:
    labels, numbers = _room(look)
    title = "Contributors" if is_first else "Commits"
    low, high = _ends(changes)
    if look.is_narrow:
        return _Panel(title, labels, 0 if is_first else block, look.width - labels - numbers, numbers, low, high)
    width = (look.width - labels - 2 * numbers - _GAP) / 2
    return _Panel(title, labels if is_first else labels + width + numbers + _GAP, 0, width, numbers, low, high)


def _room(look: Look) -> tuple[float, float]:
    """Return the widths kept for labels and for the two numbers beside a panel."""
    return (118, 86) if look.is_narrow else (236, 104)


def _ends(changes: Sequence[Change]) -> tuple[float, float]:
    """Return the ends of the axis: all of the basket, and of the raw what leaves the basket readable."""
    basket = [c.basket for c in changes if c.basket is not None] or [0.0]
    raw = [c.raw for c in changes if c.raw is not None] or [0.0]
    readable_high, readable_low = max(60.0, 1.3 * max(basket)), min(-40.0, 1.3 * min(basket))
    high = max(20.0, *basket, min(max(raw), readable_high))
    low = min(-20.0, *basket, max(min(raw), readable_low))
    return low * 1.08, high * 1.08


def _frame(canvas: Canvas, panel: _Panel, height: float) -> None:
    size = canvas.look.size
    canvas.text(panel.x, panel.y + 12, panel.title, bold=True, size=size + 1)
    right = panel.x + panel.width
    canvas.text(right + panel.numbers * 0.52, panel.y + 32, "same", align="right", size=size - 1.5, bold=True)
    canvas.text(right + panel.numbers, panel.y + 32, "raw", align="right", size=size - 1.5, color=GREY)
    canvas.line(panel.at(0), panel.y + 42, panel.at(0), panel.y + _HEAD + height, color=GREY)
    canvas.text(panel.at(0), panel.y + 32, "0", align="center", size=size - 1.5, color=GREY)


def _label(canvas: Canvas, row: SnapshotRow, y: float) -> None:
    width, _ = _room(canvas.look)
    people = 0 if canvas.look.is_narrow else 44
    canvas.label(0, y, row.label, width - people - 6)
    if people:
        canvas.text(width - 14, y, row.people, align="right", color=GREY, size=canvas.look.size - 1)


def _bar(canvas: Canvas, panel: _Panel, change: Change, y: float) -> None:
    size, right = canvas.look.size, panel.x + panel.width
    canvas.line(panel.x, y, right, y, color=RULE, weight=0.7)
    if change.basket is not None:
        _fill(
            canvas,
            panel.at(0),
            y - 6,
            panel.at(change.basket) - panel.at(0),
            change.direction,
            is_certain=change.is_certain,
        )
    if change.interval is not None:
        _whisker(canvas, panel, *change.interval, y)
    if change.raw is not None:
        is_beyond = not panel.low <= change.raw <= panel.high
        shape = "o" if not is_beyond else ">" if change.raw > 0 else "<"
        canvas.dot(panel.at(change.raw), y, color=GREY, is_hollow=True, shape=shape, size=6.5)
    canvas.text(right + panel.numbers * 0.52, y, change.basket_shown, align="right", size=size - 0.5, bold=True)
    canvas.text(right + panel.numbers, y, change.raw_shown, align="right", size=size - 0.5, color=GREY)


def _whisker(canvas: Canvas, panel: _Panel, low: float, high: float, y: float) -> None:
    """Draw an interval; an end beyond the axis has no bar across."""
    canvas.line(panel.at(low), y, panel.at(high), y, color=INK, weight=1.1)
    for end in (low, high):
        if panel.low <= end <= panel.high:
            canvas.line(panel.at(end), y - 3.5, panel.at(end), y + 3.5, color=INK, weight=1.1)


def _fill(canvas: Canvas, x: float, y: float, length: float, direction: str, *, is_certain: bool) -> None:
    """Draw a bar: full where the word claims certainty or nothing can be uncertain, else only its edge in colour."""
    color = _COLORS[direction]
    if direction in _UNSURE and not is_certain:
        canvas.rect(x, y + 0.6, length, 10.8, fill=_UNSURE[direction], edge=color)
    else:
        canvas.rect(x, y, length, 12, fill=color)


_LEGEND = (
    ("up", True, "more"),
    ("up", False, "more, interval holds 0"),
    ("down", True, "fewer"),
    ("down", False, "fewer, interval holds 0"),
    ("level", True, "level"),
    ("", True, "no word"),
)


def _legend_items(look: Look) -> list[tuple[float, float, str, bool, str]]:
    """Return where each entry stands, its direction, certainty and words; as many lines as the width asks for."""
    placed, x, y = [], 0.0, 0.0
    raw = "raw" if look.is_narrow else "raw; an arrow lies beyond the axis"
    for direction, is_certain, said in (*_LEGEND, ("raw", True, raw)):
        room = 17 + width(said, look.size - 1.5)
        if x + room > look.width:
            x, y = 0.0, y + _LINE
        placed.append((x, y, direction, is_certain, said))
        x += room + 14
    return placed


def _legend_height(look: Look) -> float:
    return _legend_items(look)[-1][1] + _LINE


def _legend(canvas: Canvas) -> None:
    top = canvas.height - _legend_height(canvas.look) + _LINE / 2
    for x, y, direction, is_certain, said in _legend_items(canvas.look):
        if direction == "raw":
            canvas.dot(x + 6, top + y, color=GREY, is_hollow=True, size=6.5)
        else:
            _fill(canvas, x, top + y - 6, 12, direction, is_certain=is_certain)
        canvas.text(x + 17, top + y, said, size=canvas.look.size - 1.5, color=INK)
