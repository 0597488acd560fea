"""The one font of all charts: the DejaVu Sans that comes with matplotlib, found by file, never by a system's lookup."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

MISSING = "\N{WHITE SQUARE}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def font_file(*, is_bold: bool = False) -> Path:
    """Return the file of the font."""
    import matplotlib as mpl

    return Path(mpl.get_data_path(), "fonts", "ttf", f"DejaVuSans{'-Bold' if is_bold else ''}.ttf")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Return a text that can be drawn and stored in XML: no control or format characters, no missing glyphs."""
    known = _characters()
    kept = (c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(c if ord(c) in known else MISSING for c in kept)


def width(text: str, size: float, *, is_bold: bool = False) -> float:
    """Return the width of a drawn text, in the units of its size."""
    return _measured(text, is_bold=is_bold) * size / _MEASURED_AT


def fitted(text: str, size: float, limit: float, *, is_bold: bool = False) -> str:
    """Return the text, cut with an ellipsis where it is wider than the limit."""
    text = clean(text)
    if width(text, size, is_bold=is_bold) <= limit:
        return text
    while text and width(text + ELLIPSIS, size, is_bold=is_bold) > limit:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def wrapped(text: str, size: float, limit: float, *, is_bold: bool = False) -> list[str]:
    """Break a text into lines no wider than the limit, at spaces."""
    lines: list[str] = []
    for word in clean(text).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, is_bold=is_bold) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


_MEASURED_AT = 100


@lru_cache(maxsize=4096)
def _measured(text: str, *, is_bold: bool) -> float:
    font = _font(is_bold=is_bold)
    font.set_text(text)
    return float(font.get_width_height()[0]) / 64


@lru_cache(maxsize=2)
def _font(*, is_bold: bool) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(font_file(is_bold=is_bold)))
    font.set_size(_MEASURED_AT, 72)
    return font


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    return frozenset(_font(is_bold=False).get_charmap()) & frozenset(_font(is_bold=True).get_charmap())
