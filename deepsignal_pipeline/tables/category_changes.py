"""Contract of `category_changes`: how a measure of a category changed, and how sure that is."""

from deepsignal_pipeline.domain.trend_words import FALLING, RISING
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

_MEASURES = (
    "commits",
    "contributors",
    "contributors_new",
    "repositories_active",
    "mean_active_weeks",
    "one_week_share",
    "new_share",
    "churn_rate_pct",
    "retention_pct",
    "engaged_churn_rate_pct",
)


def _number(name: str, meaning: str, kind: str = "DOUBLE") -> Column:
    return Column(name, kind, meaning, required=False)


_VALUES = (
    Column(
        "unit",
        "VARCHAR",
        "what value and previous count",
        allowed=("commits", "people", "repositories", "weeks", "share", "%"),
    ),
    _number("value", "the measure in the quarter; null where it is over nobody"),
    _number("value_low", "lower end of the 95 % interval of a share (Wilson) or mean (jackknife of the log)"),
    _number("value_high", "upper end of the same; counts are a census and have none"),
    Column("people_in_both", "BIGINT", "people of this quarter who were there in the quarter before", minimum=0),
    Column("people", "BIGINT", "people whom a share or mean is over; null for counts", required=False, minimum=0),
    _number("previous", "the measure in the quarter before"),
    Column(
        "smallest_part",
        "BIGINT",
        "of a share: the fewest people whom it counts, or leaves out, in this quarter or the one before",
        required=False,
        minimum=0,
    ),
)

_CHANGE = (
    _number("change", "change against the quarter before, halves rounded up; null on a base of 0", "BIGINT"),
    Column("change_unit", "VARCHAR", "per cent, or points where the measure is a share", allowed=("%", "points")),
    _number("low", "lower end of the 95 % interval of the change, as if each person of both quarters decided again"),
    _number("high", "upper end of the same"),
    _number("degrees", "degrees of freedom of Student's t behind the interval, where it has any"),
    Column(
        "null_reason",
        "VARCHAR",
        "why there is no change, or no interval of it: first_quarter; no_base: nothing the quarter before, or nobody "
        "now; none_left: nothing in this one; change_by_few: under 5 degrees; no_model: repositories do not decide",
        required=False,
        allowed=("first_quarter", "no_base", "none_left", "change_by_few", "no_model"),
    ),
)

_BASKET = (
    _number("basket_value", "the measure over the same basket of repositories; null for what looks at three quarters"),
    _number("basket_previous", "the same in the quarter before"),
    _number("basket_change", "change over the same basket, in change_unit", "BIGINT"),
    Column(
        "basket_people_in_both", "BIGINT", "people of the same basket in this quarter and in the one before", minimum=0
    ),
    _number("basket_low", "lower end of its 95 % interval"),
    _number("basket_high", "upper end of the same"),
    _number("basket_contribution", "of a count: value - previous over the same basket", "BIGINT"),
    _number(
        "catalogue_contribution",
        "of a count: what is left of value - previous, from repositories outside the basket: newly begun, newly "
        "tracked, ended or incomplete",
        "BIGINT",
    ),
    _number("change_without_top", "change of commits without the quarter's largest contributor, in per cent", "BIGINT"),
)

_SURPRISE = (
    Column(
        "earlier_changes",
        "BIGINT",
        "changes before this one that surprise is measured against: at most 8; none into or out of a partial quarter",
        minimum=0,
        maximum=8,
    ),
    _number(
        "surprise",
        "(log change - mean) / (sd sqrt(1 + 1/k)) against the k earlier changes, of a share in points; null below 6",
    ),
    Column("p_value", "DOUBLE", "two-sided, t with k - 1 degrees", required=False, minimum=0, maximum=1),
    Column(
        "q_value",
        "DOUBLE",
        "Benjamini-Hochberg over all categories and measures; null for the catalogue",
        required=False,
        minimum=0,
        maximum=1,
    ),
    Column("is_discovery", "BOOLEAN", "q_value of at most 0.1"),
)

TABLE = Table(
    name="category_changes",
    one_row_is="a measure of a category, or of the catalogue, and its change against the quarter before",
    group="metrics",
    stage=2,
    version="3",
    grain=("entity", "measure"),
    order=("entity_order", "measure_order"),
    rows=13 * len(_MEASURES),
    reads=(
        Read("alias_activity", quarters_back=9),
        Read("contributor_identities"),
        Read("first_commits"),
        Read("first_repository_commits"),
        Read("tracked_repositories"),
        Read("repository_snapshots"),
    ),
    derives=("contributor_activity",),
    staged=("estimated_changes",),
    sums=("change_basket", "change_presences", "change_people", "change_levels", "change_cells", "change_commits"),
    kinds=("duckdb", "parquet", "sql", "python"),
    columns=(
        Column("entity", "VARCHAR", "slug of the category, or catalogue"),
        Column("entity_order", "INTEGER", "position of the category in the catalogue; the catalogue is 12", minimum=0),
        Column("measure", "VARCHAR", "name of the measure, as in category_metrics", allowed=_MEASURES),
        Column("measure_order", "INTEGER", "position of the measure", minimum=0),
        *_VALUES,
        *_CHANGE,
        *_BASKET,
        *_SURPRISE,
        Column(
            "trend_word",
            "VARCHAR",
            "the word that the change may be given; empty for none",
            allowed=("", "level", *sorted(RISING), *sorted(FALLING)),
        ),
        Column("is_word_of_basket", "BOOLEAN", "whether the word is said of the same basket, which differs"),
        Column(
            "marks",
            "VARCHAR[]",
            "partial, dominated, first_quarter, new, basket_differs: as in category_metrics, the last one of this "
            "measure; small_base: under 30 commits, people, or whatever the measure is over; change_by_few: so few "
            "people make the change, however many there are, that it has no interval (under 5 degrees of freedom)",
        ),
    ),
    rules=(
        Rule(
            "intervals_hold_their_changes",
            "A change, which is rounded, lies in its interval.",
            "change BETWEEN low - 1 AND high + 1 AND basket_change BETWEEN basket_low - 1 AND basket_high + 1",
        ),
        Rule(
            "basket_and_catalogue_make_the_change",
            "Contributions of the same basket and of the rest of the catalogue add up to the raw change.",
            "basket_contribution + catalogue_contribution = value - previous",
        ),
        Rule(
            "marked_changes_get_no_word",
            "Nothing partial, dominated, new or on a small base gets a trend word.",
            "trend_word = '' OR NOT (list_contains(marks, 'partial') OR list_contains(marks, 'dominated') OR "
            "list_contains(marks, 'small_base') OR list_contains(marks, 'new'))",
        ),
    ),
)
