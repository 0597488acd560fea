"""Do time zones and touched files tell who is who? Each is tried beside the resolver's rules, as a veto and as a sign.

    python -m benchmarks.identity_evidence [--held-out] MIRROR ...

Truth, split and scores are those of `benchmarks.identity`. Habits are read from the same commits: the offsets from UTC that
an alias wrote under, and the paths it touched (git log; no file is read). They stand in no CSV of aliases, so nothing here
is a part of the product; docs/identity.md says what each gave. Nothing of a person is printed.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.habits import Habit, Habits, read_habits
from benchmarks.identity import KEY, Score, score
from benchmarks.mailmaps import Project, Truth, read_project
from deepsignal_pipeline.content import content_directory, load_automation_rules
from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.handles import handles_of
from deepsignal_pipeline.domain.identity import Resolution, resolution
from deepsignal_pipeline.domain.joining import Place, gather
from deepsignal_pipeline.domain.linking import link
from deepsignal_pipeline.domain.traces import Trace

_WEAK = frozenset(
    "shared_name name_form part_of_name handle_in_repository derived_handle shortened_name merge lone_name given_name".split()
)
_CROWD = 30  # a word that more aliases of a repository go by is nobody's
_SHORTEST = 3  # letters of a word that may be somebody's


@dataclass(frozen=True)
class _Case:
    """A repository whose habits were read."""

    project: Project
    habits: Habits
    plain: Resolution

    def habit(self, clusters: Clusters, at: int) -> Habit:
        """Return the habits of a whole cluster."""
        return self.habits.of(sorted(clusters.traces[member].alias.alias_id for member in clusters.members(at)))


Alike = Callable[[Habits, Habit, Habit], bool]
"""Whether two seem one person by their habits."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what every veto and every sign would change."""
    parser = argparse.ArgumentParser(description="Time zones and touched files as evidence of who is who.")
    parser.add_argument("mirrors", nargs="+", type=Path)
    parser.add_argument("--held-out", action="store_true", help="judge the part that nothing is tuned on")
    options = parser.parse_args(arguments)
    rules = load_automation_rules(content_directory())
    cases = []
    for mirror in options.mirrors:
        project = read_project(mirror)
        if project and project.truth and project.is_held_out == options.held_out:
            found = resolution(project.aliases, rules, KEY, merges=project.merges)
            cases.append(_Case(project, read_habits(mirror, project), found))
    truth: Truth = {a: f"{c.project.name} {who}" for c in cases for a, who in c.project.truth.items()}
    plain = _scored(cases, truth, lambda case: case.plain)
    print(f"{len(cases)} repositories, {len(truth)} aliases judged\n{'':60s}{_HEADER}")
    print(f"{'the rules alone':60s}{plain.line()}")
    for title, are_alike in VETOES.items():
        _print(f"veto: {title}", _scored(cases, truth, partial(_wary, are_alike=are_alike)), plain)
    for word, candidates in CANDIDATES.items():
        for title, are_alike in SIGNS.items():
            bolder = partial(_bolder, candidates=candidates, are_alike=are_alike)
            _print(f"sign: {word}, {title}", _scored(cases, truth, bolder), plain)


_HEADER = (
    f"{'P':>8s}{'R':>8s}{'F1':>8s}{'B-cubed':>9s}{'right':>7s}{'wrong':>6s}{'missed':>7s}   {'right':>5s}{'wrong':>6s}"
)


def _print(title: str, found: Score, plain: Score) -> None:
    print(f"{title:60s}{found.line()}   {found.right - plain.right:+5d}{found.wrong - plain.wrong:+6d}", flush=True)


def _scored(cases: Sequence[_Case], truth: Truth, resolve: Callable[[_Case], Resolution]) -> Score:
    found = {
        a.alias_id: f"{case.project.name} {a.contributor_id or a.alias_id}"
        for case in cases
        for a in resolve(case).assignments
    }
    return score(truth, found)


class _WaryClusters(Clusters):
    """Clusters that refuse a weak rule's link between two whose habits differ."""

    def __init__(self, case: _Case, are_alike: Alike) -> None:
        super().__init__(case.plain.clusters.traces)
        self._case, self._are_alike = case, are_alike

    def join(self, one: int, other: int, rule: str, *, names_decide: bool = True) -> bool:
        is_asked = rule in _WEAK and not self.are_one(one, other)
        if is_asked and not self._are_alike(self._case.habits, *(self._case.habit(self, at) for at in (one, other))):
            return False
        return super().join(one, other, rule, names_decide=names_decide)


def _wary(case: _Case, are_alike: Alike) -> Resolution:
    return Resolution(link(_WaryClusters(case, are_alike), case.project.merges), KEY)


Candidates = Callable[[_Case, Clusters], Iterator[tuple[int, list[int]]]]
"""Somebody whom no rule knows, and who it may be: an alias each."""


def _bolder(case: _Case, candidates: Candidates, are_alike: Alike) -> Resolution:
    """Let habits choose among candidates after all rules; where two people are alike, neither is taken."""
    clusters = case.plain.clusters.copy()
    for at, others in list(candidates(case, clusters)):
        people = {clusters.root(other): other for other in others if not clusters.are_one(at, other)}
        alike = [
            other
            for other in people.values()
            if clusters.may_join(at, other)
            and are_alike(case.habits, case.habit(clusters, at), case.habit(clusters, other))
        ]
        if len(alike) == 1:
            clusters.join(at, alike[0], "habit")
    return Resolution(clusters, KEY)


def _by_word(wanted: Callable[[Trace], Iterable[str]], borne: Callable[[Trace], Iterable[str]]) -> Candidates:
    """Return candidates who bear, in one repository, the word that somebody is known by."""

    def candidates(_: _Case, clusters: Clusters) -> Iterator[tuple[int, list[int]]]:
        bearers = gather(clusters, lambda trace: _places(trace, borne(trace)))
        for at, trace in enumerate(clusters.traces):
            if trace.kind == "human" and not trace.name.is_full:
                for place in _places(trace, wanted(trace)):
                    if 0 < len(bearers.get(place, ())) <= _CROWD:
                        yield at, bearers[place]

    return candidates


def _places(trace: Trace, words: Iterable[str]) -> list[Place]:
    return [(place, word) for word in words if len(word) >= _SHORTEST for place in trace.alias.repositories]


def _one_word(trace: Trace) -> list[str]:
    return [trace.name.squashed] if len(trace.name.words) == 1 else []


def _names_apart(trace: Trace) -> tuple[str, ...]:
    return trace.full_name.words if trace.full_name.is_full else ()


def _rare_paths(case: _Case, clusters: Clusters) -> Iterator[tuple[int, list[int]]]:
    """Yield everybody without a full name beside those who touched a path that hardly anyone touched."""
    positions = {trace.alias.alias_id: at for at, trace in enumerate(clusters.traces)}
    near: dict[int, set[int]] = defaultdict(set)
    for aliases in case.habits.rare.values():
        people = {clusters.root(positions[alias]) for alias in aliases}
        for at in people:
            near[at] |= people
    for at, others in sorted(near.items()):
        if clusters.traces[at].kind == "human" and not any(name.is_full for name in clusters.names(at)):
            yield at, sorted(others)


CANDIDATES: dict[str, Candidates] = {
    "one word as name of both": _by_word(_one_word, _one_word),
    "one word, a full name has it": _by_word(_one_word, _names_apart),
    "a handle made of a name": _by_word(lambda trace: trace.all_handles, lambda trace: handles_of(trace.name)),
    "any handle of both": _by_word(lambda trace: trace.all_handles, lambda trace: trace.all_handles),
    "nothing but rare paths": _rare_paths,
}


def _same_zone(_: Habits, one: Habit, other: Habit) -> bool:
    return not one.zones.keys().isdisjoint(other.zones)


def _near_zones(hours: int, commits: int) -> Alike:
    """Return a veto: both wrote some commits, and never within some hours of the other's offset."""

    def are_alike(_: Habits, one: Habit, other: Habit) -> bool:
        if min(sum(one.zones.values()), sum(other.zones.values())) < commits:
            return True
        return min(abs(a - b) for a in one.zones for b in other.zones) <= 60 * hours

    return are_alike


def _shared_files(least: float) -> Alike:
    return lambda habits, one, other: habits.overlap(one, other) >= least


def _some_shared_file(paths: int) -> Alike:
    """Return a veto: both touched some paths, and no path is common."""
    return lambda _, one, other: min(len(one.paths), len(other.paths)) < paths or not one.paths.isdisjoint(other.paths)


def _both(first: Alike, second: Alike) -> Alike:
    return lambda *asked: first(*asked) and second(*asked)


VETOES: dict[str, Alike] = {
    "never within 1 h, 1 commit each": _near_zones(1, 1),
    "never within 1 h, 5 commits each": _near_zones(1, 5),
    "never within 3 h, 1 commit each": _near_zones(3, 1),
    "never within 3 h, 5 commits each": _near_zones(3, 5),
    "no shared file, 3 touched each": _some_shared_file(3),
    "no shared file, 30 touched each": _some_shared_file(30),
}
SIGNS: dict[str, Alike] = {
    "whatever the habits": lambda *_: True,
    "one zone": _same_zone,
    "files .2": _shared_files(0.2),
    "files .5": _shared_files(0.5),
    "one zone and files .2": _both(_same_zone, _shared_files(0.2)),
    "one zone and files .5": _both(_same_zone, _shared_files(0.5)),
}


if __name__ == "__main__":
    main()
