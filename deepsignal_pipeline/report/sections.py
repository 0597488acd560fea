"""The outline of an edition: which sections it has, and what stands in each."""

from __future__ import annotations

from deepsignal_pipeline.report import figures, flows, method_tables, prediction_tables, tables
from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.focus_section import write_turn
from deepsignal_pipeline.report.formats import number_text
from deepsignal_pipeline.report.model import Block, Bullets, Edition, Heading, Headline, Paragraph, Section, Text, plain
from deepsignal_pipeline.report.prose.arrivals import write_arrivals, write_homes
from deepsignal_pipeline.report.prose.categories import Writer
from deepsignal_pipeline.report.prose.hiring import write_hiring
from deepsignal_pipeline.report.prose.method import left_out, write_method, write_other_rules, write_reference
from deepsignal_pipeline.report.prose.overlaps import write_overlaps
from deepsignal_pipeline.report.prose.predictions import (
    write_due,
    write_forecasts,
    write_hit_rate,
    write_otherwise,
    write_refused,
)
from deepsignal_pipeline.report.prose.signal import write_signal
from deepsignal_pipeline.report.work_section import write_work

TITLE = "DeepSignal Open Quarterly"

# Not calendar.month_name: that follows the machine's language.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def write_edition(context: Context) -> Edition:
    """Write the edition of a quarter."""
    writer = Writer(context)
    signal = write_signal(context)
    return Edition(
        title=TITLE,
        quarter=context.quarter.label,
        period=_period(context),
        headlines=_headlines(context),
        coverage=_coverage(context),
        sections=(
            Section("signal", signal.headline, signal.paragraphs),
            Section("snapshot", "Quarter-over-quarter snapshot", _snapshot(context)),
            Section("projects", "Top projects by contributor count", _projects(context)),
            Section("engagement", "Engagement and turnover", _engagement(context)),
            Section("work", "What the work was", (*write_work(context), *write_turn(context))),
            Section("moving", "What’s moving", tuple(writer.moving())),
            Section("quiet", "Quiet corners", tuple(writer.quiet())),
            Section("overlap", "Presence and movement", _overlap(context)),
            Section("hiring", _HIRING[context.is_sample], _hiring(context)),
            Section("predictions", "Predictions", _predictions(context)),
            Section("method", "Method, definitions and limits", _method(context)),
            Section("homes", "Appendix: homes, year on year", _homes(context)),
        ),
        colophon=plain(
            "Written by a program from public commits. Every number is a fact with an id and a query; facts.json "
            "lists them."
        ),
    )


def _headlines(context: Context) -> tuple[Headline, ...]:
    facts = context.facts
    return (
        Headline(
            number_text(facts.of("catalogue", "repositories_tracked")),
            say(
                facts,
                "tracked repositories; {c.repositories_read} of them read, {c.repositories_active} active",
                c="catalogue",
            ),
        ),
        Headline(
            number_text(facts.of("catalogue", "commits")),
            _change(context, "commits"),
        ),
        Headline(
            number_text(facts.of("catalogue", "contributors")),
            _change(context, "contributors"),
        ),
    )


def _change(context: Context, counted: str) -> Text:
    """Say how the catalogue's number changed, or why no change is printed."""
    fact = context.facts.of("catalogue", f"{counted}_qoq_pct")
    if fact.shown is None:
        why = "a source ends too early" if context.has_previous else "there is no quarter before"
        return plain(f"{counted}; no change is stated: {why}")
    return say(context.facts, f"{counted}, {{c.{fact.measure}}} on the quarter before", c="catalogue")


def _coverage(context: Context) -> tuple[Paragraph, ...]:
    facts = context.facts
    read = say(
        facts,
        "Coverage: of {c.repositories_tracked} tracked repositories {c.repositories_read} were read, "
        "{c.repositories_complete} of them complete through the quarter’s end.",
        c="catalogue",
    )
    line = join([read, _unread(context), _recounted(context), _unresolved(context), left_out(context)])
    return (*_sample_notice(context), Paragraph(line, "small"))


def _unresolved(context: Context) -> Text:
    """Say how many commits have a placeholder for an author, and in which categories they are over 1 %."""
    facts = context.facts
    total = say(
        facts, "Counted commits without a resolved author: {c.unresolved_commits} of {c.commits}", c="catalogue"
    )
    many = [
        say(facts, "{who} ({c.unresolved_commits} of {c.commits})", who=context.short(category), c=category)
        for category in context.categories
        if "unresolved" in facts.marks(category)
    ]
    return join([total, *([plain("; over 1% in "), listed(many)] if many else []), plain(".")], "")


def _recounted(context: Context) -> Text:
    """Say whether as many commits were read as an independent count finds."""
    facts = context.facts
    if not facts.number("catalogue", "repositories_recounted"):
        return ()
    read, counted = (facts.number("catalogue", f"history_commits{name}") for name in ("", "_recounted"))
    found = "as many as were read" if read == counted else "while {c.history_commits} were read"
    return say(
        facts,
        "The whole histories of {c.repositories_recounted} were counted independently: {c.history_commits_recounted} "
        f"commits, {found}.",
        c="catalogue",
    )


_UNREAD = {
    "not_asked": "that the source was not asked for",
    "not_found": "not found",
    "blocked": "blocked by the host",
    "failed": "whose visit failed",
    "partial": "read in part, nobody knows until when",
}


def _unread(context: Context) -> Text:
    """Say why tracked repositories were not read."""
    why = _UNREAD | ({"not_asked": "that the embedded sample does not hold"} if context.is_sample else {})
    counts = [f"{count:,} {why.get(status, 'without commits')}" for status, count in context.unread]
    return plain(f"Not read: {', '.join(counts)}.") if counts else ()


def _sample_notice(context: Context) -> tuple[Paragraph, ...]:
    """Say plainly that an edition rests on the embedded sample."""
    sample = next((source for source in context.sources if source.name == "sample"), None)
    if sample is None:
        return ()
    text = (
        f"This edition is made from the embedded sample: the real histories of {sample.repositories} repositories, "
        "with every person replaced by a made-up one. It shows what the report does; it is no basis for a decision "
        "about people."
    )
    return (Paragraph(plain(text), "notice"),)


def _period(context: Context) -> str:
    first, last = context.quarter.first_day, context.quarter.shift(1).first_day
    fetched = max((source.fetched_at for source in context.sources), default=None)
    seen = f"; histories as of {fetched.day} {_MONTHS[fetched.month - 1]} {fetched.year}" if fetched else ""
    return f"{_MONTHS[first.month - 1]} to {_MONTHS[last.month - 2]} {first.year}{seen}"


def _snapshot(context: Context) -> tuple[Block, ...]:
    return (
        (figures.snapshot_figure(context), tables.snapshot_table(context))
        if context.has_previous
        else (tables.snapshot_table(context),)
    )


def _projects(context: Context) -> tuple[Block, ...]:
    if not context.projects:
        return (Paragraph(plain("No repository had five contributors or more.")),)
    return (figures.projects_figure(context), tables.projects_table(context))


def _engagement(context: Context) -> tuple[Block, ...]:
    blocks: list[Block] = [figures.engagement_figure(context), tables.engagement_table(context)]
    if context.has_previous:
        blocks += [figures.turnover_figure(context), tables.turnover_table(context)]
    return tuple(blocks)


def _overlap(context: Context) -> tuple[Block, ...]:
    paragraphs = [Paragraph(text) for text in write_overlaps(context)]
    table = [tables.pairs_table(context)] if context.pairs else []
    arrivals = flows.arrivals_figure(context)
    return (
        Heading("presence", "Presence: active in two categories at once"),
        *paragraphs,
        figures.overlap_figure(context),
        *table,
        Heading("arrivals", "Movement: where newcomers come from"),
        *map(Paragraph, write_arrivals(context)),
        *([arrivals] if arrivals else []),
        Heading("year-on-year", "Movement: homes, year on year"),
        *map(Paragraph, write_homes(context)),
    )


_HIRING = {False: "What this means if you’re hiring", True: "What this would mean if you were hiring"}


def _hiring(context: Context) -> tuple[Block, ...]:
    invented = (
        "The people of this edition are invented: there is nobody behind these counts to look for. The section shows how such "
        "counts are read, and what they leave to ask."
    )
    notice = [Paragraph(plain(invented), "notice")] if context.is_sample else []
    return (*notice, *map(Paragraph, write_hiring(context)))


def _homes(context: Context) -> tuple[Block, ...]:
    everybody = context.facts.of(flows.year("all", "all"), "people")
    if everybody.value is None:
        return (Paragraph(plain("The eight quarters that homes are compared over begin before the catalogue does.")),)
    if everybody.hidden:
        whole = (
            "The matrix is withheld as a whole: a category was the home of fewer than five people, who could be worked out from "
            "all the others."
        )
        return (Paragraph(plain(whole)),)
    return (flows.homes_table(context),)


def _predictions(context: Context) -> tuple[Block, ...]:
    due, refused, otherwise = write_due(context), write_refused(context), write_otherwise(context)
    written = prediction_tables.written_table(context)
    return (
        Paragraph(write_hit_rate(context)),
        *((Bullets(tuple(due)),) if due else ()),
        *((written,) if written else ()),
        *((Heading("refused", "Refused"), Bullets(tuple(refused))) if refused else ()),
        *((Heading("otherwise", "Printed otherwise before"), Bullets(tuple(otherwise))) if otherwise else ()),
        Heading("forecasts", "What base rates say"),
        *map(Paragraph, write_forecasts(context)),
        prediction_tables.events_table(context),
        prediction_tables.calibration_table(context),
        prediction_tables.rules_table(context),
    )


def _method(context: Context) -> tuple[Block, ...]:
    return (
        *write_method(context),
        method_tables.coverage_table(context),
        *write_other_rules(),
        method_tables.readings_table(context),
        *(_restated(context) if context.has_previous else ()),
        *write_reference(context),
    )


def _restated(context: Context) -> tuple[Block, ...]:
    """Say what of the last edition no longer holds."""
    before, heading = context.quarter.shift(-1), Heading("restated", "Restated since the last edition")
    if context.has_lost_edition:
        return (heading, Paragraph(plain(f"No first edition of {before} is held, so nothing counts as restated.")))
    table = method_tables.restatements_table(context)
    if table is None:
        return (
            heading,
            Paragraph(plain(f"No figure of {before} is known to have been printed otherwise than it stands now.")),
        )
    return (heading, table)
