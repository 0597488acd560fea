"""What maintainers said of their own people: the aliases of a git mirror and, from its `.mailmap`, who is who among them.

Read for the benchmark only and kept in memory; the resolver never sees a `.mailmap` unless a user turned that on.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deepsignal_pipeline.domain.identity import Alias, Merge
from deepsignal_pipeline.domain.person_names import read_name

_FORMAT = "%H%n%P%n%at%n%an%n%ae%n%s%n%(trailers:key=Co-authored-by,unfold,only)"
_MERGE = re.compile(r"Merge pull request #\d+ from ([A-Za-z0-9-]+)[/:]")
_PERSON = re.compile(r"\s*\"?([^<]*?)\"?\s*<([^>]*)>")
_SHARED = 8  # names that write from one address: whom a line without a name gives it to is nobody's statement
GIT_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
"""What git is told: nothing of the user's settings."""
Who = tuple[str, str]
Truth = dict[str, str]


@dataclass
class Seen:
    """When and how often an alias was seen."""

    commits: int = 0
    first: int = 1 << 40
    last: int = 0

    def add(self, when: int, commits: int) -> None:
        """Count an appearance."""
        self.commits += commits
        self.first, self.last = min(self.first, when), max(self.last, when)


@dataclass(frozen=True)
class Project:
    """A repository: its aliases, its merges and what its maintainers said (alias_id to person)."""

    name: str
    aliases: list[Alias]
    merges: list[Merge]
    truth: Truth

    @property
    def is_held_out(self) -> bool:
        """Tell whether no rule may be tuned on it: by the hash of the name, so that nobody chose."""
        return int(hashlib.sha256(self.name.casefold().encode()).hexdigest(), 16) % 3 == 0


def read_project(mirror: Path) -> Project | None:
    """Read a mirror; None if its maintainers said nothing."""
    mailmap = _git(mirror, "show", "HEAD:.mailmap", may_fail=True)
    if not mailmap.strip():
        return None
    name = (mirror.parent.name if mirror.name in ("repo", "repo.git") else mirror.name).replace("+", "/")
    reader = _Reader()
    reader.read(_git(mirror, "log", "HEAD", "--no-mailmap", "-z", f"--format={_FORMAT}"))
    ids = {who: f"{name} {number}" for number, who in enumerate(sorted(reader.seen))}
    aliases = [
        Alias(ids[who], *who, None, seen.first, seen.last, seen.commits, (name,)) for who, seen in reader.seen.items()
    ]
    merges = [Merge(name, login, ids[who], count) for (login, who), count in reader.merges().items()]
    return Project(name, aliases, merges, _truth(mirror, mailmap, ids))


class _Reader:
    """Gathers aliases and merges from the output of one git log."""

    def __init__(self) -> None:
        self.seen: dict[Who, Seen] = defaultdict(Seen)
        self._authors: dict[str, Who] = {}
        self._merged: list[tuple[str, str]] = []

    def read(self, log: str) -> None:
        """Read every commit."""
        for record in filter(None, log.split("\0")):
            sha, parents, when, author, email, subject, *trailers = record.split("\n")
            moment = int(when) if when.isdecimal() else 0
            self._authors[sha] = (author, email)
            self.seen[author, email].add(moment, 1)
            for named in (_PERSON.match(line.partition(":")[2]) for line in trailers):
                if named:
                    self.seen[named[1], named[2]].add(moment, 0)
            merge = _MERGE.match(subject)
            if merge and len(parents.split()) == 2:
                self._merged.append((merge[1], parents.split()[1]))

    def merges(self) -> Counter[tuple[str, Who]]:
        """Count how often a login's branch ended in an alias's commit."""
        return Counter((login, self._authors[tip]) for login, tip in self._merged if tip in self._authors)


def _truth(mirror: Path, mailmap: str, ids: Mapping[Who, str]) -> Truth:
    """Return the person of each alias that the mailmap speaks of: one address, or one full name, as it rewrites them."""
    spoken_of = _spoken_of(mailmap)
    names: dict[str, set[str]] = defaultdict(set)
    for name, email in ids:
        names[_plain(email)].add(_plain(name))
    asked = list(ids)
    lines = "\n".join(f"{name.strip()} <{email}>" for name, email in asked) + "\n"
    answers = _git(mirror, "check-mailmap", "--stdin", stdin=lines).split("\n")
    groups = _Groups()
    people: dict[str, str] = {}
    for who, answer in zip(asked, answers, strict=False):
        stated = _PERSON.match(answer)
        name, address = map(_plain, who)
        is_spoken_of = (name, address) in spoken_of or (("", address) in spoken_of and len(names[address]) < _SHARED)
        if stated is None or not is_spoken_of:
            continue
        people[ids[who]] = f"address {stated[2].casefold()}"
        full = read_name(stated[1])
        if full.is_full:
            groups.join(f"name {' '.join(sorted(full.words))}", people[ids[who]])
    return {alias_id: groups.of(person) for alias_id, person in people.items()}


def _spoken_of(mailmap: str) -> set[Who]:
    """Return the addresses that a mailmap gives to somebody, with the name that it is given under ("" for any)."""
    found: set[Who] = set()
    for line in mailmap.splitlines():
        for at, (name, address) in enumerate(re.findall(r"([^<>]*)<([^<>]*)>", line.partition("#")[0])):
            found.add((_plain(name) if at else "", _plain(address)))
    return found


def _plain(text: str) -> str:
    return text.casefold().strip()


@dataclass
class _Groups:
    """The plainest union-find."""

    _above: dict[str, str] = field(default_factory=dict)

    def of(self, one: str) -> str:
        while (above := self._above.setdefault(one, one)) != one:
            one = above
        return one

    def join(self, one: str, other: str) -> None:
        self._above[self.of(one)] = self.of(other)


def _git(mirror: Path, *arguments: str, stdin: str | None = None, may_fail: bool = False) -> str:
    """Run git on a mirror without the user's settings; undecodable bytes stay as lone surrogates."""
    done = subprocess.run(
        ["git", "-C", str(mirror), *arguments],
        input=stdin.encode("utf-8", "surrogateescape") if stdin is not None else None,
        capture_output=True,
        check=False,
        env=GIT_ENVIRONMENT,
    )
    if done.returncode and not may_fail:
        raise SystemExit(f"{mirror}: git {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode("utf-8", "surrogateescape")
