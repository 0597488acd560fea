"""The text about the work itself: what it was, who built the core, and how far people share files.

Patterns and the choice among them; where a pattern claims more than its numbers, the code that picks it has checked.
"""

from __future__ import annotations

from deepsignal_pipeline.domain.trend_words import SMALL_BASE
from deepsignal_pipeline.report.compose import Voice, join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import show
from deepsignal_pipeline.report.model import Text, plain

WORK_NAMES = {
    "core": "core code",
    "integration": "integrations",
    "tests": "tests",
    "docs": "documentation and examples",
    "build": "build and CI",
    "benchmarks": "benchmarks",
    "vendored": "vendored and generated files",
}
"""What readers call a work type, in the order in which the chart shows them."""

_APART = 0.06
"""From this difference to the catalogue on a share is worth a sentence; rounding cannot turn its sign."""

_MIX = (
    "By the files that commits touch, {first} took {c.%s} of the work, {second} {c.%s} and {third} {c.%s}.",
    "Of the work, {c.%s} went into {first}, {c.%s} into {second} and {c.%s} into {third}.",
    "The work itself: {c.%s} {first}, {c.%s} {second}, {c.%s} {third}.",
)
_PARTICULAR = {
    "more": (
        "More of it went into {kind} than across the catalogue: {c.%s} against {k.%s}.",
        "Beside the whole catalogue, a larger part went into {kind}, {c.%s} against {k.%s}.",
    ),
    "less": (
        "Less of it went into {kind} than across the catalogue: {c.%s} against {k.%s}.",
        "Beside the whole catalogue, a smaller part went into {kind}, {c.%s} against {k.%s}.",
    ),
}
_BUILDERS = (
    "{c.core_builders} of its people put three commits’ worth or more into core code over at least two weeks; "
    "{c.one_commit} made a single commit.",
    "{c.core_builders} people built the core over two weeks or more, {c.core_builder_share} of those whose files are "
    "known, and {c.one_commit} made one commit.",
    "Core builders, who put three commits’ worth or more into core code over at least two weeks, number "
    "{c.core_builders}; single commits came from {c.one_commit} people.",
)


def is_known(context: Context) -> bool:
    """Tell whether anything is known of what commits touched."""
    return context.facts.value("catalogue", "core_share") is not None


def write_mix(context: Context, voice: Voice, category: str) -> Text:
    """Say what the work of a category was, and where it differs from the catalogue's."""
    shares = _shares(context, category)
    largest = sorted(shares, key=lambda kind: -shares[kind])[:3]
    if len(largest) < 3 or shares[largest[-1]] <= 0:
        return ()
    first, second, third = largest
    measures = tuple(f"{kind}_share" for kind in largest)
    said = say(
        context.facts,
        voice.pick("work.mix", _MIX) % measures,
        c=category,
        first=WORK_NAMES[first],
        second=WORK_NAMES[second],
        third=WORK_NAMES[third],
    )
    return join([said, _particular(context, voice, category, shares)])


def write_builders(context: Context, voice: Voice, category: str) -> Text:
    """Say who built the core of a category, if that may be told."""
    if any(context.facts.value(category, m) is None for m in ("core_builders", "core_builder_share", "one_commit")):
        return ()
    return say(context.facts, voice.pick("work.builders", _BUILDERS), c=category)


def write_coordination(context: Context) -> Text:
    """Say where files are shared most and least, and how that compares with what chance would give."""
    facts = context.facts
    order = [c for c in context.ranked_whole("shared_core_file_share") if facts.number(c, "core_files") >= SMALL_BASE]
    most, least = _ends(context, "shared_core_file_share", order)
    if not most:
        return ()
    said = say(
        facts,
        "In {most} {a.shared_core_file_share} of the core files that were changed twice or more have several authors, in "
        "{least} {b.shared_core_file_share}.",
        most=_named(context, most), a=most[0], least=_named(context, least), b=least[0],
    )  # fmt: skip
    by_chance = [c for c in order if facts.value(c, "coordination") is not None]
    near, far = _ends(context, "coordination", sorted(by_chance, key=lambda c: -facts.number(c, "coordination")))
    if not near or facts.number(near[0], "coordination") >= 1:
        return said
    chance = say(
        facts,
        "In all that are compared fewer have several than if authorship were dealt out by chance: from {b.coordination} of "
        "what it would give in {far} to {a.coordination} in {near}.",
        near=_named(context, near), a=near[0], far=_named(context, far), b=far[0],
    )  # fmt: skip
    return join([said, chance])


def _ends(context: Context, measure: str, order: list[str]) -> tuple[list[str], list[str]]:
    """Return the first and the last of an order, with those that have the same number in print; none if that is all."""
    if not order:
        return [], []
    shown = {c: show(context.facts.of(c, measure)) for c in order}
    first, last = ([c for c in order if shown[c] == shown[end]] for end in (order[0], order[-1]))
    return (first, last) if shown[order[0]] != shown[order[-1]] else ([], [])


def _named(context: Context, categories: list[str]) -> Text:
    return listed([plain(context.short(category)) for category in categories])


def _shares(context: Context, category: str) -> dict[str, float]:
    values = {kind: context.facts.value(category, f"{kind}_share") for kind in WORK_NAMES}
    return {kind: value for kind, value in values.items() if value is not None}


def _particular(context: Context, voice: Voice, category: str, shares: dict[str, float]) -> Text:
    """Name the kind of work whose share lies furthest from the catalogue's, if it lies far."""
    whole = _shares(context, "catalogue")
    distance = {kind: share - whole[kind] for kind, share in shares.items() if kind in whole}
    kind = max(distance, key=lambda k: abs(distance[k]), default="")
    if not kind or abs(distance[kind]) < _APART:
        return ()
    side = "more" if distance[kind] > 0 else "less"
    pattern = voice.pick(f"work.{side}", _PARTICULAR[side]) % ((f"{kind}_share",) * 2)
    return say(context.facts, pattern, c=category, k="catalogue", kind=WORK_NAMES[kind])
