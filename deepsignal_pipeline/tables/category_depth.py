"""Contract of `category_depth`: how many people of a category did how much, and what kind of work."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table
from deepsignal_pipeline.tables.contributor_profiles import VOLUMES, WORK_CLASSES

_VOLUME_MEANINGS = {
    "one_commit": "people with a single commit",
    "occasional": "people with more than one commit, but not sustained",
    "sustained": "people with 3 commits or more in 2 weeks or more",
}


def _count(name: str, meaning: str, unit: str = "people", *, required: bool = True) -> Column:
    return Column(name, "BIGINT", meaning, unit, required=required, minimum=0)


def _share(name: str, meaning: str, people: str) -> Column:
    return Column(name, "DOUBLE", meaning, "share", required=False, minimum=0, maximum=1, people=people)


def _cells(volume: str) -> tuple[str, ...]:
    return tuple(f"{volume}_{work_class}" for work_class in WORK_CLASSES)


TABLE = Table(
    name="category_depth",
    one_row_is="a category, all twelve in every quarter",
    group="metrics",
    stage=2,
    version="1",
    grain=("category",),
    order=("category_order",),
    rows=12,
    reads=(Read("contributor_profiles"), Read("tracked_repositories")),
    columns=(
        Column("category", "VARCHAR", "slug of the category"),
        Column("category_order", "INTEGER", "position of the category in the catalogue", minimum=0),
        # Counts that other tables tell as facts have no unit here: a fact has one home
        _count("contributors", "people with a counted commit, as in category_metrics", unit=""),
        _count("classified_contributors", "of these, those with a classified commit, as in work_type_mix", unit=""),
        Column(
            "null_reason",
            "VARCHAR",
            "why nothing is known of core builders: nobody committed, or no paths are known",
            required=False,
            allowed=("no_commits", "paths_unknown"),
        ),
        _count("core_builders", "people with a core weight of 3 commits or more in 2 weeks or more", required=False),
        _share("core_builder_share", "core builders / people with classified commits", "classified_contributors"),
        _share(
            "full_time_like_share",
            "people with 10 active days or more within 28 days of the quarter / contributors",
            "contributors",
        ),
        *(_count(volume, _VOLUME_MEANINGS[volume]) for volume in VOLUMES),
        _share("sustained_share", "sustained people / contributors", "contributors"),
        *(
            # Facts are made of the sustained only: of one commit the class says little
            _count(
                f"{volume}_{work_class}",
                f"{_VOLUME_MEANINGS[volume]}, work class {work_class}",
                unit="people" if volume == "sustained" else "",
            )
            for volume in VOLUMES
            for work_class in WORK_CLASSES
        ),
    ),
    rules=(
        Rule(
            "volumes_are_all",
            "Every contributor is of one volume.",
            f"contributors = {' + '.join(VOLUMES)}",
        ),
        *(
            Rule(
                f"classes_of_{volume}_are_all",
                f"The people of volume {volume} are of one work class each.",
                f"{volume} = {' + '.join(_cells(volume))}",
            )
            for volume in VOLUMES
        ),
        Rule("core_builders_are_sustained", "Core builders are sustained.", "core_builders <= sustained"),
    ),
)
