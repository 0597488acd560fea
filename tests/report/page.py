"""An edition's page, taken apart by the standard library's parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source"}


@dataclass
class Element:
    """An element with its attributes, the tags around it, and the text below it."""

    tag: str
    attributes: dict[str, str | None]
    path: tuple[str, ...]
    section: str
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All elements of a page, in order; `loose` is the text outside <data>, names and trend words, with its section."""

    elements: list[Element] = field(default_factory=list)
    loose: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []

    @classmethod
    def parse(cls, text: str) -> Page:
        """Parse a page."""
        page = cls()
        page.feed(text)
        page.close()
        assert not page._open, f"left open: {page._open}"
        return page

    def find(self, *tags: str) -> list[Element]:
        """Return the elements of some tags."""
        return [element for element in self.elements if element.tag in tags]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        attributes = dict(attrs)
        section = self._open[-1].section if self._open else ""
        if tag == "section":
            section = attributes.get("id") or ""
        element = Element(tag, attributes, tuple(e.tag for e in self._open), section)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close an element; a page of ours leaves none open."""
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Give a text to all elements around it."""
        for element in self._open:
            element.text += data
        tags = {element.tag for element in self._open}
        is_told = self._is_name() or any("data-trend" in element.attributes for element in self._open)
        if self._open and not tags & {"data", "style", "title"} and not is_told:
            self.loose.append((self._open[-1].section, data))

    def _is_name(self) -> bool:
        return any(element.attributes.get("class") == "name" for element in self._open)
