"""Contract of `focus_terms`: what the work of a category turned to, and what sets it apart."""

from deepsignal_pipeline.tables.alias_terms import KINDS
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

SCOPES = ("across", "repository", "new", "apart")
"""Across the category's repositories; in one of them; in its new repositories; shared by them, unlike other categories."""

TABLE = Table(
    name="focus_terms",
    one_row_is="a term that more people of a category used in the quarter than was to be expected",
    group="metrics",
    stage=2,
    version="3",
    grain=("category", "scope", "rank"),
    reads=(
        Read("alias_terms", quarters_back=4),
        Read("contributor_identities"),
        Read("tracked_repositories"),
        # Waited for by the words that name somebody
        Read("contributor_aliases"),
    ),
    staged=("person_words", "category_words"),
    may_be_empty=True,
    columns=(
        Column("category", "VARCHAR", "slug of the category"),
        Column(
            "scope",
            "VARCHAR",
            "what the term rose in: across repositories against their own past, in one repository against its own past, "
            "or in new repositories against all settled ones of the quarter; apart: no rise, but what two or more of the "
            "category's repositories work on, more than other categories do for their size in the quarter",
            allowed=SCOPES,
        ),
        Column(
            "rank",
            "BIGINT",
            "place in its scope by z, from 1; apart: by z without the repository that uses the term most, if that is less",
            minimum=1,
            maximum=20,
        ),
        Column("kind", "VARCHAR", "where the term stands: in changed paths, or in subjects", allowed=KINDS),
        Column("term", "VARCHAR", "in lower case, of a-z, 0-9 and _ . + -; never a name of a person"),
        Column("repositories", "VARCHAR[]", "repositories whose people used it, those with most first"),
        Column(
            "top_repository_share",
            "DOUBLE",
            "share of the first of these repositories in the term's uses; no fact, since it tells how few use it there",
            minimum=0,
            maximum=1,
        ),
        Column("people", "BIGINT", "people who used the term in these repositories", "people", minimum=5),
        Column("uses", "BIGINT", "the same, a person once for each repository", minimum=5),
        Column("units", "BIGINT", "people active in the repositories looked at, once for each repository", minimum=5),
        Column("base_uses", "BIGINT", "uses in what it is compared with", minimum=0),
        Column(
            "base_units", "BIGINT", "people active in what it is compared with, per repository and quarter", minimum=1
        ),
        Column(
            "past_quarters",
            "BIGINT",
            "quarters of past that it is compared with, fewer than four at the beginning of what is recorded; null for "
            "new repositories and apart",
            required=False,
            minimum=1,
            maximum=4,
        ),
        Column(
            "expected_uses",
            "DOUBLE",
            "uses if each repository's people had used the term as often as in what it is compared with",
            minimum=0,
        ),
        Column(
            "z",
            "DOUBLE",
            "Mantel-Haenszel statistic of the term over repositories: standard deviations above what is expected; "
            "rounded to a tenth, since all its digits would tell how few used it before",
            "standard deviations",
            minimum=3.5,
            people="people",
        ),
    ),
    rules=(
        Rule("a_person_uses_a_term_at_least_once", "There are no more people than uses.", "people <= uses"),
        Rule("uses_are_of_units", "Nobody uses a term in a repository where they are not.", "uses <= units"),
        Rule(
            "across_is_across",
            "A term across repositories is in at least three and nowhere alone.",
            "scope <> 'across' OR (len(repositories) >= 3 AND top_repository_share <= 0.8)",
        ),
        Rule(
            "apart_is_shared",
            "A term that sets a category apart is in at least two repositories and nowhere alone.",
            "scope <> 'apart' OR (len(repositories) >= 2 AND top_repository_share <= 0.8)",
        ),
        Rule(
            "one_repository_is_one",
            "A term within a repository names that one.",
            "scope <> 'repository' OR len(repositories) = 1",
        ),
    ),
)
