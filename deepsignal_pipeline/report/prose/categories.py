"""The text about the categories: those with most to say first, each on its own; then the quiet corners together."""

from __future__ import annotations

from collections import Counter
from math import sqrt

from deepsignal_pipeline.report.compose import Voice, capitalised, join, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.model import Block, Heading, Paragraph, Text, plain
from deepsignal_pipeline.report.prose import leads, phrases, quiet_phrases
from deepsignal_pipeline.report.prose.focus import write_focus, write_focus_briefly
from deepsignal_pipeline.report.prose.observations import Observation, choose, observe, tell, tell_briefly, tellable
from deepsignal_pipeline.report.prose.work import write_builders, write_mix

MOVING = 5
_PARTICULAR = 1.0  # standard deviations from the twelve at which a quiet corner is worth a second clause
_BRIDGE = 0.1  # a pair is worth a search of its own from this share of the category's people
_HALF = 0.5


class Writer:
    """Writes an edition's categories; remembers what was said, so that it is not said again."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._voice = Voice()
        self._made: Counter[str] = Counter()
        self._order = by_weight(context)

    def moving(self) -> list[Block]:
        """Return heading and paragraphs of the categories with most to say."""
        return [block for category in self._order[:MOVING] for block in self._moving(category)]

    def quiet(self) -> list[Block]:
        """Return the paragraphs about the rest, in the catalogue's order."""
        rest = [c for c in self._context.categories if c in self._order[MOVING:]]
        texts = [self._quiet(category) for category in rest]
        half = (len(texts) + 1) // 2
        return [Paragraph(join(part)) for part in (texts[:half], texts[half:]) if part]

    def _moving(self, category: str) -> list[Block]:
        context, voice = self._context, self._voice
        heading = Heading(category, context.names[category], plain(leads.deck(context, voice, category)))
        if leads.is_few(context, category):
            return [heading, Paragraph(leads.lead(context, voice, category, plain(context.short(category))))]
        chosen = choose(tellable(observe(context, category)), self._made, 2)
        first = [leads.lead(context, voice, category, plain(context.short(category)))]
        first.append(leads.projects(context, voice, category))
        first.append(write_mix(context, voice, category))
        second = [leads.turnover(context, voice, category)]
        second += [tell(context, voice, category, observation) for observation in chosen]
        second.append(write_builders(context, voice, category))
        second.append(self._hiring(category, chosen))
        work = join([*first, write_focus(context, voice, category)])
        return [heading, Paragraph(work), Paragraph(join(second))]

    def _quiet(self, category: str) -> Text:
        """Return a sentence about the change, with one particular beside it, and a sentence about the work."""
        context, voice = self._context, self._voice
        clauses = [leads.clause(context, voice, category)]
        if leads.is_few(context, category):
            return (*clauses[0], *plain("."))
        if behind := leads.changed(context, category):
            clauses.append(say(context.facts, quiet_phrases.CHANGED, projects=behind))
        else:
            particular = [o for o in observe(context, category) if o.distance >= _PARTICULAR]
            clauses += [tell_briefly(context, voice, category, o) for o in choose(particular, self._made, 1)]
        sentences = [join(clauses, "; "), capitalised(write_focus_briefly(context, category))]
        return join([(*sentence, *plain(".")) for sentence in sentences if sentence])

    def _hiring(self, category: str, chosen: list[Observation]) -> Text:
        context = self._context
        pair = _bridge(context, category)
        key = "bridge" if pair else _advice(context, category, {o.key for o in chosen})
        pattern = self._voice.pick(f"hiring.{key}", phrases.HIRING[key])
        if not pair:
            return plain(pattern)
        first, second = pair.split("+")
        return say(context.facts, pattern, p=pair, other=context.short(second if first == category else first))


def by_weight(context: Context) -> list[str]:
    """Return the categories, the one with most to say first: size of the change times size of the category.

    The same basket counts first; a change that a raw count only seems to show is a story too.
    """
    return sorted(context.categories, key=lambda c: -_weight(context, c))


def _weight(context: Context, category: str) -> float:
    facts = context.facts
    basket = min(60.0, abs(facts.number(category, "basket_contributors_qoq_pct")))
    raw = min(100.0, abs(facts.number(category, "contributors_qoq_pct")))
    commits = min(60.0, abs(facts.number(category, "basket_commits_qoq_pct")))
    size = sqrt(facts.number(category, "contributors"))
    return size * (4 + basket + 0.5 * abs(raw - basket) + 0.3 * commits)


def _bridge(context: Context, category: str) -> str:
    """Return the pair that shares most of the category's people, if that is worth a search of its own."""
    for pair in context.pairs:
        first, second = pair.split("+")
        side = "containment_a" if first == category else "containment_b" if second == category else ""
        if side and context.facts.number(pair, side) >= _BRIDGE:
            return pair
    return ""


def _advice(context: Context, category: str, keys: set[str]) -> str:
    facts = context.facts
    if facts.number(category, "one_week_share") > 0.6:
        return "shallow"
    if "dominated" in facts.marks(category) or "spread.low" in keys:
        return "few"
    if {"stay.high", "tenure.high"} & keys:
        return "deep"
    is_level = leads.occasion(context, category) == "level.level"
    return "steady" if is_level and facts.number(category, "churn_rate_pct") < 100 * _HALF else "mixed"
