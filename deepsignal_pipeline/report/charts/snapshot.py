"""Change of contributors and commits by category: the same basket as bars, the raw change as a ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deepsignal_pipeline.report.charts.canvas import GREY, INK, PALE, RULE, RUST, TEAL, Canvas, Look
from deepsignal_pipeline.report.charts.fonts import fitted


@dataclass(frozen=True)
class Change:
    """A change over the same basket and raw, each with the words printed beside it."""

    basket: float | None
    basket_shown: str
    raw: float | None
    raw_shown: str


@dataclass(frozen=True)
class SnapshotRow:
    """A category: how many people, what changed, and whether a direction may be read from it."""

    label: str
    people: str
    contributors: Change
    commits: Change
    is_silent: bool


@dataclass(frozen=True)
class _Panel:
    title: str
    x: float
    y: float
    width: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies; values beyond the ends lie on them."""
        inside = min(max(value, self.low), self.high)
        return self.x + (inside - self.low) / (self.high - self.low) * self.width


_NUMBERS = 104  # room for the two numbers beside a panel


def draw_snapshot(rows: Sequence[SnapshotRow], look: Look) -> Canvas:
    """Draw the chart; on a phone the panels stand one below the other."""
    step = 23 if look.is_narrow else 27
    block = 46 + step * len(rows)
    canvas = Canvas(look, 2 * block + 30 if look.is_narrow else block + 24)
    labels = 118 if look.is_narrow else 226
    numbers = 86 if look.is_narrow else _NUMBERS
    width = look.width - labels - numbers if look.is_narrow else (look.width - labels - 2 * numbers - 26) / 2
    second = (labels, block) if look.is_narrow else (labels + width + numbers + 26, 0.0)
    changes = [[row.contributors for row in rows], [row.commits for row in rows]]
    for title, (x, y), column in zip(("Contributors", "Commits"), ((labels, 0.0), second), changes, strict=True):
        panel = _Panel(title, x, y, width, *_ends(column))
        _frame(canvas, panel, step * len(rows), numbers)
        for number, (row, change) in enumerate(zip(rows, column, strict=True)):
            middle = y + 46 + step * (number + 0.5)
            if x == labels:
                _label(canvas, row, middle, labels)
            _bar(canvas, panel, change, middle, numbers, is_silent=row.is_silent)
    _legend(canvas)
    return canvas


def _ends(changes: Sequence[Change]) -> tuple[float, float]:
    """Ends of the axis: all of the basket, and of the raw changes as much as leaves the basket readable."""
    basket = [c.basket for c in changes if c.basket is not None] or [0.0]
    raw = [c.raw for c in changes if c.raw is not None] or [0.0]
    high = max(20.0, max(basket), min(max(raw), max(60.0, 1.3 * max(basket))))
    low = min(-20.0, min(basket), max(min(raw), min(-40.0, 1.3 * min(basket))))
    return low * 1.08, high * 1.08


def _frame(canvas: Canvas, panel: _Panel, height: float, numbers: float) -> None:
    size = canvas.look.size
    canvas.text(panel.x, panel.y + 12, panel.title, bold=True, size=size + 1)
    right = panel.x + panel.width
    canvas.text(right + numbers * 0.52, panel.y + 32, "same", align="right", size=size - 1.5, bold=True)
    canvas.text(right + numbers, panel.y + 32, "raw", align="right", size=size - 1.5, color=GREY)
    canvas.line(panel.at(0), panel.y + 42, panel.at(0), panel.y + 46 + height, color=GREY)
    canvas.text(panel.at(0), panel.y + 32, "0", align="center", size=size - 1.5, color=GREY)


def _label(canvas: Canvas, row: SnapshotRow, y: float, width: float) -> None:
    size = canvas.look.size
    people = 0 if canvas.look.is_narrow else 48
    canvas.text(0, y, fitted(row.label, size, width - people - 8))
    if people:
        canvas.text(width - 14, y, row.people, align="right", color=GREY, size=size - 1)


def _bar(canvas: Canvas, panel: _Panel, change: Change, y: float, numbers: float, *, is_silent: bool) -> None:
    size, right = canvas.look.size, panel.x + panel.width
    canvas.line(panel.x, y, right, y, color=RULE, weight=0.7)
    if change.basket is not None:
        color = PALE if is_silent else TEAL if change.basket > 0 else RUST
        canvas.rect(panel.at(0), y - 6, panel.at(change.basket) - panel.at(0), 12, fill=color)
    if change.raw is not None:
        is_beyond = not panel.low <= change.raw <= panel.high
        shape = "o" if not is_beyond else ">" if change.raw > 0 else "<"
        canvas.dot(panel.at(change.raw), y, color=GREY, is_hollow=True, shape=shape, size=6.5)
    canvas.text(right + numbers * 0.52, y, change.basket_shown, align="right", size=size - 0.5, bold=True)
    canvas.text(right + numbers, y, change.raw_shown, align="right", size=size - 0.5, color=GREY)


def _legend(canvas: Canvas) -> None:
    y, size = canvas.height - 8, canvas.look.size - 1.5
    x = 0.0
    for color, words in ((TEAL, "up"), (RUST, "down"), (PALE, "no trend read")):
        canvas.rect(x, y - 5, 10, 10, fill=color)
        canvas.text(x + 15, y, words, size=size, color=INK)
        x += 26 + 6.4 * len(words)
    canvas.dot(x + 5, y, color=GREY, is_hollow=True, size=6.5)
    canvas.text(x + 15, y, "raw, arrow: beyond the axis", size=size)
