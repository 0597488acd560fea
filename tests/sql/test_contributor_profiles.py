"""How much a person did, and what kind of work: whoever wrote a kernel and whoever touched an adapter come apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"
CORE, ADAPTER, GUIDE, RULES, TEST = "src/kernel.cu", "plugins/redis.py", "docs/guide.md", "setup.py", "tests/test_x.py"
KERNEL, GUIDES, TESTS = "src/other.cu", "docs/guides.md", "tests/test_y.py"
WORK: dict[str, list[tuple[int, tuple[str, ...] | None]]] = {
    # Days and paths of commits, and what they make of a person
    "builder": [(0, (CORE,)), (1, (CORE, TEST)), (8, (CORE,)), (9, (CORE, TEST))],
    "in one week": [(0, (CORE,)), (1, (CORE,)), (2, (CORE,)), (9, (GUIDE,))],
    "too light": [(0, (CORE,)), (1, (CORE, TEST)), (8, (CORE,))],
    "adapter once": [(0, (ADAPTER,))],
    "half and half": [(0, (CORE, GUIDE)), (1, (CORE, GUIDE))],
    # 1/3 and 2/3 are half of two commits, and nine thirds three commits, though no part of a million can say a third
    "half of thirds": [(0, (CORE, GUIDE, GUIDES)), (1, (CORE, KERNEL, GUIDE))],
    "three of thirds": [(day, (CORE, TEST, TESTS)) for day in range(9)],
    "mixed": [(0, (CORE, ADAPTER, GUIDE, RULES))],
    "tester": [(0, (TEST,)), (1, (TEST,)), (8, (TEST,))],
    "packager": [(0, (RULES,)), (1, (CORE,)), (2, (RULES,))],
    "unseen": [(0, None), (8, None)],
    "partly known": [(0, None), (8, (GUIDE,))],
}


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    commits = [
        lab.commit("a/one", who, f"{QUARTER}+{day}", paths=paths and list(paths))
        for who, done in WORK.items()
        for day, paths in done
    ]
    # Two repositories and two aliases of a category are one profile; another category is another one
    commits += [lab.commit("a/two", "adapter once", f"{QUARTER}+20", paths=[ADAPTER])]
    commits += [lab.commit("b/one", "builder", f"{QUARTER}+20", paths=[GUIDE])]
    commits += [lab.commit("a/one", who, f"{QUARTER}+3", paths=[CORE]) for who in ("root", "renovate[bot]")]
    repositories = {name: {"category": "a"} for name in ("a/one", "a/two")}
    return lab.bench(commits, categories="ab", repositories=repositories).run("contributor_profiles", read=QUARTER)


def profile(bench: Bench, who: str, category: str = "a") -> dict[str, Any]:
    return bench.row("contributor_profiles", QUARTER, contributor_id=bench.person(who), category=category)


@pytest.mark.parametrize(
    ("who", "volume", "work_class", "is_core_builder"),
    [
        ("builder", "sustained", "core", True),
        ("in one week", "sustained", "core", False),
        ("too light", "sustained", "core", False),
        ("adapter once", "occasional", "integration", False),
        ("half and half", "occasional", "core", False),
        ("half of thirds", "occasional", "core", False),
        ("three of thirds", "sustained", "core", True),
        ("mixed", "one_commit", "mixed", False),
        ("tester", "sustained", "neutral", False),
        ("packager", "occasional", "build", False),
        ("unseen", "occasional", "unknown", None),
        ("partly known", "occasional", "docs", False),
    ],
)
def test_volume_and_class(bench: Bench, who: str, volume: str, work_class: str, is_core_builder: bool | None) -> None:
    row = profile(bench, who)
    assert (row["volume"], row["work_class"], row["is_core_builder"]) == (volume, work_class, is_core_builder)


def test_a_profile_adds_up_the_repositories_of_a_category(bench: Bench) -> None:
    row = profile(bench, "adapter once")
    assert (row["repositories"], row["commits"], row["integration_weight"], row["active_weeks"]) == (2, 2, 2_000_000, 2)
    assert profile(bench, "builder", "b")["work_class"] == "docs"
    assert (profile(bench, "builder")["core_weight"], profile(bench, "builder")["core_weeks"]) == (3_000_000, 2)


def test_only_people_have_profiles(bench: Bench) -> None:
    assert len(bench.rows("contributor_profiles", QUARTER)) == len(WORK) + 1


@pytest.mark.parametrize(("first", "band"), [("2022-04-02", "under_1_year"), ("2022-03-31", "1_to_2_years"),
                                             ("2021-03-31", "2_years_or_more")])  # fmt: skip
@pytest.mark.parametrize(("days", "is_full_time"), [(range(0, 30, 3), True), (range(0, 31, 3), True),
                                                    (range(0, 36, 4), False), (range(0, 64, 7), False)])  # fmt: skip
def test_tenure_and_full_time(lab: Lab, first: str, band: str, days: range, is_full_time: bool) -> None:
    commits = [lab.commit("a/one", "ada", first)]
    commits += [lab.commit("a/one", "ada", f"{QUARTER}+{day}") for day in days]
    bench = lab.bench(commits, categories="a").write("contributor_profiles", read=QUARTER)
    row = bench.row("contributor_profiles", QUARTER)
    assert (row["tenure_band"], row["is_full_time_like"]) == (band, is_full_time)
