"""The text about the work itself: what it was, who built the core, and how far people share files.

Patterns and the choice among them; where a pattern claims more than its numbers, the code that picks it has checked.
"""

from __future__ import annotations

from deepsignal_pipeline.report.compose import Voice, join, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.model import Text

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
    """Say where files are shared most and least, against what chance would give."""
    order = context.ranked_whole("coordination")
    if len(order) < 2 or any(context.facts.number(c, "coordination") >= 1 for c in context.categories):
        return ()
    return say(
        context.facts,
        "Files have owners everywhere: of the core files with two commits or more, fewer have several authors than if "
        "authorship were dealt out by chance. {near} comes closest to chance, at {a.coordination} of what it would "
        "give, {far} is furthest from it, at {b.coordination}.",
        near=context.short(order[0]),
        a=order[0],
        far=context.short(order[-1]),
        b=order[-1],
    )


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
