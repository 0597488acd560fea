"""Clusters: aliases joined so far, what each cluster knows, and the vetoes that no link overrides. Pure.

Union-find in which a cluster carries the GitHub ids and the names of its members. A link asks; the cluster answers.
Which links are asked for belongs in linking.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from deepsignal_pipeline.domain.addresses import Address
from deepsignal_pipeline.domain.person_names import PersonName, are_compatible

_NAMES_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Trace:
    """What an alias gives away about who is behind it, read once."""

    alias_id: str
    kind: str
    name: PersonName
    address: Address
    github_id: int | None
    logins: tuple[str, ...]
    handles: tuple[str, ...]
    repositories: frozenset[str]
    is_own_address: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Two aliases that a rule joined, by their positions; `rule` is a word and never says who they are."""

    one: int
    other: int
    rule: str


class Clusters:
    """Aliases by position; `links` are those that were made, in order."""

    def __init__(self, traces: Sequence[Trace]) -> None:
        self.traces = traces
        self.links: list[Link] = []
        self._parent = list(range(len(traces)))
        self._ids = [frozenset({t.github_id}) if t.github_id else frozenset() for t in traces]
        self._names = [{t.name.key: t.name} if t.name.words else {} for t in traces]
        self._size = [1] * len(traces)

    def root(self, at: int) -> int:
        """Return the position that stands for the cluster of an alias."""
        parent = self._parent
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    def names(self, at: int) -> list[PersonName]:
        """Return the different names of a cluster."""
        return list(self._names[self.root(at)].values())

    def ids(self, at: int) -> frozenset[int]:
        """Return the GitHub ids of a cluster: one at most."""
        return self._ids[self.root(at)]

    def may_be_one(self, one: int, other: int) -> bool:
        """Tell whether no name of one cluster contradicts any of the other."""
        left, right = self.names(one)[:_NAMES_COMPARED], self.names(other)[:_NAMES_COMPARED]
        return all(are_compatible(a, b) for a in left for b in right)

    def join(self, one: int, other: int, rule: str, *, names_decide: bool = True) -> bool:
        """Join two clusters unless a veto stands against it; return whether they are one now.

        Two GitHub ids never become one. Where `names_decide`, neither do names that contradict each other.
        """
        left, right = self.root(one), self.root(other)
        if left == right:
            return True
        if len(self._ids[left] | self._ids[right]) > 1 or self.traces[one].kind != self.traces[other].kind:
            return False
        if names_decide and not self.may_be_one(left, right):
            return False
        if self._size[left] < self._size[right]:
            left, right = right, left
        self._parent[right] = left
        self._size[left] += self._size[right]
        self._ids[left] |= self._ids[right]
        self._names[left] |= self._names[right]
        self._names[right] = {}
        self.links.append(Link(one, other, rule))
        return True

    def groups(self) -> list[list[int]]:
        """Return the clusters as lists of positions."""
        found: dict[int, list[int]] = defaultdict(list)
        for at in range(len(self.traces)):
            found[self.root(at)].append(at)
        return list(found.values())
