"""Contract of `first_commits`: since when people are there, by category and over the catalogue."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="first_commits",
    one_row_is="a person in a category, with the first commit of a counted kind there, from the whole history",
    group="identity",
    stage=2,
    version="2",
    grain=("contributor_id", "category"),
    order=("first_owned_at", "contributor_id", "category"),
    quarterly=False,
    may_be_empty=True,
    reads=(Read("contributor_aliases"), Read("contributor_identities"), Read("tracked_repositories")),
    columns=(
        Column("contributor_id", "VARCHAR", "the person"),
        Column("category", "VARCHAR", "the category"),
        Column("first_owned_at", "TIMESTAMP WITH TIME ZONE", "first commit of a counted kind in the category"),
        Column(
            "first_in_catalogue_at", "TIMESTAMP WITH TIME ZONE", "the person's first commit anywhere in the catalogue"
        ),
    ),
    rules=(
        Rule(
            "nothing_is_before_the_first",
            "Nobody commits to a category before first committing to the catalogue.",
            "first_in_catalogue_at <= first_owned_at",
        ),
    ),
)
