"""Contract of `measure_history`: what can be predicted, over all quarters that were read up to one."""

from deepsignal_pipeline.domain.predictions import MEASURES, PAIR_MEASURES
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

QUARTERS_BACK = 8
"""Quarters that must have been read before the one that is made: four to learn rates from, four to hold them against."""

TABLE = Table(
    name="measure_history",
    one_row_is="a measure of a category, of the catalogue or of a pair of categories in one of the quarters that were "
    "read, without a gap, up to this one",
    group="foresight",
    stage=2,
    version="2",
    grain=("measured_quarter", "entity", "measure"),
    reads=(
        # One more than is measured: churn compares with the quarter before
        Read("alias_activity", quarters_back=QUARTERS_BACK + 1),
        Read("contributor_identities"),
        Read("first_commits"),
        Read("tracked_repositories"),
        Read("repository_snapshots"),
    ),
    derives=("contributor_activity", "category_presences"),
    staged=("measured_quarters",),
    sums=("quarter_measures",),
    columns=(
        Column("measured_quarter", "DATE", "first day of the quarter that is measured"),
        Column("entity_kind", "VARCHAR", "what is measured", allowed=("category", "catalogue", "pair")),
        Column("entity", "VARCHAR", "slug of a category, catalogue, or first+second in catalogue order"),
        Column(
            "measure",
            "VARCHAR",
            "as in category_metrics and category_overlaps; new_share is contributors_new / contributors",
            allowed=(*MEASURES, *PAIR_MEASURES),
        ),
        Column("value", "DOUBLE", "the value; null with a reason", required=False, minimum=0),
        Column(
            "people",
            "BIGINT",
            "people behind the value: contributors, those of the quarter before for churn, the shared for a pair",
            minimum=0,
        ),
        Column(
            "smallest_part",
            "BIGINT",
            "people of the smallest group whose size the value tells: for a share, those of "
            "whom it is true or not, whichever are fewer",
            minimum=0,
        ),
        Column(
            "null_reason",
            "VARCHAR",
            "why there is no value",
            required=False,
            allowed=("not_read", "partial_source", "first_quarter", "nobody"),
        ),
    ),
    rules=(
        Rule(
            "a_null_says_why", "There is a value, or the reason why not.", "(value IS NULL) = (null_reason IS NOT NULL)"
        ),
        Rule("a_part_is_no_more_than_all", "The smallest group is among the people.", "smallest_part <= people"),
        Rule(
            "shares_are_shares",
            "Shares are at most 1, the churn rate at most 100, active weeks 1 to 13.",
            "CASE WHEN measure LIKE '%_share' THEN value <= 1 WHEN measure = 'churn_rate_pct' THEN value <= 100 "
            "WHEN measure = 'mean_active_weeks' THEN value BETWEEN 1 AND 13 ELSE true END",
        ),
    ),
)
