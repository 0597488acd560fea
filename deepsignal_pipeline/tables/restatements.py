"""Contract of `restatements`: what moved since the last edition, and why."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table


def _count(name: str, meaning: str, unit: str, *, is_change: bool = False) -> Column:
    return Column(name, "BIGINT", meaning, unit, required=False, minimum=None if is_change else 0)


def _of(unit: str, name: str, *, has_either: bool = False) -> tuple[Column, ...]:
    either = ("by_either", "by catalogue, late commits or identities, where these cannot be told apart for people")
    causes = (
        (
            "by_catalogue",
            "by repositories that came, left or changed their category, dates of tracking, imports, upstreams of forks",
        ),
        (
            "by_source",
            "by late commits or rewritten history: a repository, or its upstream, holds other commits of the quarter",
        ),
        ("by_identities", "by who is held to be one person, or a program, over the same commits"),
        *((either,) if has_either else ()),
    )
    return (
        _count(f"{name}_published", f"{name} of the quarter before in its first edition; null if that is lost", unit),
        _count(f"{name}_restated", f"{name} of the quarter before, as known now; null in the first quarter", unit),
        *(_count(f"{name}_{key}", f"restated {meaning}", unit, is_change=True) for key, meaning in causes),
        _count(f"{name}_real_change", f"{name} now less {name} restated", unit, is_change=True),
    )


TABLE = Table(
    name="restatements",
    one_row_is="a category, with what its figures of the quarter before were when published and are now",
    group="metrics",
    stage=2,
    version="4",
    grain=("category",),
    order=("category_order",),
    rows=12,
    reads=(
        Read("category_metrics"),
        Read("alias_activity", quarters_back=1),
        Read("contributor_identities"),
        Read("counted_commits", quarters_back=1),
        Read("tracked_repositories"),
    ),
    derives=("contributor_activity",),
    staged=("published_figures",),
    columns=(
        Column("category", "VARCHAR", "slug of the category"),
        Column("category_order", "INTEGER", "position of the category in the catalogue", minimum=0),
        *_of("commits", "commits"),
        *_of("people", "contributors", has_either=True),
    ),
    rules=(
        Rule(
            "causes_of_commits_add_up",
            "Restated commits are the published ones and all causes.",
            "commits_restated = commits_published + commits_by_catalogue + commits_by_source + commits_by_identities",
        ),
        Rule(
            "causes_of_people_add_up",
            "Restated contributors are the published ones and all causes.",
            "contributors_restated = contributors_published + contributors_by_catalogue + contributors_by_source + "
            "contributors_by_identities + contributors_by_either",
        ),
    ),
)
