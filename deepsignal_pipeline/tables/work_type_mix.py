"""Contract of `work_type_mix`: what kind of work the commits of a category or repository were."""

from deepsignal_pipeline.domain.work_types import WORK_TYPES
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

SHARES = tuple(f"{work_type}_share" for work_type in WORK_TYPES)

_MEANINGS = {
    "core": "on the work itself",
    "integration": "on what ties it to other frameworks, services, formats and languages",
    "docs": "on documentation, examples and demos",
    "build": "on building, packaging, CI and upkeep",
    "tests": "on tests",
    "benchmarks": "on benchmarks",
    "vendored": "on copies of other projects and on generated files",
    "empty": "without paths",
}

TABLE = Table(
    name="work_type_mix",
    one_row_is="the catalogue, a category (all twelve) or a repository with a counted commit in the quarter",
    group="metrics",
    stage=2,
    version="1",
    grain=("entity_kind", "entity"),
    order=("entity_kind", "category_order", "entity"),
    reads=(Read("alias_activity"), Read("contributor_identities"), Read("tracked_repositories")),
    derives=("contributor_activity",),
    columns=(
        Column("entity_kind", "VARCHAR", "what the row is about", allowed=("catalogue", "category", "repository")),
        Column("entity", "VARCHAR", "catalogue, slug of the category, or canonical owner/name"),
        Column("category", "VARCHAR", "slug of the category; null for the catalogue", required=False),
        Column(
            "category_order",
            "INTEGER",
            "position of the category; null for the catalogue",
            required=False,
            minimum=0,
        ),
        # No units: commits are a fact of other tables, and the number of classified ones would give them away where they are
        # withheld
        Column("commits", "BIGINT", "counted commits, as in category_metrics", minimum=0),
        Column("classified_commits", "BIGINT", "of these, those whose paths are known and 50 at most", minimum=0),
        Column("classified_contributors", "BIGINT", "people with a classified commit", minimum=0),
        Column(
            "null_reason",
            "VARCHAR",
            "why there are no shares: nobody committed, or no paths are known",
            required=False,
            allowed=("no_commits", "paths_unknown"),
        ),
        *(
            Column(
                share,
                "DOUBLE",
                f"part of the weight of the classified commits {_MEANINGS[work_type]}",
                "share",
                required=False,
                minimum=0,
                maximum=1,
                people="classified_contributors",
            )
            for work_type, share in zip(WORK_TYPES, SHARES, strict=True)
        ),
    ),
    rules=(
        Rule("shares_add_up_to_1", "The shares of an entity add up to 1.", f"abs({' + '.join(SHARES)} - 1) < 1e-9"),
        Rule(
            "shares_or_the_reason",
            "There are shares, or the reason why there are none.",
            "(core_share IS NULL) = (null_reason IS NOT NULL)",
        ),
    ),
)
