"""Joining: how a rule gathers aliases under keys and asks the clusters to join them. Pure; no rule is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, TypeVar

from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.handles import Vocabulary
from deepsignal_pipeline.domain.traces import Trace, plain_handle

Key = TypeVar("Key", bound=Hashable)
Place: TypeAlias = tuple[str, str]  # a repository and a word
Groups: TypeAlias = dict[Key, list[int]]

_HEADS_TRIED = 8  # a key under which more than eight people stand identifies none of them


@dataclass(frozen=True, slots=True)
class Merge:
    """How often merges of a repository named a login as the owner of a branch whose tip an alias had written."""

    repository: str
    login: str
    alias_id: str
    count: int


@dataclass(frozen=True)
class Evidence:
    """What the steps know beside the clusters."""

    traces: Sequence[Trace]
    merges: Sequence[Merge]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Words that are no handles: names, words of repositories, what everyone calls a mailbox."""
        return Vocabulary.of(
            (trace.name for trace in self.traces),
            (place for trace in self.traces for place in trace.alias.repositories),
        )

    @cached_property
    def recycled(self) -> frozenset[str]:
        """Logins that were seen with two numeric ids: they changed hands and say nothing."""
        ids: dict[str, set[int]] = defaultdict(set)
        for trace in self.traces:
            for login in trace.logins:
                ids[login] |= {trace.github_id} if trace.github_id is not None else set()
        return frozenset(login for login, owners in ids.items() if len(owners) > 1)

    @cached_property
    def recycled_handles(self) -> frozenset[str]:
        """The same as handles."""
        return frozenset(map(plain_handle, self.recycled))

    def merges_of(self, login: str) -> Sequence[Merge]:
        """Return the merges that name a login, as handles are compared."""
        return self._merges_by_login.get(login, ())

    @cached_property
    def _merges_by_login(self) -> Mapping[str, Sequence[Merge]]:
        named: dict[str, list[Merge]] = defaultdict(list)
        for merge in self.merges:
            named[plain_handle(merge.login)].append(merge)
        return named

    def is_handle(self, word: str) -> bool:
        """Tell whether a word may identify somebody at all."""
        return word not in self.recycled_handles and self.vocabulary.is_handle(word)


Step = Callable[[Clusters, Evidence], None]


def gather(
    clusters: Clusters, keys: Callable[[Trace], Iterable[Key]], among: Iterable[int] | None = None
) -> Groups[Key]:
    """Return the positions under each key, in their order."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for at in range(len(clusters.traces)) if among is None else among:
        for key in keys(clusters.traces[at]):
            groups[key].append(at)
    return groups


def join_groups(clusters: Clusters, groups: Groups[Key], rule: str, *, names_decide: bool = True) -> None:
    """Join the members of every key."""
    for members in groups.values():
        join_group(clusters, members, rule, names_decide=names_decide)


def join_group(clusters: Clusters, members: list[int], rule: str, *, names_decide: bool = True) -> None:
    """Join the members of one key; whoever fits two people of it that exclude each other is left alone.

    Those who say most about themselves come first, so that what they exclude is known before anyone vague joins.
    """
    if len(members) < 2:
        return
    heads: list[int] = []
    for at in sorted(
        members, key=lambda at: (clusters.github_id(at) is None, -len(clusters.traces[at].name.words), at)
    ):
        fits = [head for head in heads if clusters.may_join(head, at, names_decide=names_decide)]
        if len(fits) == 1:
            clusters.join(fits[0], at, rule, names_decide=names_decide)
        elif not fits:
            heads.append(at)
        if len(heads) > _HEADS_TRIED:
            return


def join_only(clusters: Clusters, at: int, fits: list[int], rule: str) -> None:
    """Join an alias to those that fit if they are one person."""
    if fits and len({clusters.root(other) for other in fits}) == 1:
        clusters.join(fits[0], at, rule)
