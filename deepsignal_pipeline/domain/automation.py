"""Automation: which names, addresses and logins belong to programs. Pure; the table is passed in as text.

The table is content/automation/known_bots.csv, one pattern a line: `kind` is the field it is held against
(name, email or login), `re:` marks a regular expression (searched for), anything else is the whole field;
case never matters. The note begins with `class=`, and some notes state a condition, which is honoured.
Flagging a person as a program is worse than missing a program: the letters "bot" inside a word prove nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from deepsignal_pipeline.domain.automation_conditions import (
    CONDITIONS,
    Condition,
    Who,
    always,
    is_nobodys_surname,
    is_not_own_name,
    never,
)
from deepsignal_pipeline.domain.strict_yaml import Problem, ProblemsError

AUTOMATION_FILE = "automation/known_bots.csv"

Kind = Literal["human", "bot", "agent", "placeholder"]

_HEADER = ["pattern", "kind", "note"]
_FIELDS = ("name", "email", "login")
_STRENGTH: tuple[Kind, ...] = ("agent", "bot", "placeholder")  # the strongest first: it wins
_KIND_OF_CLASS: dict[str, Kind] = {
    "ai-agent": "agent",
    "app": "bot",
    "ci": "bot",
    "dependency": "bot",
    "format": "bot",
    "import": "bot",
    "merge": "bot",
    "mirror": "bot",
    "ml-import": "bot",
    "roll": "bot",
    "rule": "bot",
    "service": "bot",
    "web-flow": "bot",
    "placeholder": "placeholder",
}
_CLASS = re.compile(r"class=([a-z-]+(?:/[a-z-]+)*)\s*(?:;|$)")
_STATES_CONDITION = re.compile(r"\bonly (?:with|when|if)\b|\bneeds\b")

_OPEN_QUOTE = "a quote opens on this line and does not close on it: close it, or take it away"
_QUOTES = 'write a quote within quotes as ""'

_IMPORTERS = frozenset(("import", "ml-import"))
_CACHED_PEOPLE = 65_536  # about three times the aliases of the embedded sample


class AutomationError(ProblemsError):
    """The table of automation accounts cannot be used; problems holds all that is wrong in it, by line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an alias is, and the class of the rule that said so as the table writes it ("" for a human)."""

    kind: Kind
    category: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of the table, understood."""

    field: str
    text: str  # the whole field, or the source of the expression
    expression: re.Pattern[str] | None
    kind: Kind
    category: str
    applies: Condition


_HUMAN = Verdict("human", "")


class AutomationRules:
    """The table of automation accounts, ready to judge aliases."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self._exact = {(rule.field, rule.text): rule for rule in rules if rule.expression is None}
        self._searched: dict[str, list[tuple[re.Pattern[str], _Rule]]] = {field: [] for field in _FIELDS}
        for rule in rules:
            if rule.expression is not None:
                self._searched[rule.field].append((rule.expression, rule))
        self._remembered = lru_cache(maxsize=_CACHED_PEOPLE)(self._judge)

    @classmethod
    def parse(cls, text: str) -> AutomationRules:
        """Read the table from the text of its CSV; raise AutomationError with every problem."""
        problems: list[Problem] = []
        rules: dict[tuple[str, str], _Rule] = {}
        for line, row in _rows(text, problems):
            wrong = list(_problems(row))
            problems += [Problem(AUTOMATION_FILE, line, message) for message in wrong]
            if wrong:
                continue
            rule = _rule(*row)
            if rules.setdefault((rule.field, row[0].casefold()), rule) is not rule:
                message = f"{row[0]!r} is listed twice for {rule.field}"
                problems.append(Problem(AUTOMATION_FILE, line, message))
        if problems:
            raise AutomationError(problems)
        return cls(list(rules.values()))

    def classify(self, name: str, email: str, login: str | None) -> Kind:
        """Return "human", "bot", "agent" or "placeholder"; where several rules hold, agent wins, then bot.

        The rules are those of the table (IDENTITY, Automation); an alias that none holds for is a human.
        """
        return self.verdict(name, email, login).kind

    def verdict(self, name: str, email: str, login: str | None) -> Verdict:
        """Return the kind of an alias and the class of its strongest rule, exact before expression."""
        return self._remembered(name, email, login)

    def is_importer(self, name: str, email: str) -> bool:
        """Tell whether an author is a program that commits what people wrote elsewhere."""
        return not _IMPORTERS.isdisjoint(self.verdict(name, email, None).category.split("/"))

    def is_merge_key(self, email: str) -> bool:
        """Tell whether one address means one person.

        False without a local part and a domain, and for every address the table knows, whatever the name
        beside it: shared, automatic and placeholder ones would tie strangers together (IDENTITY, Hazards).
        """
        address = trim_address(email)
        local, _, domain = address.rpartition("@")
        return bool(local and domain) and next(self._matching("email", address), None) is None

    def _judge(self, name: str, email: str, login: str | None) -> Verdict:
        who = Who(fold(name), trim_address(email), fold(login or ""))
        fields = zip(_FIELDS, (who.name, who.email, who.login), strict=True)
        hits = [rule for field, text in fields for rule in self._matching(field, text) if rule.applies(who)]
        if not hits:
            return _HUMAN
        best = min(hits, key=lambda rule: (_STRENGTH.index(rule.kind), rule.expression is not None))
        return Verdict(best.kind, best.category)

    def _matching(self, field: str, text: str) -> Iterator[_Rule]:
        if exact := self._exact.get((field, text)):
            yield exact
        for expression, rule in self._searched[field]:
            if expression.search(text):
                yield rule


def fold(text: str) -> str:
    """Return a name or login without case and with single spaces, the form in which two are compared."""
    return " ".join(text.casefold().split())


def trim_address(email: str) -> str:
    """Return an address without case, `mailto:` and the quotes, brackets and commas left around it."""
    text = email.casefold()
    while True:
        trimmed = text.strip().strip("\"'`<>,;").removeprefix("mailto:")
        # Only a pair: git itself writes root@host.(none), and apps end in [bot].
        if trimmed[:1] + trimmed[-1:] in ("()", "[]"):
            trimmed = trimmed[1:-1]
        if trimmed == text:
            return text
        text = trimmed


def _rows(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, row) under the header; what is no CSV goes to the problems, at the line where its row begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        if next(reader, None) != _HEADER:
            problems.append(Problem(AUTOMATION_FILE, 1, f"the header must be {','.join(_HEADER)}"))
        begins = reader.line_num + 1
        for row in reader:
            if reader.line_num > begins:
                problems.append(Problem(AUTOMATION_FILE, begins, _OPEN_QUOTE))
            elif row:
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        # A quote left open is noticed only at the next one, or at the end of the file
        is_open = reader.line_num > begins or "unexpected end of data" in str(error)
        problems.append(Problem(AUTOMATION_FILE, begins, _OPEN_QUOTE if is_open else f"{error}: {_QUOTES}"))


def _problems(row: list[str]) -> Iterator[str]:
    if len(row) != len(_HEADER):
        yield f"{len(row)} columns instead of {len(_HEADER)}"
        return
    pattern, field, note = row
    if field not in _FIELDS:
        yield f"kind {field!r} is none of {', '.join(_FIELDS)}"
    yield from _pattern_problems(pattern)
    yield from _note_problems(note)


def _pattern_problems(pattern: str) -> Iterator[str]:
    source = pattern.removeprefix("re:")
    if not source.strip():
        yield "the pattern is empty"
    elif source != pattern:
        try:
            re.compile(source, re.IGNORECASE)
        except re.error as error:
            yield f"the expression {source!r} is wrong: {error}"


def _note_problems(note: str) -> Iterator[str]:
    match = _CLASS.match(note)
    if match is None:
        yield "the note must begin with class="
    else:
        unknown = [name for name in match[1].split("/") if name not in _KIND_OF_CLASS]
        yield from (f"class {name!r} is unknown" for name in unknown)
    # A condition passed over in silence would flag the very people it protects.
    if _STATES_CONDITION.search(note.casefold()) and _condition_of(note) is None:
        yield f"the note states a condition that no rule here knows: {note!r}"


def _rule(pattern: str, field: str, note: str) -> _Rule:
    """Understand a row that has no problems."""
    match = _CLASS.match(note)
    category = match[1] if match else ""
    kinds = {_KIND_OF_CLASS[name] for name in category.split("/")}
    source = pattern.removeprefix("re:")
    searched = source != pattern
    return _Rule(
        field=field,
        text=source if searched else trim_address(source) if field == "email" else fold(source),
        expression=re.compile(source, re.IGNORECASE) if searched else None,
        kind=min(kinds, key=_STRENGTH.index),
        category=category,
        applies=_condition(field, category, note, searched=searched),
    )


def _condition(field: str, category: str, note: str, *, searched: bool) -> Condition:
    if field == "email" and category == "web-flow":
        return never  # everyone who hid their address and pressed Merge has GitHub's own
    if stated := _condition_of(note):
        return stated
    if field == "name" and category == "rule":
        return is_nobodys_surname
    return is_not_own_name if searched and field == "email" else always


def _condition_of(note: str) -> Condition | None:
    return next((test for phrase, test in CONDITIONS.items() if phrase in note.casefold()), None)
