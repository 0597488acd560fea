"""What an edition shows of people who came from somewhere: arrivals by past, and homes year on year.

The words about them are `prose.arrivals`, the drawing is `charts.arrivals`.
"""

from __future__ import annotations

from deepsignal_pipeline.report.charts.arrivals import Stream, draw_arrivals
from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import show
from deepsignal_pipeline.report.model import Cell, Column, Figure, Table, Text, as_string, plain
from deepsignal_pipeline.report.tables import fact_cell, word_cell

HIGHLIGHTS = 3
ELSEWHERE = "and may be at home elsewhere, pass through or have left by these numbers"
"""What becomes of people in the matrix of homes whose category was read in part."""


def arrival(origin: str, destination: str) -> str:
    """Return the entity of people new to a category who have a past in another ("any", "none": in any, in none)."""
    return f"arrivals:{origin}:{destination}"


def year(origin: str, destination: str) -> str:
    """Return the entity of people whose home a year ago was one and now is the other."""
    return f"year:{origin}:{destination}"


def streams(context: Context) -> list[tuple[str, str]]:
    """Return the origins and destinations of arrivals that may be printed: most people first, then catalogue order."""
    pairs = [(o, d) for o in context.categories for d in context.categories if o != d]
    shown = [(o, d) for o, d in pairs if context.facts.value(arrival(o, d), "people") is not None]
    return sorted(shown, key=lambda pair: -context.facts.number(arrival(*pair), "people"))


def with_past(context: Context) -> list[str]:
    """Return the categories whose new people with a past may be printed: most of them first."""
    shown = [c for c in context.categories if context.facts.value(arrival("any", c), "people") is not None]
    return sorted(shown, key=lambda c: -context.facts.number(arrival("any", c), "people"))


def read_in_part(context: Context, consequence: str) -> Text:
    """Say of which categories people are missing, and what follows for the others; nothing if all were read whole."""
    partial = [plain(context.short(category)) for category in context.categories if not context.is_whole(category)]
    if not partial:
        return ()
    verb = "was" if len(partial) == 1 else "were"
    return join(
        [
            listed(partial),
            plain(
                f"{verb} read in part: who was active in a source that ends too early is missing there, {consequence}."
            ),
        ]
    )


def arrivals_figure(context: Context) -> Figure | None:
    """Return the streams of people who are new to one category and were active in another; None if none may be shown."""
    facts, found = context.facts, streams(context)
    if not found:
        return None
    drawn = [
        Stream(
            context.short(origin),
            context.short(destination),
            facts.number(arrival(origin, destination), "people"),
            show(facts.of(arrival(origin, destination), "people")),
            is_highlighted=number < HIGHLIGHTS,
        )
        for number, (origin, destination) in enumerate(found)
    ]
    notes = {context.short(d): _of_new(context, d) for d in {destination for _, destination in found}}
    said = "; ".join(f"{s.origin} to {s.destination} {s.shown}" for s in drawn)
    title = arrivals_title(context, *found[0])
    caption = f"Data of the chart: {as_string(title)}"
    return Figure(
        key="arrivals",
        title=title,
        subtitle="People whose first commit in the category on the right is of this quarter, by where they were active in "
        "the four quarters before. Below the name: how many of all its new people have any such past. Who has several is in "
        "each stream; streams of fewer than five are not drawn",
        footer=context.footer,
        alt=f"Flow chart from categories of origin to categories that people are new to: {said}. It shows which fields "
        "newcomers with experience come from.",
        facts="arrivals:<origin>:<destination>.people, <category>.contributors_new",
        data=arrivals_table(context, caption),
        draw=lambda look: draw_arrivals(drawn, notes, look),
    )


def arrivals_title(context: Context, origin: str, destination: str) -> Text:
    """Return the finding: the broadest stream."""
    is_of_all = context.facts.value(destination, "contributors_new") is not None
    return say(
        context.facts,
        "Of {c.contributors_new} people new to {destination}, {f.people} had been active in {origin} within a year"
        if is_of_all
        else "{f.people} people new to {destination} had been active in {origin} within a year",
        c=destination,
        f=arrival(origin, destination),
        origin=context.short(origin),
        destination=context.short(destination),
    )


def _of_new(context: Context, category: str) -> str:
    any_past = show(context.facts.of(arrival("any", category), "people"))
    return f"{any_past} of {show(context.facts.of(category, 'contributors_new'))}"


def arrivals_table(context: Context, caption: str) -> Table:
    """Return the people new to each category with a past and without one, and by each category of origin."""
    columns = [Column("New to", "category", is_number=False), Column("New", "contributors_new")]
    columns += [Column("With a past", "any"), Column("Without", "none")]
    columns += [Column(context.short(origin), origin, "Active before in") for origin in context.categories]
    rows = [
        (
            word_cell(context.short(category)),
            fact_cell(context, category, "contributors_new"),
            *(
                Cell(plain("·"), "") if column.key == category else _people(context, arrival(column.key, category))
                for column in columns[2:]
            ),
        )
        for category in context.categories
    ]
    return Table("arrivals-data", caption, tuple(columns), tuple(rows))


def homes_table(context: Context) -> Table:
    """Return the matrix of homes, year on year, with those who entered and left, and the totals that it adds up to."""
    order = context.categories
    origins = [*((c, context.short(c)) for c in order), ("passing", "passing through"), ("absent", "entered")]
    titles = [
        *((c, str(n)) for n, c in enumerate(order, 1)),
        ("passing", "passing"),
        ("absent", "left"),
        ("all", "all"),
    ]
    columns = [Column("Home a year ago", "origin", is_number=False)]
    columns += [Column(title, key, "Home over the last four quarters") for key, title in titles]
    numbered = [(state, f"{n}  {words}" if state in order else words) for n, (state, words) in enumerate(origins, 1)]
    rows = [(word_cell(words), *_row_of_homes(context, state, titles)) for state, words in numbered]
    totals = (word_cell("all"), *_row_of_homes(context, "all", titles))
    note = plain(
        "Home: the category with most active weeks over four quarters, ties by commits, then the latest week, then the "
        "catalogue’s order. It takes two weeks or three commits there; who has less is passing through. Entered: in none of "
        "the four quarters of the year before. Left: in none of the last four. Every row and every column adds up to its "
        "total; numbers hidden or withheld are in the totals."
    )
    caption = f"Homes over the four quarters to {context.quarter} against the four before"
    notes = join([note, read_in_part(context, ELSEWHERE)])
    return Table("homes", caption, tuple(columns), tuple(rows), (totals,), notes)


def _row_of_homes(context: Context, origin: str, titles: list[tuple[str, str]]) -> list[Cell]:
    return [
        Cell(plain("·"), "") if origin == key == "absent" else _people(context, year(origin, key)) for key, _ in titles
    ]


def _people(context: Context, entity: str) -> Cell:
    return fact_cell(context, entity, "people")
