"""The marks of facts, as readers see them: a short word, a letter for narrow tables, and what it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A mark for readers: `gist` is its meaning in half a line, for terminals."""

    key: str
    word: str
    letter: str
    gist: str
    meaning: str


MARKS = {
    mark.key: mark
    for mark in (
        Mark(
            "partial",
            "partial",
            "P",
            "a source ends before the quarter does: levels are too low, raw changes not printed",
            "the source of a repository ends before the quarter does, so levels are too low and raw changes are not "
            "printed; the same basket leaves that repository out",
        ),
        Mark(
            "dominated",
            "one person",
            "D",
            "one person made over 25% of the commits: no trend word",
            "one person made over 25% of the commits: no trend word is used",
        ),
        Mark(
            "basket_differs",
            "basket differs",
            "B",
            "over the same basket the change has another sign, or is over 20 points away",
            "over the same basket of repositories the change has another sign, or is over 20 points away: words follow "
            "the basket",
        ),
        Mark(
            "small_base",
            "small base",
            "S",
            "under 30 commits or people the quarter before, or in its same basket: no trend word",
            "under 30 commits or people in the quarter before, or in its same basket: no trend word is used of that change; of a "
            "share or a mean, under 30 people behind it",
        ),
        Mark(
            "change_by_few",
            "change by few",
            "C",
            "so few people make the change that it has no interval; the category may have many",
            "so few people make the change, however many the category has, that no interval of it can be given: under 5 "
            "degrees of freedom (commits), or under 5 people in both quarters (people)",
        ),
        Mark(
            "new",
            "new",
            "N",
            "nothing in the quarter before: no change to state",
            "nothing in the quarter before, so there is no change to state",
        ),
        Mark(
            "first_quarter",
            "first quarter",
            "F",
            "the first quarter of the catalogue: none before it",
            "the first quarter of the catalogue has none before it",
        ),
        Mark(
            "unresolved",
            "unresolved",
            "U",
            "over 1% of the commits have a placeholder for an author",
            "over 1% of the commits have a placeholder such as root for an author",
        ),
    )
}


def known(keys: Iterable[str]) -> list[Mark]:
    """Return marks in the order of the glossary; one that the glossary lacks is shown under its own key."""
    given = set(keys)
    listed = [mark for key, mark in MARKS.items() if key in given]
    return listed + [Mark(key, key.replace("_", " "), "*", key, key) for key in sorted(given - MARKS.keys())]
