"""Habits: when and where the aliases of a git mirror worked, for the benchmark that tries them as evidence.

Read from commits: offsets from UTC and paths, no contents of files. Who is one person by them belongs in
identity_evidence.py.
"""

from __future__ import annotations

import math
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from benchmarks.mailmaps import GIT_ENVIRONMENT, Project, Who

_FEW = 5  # people who touched a rare path
_MARK = "\x01"  # begins a commit; no path and no name begins with it
_COMMON_PATH = 0.2  # the part of the aliases from which on a path says nothing


@dataclass(frozen=True)
class Habit:
    """When and where some aliases worked: commits under each offset from UTC (minutes), paths touched and their weight."""

    zones: Mapping[int, int]
    paths: frozenset[str]
    weight: float


class Habits:
    """The habits of every alias of a repository; a path weighs more the fewer touched it."""

    def __init__(self, zones: Mapping[str, Counter[int]], paths: Mapping[str, set[str]]) -> None:
        self._zones, self._paths = zones, paths
        self._known: dict[tuple[str, ...], Habit] = {}
        bearers = Counter(path for touched in paths.values() for path in touched)
        most = max(2.0, _COMMON_PATH * len(paths))
        self._weights = {path: max(0.0, math.log(most / count)) for path, count in bearers.items()}
        self.rare: dict[str, list[str]] = {path: [] for path, count in bearers.items() if 1 < count <= _FEW}
        for alias, touched in paths.items():
            for path in self.rare.keys() & touched:
                self.rare[path].append(alias)

    def of(self, aliases: Sequence[str]) -> Habit:
        """Return what some aliases did together; UTC is every server's and says nothing."""
        key = tuple(aliases)
        if key not in self._known:
            zones: Counter[int] = Counter()
            for alias in aliases:
                zones.update(self._zones.get(alias, {}))
            del zones[0]
            paths = frozenset[str]().union(*(self._paths.get(alias, ()) for alias in aliases))
            self._known[key] = Habit(zones, paths, self._weight(paths))
        return self._known[key]

    def overlap(self, one: Habit, other: Habit) -> float:
        """Return how far the paths of the one who touched less lie within the other's, by weight."""
        less = min(one.weight, other.weight)
        return self._weight(one.paths & other.paths) / less if less else 0.0

    def _weight(self, paths: Iterable[str]) -> float:
        return math.fsum(self._weights[path] for path in paths)


def read_habits(mirror: Path, project: Project) -> Habits:
    """Read offsets and paths of every author of a mirror."""
    ids: dict[Who, str] = {(alias.name, alias.email): alias.alias_id for alias in project.aliases}
    zones: dict[str, Counter[int]] = defaultdict(Counter)
    paths: dict[str, set[str]] = defaultdict(set)
    for who, zone, touched in _commits(mirror):
        alias_id = ids.get(who)
        if alias_id:
            zones[alias_id][zone] += 1
            paths[alias_id].update(touched)
    return Habits(zones, paths)


def _commits(mirror: Path) -> Iterator[tuple[Who, int, list[str]]]:
    """Yield author, offset from UTC in minutes and paths of every commit."""
    command = ["git", "-C", str(mirror), "log", "HEAD", "--no-mailmap", "--no-renames", "--name-only", "--date=raw"]
    command.append(f"--format={_MARK}%an%n%ae%n%ad")
    with TemporaryFile() as log:
        subprocess.run(command, stdout=log, env=GIT_ENVIRONMENT, check=True)
        log.seek(0)
        for record in _records(line.decode("utf-8", "surrogateescape").rstrip("\n") for line in log):
            name, email, date, *touched = record
            yield (name, email), _minutes(date.rpartition(" ")[2]), [path for path in touched if path]


def _records(lines: Iterable[str]) -> Iterator[list[str]]:
    record: list[str] = []
    for line in lines:
        if line.startswith(_MARK) and record:
            yield record
            record = []
        record.append(line.removeprefix(_MARK))
    if record:
        yield record


def _minutes(offset: str) -> int:
    sign = -1 if offset.startswith("-") else 1
    return sign * (int(offset[-4:-2]) * 60 + int(offset[-2:]))
