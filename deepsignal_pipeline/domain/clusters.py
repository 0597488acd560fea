"""Clusters: aliases joined so far, what each cluster knows, and the vetoes that no link overrides. Pure.

Union-find in which a cluster carries the GitHub ids and the names of its members. A rule asks for a link; the clusters
answer. Which links are asked for belongs in linking.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deepsignal_pipeline.domain.person_names import PersonName, are_compatible, are_strangers
from deepsignal_pipeline.domain.traces import Trace

_NAMES_COMPARED = 12  # the largest honest person has some 18 spellings, most of them alike


@dataclass(frozen=True, slots=True)
class Link:
    """Two aliases that a rule joined, by their positions; `rule` is a word and never says who they are."""

    one: int
    other: int
    rule: str


class Clusters:
    """Aliases by position, and who was joined with whom. `links` are those that changed something, in order."""

    def __init__(self, traces: Sequence[Trace], apart: frozenset[tuple[int, int]] = frozenset()) -> None:
        self.traces = traces
        self.links: list[Link] = []
        self._parent = list(range(len(traces)))
        self._ids = [frozenset({t.github_id}) if t.github_id is not None else frozenset() for t in traces]
        self._names = [{t.name.squashed: t.name} if t.name.words else {} for t in traces]
        self._members: dict[int, list[int]] = {}
        self._apart = _mutual(apart)

    def copy(self) -> Clusters:
        """Return clusters that begin where these are and go their own way."""
        twin = Clusters(self.traces)
        twin.links, twin._parent, twin._members = list(self.links), list(self._parent), dict(self._members)
        twin._ids, twin._names, twin._apart = list(self._ids), list(self._names), self._apart
        return twin

    def root(self, at: int) -> int:
        """Return the position that stands for the cluster of an alias."""
        parent = self._parent
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    def members(self, at: int) -> list[int]:
        """Return the positions of the cluster of an alias."""
        root = self.root(at)
        return self._members.get(root, [root])

    def names(self, at: int) -> Sequence[PersonName]:
        """Return the different names of the cluster of an alias."""
        return tuple(self._names[self.root(at)].values())

    def github_id(self, at: int) -> int | None:
        """Return the GitHub id of the cluster of an alias; it has one at most."""
        return next(iter(self._ids[self.root(at)]), None)

    def are_one(self, one: int, other: int) -> bool:
        """Tell whether two aliases were joined."""
        return self.root(one) == self.root(other)

    def may_join(self, one: int, other: int, *, names_decide: bool = True) -> bool:
        """Tell whether no veto stands against two clusters becoming one (or they are one).

        Two GitHub ids are two people, automation is nobody's alias, and what people kept apart stays apart. Where
        `names_decide`, names that contradict each other are two people as well.
        """
        left, right = self.root(one), self.root(other)
        if left == right:
            return True
        if len(self._ids[left] | self._ids[right]) > 1 or self.traces[left].kind != self.traces[right].kind:
            return False
        if self._apart and self._are_apart(left, right):
            return False
        return not names_decide or self._names_agree(left, right)

    def join(self, one: int, other: int, rule: str, *, names_decide: bool = True) -> bool:
        """Join two clusters unless a veto stands against it; return whether they are one now."""
        if not self.may_join(one, other, names_decide=names_decide):
            return False
        self.force(one, other, rule)
        return True

    def force(self, one: int, other: int, rule: str) -> None:
        """Join two clusters whatever stands against it: people said so."""
        left, right = self.root(one), self.root(other)
        if left == right:
            return
        into, gone = sorted((left, right), key=lambda root: -len(self.members(root)))
        self._members[into] = self.members(into) + self._members.pop(gone, [gone])
        self._parent[gone] = into
        self._ids[into] |= self._ids[gone]
        self._names[into] = self._names[into] | self._names[gone]
        self._names[gone] = {}
        self.links.append(Link(one, other, rule))

    def groups(self) -> Iterator[list[int]]:
        """Yield every cluster as a list of positions."""
        for at in range(len(self.traces)):
            if self._parent[at] == at:
                yield sorted(self.members(at))

    def _names_agree(self, left: int, right: int) -> bool:
        """Tell whether every name of one cluster, whichever, goes with some name of the other.

        One word goes with every name, so it makes nobody of two strangers.
        """
        ours, theirs = (list(self._names[root].values())[:_NAMES_COMPARED] for root in (left, right))
        if not ours or not theirs:
            return True
        full = [(a, b) for a in ours for b in theirs if a.is_full and b.is_full]
        if full and all(are_strangers(a, b) for a, b in full):
            return False
        return all(any(are_compatible(a, b) for b in theirs) for a in ours) or all(
            any(are_compatible(a, b) for a in ours) for b in theirs
        )

    def _are_apart(self, left: int, right: int) -> bool:
        theirs = set(self.members(right))
        return any(not theirs.isdisjoint(self._apart.get(at, ())) for at in self.members(left))


def _mutual(pairs: frozenset[tuple[int, int]]) -> dict[int, set[int]]:
    apart: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        apart[one].add(other)
        apart[other].add(one)
    return dict(apart)
