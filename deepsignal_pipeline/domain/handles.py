"""Handles: words that people choose for themselves, and which of them say nothing. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from deepsignal_pipeline.domain.name_lists import GIVEN_NAMES, SURNAMES
from deepsignal_pipeline.domain.person_names import PersonName, is_romanised

_PARTNERS = 3  # a word beside three others in full names is a given name or a surname
_SHORTEST = 3
_SHORTEST_MADE = 4  # letters of a handle made of a name
_LONG = 6
_CUT_OFF = 7
_REPOSITORY_WORDS = re.compile(r"[^a-z0-9]+")
_NOBODYS = frozenset(
    "user users test tester testing admin administrator root unknown nobody none null anonymous ubuntu debian centos "
    "fedora linux "
    "windows macbook laptop desktop home work office name email mail git github gitlab code coder coding developer "
    "hacker hello info contact python java haskell rust golang docker data machine learning science science research "
    "robot owner devops sysadmin macbookpro macbookair macmini imac apple dell hp lenovo thinkpad asus acer toshiba "
    "samsung runner codespace codespaces gitpod jovyan vagrant ec2user maintainer maintainers "
    "contributor contributors developers manager cloud cloudshell novalocal student guest "
    "master main student public private release build builder bugfix patch team support security opensource oss "
    "localhost local server noreply webmaster prof mrs".split()
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a set of aliases: `names` stand in a full name, `common` are borne by several or by things."""

    names: frozenset[str]
    common: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[PersonName], repositories: Iterable[str]) -> Vocabulary:
        """Read it from the names and repositories of all aliases."""
        partners: dict[str, set[str]] = defaultdict(set)
        for name in {name for name in names if name.is_full}:
            for word in name.words:
                partners[word].update(other for other in name.words if other != word)
        places = {word for place in set(repositories) for word in _REPOSITORY_WORDS.split(place.casefold())}
        several = {word for word, others in partners.items() if len(others) >= _PARTNERS}
        return cls(frozenset(partners), frozenset(several | places | _NOBODYS | GIVEN_NAMES | SURNAMES))

    def is_handle(self, word: str) -> bool:
        """Tell whether a word may identify somebody: three signs or more, no number, no common word."""
        return len(word) >= _SHORTEST and not word.isdigit() and word not in self.common

    def is_name(self, word: str) -> bool:
        """Tell whether somebody bears a word as a name."""
        return word in self.names

    def is_word(self, handle: str) -> bool:
        """Tell whether a handle is so short or so much of a name that two people may have come to it."""
        if any(character.isdigit() for character in handle):
            return False
        return len(handle) < _LONG or handle in self.names or is_romanised(handle)


def handles_of(name: PersonName) -> frozenset[str]:
    """Return the handles that people make of a full name: jdoe, doej, janed, janedoe, doejane, jmdoe."""
    if not name.is_full or name.script != "latin" or len(name.words) < 2:
        return frozenset()
    whole = {name.first + name.last, name.last + name.first, name.squashed}
    return frozenset(handle for handle in whole if len(handle) >= _SHORTEST_MADE) | initial_handles_of(name)


def is_shortening(handle: str, name: PersonName) -> bool:
    """Tell whether a handle is beginnings of surname and given name run together, as desjagui is of Guillaume Desjardins.

    Three letters of the surname at least, one of the given name, six in all; or the surname cut off after seven or more.
    """
    if len(handle) < _LONG or name.script != "latin" or len(name.words) < 2:
        return False
    first, last = name.first, name.last
    return (_CUT_OFF <= len(handle) < len(last) and last.startswith(handle)) or any(
        (last.startswith(handle[:cut]) and cut > 2 and first.startswith(handle[cut:]))
        or (first.startswith(handle[:cut]) and len(handle) - cut > 2 and last.startswith(handle[cut:]))
        for cut in range(1, len(handle))
    )


def initial_handles_of(name: PersonName) -> frozenset[str]:
    """Return those of them that shorten a name to its initial, so that several people fit."""
    if not name.is_full or name.script != "latin" or len(name.words) < 2:
        return frozenset()
    first, last, middle = name.first, name.last, "".join(word[0] for word in name.words[1:-1])
    made = {first[0] + last, last + first[0], first + last[0]}
    if middle:
        made |= {first[0] + middle + last, first + middle + last}
    return frozenset(handle for handle in made if len(handle) >= _SHORTEST_MADE)
