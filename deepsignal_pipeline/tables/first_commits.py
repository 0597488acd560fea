"""Contract of `first_commits`: since when people are there."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="first_commits",
    one_row_is="a person in a repository, with the first commit of a counted kind there, from the whole history",
    group="identity",
    stage=2,
    version="1",
    grain=("contributor_id", "repository"),
    order=("first_owned_at", "contributor_id", "repository"),
    quarterly=False,
    may_be_empty=True,
    reads=(Read("contributor_aliases"), Read("contributor_identities"), Read("tracked_repositories")),
    columns=(
        Column("contributor_id", "VARCHAR", "the person"),
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("category", "VARCHAR", "the repository's category"),
        Column("first_owned_at", "TIMESTAMP WITH TIME ZONE", "first commit of a counted kind in the repository"),
        Column(
            "is_first_in_category",
            "BOOLEAN",
            "whether the person's first commit in the category is this one; true once a person and category",
        ),
        Column(
            "first_in_catalogue_at", "TIMESTAMP WITH TIME ZONE", "the person's first commit anywhere in the catalogue"
        ),
    ),
    rules=(
        Rule(
            "nothing_is_before_the_first",
            "Nobody commits to a repository before first committing to the catalogue.",
            "first_in_catalogue_at <= first_owned_at",
        ),
    ),
)
