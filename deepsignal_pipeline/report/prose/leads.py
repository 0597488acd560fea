"""How a category's text begins: what changed, said of the same basket where that differs, and what carries it."""

from __future__ import annotations

from dataclasses import replace

from deepsignal_pipeline.domain.trend_words import LEVEL_WITHIN
from deepsignal_pipeline.report.compose import Voice, join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import number_text
from deepsignal_pipeline.report.model import Text, name, strong
from deepsignal_pipeline.report.prose import lead_phrases, phrases, quiet_phrases
from deepsignal_pipeline.report.words import Counted, Reading, has_small_basket, read_basket, read_change

_FEW_REPOSITORIES = 2
_WORTH_SAYING = 2  # points between raw and same basket
_COUNTED: tuple[Counted, ...] = ("contributors", "commits")


def occasion(context: Context, category: str) -> str:
    """Return which story a category's counts tell: a key of `lead_phrases.LEADS`."""
    marks = set(context.facts.marks(category))
    if not context.has_previous:
        return "first"
    for mark, key in (("partial", "partial"), ("new", "new")):
        if mark in marks:
            return key
    if "basket_differs" in marks:
        return _differing(context, category, is_carried="dominated" in marks)
    for mark, key in (("small_base", "small"), ("dominated", "carried")):
        if mark in marks:
            return key
    people, work = (read_change(context.facts, category, counted).direction for counted in ("contributors", "commits"))
    return f"{people}.{work or 'open'}" if people else "open"


def lead(context: Context, voice: Voice, category: str, who: Text) -> Text:
    """Return the first sentences about a category."""
    key = occasion(context, category)
    pattern = voice.pick(f"lead.{key}", lead_phrases.LEADS[key])
    parts = [say(context.facts, pattern, c=category, who=who, **_verbs(context, category))]
    parts.append(_certainty(context, voice, category, _told(context, category, key)))
    parts += _basket(context, voice, category, _unsaid(context, category, key))
    if "dominated" in context.facts.marks(category):
        parts.append(_carried(context, voice, category))
    return join(parts)


def clause(context: Context, voice: Voice, category: str) -> Text:
    """Return what changed in a quiet category, in one clause."""
    key = occasion(context, category)
    who = strong(context.short(category))
    pattern = voice.pick(f"quiet.{key}", quiet_phrases.QUIET[key])
    text = say(context.facts, pattern, c=category, who=who, **_verbs(context, category))
    if unsaid := _unsaid(context, category, key):
        basket = quiet_phrases.BASKET["both" if len(unsaid) > 1 else unsaid[0]]
        text = join([text, say(context.facts, basket, c=category)], "; ")
    # A clause may begin with its own word and stand first in a sentence
    return (replace(text[0], text=f"{text[0].text[:1].upper()}{text[0].text[1:]}"), *text[1:])


def deck(context: Context, voice: Voice, category: str) -> str:
    """Return the finding that stands under a category's heading; none that the same repositories would put otherwise."""
    key = occasion(context, category)
    if not all(_is_borne_out(context, category, counted) for counted in _COUNTED):
        return voice.pick("deck.unborne", lead_phrases.UNBORNE_DECKS)
    return voice.pick(f"deck.{key}", lead_phrases.DECKS[key])


def projects(context: Context, voice: Voice, category: str) -> Text:
    """Name the two repositories with most people."""
    top = context.projects_of(category)[:2]
    if not top:
        return ()
    named = [
        say(context.facts, pattern, repository=name(repository), p=repository)
        for pattern, repository in zip(phrases.PROJECT, top, strict=False)
    ]
    return say(context.facts, voice.pick("projects", phrases.PROJECTS), projects=listed(named))


def _differing(context: Context, category: str, *, is_carried: bool) -> str:
    if is_carried:
        return "differs.carried"
    is_young = context.facts.number(category, "basket_repositories") <= _FEW_REPOSITORIES
    if is_young or has_small_basket(context.facts, category):
        return "young"
    if _gap(context, category, "contributors") <= LEVEL_WITHIN:
        return "differs.other"
    return f"differs.{read_basket(context.facts, category, 'contributors').direction or 'other'}"


def _verbs(context: Context, category: str) -> dict[str, Text]:
    """Return the verbs that the word table allows for a category's changes."""
    facts = context.facts
    people, work = (read_change(facts, category, counted) for counted in ("contributors", "commits"))
    basket = read_basket(facts, category, "contributors")
    return {
        "people": people.said("one"),
        "work": work.said("many"),
        "work_one": work.said("one"),
        "basket": basket.said("one"),
    }


def _told(context: Context, category: str, key: str) -> Reading | None:
    """Return the change of people that a story says a word for."""
    if key in ("differs.up", "differs.down"):
        return read_basket(context.facts, category, "contributors")
    return read_change(context.facts, category, "contributors") if key.startswith(("up.", "down.")) else None


def _certainty(context: Context, voice: Voice, category: str, told: Reading | None) -> Text:
    """Say of which change the interval of a word is, whether it leaves 0 out, and if the same basket's does."""
    if told is None or (interval := context.facts.get(told.fact_id).interval) is None:
        return ()
    low, high = interval
    key = "sure" if told.is_certain else "unsure" if low <= 0 <= high else "unborne"
    if key == "unborne" and context.facts.of(category, "basket_contributors_qoq_pct").interval is None:
        return ()
    shown = number_text(context.facts.get(told.fact_id), "interval")
    pattern = voice.pick(f"certainty.{key}", lead_phrases.CERTAINTY[key])
    return say(context.facts, pattern, interval=shown, change=_which(context, category, told), c=category)


def _which(context: Context, category: str, told: Reading) -> str:
    """Return which change of people an interval is of: the raw one, that of the same basket, or both where they are one."""
    facts = [context.facts.of(category, f"{prefix}contributors_qoq_pct") for prefix in ("", "basket_")]
    raw, basket = ((fact.shown, fact.interval) for fact in facts)
    key = "alike" if raw == basket else "raw" if told.fact_id == facts[0].fact_id else "basket"
    return lead_phrases.CHANGES[key]


def _basket(context: Context, voice: Voice, category: str, unsaid: list[Counted]) -> list[Text]:
    """Say the changes over the same repositories that were not said yet."""
    facts, texts = context.facts, []
    if "contributors" in unsaid:
        is_near = abs(_gap(context, category, "contributors")) <= LEVEL_WITHIN
        variants = lead_phrases.BASKET_NEAR if is_near else lead_phrases.BASKET_FAR
        has_interval = facts.of(category, "basket_contributors_qoq_pct").interval is not None
        interval = say(facts, lead_phrases.BASKET_INTERVAL, c=category) if has_interval else ()
        texts.append(say(facts, voice.pick(f"basket.{is_near}", variants), c=category, interval=interval))
    if "commits" in unsaid:
        texts.append(say(facts, lead_phrases.BASKET_COMMITS_TOO if texts else lead_phrases.BASKET_COMMITS, c=category))
    return texts


def _gap(context: Context, category: str, counted: Counted) -> float:
    """Return by how many points a raw change lies above that of the same basket."""
    raw, basket = (context.facts.number(category, f"{prefix}{counted}_qoq_pct") for prefix in ("", "basket_"))
    return raw - basket


def _unsaid(context: Context, category: str, key: str) -> list[Counted]:
    """Return the changes of which the same basket adds something: it was not said yet, and it is not nearly the raw one."""
    if key.startswith("differs") or key in ("first", "partial", "new", "small", "young"):
        return []
    shown = [c for c in _COUNTED if context.facts.value(category, f"basket_{c}_qoq_pct") is not None]
    return [counted for counted in shown if abs(_gap(context, category, counted)) >= _WORTH_SAYING]


def _is_borne_out(context: Context, category: str, counted: Counted) -> bool:
    """Tell whether the same repositories have no other direction than the word that is said of the raw change."""
    said, basket = read_change(context.facts, category, counted), read_basket(context.facts, category, counted)
    return not (said.word and basket.word) or said.direction == basket.direction


def _carried(context: Context, voice: Voice, category: str) -> Text:
    has_change = context.facts.value(category, "commits_qoq_pct_without_top") is not None
    variants = lead_phrases.CARRIED if has_change else lead_phrases.CARRIED_PARTIAL
    return say(context.facts, voice.pick("carried", variants), c=category)
