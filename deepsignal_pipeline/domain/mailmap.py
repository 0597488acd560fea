"""Mailmaps: what maintainers say of their own people, as evidence where a user asked for it. Pure.

The form is git's (gitmailmap(5)): `Proper Name <proper> [Commit Name] <commit>`, or one name and one address. A line counts
in its own repository only. Reading files belongs in mailmap_files.py.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.joining import gather

_PERSON = re.compile(r"([^<>]*)<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Statement:
    """A line: whoever wrote from `address`, under `name` if that is no empty text, is the one of `proper`."""

    proper: str
    name: str
    address: str


Mailmaps: TypeAlias = Mapping[str, Sequence[Statement]]
"""What the mailmaps of repositories say, by repository."""


def parse_mailmap(text: str) -> list[Statement]:
    """Read a mailmap; what is no statement of two addresses is passed over, as git does."""
    statements = []
    for line in text.splitlines():
        people = _PERSON.findall(line.partition("#")[0])
        if len(people) == 2:  # a proper address, and one that commits bear
            (_, proper), (name, address) = people
            statements.append(Statement(_plain(proper), _plain(name), _plain(address)))
    return statements


def join_stated(clusters: Clusters, mailmaps: Mailmaps) -> None:
    """Join the aliases of a repository whom its mailmap gives one proper address; ids, kinds and decisions stand against it."""
    near = gather(clusters, lambda trace: [place for place in trace.alias.repositories if place in mailmaps])
    for repository, statements in sorted(mailmaps.items()):
        for members in _of_one_person(clusters, near.get(repository, []), statements):
            for other in members[1:]:
                clusters.join(members[0], other, "mailmap", names_decide=False)


def _of_one_person(clusters: Clusters, near: Iterable[int], statements: Iterable[Statement]) -> Iterable[list[int]]:
    stated = {(statement.name, statement.address): statement.proper for statement in statements}
    proper = set(stated.values())
    people: dict[str, list[int]] = defaultdict(list)
    for at in near:
        name, address = _plain(clusters.traces[at].alias.name), _plain(clusters.traces[at].alias.email)
        person = stated.get((name, address)) or stated.get(("", address)) or (address if address in proper else None)
        if person:
            people[person].append(at)
    return people.values()


def _plain(text: str) -> str:
    return text.casefold().strip()
