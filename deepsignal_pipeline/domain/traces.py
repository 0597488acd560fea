"""Traces: what an alias gives away about who is behind it, read once. Pure; comparing traces belongs in linking.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deepsignal_pipeline.domain.addresses import Address, read_address
from deepsignal_pipeline.domain.automation import AutomationRules, Kind, Verdict
from deepsignal_pipeline.domain.person_names import PersonName, is_of_several, read_name

_ANY_ADDRESS = "nobody@nowhere.example"
_ANY_NAME = "Somebody Else"
_NOBODY = read_name("")
_SEVERAL = re.compile(r"\s(?:and|und|et|y|with|w/)\s|\s[&+/]\s|[&/;]|\w\s+\w[^,]*,\s*\w+\s+\w")
_ORGANISATION = frozenset(
    "team group inc gmbh ltd llc corp developers contributors maintainers maintainer authors manager".split()
)
_NOT_IN_HANDLES = re.compile(r"[^a-z0-9]+")
_PARTS = re.compile(r"[._-]")


@dataclass(frozen=True, slots=True)
class Alias:
    """One spelling of a contributor.

    `login` and `github_id` are what GitHub's API said, None where nobody asked it. `first_seen` and `last_seen` are
    its first and last commit of any kind, in epoch seconds; `commits` is how many it authored; `repositories` are
    where it was seen.
    """

    alias_id: str
    name: str
    email: str
    login: str | None
    first_seen: int
    last_seen: int = 0
    commits: int = 0
    repositories: Sequence[str] = ()
    github_id: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """An alias, read.

    `name` is empty where it is nobody's ("root"). `logins` are GitHub logins; `handles` are other words that somebody
    chose as an address at a provider open to all; `weak_handles` are one-word names and local parts that an organisation
    gave out. `implied` is the full name that an address spells out beside a name that is none. `is_own_address`: the
    address is one person's. `is_placeholder`: name or address stand for nobody.
    """

    alias: Alias
    kind: Kind
    category: str
    name: PersonName
    implied: PersonName
    address: Address
    github_id: int | None
    logins: tuple[str, ...]
    handles: tuple[str, ...]
    weak_handles: tuple[str, ...]
    is_own_address: bool
    is_placeholder: bool

    @property
    def full_name(self) -> PersonName:
        """The name if it is full, else the one that the address implies (which may be empty)."""
        return self.name if self.name.is_full else self.implied

    @property
    def is_written_as_name(self) -> bool:
        """Tell whether the name begins with a capital, or its alphabet has none: handles are written small."""
        written = self.alias.name.strip()
        return written.istitle() or written.upper() == written.lower()

    @property
    def has_mailbox_of_name(self) -> bool:
        """Tell whether an organisation made a mailbox of the name: two that did have somebody of that name each."""
        return self.address.company is not None and plain_handle(self.address.local) == self.name.squashed

    @property
    def all_handles(self) -> tuple[str, ...]:
        """Every word by which the alias may be known, the most telling first."""
        return tuple(
            dict.fromkeys((*(plain_handle(login) for login in self.logins), *self.handles, *self.weak_handles))
        )


def read_trace(alias: Alias, rules: AutomationRules, kind: Kind | None = None) -> Trace:
    """Read an alias; `kind` is what people said it is, which wins over the rules."""
    verdict = Verdict(kind, "override") if kind else rules.verdict(alias.name, alias.email, alias.login)
    is_placeholder = verdict.kind == "placeholder"
    address = read_address("" if _is_nobodys_address(alias, rules, is_placeholder) else alias.email)
    name = _NOBODY if _is_nobodys_name(alias, rules, is_placeholder) else _name(alias.name)
    logins = tuple(sorted({login.casefold() for login in (alias.login, address.login) if login}))
    return Trace(
        alias=alias,
        # Who hides behind "root" may be told by the address, and the other way round; linking decides
        kind="human" if is_placeholder and not kind else verdict.kind,
        category=verdict.category,
        name=name,
        implied=_implied(alias.name, name, address),
        address=address,
        github_id=alias.github_id if alias.github_id is not None else address.github_id,
        logins=logins,
        handles=_chosen(address),
        weak_handles=_given(name, address),
        is_own_address=not (address.is_machine or is_of_several(alias.name)) and rules.is_merge_key(alias.email),
        is_placeholder=is_placeholder,
    )


def plain_handle(text: str) -> str:
    """Return a handle as it is compared: letters and digits, without case."""
    return _NOT_IN_HANDLES.sub("", text.casefold())


def _is_nobodys_name(alias: Alias, rules: AutomationRules, is_placeholder: bool) -> bool:
    return is_placeholder and rules.classify(alias.name, _ANY_ADDRESS, None) == "placeholder"


def _is_nobodys_address(alias: Alias, rules: AutomationRules, is_placeholder: bool) -> bool:
    return is_placeholder and rules.classify(_ANY_NAME, alias.email, None) == "placeholder"


def _name(text: str) -> PersonName:
    """Read a name; one that is a handle, an organisation's or two people's tells no full name.

    What is written in one piece (jane.doe, that-ar-guy) or with a number among its words is a handle.
    """
    name = read_name(text)
    if len(name.words) > 1 and (name.has_digit or _is_one_piece(text)):
        return _as_one_word(name)
    is_nobodys = name.is_full and (_SEVERAL.search(text) or not _ORGANISATION.isdisjoint(name.words))
    return _NOBODY if is_nobodys else name


def _is_one_piece(text: str) -> bool:
    piece = text.strip()
    return _PARTS.search(piece) is not None and " " not in piece and piece == piece.casefold()


def _as_one_word(name: PersonName) -> PersonName:
    return replace(name, words=(name.squashed,), key=name.squashed, is_full=False, is_shared=False)


def _implied(text: str, name: PersonName, address: Address) -> PersonName:
    """Return the full name in `jane.doe`, or in `jane.doe@example.org`, beside a name of one word or none."""
    if name.is_full:
        return _NOBODY
    written = "" if address.is_machine or address.is_role or address.login else address.written_local
    return next((found for found in (_spelled_out(text), _spelled_out(written)) if found.is_full), _NOBODY)


def _spelled_out(text: str) -> PersonName:
    parts = [part.rstrip("0123456789") for part in _PARTS.split(text.strip().casefold())]
    is_name = len(parts) > 1 and all(len(part) > 1 and part.isalpha() for part in parts)
    return read_name(" ".join(parts)) if is_name else _NOBODY


def _chosen(address: Address) -> tuple[str, ...]:
    if address.login or address.is_machine or address.is_role or address.company:
        return ()
    return _handles([address.local.partition("+")[0]])


def _given(name: PersonName, address: Address) -> tuple[str, ...]:
    words = [name.squashed] if len(name.words) == 1 and not name.is_full else []
    if (address.company or address.is_machine) and not address.is_role:
        words.append(address.local.partition("+")[0])
    return _handles(words)


def _handles(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(handle for handle in map(plain_handle, words) if handle))
