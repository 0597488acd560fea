"""Sentences out of patterns: every number in them is a fact, by its id.

`{c.contributors}` is the fact of the entity bound to `c`, `{c.contributors:bare}` the same in a style of `formats`, and
`{who}` a text or a string bound to `who`. Only the patterns are read this way, never what is put into them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from deepsignal_pipeline.report.facts import Facts
from deepsignal_pipeline.report.formats import number
from deepsignal_pipeline.report.model import Run, Text

_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.(\w+))?(?::(\w+))?\}")
_Variant = TypeVar("_Variant")


def say(facts: Facts, pattern: str, **bound: str | Text) -> Text:
    """Return the text of a pattern. A fact or a binding that does not exist is an error."""
    runs: list[Run] = []
    position = 0
    for match in _PLACEHOLDER.finditer(pattern):
        runs.append(Run(pattern[position : match.start()]))
        runs += _filled(facts, match, bound)
        position = match.end()
    runs.append(Run(pattern[position:]))
    return tuple(run for run in runs if run.text)


def is_shown(facts: Facts, pattern: str, **bound: str) -> bool:
    """Tell whether every number of a pattern may be shown, and every interval. `bound`: the entities of its facts."""
    for key, measure, style in _PLACEHOLDER.findall(pattern):
        if not measure:
            continue
        fact = facts.of(bound[key], measure)
        if fact.shown is None or (style == "interval" and fact.interval is None):
            return False
    return True


def join(parts: Sequence[Text], between: str = " ") -> Text:
    """Join texts."""
    runs: list[Run] = []
    for part in parts:
        if not part:
            continue
        runs += [*((Run(between),) if runs else ()), *part]
    return tuple(runs)


def listed(parts: Sequence[Text], last: str = " and ") -> Text:
    """Join texts as a list in a sentence: a, b and c."""
    if len(parts) < 2:
        return tuple(parts[0]) if parts else ()
    return (*join(parts[:-1], ", "), Run(last), *parts[-1])


def capitalised(text: Text) -> Text:
    """Return a text that can begin a sentence."""
    return (replace(text[0], text=f"{text[0].text[:1].upper()}{text[0].text[1:]}"), *text[1:]) if text else ()


@dataclass
class Voice:
    """Chooses among ways of saying a thing, so that an edition does not repeat itself. Same order, same choice."""

    used: Counter[str] = field(default_factory=Counter)

    def pick(self, occasion: str, variants: Sequence[_Variant]) -> _Variant:
        """Return the variant that was used least for this occasion."""
        choice = variants[self.used[occasion] % len(variants)]
        self.used[occasion] += 1
        return choice


def _filled(facts: Facts, match: re.Match[str], bound: dict[str, str | Text]) -> Sequence[Run]:
    key, measure, style = match[1], match[2], match[3] or ""
    value = bound[key]
    if measure:
        return [number(facts.of(str(value), measure), style)]
    return [Run(value)] if isinstance(value, str) else value
