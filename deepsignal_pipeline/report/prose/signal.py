"""The signal: the story of the quarter in a few paragraphs, the same basket first."""

from __future__ import annotations

from dataclasses import dataclass

from deepsignal_pipeline.domain.trend_words import LEVEL_WITHIN, share_word
from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.model import Paragraph, Text, plain
from deepsignal_pipeline.report.prose.certainty import certain_changes, way_of, write_same_basket, write_unusual
from deepsignal_pipeline.report.words import Reading, has_small_basket, read_basket, read_change

_BOTH = "({c.contributors_qoq_pct} raw, {c.basket_contributors_qoq_pct} over the same repositories)"
_CARRIED = (
    "{who} is the figure to handle with care. {c.contributors} people committed to it {change}, and one person made "
    "{c.top_contributor_share} of its {c.commits} commits; without that person the change in commits would read "
    "{c.commits_qoq_pct_without_top} instead of {c.commits_qoq_pct}."
)


@dataclass(frozen=True)
class Signal:
    """The headline and paragraphs of the signal."""

    headline: str
    paragraphs: tuple[Paragraph, ...]


def write_signal(context: Context) -> Signal:
    """Write the signal of a quarter."""
    if not context.has_previous:
        return Signal("A first count", (Paragraph(_levels(context), "lead"), Paragraph(_depth(context))))
    texts = [
        _opening(context),
        join([write_same_basket(context), write_unusual(context)]),
        _carried(context),
        _depth(context),
    ]
    first, *rest = [text for text in texts if text]
    return Signal(_headline(context), (Paragraph(first, "lead"), *(Paragraph(text) for text in rest)))


def _headline(context: Context) -> str:
    share = _new_ground(context)
    if share is not None:
        return f"More people, {_part(share)} of the difference on new ground"
    counted = {"up": "More people", "down": "Fewer people", "level": "About as many people"}
    if direction := _catalogue(context).direction:
        return f"{counted[direction]} {'as' if direction == 'level' else 'than'} a quarter before"
    fact = context.facts.of("catalogue", "basket_contributors_qoq_pct")
    if fact.shown is None or fact.interval is None:
        return "What can be compared, and what cannot"
    few, widest = counted[way_of(fact)], certain_changes(context)[:1]
    rest = f", the widest change in {context.short(widest[0])}" if widest else ""
    return f"{few} over the same repositories{rest}"


def _catalogue(context: Context) -> Reading:
    return read_change(context.facts, "catalogue", "contributors")


def _part(share: float) -> str:
    """Return the word for a share that lies on new ground: by the word table, or that it is a part."""
    return share_word(share) or "part"


def _new_ground(context: Context) -> float | None:
    """Return how much of the difference lies outside the same basket; None if there are not more. To choose words by."""
    change = context.facts.number("catalogue", "contributors_qoq_pct")
    if change <= LEVEL_WITHIN or not _on_new_ground(context):
        return None
    number = context.facts.number
    net = sum(number(c, "contributors") - number(c, "contributors_previous") for c in context.categories)
    kept = sum(number(c, "basket_contributors") - number(c, "basket_contributors_previous") for c in context.categories)
    return (net - kept) / net if net > 0 and net - kept > net / 4 else None


def _levels(context: Context) -> Text:
    return say(
        context.facts,
        "The catalogue opens with {c.contributors} people and {c.commits} commits in {c.repositories_active} active "
        "repositories. There is no earlier quarter in it, so this edition states levels and no change.",
        c="catalogue",
    )


def _opening(context: Context) -> Text:
    facts = context.facts
    if facts.get("catalogue.contributors_qoq_pct").hidden:
        read = say(
            facts,
            "{c.contributors} people and {c.commits} commits could be read for the {quarter}, and the history held of "
            "at least one repository ends before the quarter does. Totals are therefore too low and their change is "
            "not printed; what follows rests on repositories that are complete.",
            c="catalogue", quarter=_quarter(context),
        )  # fmt: skip
        return join([read, _of_all(context)])
    first = say(
        facts,
        "The catalogue counted {c.contributors} people in the {quarter}, {c.contributors_qoq_pct} on the quarter "
        "before, and {c.commits} commits, {c.commits_qoq_pct}.",
        c="catalogue", quarter=_quarter(context),
    )  # fmt: skip
    return join([first, _of_all(context), _ground(context)])


def _of_all(context: Context) -> Text:
    """Say how sure the change of all people is, and what is left of it over the same repositories."""
    facts, read = context.facts, read_basket(context.facts, "catalogue", "contributors")
    if facts.get(read.fact_id).interval is None:
        return ()
    if not read.word:
        return say(
            facts,
            "Over the repositories that were already there, the catalogue counts {c.basket_contributors} people after "
            "{c.basket_contributors_previous} ({c.basket_contributors_qoq_pct}, interval "
            "{c.basket_contributors_qoq_pct:interval}).",
            c="catalogue",
        )
    by = "" if read.word == "level" else " by {c.basket_contributors_qoq_pct:bare}"
    return say(
        facts,
        f"Over the repositories that were already there the number of people {{basket}}{by}, with an interval of "
        "{c.basket_contributors_qoq_pct:interval}.",
        c="catalogue", basket=read.said("one"),
    )  # fmt: skip


def _quarter(context: Context) -> str:
    """Write the quarter as a reader says it."""
    which = ("first", "second", "third", "fourth")[context.quarter.number - 1]
    return f"{which} quarter of {context.quarter.year}"


def _ground(context: Context) -> Text:
    """Say which changes stand on repositories that only just began."""
    facts = context.facts
    grown = _on_new_ground(context)
    if not grown:
        return plain("Counted over the same repositories, no category tells a very different story.")
    share = _new_ground(context) or 0
    raw = [say(facts, "{who} at {c.contributors_qoq_pct}", who=context.short(c), c=c) for c in grown]
    same = listed([_same(context, c) for c in grown])
    if not share:
        pattern = "Where new repositories joined, raw changes mislead: {raw} raw, {same} over the same repositories."
        return say(facts, pattern, raw=listed(raw), same=same)
    many = "the same figure is" if len(grown) == 1 else "the same figures are"
    return say(
        facts,
        f"Counted by category, {_part(share)} of the difference stands in repositories that began too late to be compared. "
        f"The gap is widest in {{raw}} raw; over the repositories that were already there, {many} {{same}}.",
        raw=listed(raw), same=same,
    )  # fmt: skip


def _on_new_ground(context: Context) -> list[str]:
    """Return the categories whose raw change in people lies clearly above that of the same basket."""
    facts = context.facts

    def gap(category: str) -> float:
        return facts.number(category, "contributors_qoq_pct") - facts.number(category, "basket_contributors_qoq_pct")

    measures = ("contributors_qoq_pct", "basket_contributors_qoq_pct")
    shown = [c for c in context.ranked(measures[0]) if all(facts.value(c, m) is not None for m in measures)]
    return [c for c in shown if "basket_differs" in facts.marks(c) and gap(c) > LEVEL_WITHIN]


def _same(context: Context, category: str) -> Text:
    """Return the change over the same repositories, with a warning where they are few."""
    small = " (on a small base)" if has_small_basket(context.facts, category) else ""
    return say(context.facts, f"{{c.basket_contributors_qoq_pct}}{small}", c=category)


def _carried(context: Context) -> Text:
    """Say whose figures one person carries; of what can be compared the one moved most by them in full."""
    facts = context.facts
    marked = [c for c in context.ranked("top_contributor_share") if "dominated" in facts.marks(c)]
    carried = sorted(marked, key=lambda c: -_weight_of_one(context, c))
    measures = ("commits_qoq_pct", "commits_qoq_pct_without_top", "contributors_qoq_pct")
    told = [c for c in carried if all(facts.value(c, measure) is not None for measure in measures)][:1]
    listed_only = [c for c in carried if c not in told]
    also = "also " if told else ""
    others = [say(facts, "{who} ({c.top_contributor_share})", who=context.short(c), c=c) for c in listed_only]
    rest = f"One person {also}made over a quarter of the commits in {{names}}."
    return join([*(_carried_whole(context, c) for c in told), say(facts, rest, names=listed(others)) if others else ()])


def _carried_whole(context: Context, category: str) -> Text:
    facts = context.facts
    is_same = facts.value(category, "contributors_qoq_pct") == facts.value(category, "basket_contributors_qoq_pct")
    people = "({c.contributors_qoq_pct})" if is_same else _BOTH
    return say(facts, _CARRIED.replace("{change}", people), who=context.short(category), c=category)


def _weight_of_one(context: Context, category: str) -> float:
    """Return how far one person moves a category's change in commits. To choose by."""
    number = context.facts.number
    return abs(number(category, "commits_qoq_pct") - number(category, "commits_qoq_pct_without_top"))


def _depth(context: Context) -> Text:
    order = context.ranked_whole("mean_active_weeks")
    if len(order) < 2:
        return ()
    return say(
        context.facts,
        "Where categories part is in how many weeks people are active. In {deep} the average contributor was active in "
        "{a.mean_active_weeks} weeks and {a.one_week_share} in one only; in {shallow} it is {b.mean_active_weeks} "
        "weeks and {b.one_week_share}. A name in a commit log means something else in each.",
        deep=context.short(order[0]), a=order[0], shallow=context.short(order[-1]), b=order[-1],
    )  # fmt: skip
