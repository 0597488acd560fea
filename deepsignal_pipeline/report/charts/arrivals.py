"""Where people who are new to a category come from: streams between two columns, three of them highlighted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deepsignal_pipeline.report.charts.canvas import GREY, INK, PALE, TEAL, Canvas, Look


@dataclass(frozen=True)
class Stream:
    """People from one category to another, with the printed form of their number."""

    origin: str
    destination: str
    people: float
    shown: str
    is_highlighted: bool = False


_HEAD, _GAP, _NODE = 26.0, 16.0, 7.0
_THINNEST_LABELLED = 10.0


@dataclass(frozen=True)
class _Column:
    """The nodes of one side: where each begins, and how high all are."""

    tops: Mapping[str, float]
    people: Mapping[str, float]
    bottom: float


def draw_arrivals(streams: Sequence[Stream], notes: Mapping[str, str], look: Look) -> Canvas:
    """Draw the streams; `notes` stand under the names on the right."""
    total = sum(stream.people for stream in streams)
    scale = min(6.0, 330 / total)
    gap = _GAP + (12 if look.is_narrow else 8)
    left = _column([(s.origin, s.people) for s in streams], scale, gap)
    right = _column([(s.destination, s.people) for s in streams], scale, gap)
    canvas = Canvas(look, max(left.bottom, right.bottom) + 6)
    room = 92.0 if look.is_narrow else 230.0
    x, to_x = room, look.width - room
    canvas.text(x, 8, "active before in", bold=True, align="right", size=look.size - 1)
    canvas.text(to_x, 8, "now new to", bold=True, size=look.size - 1)
    _bands(canvas, streams, (left, right), scale, (x + _NODE, to_x - _NODE))
    for name, top in left.tops.items():
        height = left.people[name] * scale
        canvas.rect(x, top, _NODE, height, fill=INK)
        _name(canvas, 0, top + height / 2, name, room - 8, is_left=True)
    for name, top in right.tops.items():
        height = right.people[name] * scale
        canvas.rect(to_x - _NODE, top, _NODE, height, fill=INK)
        _name(canvas, to_x + 8, top + height / 2 - 7, name, room - 10, is_left=False)
        canvas.text(
            to_x + 8, top + height / 2 + (12 if look.is_narrow else 9), notes[name], size=look.size - 1.5, color=GREY
        )
    return canvas


def _column(streams: Sequence[tuple[str, float]], scale: float, gap: float) -> _Column:
    """Stack the nodes, the one with most people on top; equals in the order given."""
    people: dict[str, float] = {}
    for name, count in streams:
        people[name] = people.get(name, 0) + count
    tops, y = {}, _HEAD
    for name in sorted(people, key=lambda name: -people[name]):
        tops[name] = y
        y += max(people[name] * scale, 20) + gap
    return _Column(tops, people, y - gap)


def _bands(
    canvas: Canvas, streams: Sequence[Stream], sides: tuple[_Column, _Column], scale: float, ends: tuple[float, float]
) -> None:
    """Draw each stream between its nodes: at a node in the order of the other side, so that few of them cross."""
    left, right = sides
    starts, stops = dict(left.tops), dict(right.tops)
    begin: dict[Stream, float] = {}
    for stream in sorted(streams, key=lambda s: (left.tops[s.origin], right.tops[s.destination])):
        begin[stream] = starts[stream.origin]
        starts[stream.origin] += stream.people * scale
    placed = []
    for stream in sorted(streams, key=lambda s: (right.tops[s.destination], left.tops[s.origin])):
        placed.append((stream, begin[stream], stops[stream.destination]))
        stops[stream.destination] += stream.people * scale
    for stream, start, stop in sorted(placed, key=lambda drawn: drawn[0].is_highlighted):
        height = stream.people * scale
        color = TEAL if stream.is_highlighted else PALE
        canvas.band((ends[0], start), (ends[1], stop), height, fill=color)
        if height >= _THINNEST_LABELLED:
            canvas.text(
                ends[1] - 8, stop + height / 2, stream.shown, align="right", bold=stream.is_highlighted,
                size=canvas.look.size - 1, color="#ffffff" if stream.is_highlighted else INK,
            )  # fmt: skip


def _name(canvas: Canvas, x: float, y: float, name: str, room: float, *, is_left: bool) -> None:
    """Write the name of a node: on two lines on a phone, up to the node on the left."""
    if canvas.look.is_narrow or not is_left:
        canvas.label(x, y, name, room)
    else:
        canvas.text(x + room, y, name, align="right")
