"""What the repositories of the catalogue say about one another: repeats, former names, forks.

Pure. Every function takes all repositories of all files, because only together they can be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from deepsignal_pipeline.domain.catalogue_files import WrittenRepository
from deepsignal_pipeline.domain.repository_names import name_key
from deepsignal_pipeline.domain.strict_yaml import Problem

Edges = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class NameIndex:
    """Repositories by their present and by their former names, both in lower case."""

    current: dict[str, WrittenRepository] = field(default_factory=dict)
    former: dict[str, WrittenRepository] = field(default_factory=dict)

    def find(self, name: str) -> WrittenRepository | None:
        """Return the repository that has the name, or else the one that had it; None if neither."""
        return self.current.get(name_key(name)) or self.former.get(name_key(name))


def index_names(written: Iterable[WrittenRepository], problems: list[Problem]) -> NameIndex:
    """Return the index of all names; a repository or a former name given twice is a problem."""
    index = NameIndex()
    for entry in written:
        first = index.current.setdefault(name_key(entry.repository), entry)
        if first is not entry:
            problems.append(_repeated(entry, first))
    for entry in index.current.values():
        for former in entry.former_names:
            claimed = index.former.setdefault(name_key(former.value), entry)
            if claimed is not entry or _count(entry, former.value) > 1:
                what = f"former name {former.value} is claimed already by {claimed.repository} ({claimed.place})"
                message = f"{what}: keep it once, where the history went"
                problems.append(Problem(entry.file, former.line, message))
    return index


def _count(entry: WrittenRepository, name: str) -> int:
    return [name_key(former.value) for former in entry.former_names].count(name_key(name))


def _repeated(entry: WrittenRepository, first: WrittenRepository) -> Problem:
    where = f"{first.place} as {first.repository}" if first.repository != entry.repository else first.place
    message = f"repository {entry.repository} is listed already at {where}"
    if first.category != entry.category:
        message += f", in category {first.category}; a repository has one category"
    return Problem(entry.file, entry.line, f"{message}: remove one of the two")


def rename_problems(index: NameIndex) -> list[Problem]:
    """Return the former names that are some repository's present name, and the cycles that they form."""
    edges = {key: _former_keys(entry, index) for key, entry in index.current.items()}
    _, cycles = walk(edges)
    problems = [_cycle(index, cycle, "renamed in a circle", "former_names") for cycle in cycles]
    in_cycle = {edge for cycle in cycles for edge in zip(cycle, cycle[1:] + cycle[:1], strict=True)}
    for key, entry in index.current.items():
        for former in entry.former_names:
            target = index.current.get(name_key(former.value))
            if target is not None and (key, name_key(former.value)) not in in_cycle:
                what = f"former name {former.value} is the present name of the repository at {target.place}"
                message = f"{what}: remove the one that is wrong"
                problems.append(Problem(entry.file, former.line, message))
    return problems


def _former_keys(entry: WrittenRepository, index: NameIndex) -> list[str]:
    keys = (name_key(former.value) for former in entry.former_names)
    return [key for key in keys if key in index.current and key != name_key(entry.repository)]


def fork_depths(index: NameIndex, problems: list[Problem]) -> dict[str, int]:
    """Return, by lower-case name, how many catalogued repositories lie upstream in the longest fork chain.

    0 is no fork of a catalogued repository. An upstream may be named by a former name. A repository that is
    its own upstream, directly or in a circle, is a problem: shared commits would have no owner.
    """
    edges: dict[str, list[str]] = {}
    for key, entry in index.current.items():
        upstreams = [(name, index.find(name.value)) for name in entry.fork_of]
        edges[key] = [name_key(found.repository) for _, found in upstreams if found and found is not entry]
        for name, found in upstreams:
            if found is entry:
                what = f"fork_of {name.value} is {entry.repository} itself"
                message = f"{what}: remove it, or remove that former name"
                problems.append(Problem(entry.file, name.line, message))
    order, cycles = walk(edges)
    problems += [_cycle(index, cycle, "forks in a circle", "fork_of") for cycle in cycles]
    depths: dict[str, int] = {}
    for key in order:  # upstreams come before their forks
        depths[key] = max((depths[upstream] + 1 for upstream in edges[key] if upstream in depths), default=0)
    return depths


def _cycle(index: NameIndex, cycle: list[str], what: str, field_name: str) -> Problem:
    entries = [index.current[key] for key in cycle]
    path = " -> ".join(entry.repository for entry in [*entries, entries[0]])
    message = f"{what}: {path}; remove the {field_name} that is wrong"
    return Problem(entries[0].file, entries[0].line, message)


def walk(edges: Edges) -> tuple[list[str], list[list[str]]]:
    """Return the nodes with every target before its sources, and each cycle as the path that closes it.

    Without recursion, because a chain of thousands would exhaust Python's stack.
    """
    finished: dict[str, None] = {}
    cycles: list[list[str]] = []
    for start in edges:
        path: dict[str, None] = {}
        stack = [] if start in finished else [(start, iter(edges[start]))]
        while stack:
            node, targets = stack[-1]
            path[node] = None
            target = next((target for target in targets if target not in finished), None)
            if target is None:
                stack.pop()
                path.pop(node)
                finished[node] = None
            elif target in path:
                names = list(path)
                cycles.append(names[names.index(target) :])
            else:
                stack.append((target, iter(edges[target])))
    return list(finished), cycles
