"""Method, definitions and limits: what a reader must know to use a number, and to doubt it."""

from __future__ import annotations

import re

from deepsignal_pipeline.domain.suppression import FEW
from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.marks import MARKS
from deepsignal_pipeline.report.model import Block, Bullets, Heading, Paragraph, Terms, Text, name, plain, strong
from deepsignal_pipeline.tables.report_facts import OF_CATALOGUE_ONLY

_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{12,128})")
_SHORT = 8

_DEFINED = {
    "repositories_tracked": "Tracked",
    "repositories_read": "Read",
    "repositories_complete": "Complete",
    "repositories_active": "Active",
    "commits": "Commits",
    "unresolved_commits": "Unresolved commits",
    "agent_assisted_share": "Agent-assisted",
    "contributors": "Contributors",
    "contributors_qoq_pct": "QoQ",
    "basket_repositories": "Same basket",
    "basket_contributors_qoq_pct": "Same-basket QoQ",
    "top_contributor_share": "One person’s share",
    "commits_qoq_pct_without_top": "Without that person",
    "absence_factor": "Half of commits by",
    "contributors_retained": "Stayed",
    "contributors_new": "New",
    "contributors_returning": "Returning",
    "contributors_churned": "Not seen again",
    "churned_moved": "… moved",
    "churned_narrowed": "… narrowed",
    "churned_gone": "… gone",
    "churn_rate_pct": "Churn",
    "engaged_churn_rate_pct": "Churn, engaged",
    "mean_active_weeks": "Mean weeks",
    "one_week_share": "One week only",
    "full_time_like": "Full-time-like",
    "median_tenure_years": "Median tenure",
    "core_share": "Core",
    "integration_share": "Integration",
    "sustained": "Sustained",
    "core_builders": "Core builders",
    "coordination": "Shared files against chance",
}

_METHOD = (
    "A commit is counted once, in the quarter of its committer date in UTC, if it is reachable from the pinned tip "
    "of the repository’s default branch and nothing stands against it. Merges, duplicates of an upstream, imported "
    "history, commits from before a repository was tracked and the work of automation are left out, each with its "
    "reason. A contributor is a person: the names and addresses of one person’s commits are joined, bots and AI "
    "agents are set apart. Each repository belongs to one category, so commits add up over categories; people do "
    "not, since one person may be in several."
)

_INTERVALS = (
    "Counts have no interval: they are a census of the repositories that were read. A change has one, for one category at a "
    "time: as if each person of the two quarters had independently decided "
    "again whether to come, and how much to do. In 95 of 100 such worlds the interval holds the "
    "change that stands behind the chance. People’s numbers are compared by the logarithm of their ratio, which knows who "
    "was there twice; shares by Wilson’s interval; mean weeks by leaving out one person after the other; commits by "
    "what each person adds to the ratio. If few people make the change, however many there are, no interval is given: their "
    "next decision could change everything. How often the intervals hold in simulation stands in the project’s docs/analysis.md."
)

_CANNOT_TELL = (
    "An interval says how far a change could lie elsewhere had the same kind of people decided again. It knows nothing of "
    "a repository that is missing, of people who come and go in teams, or of what happened once.",
    "“Not seen again” means not seen in this quarter. Many return; nobody is said to have left.",
    "Active weeks are counted within the quarter: who came late in it had fewer weeks to be active in, so a category with many "
    "newcomers has more people of one week.",
    "Public commits are a part of the work. Reviews, issues, private code and people who write no code are not in "
    "them.",
    "Tenure begins with the first commit to a repository of this catalogue; what people did elsewhere "
    "before is not known.",
    "A category is as good as its list of repositories. The same basket guards against a list that changes, not "
    "against one that is incomplete.",
    "Kinds of work are told by the paths of files, by rules with exceptions for single repositories; a path that is read "
    "wrongly moves a share a little.",
    "Nothing here says why. A sentence that reads like a reason is a description.",
)

_OTHERWISE = (
    "Which names and addresses are one person is found by rules, and merges and the work of automation are left out by "
    "convention. What the quarter would be by other rules shows how far its numbers depend on them. Nothing else in this "
    "edition is counted so."
)

_TRACE = (
    "Every number in the text, tables and charts is a fact with an id, such as llm-serving.contributors: in this "
    "page it stands in the number’s data-fact attribute and shows when the pointer rests on it. facts.json lists "
    "all facts with value, unit, definition and the SELECT over the published tables that gives it."
)

_RIGHTS = (
    "No person is named in this edition. Whoever finds a repository or an identity wrong writes to the maintainers of "
    "this project, as SECURITY.md says. Whoever does not want to be counted is taken out by “deepsignal people opt-out”: "
    "this edition and all later ones are then made without them."
)


def write_method(context: Context) -> list[Block]:
    """Return the blocks of the section, the coverage table apart."""
    return [
        Heading("how-counted", "How it is counted"),
        Paragraph(plain(_METHOD)),
        Heading("how-sure", "How sure a change is"),
        Paragraph(plain(_INTERVALS)),
        Heading("left-out", "What was left out"),
        Paragraph(left_out(context)),
        *([Paragraph(incomplete(context))] if context.incomplete else []),
    ]


def write_other_rules() -> list[Block]:
    """Return what stands before the table of other readings."""
    return [Heading("otherwise", "The same quarter, counted otherwise"), Paragraph(plain(_OTHERWISE))]


def write_reference(context: Context) -> list[Block]:
    """Return definitions, limits, marks and the way back to a number."""
    return [
        Heading("definitions", "Definitions"),
        Terms(tuple((plain(title), plain(_definition(context, key))) for key, title in _DEFINED.items())),
        Heading("marks", "Marks"),
        Terms(tuple((strong(mark.word), plain(_sentence(mark.meaning))) for mark in MARKS.values())),
        Paragraph(
            plain(
                "Words for a change: level within 5% either way; beyond that up or down where the interval holds 0, grew or "
                "fell where it does not; surged and collapsed from 20% on, with the whole interval beyond 10%. Nothing "
                "partial, carried by one person or on a small base gets a word, and without an interval only “level” is "
                "said. No word claims more than the same basket bears out. "
                f"“< {FEW}” stands for fewer than five people, and for none; “withheld” for what so few people did, what would "
                "give them away, and what is mostly one person’s. "
                "“n/a”: there is no such number, it cannot be known, or a source that ended too early would distort it."
            )
        ),
        Heading("cannot-tell", "What this cannot tell"),
        Bullets(tuple(plain(text) for text in _CANNOT_TELL)),
        Heading("trace", "How to trace a number"),
        Paragraph(plain(_TRACE)),
        Paragraph(made_from(context)),
        Heading("rights", "People and corrections"),
        Paragraph(plain(_RIGHTS)),
    ]


_REASONS = (
    ("not_counted_merge", "merges"),
    ("not_counted_duplicate", "duplicates of another repository"),
    ("not_counted_bot", "by automation"),
    ("not_counted_before_tracking", "from before tracking"),
    ("not_counted_after_tracking", "from after tracking"),
    ("not_counted_partial_source", "from sources that end too early"),
    ("not_counted_import", "of imported history"),
    ("not_counted_bad_date", "with an impossible date"),
)


def left_out(context: Context) -> Text:
    """Say how many commits were left out, by reason; reasons that left none out, or what few people made, are not listed."""
    facts = context.facts
    applied = [(measure, words) for measure, words in _REASONS if facts.number("catalogue", measure)]
    is_any_hidden = any(facts.of("catalogue", measure).hidden for measure, _ in _REASONS)
    if not applied and not is_any_hidden:
        return say(facts, "All {c.commits_read} commits that were read count.", c="catalogue")
    told = [say(facts, f"{{c.{measure}}} {words}", c="catalogue") for measure, words in applied]
    reasons = listed([*told, plain("a few whose reason would tell what few people did")] if is_any_hidden else told)
    return say(
        facts,
        "Of {c.commits_read} commits read, {c.commits} count. Left out: {reasons}.",
        c="catalogue",
        reasons=reasons,
    )


def incomplete(context: Context) -> Text:
    """Name the repositories whose source ends before the quarter does."""
    named = [
        (*name(entry.repository), *plain(f" (until {entry.complete_until:%Y-%m-%d})" if entry.complete_until else ""))
        for entry in context.incomplete
    ]
    return say(
        context.facts, "Not measured, since the source ends before the quarter does: {names}.", names=listed(named)
    )


def made_from(context: Context) -> Text:
    """Say by short hashes what the edition was made from."""
    hashes = {
        key: match[1] for key, value in sorted(context.provenance.items()) if (match := _HASH.fullmatch(str(value)))
    }
    named = [(*plain(f"{_hashed(key)} "), *name(digest[:_SHORT])) for key, digest in hashes.items()]
    if not named:
        return plain("What this edition was made from stands in facts.json under made_from.")
    rest = "; the whole hashes and the tip of every repository stand in facts.json under made_from."
    return (*plain("Made from "), *join(named, ", "), *plain(rest))


def _hashed(key: str) -> str:
    """Return the name of what was hashed, as a reader says it."""
    return re.sub(r"_(sha256|hash|digest)$", "", key).replace("_", " ")


def _definition(context: Context, measure: str) -> str:
    entity = "catalogue" if measure in OF_CATALOGUE_ONLY else context.categories[0]
    return _sentence(context.facts.of(entity, measure).definition)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}.".replace("'", "’")
