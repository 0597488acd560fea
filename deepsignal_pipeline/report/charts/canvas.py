"""A page to draw on in CSS pixels, from the top left, over matplotlib's object API: no pyplot, no backend, no state.

Charts place every mark and word themselves. That is what makes the narrow form for phones possible, keeps labels apart,
and gives equal bytes everywhere, since nothing is laid out by guess.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from deepsignal_pipeline.report.charts.fonts import clean, fitted, font_file, width, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

INK = "#1f2328"
GREY = "#5c636b"
PALE = "#c3c8ce"
RULE = "#e4e6e9"
STEADY = "#87919a"
TEAL = "#0f6b7d"
RUST = "#b4532a"

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Look:
    """How a chart is to be drawn: its width, and whether title, subtitle and footer belong into the picture."""

    width: float
    title: str = ""
    subtitle: str = ""
    footer: str = ""

    @property
    def is_narrow(self) -> bool:
        """Tell whether the picture is for a phone."""
        return self.width < 500

    @property
    def is_alone(self) -> bool:
        """Tell whether the picture goes without a page around it."""
        return bool(self.title)

    @property
    def size(self) -> float:
        """The size of the text."""
        return 10.5 if self.is_narrow else 12


WIDE = 920.0
NARROW = 358.0
_TITLE, _SUBTITLE, _FOOTER = 19, 12.5, 11
_MARGIN = 28
_SIZE = re.compile(rb'width="[^"]+" height="[^"]+" viewBox="[^"]+"')
_POINTS = re.compile(rb'(\b(?:width|height)="[\d.]+)pt(?=")')  # a point of the page is a pixel of the screen


@dataclass
class Canvas:
    """A page of a width and height. Only `svg` knows the file format."""

    look: Look
    height: float
    _figure: Figure = field(init=False)
    _to_page: Affine2D = field(init=False)
    _top: float = field(init=False, default=0)
    _drawn: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        titles = wrapped(self.look.title, _TITLE, self.look.width, is_bold=True)
        subtitles = wrapped(self.look.subtitle, _SUBTITLE, self.look.width)
        has_header = bool(titles or subtitles)
        self._top = len(titles) * 26 + len(subtitles) * 18 + (18 if has_header else 0)
        height = self._top + self.height + (30 if self.look.footer else 0)
        self._figure, self._to_page = _page(self.look.width, height, _MARGIN if self.look.is_alone else 0)
        self._header(titles, subtitles)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 0,
        color: str = INK,
        align: Align = "left",
        bold: bool = False,
    ) -> None:
        """Write a text whose middle line is at y. The text is data: neither markup nor math."""
        from matplotlib.font_manager import FontProperties

        font = FontProperties(fname=str(font_file(is_bold=bold)), size=size or self.look.size)
        self._figure.text(
            x, y + self._top, clean(text), color=color, ha=align, va="center_baseline", fontproperties=font,
            parse_math=False, zorder=self._next(), transform=self._to_page,
        )  # fmt: skip

    def label(self, x: float, y: float, text: str, room: float) -> None:
        """Write a label into a room: on two smaller lines if one is too narrow, cut if two are."""
        size = self.look.size
        if width(clean(text), size) <= room:
            self.text(x, y, text)
            return
        lines = wrapped(text, size - 1.5, room)
        if len(lines) != 2:
            self.text(x, y, fitted(text, size - 1.5, room), size=size - 1.5)
            return
        for line, offset in zip(lines, (-5.5, 6), strict=True):
            self.text(x, y + offset, fitted(line, size - 1.5, room), size=size - 1.5)

    def rect(self, x: float, y: float, width: float, height: float, *, fill: str = PALE, edge: str = "none") -> None:
        """Draw a rectangle; a negative width goes to the left."""
        from matplotlib.patches import Rectangle

        box = Rectangle(
            (x, y + self._top), width, height, facecolor=fill, edgecolor=edge, linewidth=1.2, zorder=self._next()
        )
        self._add(box)

    def line(self, x: float, y: float, to_x: float, to_y: float, *, color: str = RULE, weight: float = 1) -> None:
        """Draw a line."""
        from matplotlib.lines import Line2D

        ends = ([x, to_x], [y + self._top, to_y + self._top])
        self._add(Line2D(*ends, color=color, linewidth=weight, solid_capstyle="butt", zorder=self._next()))

    def band(self, start: tuple[float, float], end: tuple[float, float], height: float, *, fill: str) -> None:
        """Draw a stream of a height from one point to another: the upper ends are given, the way between is a curve."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        (x, y), (to_x, to_y), middle = start, end, (start[0] + end[0]) / 2
        upper = [(x, y), (middle, y), (middle, to_y), (to_x, to_y)]
        lower = [(to_x, to_y + height), (middle, to_y + height), (middle, y + height), (x, y + height)]
        points = [(a, b + self._top) for a, b in (*upper, *lower, upper[0])]
        steps = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        self._add(
            PathPatch(Path(points, steps), facecolor=fill, edgecolor="#ffffff", linewidth=0.8, zorder=self._next())
        )

    def dot(
        self, x: float, y: float, *, color: str = INK, is_hollow: bool = False, shape: str = "o", size: float = 7
    ) -> None:
        """Draw a dot, hollow or filled."""
        from matplotlib.lines import Line2D

        mark = Line2D(
            [x], [y + self._top], linestyle="none", marker=shape, markersize=size, color=color, markeredgewidth=1.4,
            markerfacecolor="#ffffff" if is_hollow else color, zorder=self._next(),
        )  # fmt: skip
        self._add(mark)

    def svg(self) -> bytes:
        """Return the picture as SVG: text as outlines, no date, no random ids."""
        written = io.BytesIO()
        paper = "#ffffff" if self.look.is_alone else "none"
        self._figure.savefig(written, format="svg", facecolor=paper, metadata={"Date": None, "Creator": None})
        return _POINTS.sub(rb"\1", written.getvalue(), count=2)

    def without_frame(self, picture: bytes) -> bytes:
        """Return a picture of this page cut down to the chart, for a page that has title and footer itself.

        Cutting by the view box spares drawing the chart once more, which is most of an edition's time.
        """
        box = f'width="{self.look.width:g}" height="{self.height:g}" viewBox="{_MARGIN} {_MARGIN + self._top:g} '
        cut = _SIZE.sub(f'{box}{self.look.width:g} {self.height:g}"'.encode(), picture, count=1)
        return cut.replace(b'style="fill: #ffffff"', b'style="fill: none"', 1)

    def _add(self, artist: Artist) -> None:
        """Put a mark on the page itself: axes, with their ticks and clipping, would cost a quarter of an edition's time."""
        artist.set_transform(self._to_page)
        self._figure.add_artist(artist)

    def _next(self) -> int:
        """Return the next layer: what is drawn later lies above what was drawn before."""
        self._drawn += 1
        return self._drawn

    def _header(self, titles: list[str], subtitles: list[str]) -> None:
        y = 12 - self._top
        for line in titles:
            self.text(0, y, line, size=_TITLE, bold=True)
            y += 26
        for line in subtitles:
            self.text(0, y, line, size=_SUBTITLE, color=GREY)
            y += 18
        if self.look.footer:
            self.text(0, self.height + 16, self.look.footer, size=_FOOTER, color=GREY)


@contextmanager
def drawing() -> Iterator[None]:
    """Draw under matplotlib's own defaults, whatever the machine's configuration says, with stable ids."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcParams.update({key: mpl.rcParamsDefault[key] for key in mpl.rcParamsDefault if "backend" not in key})
        mpl.rcParams.update({"svg.fonttype": "path", "svg.hashsalt": "deepsignal", "text.parse_math": False})
        mpl.rcParams.update({"path.simplify": False})
        yield


def _page(width: float, height: float, margin: float) -> tuple[Figure, Affine2D]:
    """Return an empty figure, and the way from pixels below and right of the margin's corner to it."""
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    figure = Figure(figsize=((width + 2 * margin) / 72, (height + 2 * margin) / 72), dpi=72)
    return figure, Affine2D().scale(1, -1).translate(margin, height + margin)
