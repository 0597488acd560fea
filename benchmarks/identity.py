"""The resolver against what maintainers said of their own people, on real histories.

    python -m benchmarks.identity MIRROR ...        (make bench-identity MIRRORS="/mirrors/*/repo")

A mirror is any git repository with a `.mailmap` in its newest commit. The truth is rebuilt from it each time and kept in
memory: two aliases are one person if the `.mailmap` gives them one address, or one full name. Only aliases that the
`.mailmap` speaks of are judged: it gives their address, or their name at it, to somebody. The resolver sees all of the
repository and never the `.mailmap`. A third of the repositories, by the hash of their name, is held out: rules are tuned on
the others only. Nothing of a person is printed.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.mailmaps import Project, Truth, Who, read_project
from deepsignal_pipeline.content import content_directory, load_automation_rules
from deepsignal_pipeline.domain.automation import AutomationRules
from deepsignal_pipeline.domain.identity import Alias, Resolution, resolution
from deepsignal_pipeline.domain.linking import STEPS
from deepsignal_pipeline.domain.person_names import are_compatible, read_name

KEY = b"benchmark"


@dataclass(frozen=True)
class Score:
    """Pairs said rightly, wrongly and not at all; and B-cubed, which counts aliases instead of pairs."""

    right: int
    wrong: int
    missed: int
    b_cubed_precision: float
    b_cubed_recall: float

    @property
    def precision(self) -> float:
        """The part of the pairs joined that are one person."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The part of the pairs of one person that were joined."""
        return self.right / max(1, self.right + self.missed)

    def line(self) -> str:
        """Return the figures as a line of the table."""
        f1 = _harmonic(self.precision, self.recall)
        b_cubed = _harmonic(self.b_cubed_precision, self.b_cubed_recall)
        counts = f"{self.right:7d}{self.wrong:6d}{self.missed:7d}"
        return f"{self.precision:8.4f}{self.recall:8.4f}{f1:8.4f}{b_cubed:9.4f}{counts}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of every repository, of both parts, of each rule and of speed."""
    parser = argparse.ArgumentParser(description="The resolver against the .mailmap of real projects.")
    parser.add_argument("mirrors", nargs="*", type=Path, help="git repositories; owner+name/repo is read as owner/name")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="how many made-up aliases to time, or none")
    options = parser.parse_args(arguments)
    rules = load_automation_rules(content_directory())
    projects = [project for mirror in options.mirrors if (project := read_project(mirror))]
    for title, is_held_out in (("tuned on", False), ("held out", True)):
        part = [project for project in projects if project.is_held_out == is_held_out]
        if part:
            _report(title, part, rules)
    _report_speed([int(size) for size in options.sizes.split(",") if size])


def score(truth: Truth, found: Mapping[str, str]) -> Score:
    """Hold assignments against the truth, over the aliases of the truth."""
    stated, joined = Counter(truth.values()), Counter(found[alias] for alias in truth)
    both = Counter((person, found[alias]) for alias, person in truth.items())
    right = _pairs(both.values())
    total = max(1, len(truth))
    return Score(
        right=right,
        wrong=_pairs(joined.values()) - right,
        missed=_pairs(stated.values()) - right,
        b_cubed_precision=sum(n * n / joined[cluster] for (_, cluster), n in both.items()) / total,
        b_cubed_recall=sum(n * n / stated[person] for (person, _), n in both.items()) / total,
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def _report(title: str, projects: Sequence[Project], rules: AutomationRules) -> None:
    print(f"\n{title}: {len(projects)} repositories, {sum(len(project.truth) for project in projects)} aliases judged")
    print(f"{'':32s}{'P':>8s}{'R':>8s}{'F1':>8s}{'B-cubed':>9s}{'right':>7s}{'wrong':>6s}{'missed':>7s}")
    resolved = {project.name: _resolve(project, rules) for project in projects}
    truth: Truth = {alias: f"{p.name} {person}" for p in projects for alias, person in p.truth.items()}
    for project in projects:
        print(f"{project.name:32s}{score(project.truth, _found(resolved[project.name])).line()}")
    everything = _apart(projects, {name: _found(found) for name, found in resolved.items()})
    print(f"{'all, each by itself':32s}{score(truth, everything).line()}")
    print(f"{'all in one':32s}{score(truth, _together(projects, rules)).line()}")
    for baseline, key in _BASELINES.items():
        found = {alias.alias_id: f"{p.name} {key(alias)}" for p in projects for alias in p.aliases}
        print(f"{baseline:32s}{score(truth, found).line()}")
    print(f"{'without merge subjects':32s}{score(truth, _all(projects, rules, merges=False)).line()}")
    _report_rules(projects, resolved)
    _report_steps(projects, truth, rules)
    _report_wrong(projects, resolved)


_BASELINES: dict[str, Callable[[Alias], str]] = {
    "exact address": lambda alias: alias.email.casefold(),
    "exact name": lambda alias: alias.name.casefold(),
}


def _resolve(project: Project, rules: AutomationRules, *, merges: bool = True) -> Resolution:
    return resolution(project.aliases, rules, KEY, merges=project.merges if merges else ())


def _found(resolved: Resolution) -> dict[str, str]:
    """Return who each alias is; a placeholder is nobody else."""
    return {a.alias_id: a.contributor_id or a.alias_id for a in resolved.assignments}


def _apart(projects: Sequence[Project], found: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Unite what was found project by project; what one project says binds no other."""
    return {alias: f"{p.name} {who}" for p in projects for alias, who in found[p.name].items()}


def _all(projects: Sequence[Project], rules: AutomationRules, *, merges: bool = True) -> dict[str, str]:
    return _apart(projects, {p.name: _found(_resolve(p, rules, merges=merges)) for p in projects})


def _together(projects: Sequence[Project], rules: AutomationRules) -> dict[str, str]:
    """Resolve all projects as one crowd, an alias of several being one; pairs are judged within their project."""
    ids: dict[Who, str] = {}
    aliases: list[Alias] = []
    names: dict[str, str] = {}
    for project in projects:
        for alias in project.aliases:
            names[alias.alias_id] = ids.setdefault((alias.name, alias.email), alias.alias_id)
            aliases.append(replace(alias, alias_id=names[alias.alias_id]))
    merges = [replace(merge, alias_id=names[merge.alias_id]) for project in projects for merge in project.merges]
    found = _found(resolution(aliases, rules, KEY, merges=merges))
    return {a.alias_id: f"{p.name} {found[names[a.alias_id]]}" for p in projects for a in p.aliases}


def _report_rules(projects: Sequence[Project], resolved: Mapping[str, Resolution]) -> None:
    """Print how many links each rule made between aliases that the maintainers speak of, right and wrong."""
    made: Counter[tuple[str, bool]] = Counter()
    for project in projects:
        traces = resolved[project.name].clusters.traces
        for link in resolved[project.name].clusters.links:
            one, other = (project.truth.get(traces[at].alias.alias_id) for at in (link.one, link.other))
            if one and other:
                made[link.rule, one == other] += 1
    print("\nlinks by rule                      right  wrong")
    for rule in sorted({rule for rule, _ in made}, key=lambda rule: -made[rule, True]):
        print(f"  {rule:30s}{made[rule, True]:8d}{made[rule, False]:7d}")


def _report_steps(projects: Sequence[Project], truth: Truth, rules: AutomationRules) -> None:
    """Print what is lost when one step is left out."""
    print("\nleft out")
    every = STEPS["default"]
    try:
        for step in every:
            STEPS["default"] = tuple(kept for kept in every if kept is not step)
            print(f"  {step.__name__:30s}{score(truth, _all(projects, rules)).line()}")
    finally:
        STEPS["default"] = every


def _report_wrong(projects: Sequence[Project], resolved: Mapping[str, Resolution]) -> None:
    """Print the class of every wrong pair: how the two aliases look to each other."""
    classes: Counter[str] = Counter()
    for project in projects:
        for cluster in resolved[project.name].clusters.groups():
            traces = [resolved[project.name].clusters.traces[at].alias for at in cluster]
            judged = [alias for alias in traces if alias.alias_id in project.truth]
            for at, one in enumerate(judged):
                for other in judged[:at]:
                    if project.truth[one.alias_id] != project.truth[other.alias_id]:
                        classes[_class(one, other)] += 1
    print("\nwrong pairs by class")
    for name, count in classes.most_common():
        print(f"  {name:60s}{count:5d}")


def _class(one: Alias, other: Alias) -> str:
    names = [read_name(alias.name) for alias in (one, other)]
    if one.email.casefold() == other.email.casefold():
        return "one address, which the maintainers split"
    if names[0].squashed == names[1].squashed:
        return "one name, which the maintainers split"
    if all(name.is_full for name in names):
        return "two full names that agree" if are_compatible(*names) else "two full names that contradict each other"
    return "a full name and a handle" if any(name.is_full for name in names) else "two handles"


def _report_speed(sizes: Sequence[int]) -> None:
    """Print seconds and memory of the command for made-up aliases, each size in a process of its own."""
    print("\nspeed of `deepsignal identities resolve`, made-up aliases")
    print(f"{'aliases':>12s}{'seconds':>10s}{'CPU s':>10s}{'peak MB':>10s}{'CPU us an alias':>17s}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            seconds, usage = _timed(size, Path(folder))
        busy = usage.ru_utime + usage.ru_stime
        peak = usage.ru_maxrss / 1024
        print(f"{size:12,d}{seconds:10.1f}{busy:10.1f}{peak:10.0f}{busy / size * 1e6:17.0f}", flush=True)


def _timed(size: int, folder: Path) -> tuple[float, resource.struct_rusage]:
    """Return seconds by the clock, and what the process used: its own, not that of others before it."""
    _write_made_up(folder / "in.csv", size)
    started = time.monotonic()
    command = [sys.executable, "-m", "deepsignal_pipeline.cli", "identities", "resolve"]
    command += ["--aliases", str(folder / "in.csv"), "--out", str(folder / "out.csv"), "--home", str(folder / "home")]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"identities resolve failed with status {status}")
    return time.monotonic() - started, usage


def _write_made_up(path: Path, size: int) -> None:
    """Write aliases of people who have about two each, in repositories of about 400."""
    chance = random.Random(7)  # noqa: S311
    syllables = [a + b for a in "b d f g k l m n p r s t v z".split() for b in "a e i o u".split()]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("alias_id,name,email,login,repo,commits,first,last".split(","))
        for number in range(size):
            person = random.Random(chance.randrange(size // 2))  # noqa: S311
            first, last = ("".join(person.choices(syllables, k=k)).title() for k in (2, 4))
            handle = f"{first[0]}{last}{person.randrange(100)}".lower()
            place = f"org/repo{person.randrange(max(1, size // 400))}"
            name = chance.choice((f"{first} {last}", f"{first} {last}", handle))
            host = chance.choice(("gmail.com", f"{last.lower()}.example", "corp.example", "users.noreply.github.com"))
            writer.writerow([f"a{number}", name, f"{handle}@{host}", "", place, 3, number, number + 9])


if __name__ == "__main__":
    main()
