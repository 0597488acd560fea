"""Contract of `alias_activity`: what an alias did in a repository in a quarter."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table
from deepsignal_pipeline.tables.counted_commits import WEIGHTS

WORK_COLUMNS = (
    Column("classified_commits", "BIGINT", "of the commits, those with known paths, 50 at most", "commits", minimum=0),
    *(
        Column(
            weight,
            "BIGINT",
            f"weight of the classified commits on {weight.removesuffix('_weight')} paths; null without any",
            "millionths",
            required=False,
            minimum=0,
        )
        for weight in WEIGHTS
    ),
    Column(
        "core_week_bits",
        "INTEGER",
        "weeks with a classified commit on core paths, as in week_bits; null without classified commits",
        required=False,
        minimum=0,
        maximum=8191,
    ),
)
"""What kind of work was done: the same columns in contributor_activity."""

WORK_RULES = (
    Rule(
        "some_commits_are_classified",
        "The classified commits are among the commits.",
        "classified_commits <= commits",
    ),
    Rule(
        "weights_are_a_million_a_commit",
        "The weights add up to a million millionths a classified commit.",
        f"{' + '.join(f'coalesce({weight}, 0)' for weight in WEIGHTS)} = 1000000 * classified_commits",
    ),
    Rule(
        "core_weeks_are_active_weeks",
        "Weeks of core work are active weeks, and there are some exactly if there is core weight.",
        "(core_week_bits & week_bits) = core_week_bits AND (core_week_bits > 0) = (core_weight > 0)",
    ),
)
"""What holds of these columns."""
TABLE = Table(
    name="alias_activity",
    one_row_is="an alias with at least one counted commit in a repository in the quarter",
    group="activity",
    stage=1,
    version="2",
    grain=("repository", "alias_id"),
    reads=(Read("counted_commits"),),
    may_be_empty=True,
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("category", "VARCHAR", "the repository's category"),
        Column("alias_id", "VARCHAR", "the author's alias"),
        Column("commits", "BIGINT", "counted commits", "commits", minimum=1),
        Column(
            "week_bits",
            "INTEGER",
            "bit w is set if the alias committed in week w = min(12, day / 7)",
            minimum=1,
            maximum=8191,
        ),
        Column("day_bits_low", "BIGINT", "bit d is set if it committed on day d = 0..45 of the quarter", minimum=0),
        Column("day_bits_high", "BIGINT", "bit d is set if it committed on day 46 + d of the quarter", minimum=0),
        *WORK_COLUMNS,
    ),
    rules=(
        Rule(
            "no_more_weeks_than_commits",
            "Nobody is active in more weeks than they made commits.",
            "bit_count(week_bits) <= commits",
        ),
        Rule(
            "no_more_weeks_than_days",
            "Nobody is active in more weeks than on days.",
            "bit_count(week_bits) <= bit_count(day_bits_low) + bit_count(day_bits_high)",
        ),
        *WORK_RULES,
    ),
)
