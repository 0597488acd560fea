"""What a category turned to, and what sets it apart: the statistic by hand, its scopes, and what is left out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab, Row

NOW = "2023-Q1"
PAST = ("2022-Q2", "2022-Q3", "2022-Q4")
REPOSITORIES = {f"o/r{n}": {"category": "a"} for n in range(1, 5)} | {f"n/r{n}": {"category": "n"} for n in range(1, 3)}


def crowd(lab: Lab, repository: str, quarter: str, people: int, said: str = "plain", **more: Any) -> list[Row]:
    """Let people commit once each; the same number in the same repository is the same person."""
    begin = more.pop("begin", 0)
    return [
        lab.commit(repository, f"person-{repository[-2:]}-{n:02}", f"{quarter}+1", subject=said, **more)
        for n in range(begin, begin + people)
    ]


def past(lab: Lab, repository: str, people: int, **more: Any) -> list[Row]:
    return [row for quarter in PAST for row in crowd(lab, repository, quarter, people, **more)]


def published(lab: Lab, commits: list[Row], quarter: str = NOW) -> Bench:
    first = "2022-Q1" if quarter == NOW else quarter
    bench = lab.bench(commits, categories="an", repositories=REPOSITORIES)
    return bench.write("focus_terms", read=f"{first}:{quarter}", publish=quarter)


def found(bench: Bench, category: str, scope: str) -> list[str]:
    return [row["term"] for row in bench.rows("focus_terms", NOW, category=category, scope=scope)]


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    """Three repositories of 4 people and 12 person-quarters of past, of whom 2 each say flash now; a fourth turns alone."""
    commits = [row for n in (1, 2, 3) for row in past(lab, f"o/r{n}", 4)]
    commits += [row for n in (1, 2, 3) for row in crowd(lab, f"o/r{n}", NOW, 2, "flash")]
    commits += [row for n in (1, 2, 3) for row in crowd(lab, f"o/r{n}", NOW, 2, "plain", begin=2)]
    commits += past(lab, "o/r4", 10) + crowd(lab, "o/r4", "2022-Q4", 1, "dynamo", begin=10)
    commits += crowd(lab, "o/r4", NOW, 8, "dynamo") + crowd(lab, "o/r4", NOW, 2, begin=8)
    commits += crowd(lab, "n/r1", "2022-Q4", 2) + crowd(lab, "n/r1", NOW, 6, "prompt flash")
    commits += crowd(lab, "n/r2", NOW, 3, "prompt")
    return lab.bench(commits, categories="an", repositories=REPOSITORIES).run(
        "focus_terms", read=f"2022-Q1:{NOW}", publish=NOW
    )


def test_across_repositories_the_statistic_adds_up_over_them(bench: Bench) -> None:
    row = bench.row("focus_terms", NOW, category="a", scope="across")
    # A repository: 2 of 4 now, 0 of 12 before. Mean 4 x 2 / 16 = 0.5, variance 4 x 12 x 2 x 14 / (16^2 x 15) = 0.35
    assert row["z"] == round((6 - 3 * 0.5) / (3 * 0.35) ** 0.5, 1)
    assert row | {"z": 0} == {
        "category": "a",
        "scope": "across",
        "rank": 1,
        "kind": "subject",
        "term": "flash",
        "repositories": ["o/r1", "o/r2", "o/r3"],
        "top_repository_share": pytest.approx(1 / 3),
        "people": 6,
        "uses": 6,
        "units": 22,
        "base_uses": 0,
        "base_units": 67,
        "past_quarters": 3,
        "expected_uses": 0,
        "z": 0,
    }


def test_within_one_repository_it_is_named(bench: Bench) -> None:
    row = bench.row("focus_terms", NOW, category="a", scope="repository")
    # 8 of 10 now, 1 of 31 before: mean 10 x 9 / 41, variance 10 x 31 x 9 x 32 / (41^2 x 40)
    assert row["z"] == round((8 - 90 / 41) / (10 * 31 * 9 * 32 / (41**2 * 40)) ** 0.5, 1)
    assert (row["term"], row["repositories"], row["people"], row["base_uses"]) == ("dynamo", ["o/r4"], 8, 1)
    assert (row["units"], row["base_units"]) == (10, 31)
    assert row["expected_uses"] == pytest.approx(10 * 1 / 31)


def test_new_repositories_are_compared_with_all_settled_ones_of_the_quarter(bench: Bench) -> None:
    rows = bench.rows("focus_terms", NOW, category="n", scope="new")
    # 9 people in two new repositories, 22 in the settled four; flash is said by 6 of 9 and by 6 of 22
    assert [(row["scope"], row["term"]) for row in rows] == [("new", "prompt")]
    (row,) = rows
    assert (row["uses"], row["units"], row["base_uses"], row["base_units"]) == (9, 9, 0, 22)
    assert row["z"] == round((9 - 81 / 31) / (9 * 22 * 9 * 22 / (31**2 * 30)) ** 0.5, 1)
    assert (row["repositories"], row["past_quarters"]) == (["n/r1", "n/r2"], None)


def test_what_sets_a_category_apart_is_shared_by_its_repositories_and_not_by_others(bench: Bench) -> None:
    # prompt: 6 of n/r1 and 3 of n/r2, of 22 others nobody. Without n/r1: 3 of 3 against 0 of 22. flash is of one repository
    row = bench.row("focus_terms", NOW, category="n", scope="apart")
    assert (row["term"], row["people"], row["repositories"]) == ("prompt", 9, ["n/r1", "n/r2"])
    assert (row["uses"], row["units"], row["base_uses"], row["base_units"]) == (9, 9, 0, 22)
    assert row["z"] == round((9 - 81 / 31) / (9 * 22 * 9 * 22 / (31**2 * 30)) ** 0.5, 1)
    assert (row["top_repository_share"], row["past_quarters"]) == (pytest.approx(2 / 3), None)


def test_what_one_repository_does_sets_no_category_apart(lab: Lab) -> None:
    """10 of 30 against 1 of 100 pass the line (z 5.6), the 2 of 20 that are left without the first repository do not (2.3)."""
    commits = crowd(lab, "o/r1", NOW, 8, "flash") + crowd(lab, "o/r1", NOW, 2, begin=8)
    commits += crowd(lab, "o/r2", NOW, 2, "flash") + crowd(lab, "o/r2", NOW, 18, begin=2)
    commits += crowd(lab, "n/r1", NOW, 1, "flash") + crowd(lab, "n/r1", NOW, 99, begin=1)
    assert found(published(lab, commits), "a", "apart") == []


def test_a_term_of_which_more_than_four_fifths_are_in_one_repository_sets_no_category_apart(lab: Lab) -> None:
    commits = crowd(lab, "o/r1", NOW, 9, "flash") + crowd(lab, "o/r2", NOW, 2, "flash")
    commits += crowd(lab, "n/r1", NOW, 100)
    assert found(published(lab, commits), "a", "apart") == []


@pytest.mark.parametrize(("others", "told"), [(0, []), (4, []), (5, ["triton"])])
def test_a_description_that_would_tell_how_few_others_use_a_term_is_not_told(
    lab: Lab, others: int, told: list[str]
) -> None:
    """Nine turn to it in one repository, some have long used it in another: nine and thirteen are told, four are not."""
    commits = past(lab, "o/r1", 9) + crowd(lab, "o/r1", NOW, 9, "triton")
    commits += past(lab, "o/r2", others, said="triton") + crowd(lab, "o/r2", NOW, others, "triton")
    commits += past(lab, "n/r1", 40) + crowd(lab, "n/r1", NOW, 40)
    bench = published(lab, commits)
    assert (found(bench, "a", "repository"), found(bench, "a", "apart")) == (["triton"], told)


def test_a_category_on_its_own_is_set_apart_by_nothing(lab: Lab) -> None:
    commits = [row for n in (1, 2) for row in crowd(lab, f"o/r{n}", NOW, 9, "triton")]
    assert published(lab, commits).rows("focus_terms", NOW) == []


def test_a_category_is_set_apart_by_what_it_has_long_done(lab: Lab) -> None:
    commits = [
        row for n in (1, 2) for row in past(lab, f"o/r{n}", 9, said="triton") + crowd(lab, f"o/r{n}", NOW, 9, "triton")
    ]
    commits += past(lab, "n/r1", 9) + crowd(lab, "n/r1", NOW, 9)
    rows = published(lab, commits).rows("focus_terms", NOW)
    assert [(row["category"], row["scope"], row["term"]) for row in rows] == [("a", "apart", "triton")]


def test_the_catalogue_as_a_whole_has_terms_across_only(bench: Bench) -> None:
    assert {row["scope"] for row in bench.rows("focus_terms", NOW, category="catalogue")} <= {"across"}
    assert found(bench, "catalogue", "across") == ["flash"]


def test_one_busy_repository_is_not_across(lab: Lab) -> None:
    commits = [row for n in (1, 2, 3) for row in past(lab, f"o/r{n}", 20)]
    commits += crowd(lab, "o/r1", NOW, 9, "flash") + crowd(lab, "o/r1", NOW, 11, begin=9)
    commits += [
        row for n in (2, 3) for row in crowd(lab, f"o/r{n}", NOW, 1, "flash") + crowd(lab, f"o/r{n}", NOW, 19, begin=1)
    ]
    bench = published(lab, commits)
    assert (found(bench, "a", "across"), found(bench, "a", "repository")) == ([], ["flash"])


def test_one_person_who_moves_everything_is_one_person(lab: Lab) -> None:
    commits = [row for n in (1, 2, 3) for row in past(lab, f"o/r{n}", 5) + crowd(lab, f"o/r{n}", NOW, 5)]
    everything = [f"moved/place-{n}/x" for n in range(40)]
    commits += [
        lab.commit(f"o/r{n}", "a mover", f"{NOW}+{day}", paths=everything) for n in (1, 2, 3) for day in range(9)
    ]
    assert published(lab, commits).rows("focus_terms", NOW) == []


def test_who_writes_under_two_names_is_one_person(lab: Lab) -> None:
    known = crowd(lab, "o/r1", NOW, 9, "triton")
    renamed = [
        c | {"sha": f"{n + 1:x}".rjust(40, "b"), "author_name": f"{c['author_name']} too"} for n, c in enumerate(known)
    ]
    bench = published(lab, past(lab, "o/r1", 9) + known + renamed)
    row = bench.row("focus_terms", NOW, category="a", scope="repository")
    assert (row["term"], row["people"], row["uses"], row["units"]) == ("triton", 9, 9, 9)


def test_of_a_past_the_quarters_with_paths_count(lab: Lab) -> None:
    commits = crowd(lab, "o/r1", "2022-Q2", 7) + crowd(lab, "o/r1", "2022-Q3", 7, paths=["x/flash/y"])
    commits += crowd(lab, "o/r1", "2022-Q4", 30, paths=["x/other/y"])
    commits += crowd(lab, "o/r1", NOW, 12, paths=["x/flash/y"])
    row = published(lab, commits).row("focus_terms", NOW, scope="repository")
    assert (row["term"], row["kind"], row["past_quarters"]) == ("flash", "path", 2)
    assert (row["base_uses"], row["base_units"]) == (7, 37)


def test_without_a_past_with_paths_no_term_of_paths_is_told(lab: Lab) -> None:
    commits = past(lab, "o/r1", 9) + crowd(lab, "o/r1", NOW, 9, paths=["x/flash/y"])
    assert published(lab, commits).rows("focus_terms", NOW) == []


def test_the_first_quarter_of_the_catalogue_has_no_terms(lab: Lab) -> None:
    commits = crowd(lab, "o/r1", "2015-Q1", 30, "flash")
    assert published(lab, commits, "2015-Q1").rows("focus_terms", "2015-Q1") == []


def test_a_quiet_quarter_has_no_terms(lab: Lab) -> None:
    assert published(lab, past(lab, "o/r1", 9)).rows("focus_terms", NOW) == []


def test_nobody_is_named_whole_or_in_part_whenever_and_wherever_they_were_seen(lab: Lab) -> None:
    somebodies = [
        lab.commit("n/r1", "Kazoo Gordon", "2021-Q1+1"),
        lab.commit("n/r1", "zephyr", "2021-Q1+1"),
        lab.commit("n/r1", "Somebody Else", "2021-Q1+1", email="quokka@some.example"),
        lab.commit("n/r1", "Somebody Else", "2021-Q1+1", email="12345+wombat@users.noreply.github.com"),
        lab.commit("n/r1", "Somebody Else", "2021-Q1+1", login="Narwhal"),
        lab.commit("n/r1", "Flämingo Gordon", "2021-Q1+1"),
        lab.commit("n/r1", "G. Axo-Lotl", "2021-Q1+1"),
        lab.commit("n/r1", "Man Atee", "2021-Q1+1"),
    ]
    words = ["kazoo", "zephyr", "quokka", "wombat", "narwhal", "flamingo", "lotl", "man_atee"]
    said = " ".join([*words, *(f"{word}_attn" for word in words), "triton"])
    commits = past(lab, "o/r1", 9) + crowd(lab, "o/r1", NOW, 9, said) + somebodies
    assert found(published(lab, commits), "a", "repository") == ["triton"]


def test_a_category_is_not_told_its_own_name_nor_definition_in_any_form(lab: Lab) -> None:
    """`quantization-serving`, "for a test": what remains is what they stand beside, and the same words elsewhere."""
    own = "serving serve server quantization quantized quant serving-server"
    said = f"{own} server_dynamo post_training_quantization observe"
    names = {"o/r1": {"category": "quantization-serving"}, "n/r1": {"category": "n"}}
    commits = [row for place in names for row in past(lab, place, 9) + crowd(lab, place, NOW, 9, said)]
    bench = lab.bench(commits, categories=["quantization-serving", "n"], repositories=names)
    bench.write("focus_terms", read=f"2022-Q1:{NOW}", publish=NOW)
    told = {"observe", "post_training_quantization", "server_dynamo"}
    assert set(found(bench, "quantization-serving", "repository")) == told
    assert {"quant", "serve"} <= set(found(bench, "n", "repository"))


def test_automation_and_unresolved_authors_are_nobody(lab: Lab) -> None:
    commits = past(lab, "o/r1", 9) + crowd(lab, "o/r1", NOW, 4, "triton")
    commits += [
        lab.commit("o/r1", name, f"{NOW}+1", subject="triton") for name in ("renovate[bot]", "dependabot[bot]", "root")
    ]
    assert published(lab, commits).rows("focus_terms", NOW) == []


def test_of_terms_that_contain_each_other_the_one_that_most_people_use_is_told(lab: Lab) -> None:
    paths = ["models/llama/modeling_llama", "models/llama/configuration_llama"]
    commits = past(lab, "o/r1", 9, paths=["models/bert/bert"])
    commits += crowd(lab, "o/r1", NOW, 8, "llamas and llama", paths=paths)
    commits += crowd(lab, "o/r1", NOW, 3, paths=["models/llama/x"], begin=8)
    rows = published(lab, commits).rows("focus_terms", NOW, scope="repository")
    assert [(row["kind"], row["term"], row["people"]) for row in rows] == [("path", "llama", 11)]


def test_a_repository_has_four_terms_at_most(lab: Lab) -> None:
    commits = past(lab, "o/r1", 9) + crowd(lab, "o/r1", NOW, 9, "triton dynamo inductor llama fsdp lora")
    assert len(found(published(lab, commits), "a", "repository")) == 4
