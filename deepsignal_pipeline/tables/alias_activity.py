"""Contract of `alias_activity`: what an alias did in a repository in a quarter."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="alias_activity",
    one_row_is="an alias with at least one counted commit in a repository in the quarter",
    group="activity",
    stage=1,
    version="1",
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
    ),
)
