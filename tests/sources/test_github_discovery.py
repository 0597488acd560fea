"""Candidates for the catalogue: nothing cut in silence, nothing added by itself, a patch that the catalogue accepts."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_github import FakeGitHub, only
from fake_http import Request, Response
from fake_rows import facts
from github_bench import Q1, GitHubBench, commits, github_bench

from deepsignal_pipeline.cli import main
from deepsignal_pipeline.domain.catalogue import Catalogue, parse_catalogue
from deepsignal_pipeline.domain.discovery import Candidate, patch, score, similarity, topic_weights
from deepsignal_pipeline.sources.github.discovery import Discovery
from deepsignal_pipeline.sources.github.search import Slice, search

TODAY = date(2023, 7, 2)
WHOLE = Slice("topic:llm archived:false", date(2008, 1, 1), TODAY, 20)
FILES = {
    "categories.yaml": b"""
- {slug: serving, name: Serving, definition: d}
- {slug: kernels, name: Kernels, definition: d}
""",
    "serving.yaml": b"""
- {repository: acme/engine, verified: read}
- {repository: acme/wheel, former_names: [old/wheel], verified: read}
""",
    "kernels.yaml": b"""
- {repository: acme/kernel, verified: read}
- {repository: acme/gone, verified: read}
""",
}


@pytest.fixture
def bench() -> Iterator[GitHubBench]:
    with github_bench() as opened:
        yield opened


def hit(number: int, created: date, stars: int = 50, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "full_name": f"some/thing-{number}",
        "topics": ["llm"],
        "stargazers_count": stars,
        "created_at": f"{created}T00:00:00Z",
        "description": "",
    } | more


def test_H33_a_search_beyond_a_thousand_is_cut_by_date(bench: GitHubBench) -> None:
    bench.fake.search_hits = [hit(n, date(2016, 1, 1) + timedelta(days=n)) for n in range(2600)]
    found = search(bench.client(), WHOLE)
    assert sorted(found.items) == list(range(2600))
    assert found.unseen == []
    assert len(bench.fake.log) < 45
    assert sum(bench.clock.slept) >= 60  # 30 a minute: the budget of searches was waited for


def test_H33_a_day_beyond_a_thousand_is_cut_by_stars(bench: GitHubBench) -> None:
    bench.fake.search_hits = [hit(n, date(2020, 5, 5), stars=20 + n % 300) for n in range(1500)]
    found = search(bench.client(), WHOLE)
    assert len(found.items) == 1500
    assert found.unseen == []


def test_H33_what_cannot_be_cut_is_told(bench: GitHubBench) -> None:
    bench.fake.search_hits = [hit(n, date(2020, 5, 5)) for n in range(1100)]
    found = search(bench.client(), WHOLE)
    assert len(found.items) == 1000
    assert "100 more than GitHub shows" in found.unseen[0]


@pytest.mark.parametrize(("times", "told"), [(1, 0), (-1, 1)])
def test_H33_a_search_that_gave_up_is_asked_again_then_told(bench: GitHubBench, times: int, told: int) -> None:
    def incomplete(_: FakeGitHub, __: Request, response: Response) -> Response:
        return Response.of(response.data() | {"incomplete_results": True})

    bench.fake.search_hits = [hit(n, date(2020, 5, 5)) for n in range(10)]
    bench.fake.faults = [only("^/search", incomplete, times=times)]
    found = search(bench.client(), WHOLE)
    assert len(found.items) == 10
    assert len(found.unseen) == told


@pytest.fixture
def catalogue() -> Catalogue:
    return parse_catalogue(FILES)


def discover(bench: GitHubBench, catalogue: Catalogue, limit: int = 5) -> str:
    return Discovery(bench.client(), catalogue, "serving", Q1, TODAY, bench.said.append).run(limit)


def fill(bench: GitHubBench) -> None:
    """Two repositories of the category, one of another, one that is gone; three that are found, two that must not be."""
    for name in ("acme/engine", "acme/wheel"):
        bench.add(name, commits(1), topics=("llm", "serving", "python"))
    bench.add("acme/kernel", commits(1), topics=("cuda", "python"))
    active = bench.add("new/active", commits(120), topics=("llm", "serving"), stars=900)
    quiet = bench.add("new/quiet", commits(1), topics=("llm", "serving"), stars=900)
    far = bench.add("new/far", commits(120), topics=("llm", "game", "art"), stars=900)
    bench.fake.search_hits = [facts(r) for r in (active, quiet, far, bench.fake.repositories[0])]
    bench.fake.search_hits += [hit(77, date(2020, 1, 1), full_name="OLD/wheel")]
    bench.fake.search_hits += [hit(78, date(2020, 1, 1), full_name='evil/x", verified: read}\n- {', topics=["llm"])]


def test_candidates_are_scored_and_what_is_tracked_is_left_out(bench: GitHubBench, catalogue: Catalogue) -> None:
    fill(bench)
    text = discover(bench, catalogue)
    entries = [line for line in text.splitlines() if line.startswith("- ")]
    assert [line.split()[2].rstrip(",") for line in entries] == ["new/active", "new/quiet", "new/far"]
    assert "120 commits in 2023-Q1, 900 stars, topics llm serving" in entries[0]
    assert "evil" not in text


def test_the_patch_is_in_the_catalogues_form(bench: GitHubBench, catalogue: Catalogue) -> None:
    fill(bench)
    text = discover(bench, catalogue)
    grown = parse_catalogue(FILES | {"serving.yaml": FILES["serving.yaml"] + text.encode()})
    added = [r for r in grown.repositories if r.repository.startswith("new/")]
    assert {(r.category, r.verified, r.created) for r in added} == {("serving", "listed", "2019-01")}


def test_what_was_not_seen_stands_in_the_patch(bench: GitHubBench, catalogue: Catalogue) -> None:
    fill(bench)
    bench.fake.search_hits += [hit(n, date(2020, 5, 5)) for n in range(5000, 6200)]
    assert "# Not seen: topic:llm" in discover(bench, catalogue)


def test_a_category_without_topics_of_its_own_finds_nothing(bench: GitHubBench, catalogue: Catalogue) -> None:
    bench.add("acme/engine", commits(1), topics=())
    text = discover(bench, catalogue)
    assert "No topic tells this category" in text
    assert not [line for line in text.splitlines() if line.startswith("- ")]


def test_topics_weigh_by_what_they_tell() -> None:
    topics = {"a": [("llm", "python"), ("llm", "python"), ("once",)], "b": [("python",)], "c": [("python",)]}
    weights = topic_weights(topics, "a")
    assert list(weights) == ["llm", "python"]
    # Two of three repositories carry each; one of three categories knows llm, all of them python
    assert weights["llm"] == pytest.approx(2 / 3 * math.log(4))
    assert weights["python"] == pytest.approx(2 / 3 * math.log(2))
    assert similarity(("llm", "python"), weights) > similarity(("llm",), weights) > similarity(("python",), weights)
    assert similarity((), weights) == similarity(("other",), weights) == 0
    assert similarity(("x",), {}) == 0


def test_scores_lie_between_nothing_and_one() -> None:
    weights = {"llm": 1.0}
    assert score(Candidate("a/b", (), 0, ""), weights).score == 0
    best = score(Candidate("a/b", ("llm",), 10**9, "", commits=10**9), weights)
    assert best.score == pytest.approx(1)
    assert "commits unknown" in patch("a", "2023-Q1", [score(Candidate("a/b", (), 3, ""), weights)], [])


def test_an_unknown_category_is_refused_before_anything_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", "--category", "cooking"]) == 1
    assert "cooking: no such category; there are gpu-kernels" in capsys.readouterr().err


def test_without_a_token_the_command_says_what_to_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    assert main(["discover", "--category", "edge"]) == 1
    assert capsys.readouterr().err.startswith("deepsignal: GITHUB_TOKEN is not set: set it to a token")


def test_the_command_writes_a_file_and_leaves_the_catalogue(
    bench: GitHubBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(bench)
    (tmp_path / "content" / "catalogue").mkdir(parents=True)
    # A catalogue that is read from files has twelve categories
    others = [f"other-{number}" for number in range(10)]
    files = FILES | {f"{other}.yaml": f"- {{repository: {other}/one, verified: read}}\n".encode() for other in others}
    lines = (f"- {{slug: {other}, name: {other}, definition: d}}\n" for other in others)
    files["categories.yaml"] += "".join(lines).encode()
    for name, data in files.items():
        (tmp_path / "content" / "catalogue" / name).write_bytes(data)
    monkeypatch.setenv("DEEPSIGNAL_CONTENT", str(tmp_path / "content"))
    monkeypatch.setenv("DEEPSIGNAL_GITHUB_URL", bench.fake.url)
    out = tmp_path / "candidates.yaml"
    assert main(["discover", "--category", "serving", "--out", str(out), "--limit", "2"]) == 0
    told = capsys.readouterr()
    assert (told.out, "nothing was added to the catalogue" in told.err) == ("", True)
    assert len([line for line in out.read_text().splitlines() if line.startswith("- {repository: new/")]) == 2
    for name, data in files.items():
        assert (tmp_path / "content" / "catalogue" / name).read_bytes() == data
