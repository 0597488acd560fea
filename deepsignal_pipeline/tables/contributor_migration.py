"""Contract of `contributor_migration`: where the people of a category come from, and where those of a year ago are now."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="contributor_migration",
    one_row_is="people who went from an origin to a destination, by the flow's way of counting; all cells, and the totals",
    group="migration",
    stage=2,
    version="1",
    grain=("flow", "origin", "destination"),
    # 12 x (11 categories, any, none, all), and twice 15 x 15 without absent to absent
    rows=12 * 14 + 2 * (15 * 15 - 1),
    reads=(
        Read("alias_activity", quarters_back=7),
        Read("contributor_identities"),
        Read("first_commits"),
        Read("tracked_repositories"),
    ),
    derives=("contributor_activity", "category_presences"),
    columns=(
        Column(
            "flow",
            "VARCHAR",
            "arrivals: new to the destination, active in the origin in the four quarters before; year: home over the "
            "trailing four quarters against the four before; quarter: the same of one quarter, which mostly says that "
            "nobody moves",
            allowed=("arrivals", "year", "quarter"),
        ),
        Column(
            "origin",
            "VARCHAR",
            "slug of a category, or: any (arrivals with a past, each once), none (arrivals without one), passing (too "
            "little for a home), absent (entered: not there before), all",
        ),
        Column("destination", "VARCHAR", "slug of a category, or: passing, absent (left: not there any more), all"),
        Column(
            "people",
            "BIGINT",
            "people of the cell; an arrival with several pasts is in the cell of each",
            "people",
            required=False,
            minimum=0,
        ),
        Column(
            "null_reason",
            "VARCHAR",
            "why there is no number: the quarters it looks back on begin before the catalogue",
            required=False,
            allowed=("window_before_catalogue",),
        ),
    ),
    rules=(
        Rule(
            "a_number_is_there_or_says_why",
            "A cell without a number has a reason.",
            "(people IS NULL) = (null_reason IS NOT NULL)",
        ),
        Rule(
            "rows_are_populations",
            "The cells of an origin add up to its people, counted apart.",
            "flow = 'arrivals' OR destination <> 'all' OR people = "
            "sum(people) FILTER (WHERE destination <> 'all') OVER (PARTITION BY flow, origin)",
        ),
        Rule(
            "columns_are_populations",
            "The cells of a destination add up to its people, counted apart.",
            "flow = 'arrivals' OR origin <> 'all' OR people = "
            "sum(people) FILTER (WHERE origin <> 'all') OVER (PARTITION BY flow, destination)",
        ),
        Rule(
            "those_before_and_entered_are_those_now_and_left",
            "People of before and entered are as many as people of now and left.",
            "flow = 'arrivals' OR "
            "sum(people) FILTER (WHERE destination = 'all' AND origin <> 'all') OVER (PARTITION BY flow) = "
            "sum(people) FILTER (WHERE origin = 'all' AND destination <> 'all') OVER (PARTITION BY flow)",
        ),
        Rule(
            "arrivals_have_a_past_or_none",
            "People new to a category have a past or none.",
            "flow <> 'arrivals' OR origin <> 'all' OR people = "
            "sum(people) FILTER (WHERE origin IN ('any', 'none')) OVER (PARTITION BY flow, destination)",
        ),
        Rule(
            "each_past_is_among_any",
            "No past counts more people than all pasts together, and all together no more than added up.",
            "flow <> 'arrivals' OR origin <> 'any' OR people BETWEEN "
            "max(people) FILTER (WHERE origin NOT IN ('any', 'none', 'all')) OVER (PARTITION BY flow, destination) AND "
            "sum(people) FILTER (WHERE origin NOT IN ('any', 'none', 'all')) OVER (PARTITION BY flow, destination)",
        ),
    ),
)
