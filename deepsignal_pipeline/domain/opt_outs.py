"""Opt-outs: who asked to be left out, known only by keyed hashes, and which aliases are theirs. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deepsignal_pipeline.domain.addresses import read_address
from deepsignal_pipeline.domain.identity import Alias, Resolution


@dataclass(frozen=True)
class OptOuts:
    """The hashes of the addresses, logins and GitHub ids of those who opted out, and the key they were made with."""

    key: bytes
    hashes: frozenset[str]

    def holds(self, alias: Alias) -> bool:
        """Tell whether an alias bears what somebody opted out."""
        return any(keyed_hash(self.key, mark) in self.hashes for mark in marks_of_alias(alias))

    def aliases(self, resolved: Resolution) -> list[Alias]:
        """Return every alias of every person who opted out, found later ones included."""
        clusters = resolved.clusters
        gone = {clusters.root(at) for at, trace in enumerate(clusters.traces) if self.holds(trace.alias)}
        return [trace.alias for at, trace in enumerate(clusters.traces) if clusters.root(at) in gone]


def marks_of(address_or_login: str) -> list[str]:
    """Return what is hashed of an address or a login: itself, and what GitHub's no-reply form tells beside it."""
    text = address_or_login.strip()
    if "@" not in text.strip("@"):
        return [f"login:{text.strip('@').casefold()}"]
    return list(_marks(text, None, None))


def marks_of_alias(alias: Alias) -> Iterator[str]:
    """Yield what of an alias may have been opted out."""
    return _marks(alias.email, alias.login, alias.github_id)


def keyed_hash(key: bytes, mark: str) -> str:
    """Return HMAC-SHA256 of a mark in hex: without the key nobody can test an address against it."""
    return hmac.digest(key, f"opt-out:{mark}".encode("utf-8", "surrogatepass"), "sha256").hex()


def _marks(email: str, login: str | None, number: int | None) -> Iterator[str]:
    address = read_address(email)
    if address.text:
        yield f"address:{address.text}"
    yield from (f"login:{name.casefold()}" for name in (login, address.login) if name)
    yield from (f"github:{found}" for found in (number, address.github_id) if found is not None)


def logins_of(aliases: Iterable[Alias]) -> list[str]:
    """Return the logins of aliases, in lower case."""
    found = {login for alias in aliases for login in (alias.login, read_address(alias.email).login) if login}
    return sorted(login.casefold() for login in found)


def needles(aliases: Iterable[Alias]) -> list[str]:
    """Return the texts, in lower case, that give a person away inside a longer text: address, full name, login."""
    found: set[str] = set()
    for alias in aliases:
        address = read_address(alias.email)
        found |= {text.casefold() for text in (alias.email, address.login, alias.login) if text}
        found |= {alias.name.casefold()} if " " in alias.name.strip() else set()
    return sorted(text for text in found if len(text) > 3)
