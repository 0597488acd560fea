"""How a category's text begins: what changed, said of the same basket where that differs, and what carries it."""

from __future__ import annotations

from collections.abc import Sequence

from deepsignal_pipeline.domain.suppression import FEW
from deepsignal_pipeline.domain.trend_words import LEVEL_WITHIN
from deepsignal_pipeline.report.compose import Voice, capitalised, is_shown, join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import number_text
from deepsignal_pipeline.report.model import Text, name, plain, strong
from deepsignal_pipeline.report.prose import lead_phrases, phrases, quiet_phrases
from deepsignal_pipeline.report.words import Counted, Reading, has_small_basket, read_basket, read_change

_FEW_REPOSITORIES = 2
_HALF = 0.5
_PART = 0.25  # of a category's change that a repository must have to be named for it
_WORTH_SAYING = 2  # points between raw and same basket
_COUNTED: tuple[Counted, ...] = ("contributors", "commits")


def is_few(context: Context, category: str) -> bool:
    """Tell whether a category has fewer than five people, or none: nothing of it is printed."""
    return context.facts.of(category, "contributors").hidden == "suppressed"


def occasion(context: Context, category: str) -> str:
    """Return which story a category's counts tell: a key of `lead_phrases.LEADS`."""
    marks = set(context.facts.marks(category))
    if is_few(context, category):
        return "few"
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
    pattern = _pick(context, category, voice, f"lead.{key}", (lead_phrases.LEADS[key], lead_phrases.HIDDEN))
    parts = [say(context.facts, pattern, c=category, who=who, **_verbs(context, category))]
    parts.append(_certainty(context, voice, category, _told(context, category, key)))
    parts += _basket(context, voice, category, _unsaid(context, category, key))
    if "dominated" in context.facts.marks(category) and key != "few":
        parts.append(_carried(context, voice, category))
    return join(parts)


def _pick(
    context: Context, category: str, voice: Voice, occasion: str, patterns: tuple[Sequence[str], Sequence[str]]
) -> str:
    """Return a way to tell of an occasion all of whose numbers may be shown, else the first such of what is said instead."""
    variants, instead = ([p for p in some if is_shown(context.facts, p, c=category)] for some in patterns)
    return voice.pick(occasion, variants) if variants else instead[0]


def clause(context: Context, voice: Voice, category: str) -> Text:
    """Return what changed in a quiet category, in one clause."""
    key = occasion(context, category)
    who = strong(context.short(category))
    pattern = _pick(context, category, voice, f"quiet.{key}", (quiet_phrases.QUIET[key], quiet_phrases.HIDDEN))
    text = say(context.facts, pattern, c=category, who=who, **_verbs(context, category))
    if unsaid := _unsaid(context, category, key):
        basket = quiet_phrases.BASKET["both" if len(unsaid) > 1 else unsaid[0]]
        text = join([text, say(context.facts, basket, c=category)], "; ")
    return capitalised(text)


def deck(context: Context, voice: Voice, category: str) -> str:
    """Return the finding that stands under a category's heading; none that the same repositories would put otherwise."""
    key = occasion(context, category)
    if not all(_is_borne_out(context, category, counted) for counted in _COUNTED):
        return voice.pick("deck.unborne", lead_phrases.UNBORNE_DECKS)
    if key == "differs.carried" and not _is_mostly_outside(context, category):
        return voice.pick("deck.carried", lead_phrases.DECKS["carried"])
    return voice.pick(f"deck.{key}", lead_phrases.DECKS[key])


def _is_mostly_outside(context: Context, category: str) -> bool:
    """Tell whether more than half of a category's net change of people lies outside of the same basket."""
    outside, inside = (
        context.facts.number(category, f"contributors_net_change_{where}") for where in ("of_catalogue", "in_basket")
    )
    net = outside + inside
    return bool(net) and outside / net > _HALF


def projects(context: Context, voice: Voice, category: str) -> Text:
    """Name the repositories behind a clear change of people; without one, the two with most people."""
    if behind := changed(context, category):
        return say(context.facts, voice.pick("changed", phrases.CHANGED), projects=behind)
    top = context.projects_of(category)[:2]
    if not top:
        return ()
    named = [
        say(
            context.facts,
            pattern,
            repository=name(repository),
            p=repository,
            new=_new_to(context, repository, is_first=not place),
        )
        for place, (pattern, repository) in enumerate(zip(phrases.PROJECT, top, strict=False))
    ]
    return say(context.facts, voice.pick("projects", phrases.PROJECTS), projects=listed(named))


def changed(context: Context, category: str) -> Text:
    """Name the repositories behind a clear change of a category's people, the widest change first; none if it is not clear.

    Repositories count by how many people they have more, or fewer, and only with a quarter or more of the category's
    change. Fewer than five count as four: what is said of the change is then too little and never too much.
    """
    facts, net = context.facts, _clear_change(context, category)
    if not net:
        return ()
    measured = [r for r in facts.entities("repository") if context.category_of[r] == category]
    changes = {r: change for r in measured if (change := _change(context, r))}
    behind = [r for r, change in changes.items() if change / net >= _PART]
    behind = sorted(behind, key=lambda r: (-abs(changes[r]), r))[:2]
    told = []
    for place, repository in enumerate(behind):
        now, before = (_people(context, repository, measure) for measure in ("contributors", "contributors_previous"))
        new = _new_to(context, repository, is_first=not place) if net > 0 else ()
        pattern = phrases.CHANGE[min(place, 1)]
        told.append(say(facts, pattern, repository=name(repository), now=now, before=before, new=new))
    return listed(told)


def _clear_change(context: Context, category: str) -> float:
    """Return the net change of a category's people if its interval leaves out 0, raw or over the same basket; else 0."""
    facts = context.facts
    for prefix in ("", "basket_"):
        fact = facts.of(category, f"{prefix}contributors_qoq_pct")
        low, high = fact.interval or (0, 0)
        if (low > 0 or high < 0) and abs(fact.shown or 0) > LEVEL_WITHIN:
            now, before = (facts.number(category, f"{prefix}contributors{when}") for when in ("", "_previous"))
            return now - before
    return 0.0


def _change(context: Context, repository: str) -> float:
    """Return by how many people a repository changed at least; 0 if that may not be told."""
    facts = [context.facts.of(repository, measure) for measure in ("contributors", "contributors_previous")]
    if all(fact.shown is None for fact in facts) or any(
        fact.shown is None and fact.hidden != "suppressed" for fact in facts
    ):
        return 0.0
    now, before = (FEW - 1 if fact.shown is None else fact.shown for fact in facts)
    return now - before


def _people(context: Context, repository: str, measure: str) -> Text:
    fact = context.facts.of(repository, measure)
    return plain("fewer than five") if fact.shown is None else number_text(fact)


def _new_to(context: Context, repository: str, *, is_first: bool) -> Text:
    """Return in brackets how many of a repository's people are new to it, if that may be told."""
    fact = context.facts.of(repository, "contributors_new")
    if fact.shown is None and fact.hidden != "suppressed":
        return ()
    return join(
        [plain(" ("), _people(context, repository, fact.measure), plain(" new to it)" if is_first else " new)")], ""
    )


def turnover(context: Context, voice: Voice, category: str) -> Text:
    """Say who is new, who came back, and who was not seen again, with the interval of the churn rate."""
    facts, parts = context.facts, []
    if not context.has_previous or is_few(context, category):
        return ()
    new = voice.pick("turnover", phrases.NEWCOMERS)
    returning = facts.of(category, "contributors_returning")
    if is_shown(facts, new, c=category):
        parts.append(say(facts, new, c=category))
        if returning.shown is not None or returning.hidden == "suppressed":
            people = _people(context, category, "contributors_returning")
            parts.append(say(facts, phrases.RETURNING, people=people))
    came = listed(parts)
    gone = next((p for p in phrases.NOT_SEEN if is_shown(facts, p, c=category)), "")
    said = [part for part in (came, say(facts, gone, c=category)) if part]
    return (*capitalised(join(said, "; ")), *plain(".")) if said else ()


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
    if key.startswith("differs") or key in ("few", "first", "partial", "new", "small", "young"):
        return []
    shown = [c for c in _COUNTED if context.facts.value(category, f"basket_{c}_qoq_pct") is not None]
    return [counted for counted in shown if abs(_gap(context, category, counted)) >= _WORTH_SAYING]


def _is_borne_out(context: Context, category: str, counted: Counted) -> bool:
    """Tell whether the same repositories have no other direction than the word that is said of the raw change."""
    said, basket = read_change(context.facts, category, counted), read_basket(context.facts, category, counted)
    return not (said.word and basket.word) or said.direction == basket.direction


def _carried(context: Context, voice: Voice, category: str) -> Text:
    pattern = _pick(context, category, voice, "carried", (lead_phrases.CARRIED, lead_phrases.CARRIED_PARTIAL))
    return say(context.facts, pattern, c=category)
