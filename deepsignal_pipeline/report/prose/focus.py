"""The text about what the work is about and turned to, by category. Terms are what others wrote: shown as they are."""

from __future__ import annotations

from deepsignal_pipeline.report.compose import Voice, join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.model import Text, name, plain
from deepsignal_pipeline.report.terms import Term

_TERMS = 3
_NEW_TERMS = 5
_PLACES = 3
_TERMS_OF_A_PLACE = 2
_APART_TERMS = 5
_CATALOGUE_TERMS = 6
_SCOPES = ("across", "repository", "new", "apart")

_CATALOGUE = (
    "Over the catalogue as a whole, the strongest turns against the year before, each in three repositories or more, were "
    "to {terms}."
)
_ACROSS = (
    "Across its repositories a larger share of the people than in the year before turned to {terms}.",
    "Against their own year before, what stands out across its repositories is {terms}.",
    "Several of its repositories turned at once to {terms}.",
)
_WITHIN = (
    "Single repositories turned to {places}.",
    "Within single repositories the turn was to {places}.",
    "Repository by repository, what stands out in the work is {places}.",
)
_NEW = (
    "What sets {repositories}, young or newly crowded repositories{meaning}, apart from all settled ones is {terms}.",
    "Its young or newly crowded repositories{meaning}, {repositories}, stand out by {terms}.",
)
_ONE_NEW = (
    "What sets {repositories}, a young or newly crowded repository{meaning}, apart from all settled ones is {terms}.",
    "Its young or newly crowded repository{meaning}, {repositories}, stands out by {terms}.",
)
_MEANING = " (more people now than in the whole year before)"
_APART = (
    "Two or more of its repositories work on {terms}, more than other categories do for their size.",
    "In two or more of its repositories, and more than in other categories for their size, people work on {terms}.",
)
_SHORT = "{term} ({t.people}{kind})"
_LONG = "{term} ({t.people} people{kind})"
_PLACED = ("{term} ({t.people} people{kind} in {place} and others)", "{term} ({t.people}{kind} in {place} and others)")
_PLACED_ONLY = "{term} (in {place} and others)"
_KINDS = {"subject": " in subjects", "path": " in paths"}
_BRIEF = "the work turned to {terms}"
_BRIEF_NEW = "young or newly crowded repositories ({repositories}) stand out by {terms}"
_BRIEF_ONE_NEW = "a young or newly crowded repository, {repositories}, stands out by {terms}"
_BRIEF_APART = "two or more of its repositories work on {terms}, more than other categories do for their size"
_NOTHING = "no term of the work stands out against its own past"


def write_catalogue_focus(context: Context) -> Text:
    """Return what the catalogue as a whole turned to, if anything."""
    terms = context.terms_of("catalogue", "across")[:_CATALOGUE_TERMS]
    return say(context.facts, _CATALOGUE, terms=_led(context, terms)) if terms else ()


def write_focus(context: Context, voice: Voice, category: str) -> Text:
    """Return what the work of a category turned to, by scope, with the repositories behind it, and what it is about."""
    across, within, new, apart = (context.terms_of(category, scope) for scope in _SCOPES)
    said: list[Text] = []
    if across:
        pattern = voice.pick("focus.across", _ACROSS)
        said.append(say(context.facts, pattern, terms=_led(context, across[:_TERMS])))
    if within:
        places = listed(term_places(context, within), ", and ")
        said.append(say(context.facts, voice.pick("focus.within", _WITHIN), places=places))
    if new:
        meaning = "" if voice.used["focus.new"] else _MEANING
        pattern = voice.pick("focus.new", _NEW if len(_most_named(new)) > 1 else _ONE_NEW)
        said.append(_say_new(context, pattern, new[:_NEW_TERMS], _most_named(new), meaning))
    if others := _without(apart, [*across[:_TERMS], *new[:_NEW_TERMS]]):
        terms = _terms(context, others[:_APART_TERMS])
        said.append(say(context.facts, voice.pick("focus.apart", _APART), terms=terms))
    return join(said)


def write_focus_briefly(context: Context, category: str) -> Text:
    """Return what a category turned to in a clause, else what it is about; that it turned to nothing, where others did."""
    across, within, new, apart = (context.terms_of(category, scope) for scope in _SCOPES)
    if within and not across[1:]:
        places = term_places(context, within)[:_TERMS_OF_A_PLACE]
        return say(context.facts, _BRIEF, terms=listed(places, ", and "))
    if across:
        return say(context.facts, _BRIEF, terms=_terms(context, across[:_TERMS]))
    if new:
        # Only those behind the terms that are told
        named = _most_named(new[:_TERMS])
        return _say_new(context, _BRIEF_NEW if len(named) > 1 else _BRIEF_ONE_NEW, new[:_TERMS], named)
    if apart:
        return say(context.facts, _BRIEF_APART, terms=_terms(context, apart[:_TERMS]))
    return plain(_NOTHING) if any(term.scope != "apart" for term in context.terms) else ()


def term_text(context: Context, term: Term, pattern: str = _SHORT) -> Text:
    """Return a term with the number of its people, and where it stands if the same word is told of both places."""
    kind = _KINDS[term.kind] if context.has_two_kinds(term) else ""
    place = name(term.repositories[0])
    return say(context.facts, pattern, term=name(term.term), t=term.entity, kind=kind, place=place)


def term_places(context: Context, terms: list[Term], places: int = _PLACES) -> list[Text]:
    """Return the terms of the repositories with the strongest ones, a repository at a time."""
    by_place: dict[str, list[Term]] = {}
    for term in terms:
        by_place.setdefault(term.repositories[0], []).append(term)
    return [
        join([_terms(context, found[:_TERMS_OF_A_PLACE]), plain("in"), name(repository)])
        for repository, found in list(by_place.items())[:places]
    ]


def _terms(context: Context, terms: list[Term]) -> Text:
    first = [term_text(context, term, _LONG) for term in terms[:1]]
    return listed([*first, *(term_text(context, term) for term in terms[1:])])


def _say_new(context: Context, pattern: str, terms: list[Term], repositories: list[str], meaning: str = "") -> Text:
    named = listed([name(repository) for repository in repositories])
    return say(context.facts, pattern, repositories=named, terms=_terms(context, terms), meaning=meaning)


def _without(terms: list[Term], told: list[Term]) -> list[Term]:
    """Return the terms that were not told yet."""
    return [term for term in terms if term.term not in {other.term for other in told}]


def _led(context: Context, terms: list[Term]) -> Text:
    """Return terms of several repositories with the one that has most of their people."""
    return listed(
        [term_text(context, term, pattern) for term, pattern in zip(terms, _placed(context, terms), strict=True)]
    )


def _placed(context: Context, terms: list[Term]) -> list[str]:
    """Return the pattern of each term: the first number says what is counted, a number that is kept back is not there."""
    has_number = [context.facts.of(term.entity, "people").shown is not None for term in terms]
    first = has_number.index(True) if any(has_number) else 0
    return [_PLACED[n > first] if has else _PLACED_ONLY for n, has in enumerate(has_number)]


def _most_named(terms: list[Term]) -> list[str]:
    """Return the repositories that stand behind most of the terms."""
    leading = [term.repositories[0] for term in terms]
    return sorted(set(leading), key=lambda repository: (-leading.count(repository), repository))[:_PLACES]
