"""Subjects and paths are cut into the terms that say something, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from deepsignal_pipeline.domain.focus_words import SHORT_FORMS, STOP_WORDS

if TYPE_CHECKING:
    from conftest import Bench, Lab

NOW = "2023-Q1"

SUBJECTS = {
    "Fix int8 quantization kernels (#21487)": "int8 kernel quantization",
    "feat(sdk)!: support FP8 in flash_attn": "flash_attn fp8",
    "[no_early_kickoff][Dynamo] inductor [skip_ci]": "dynamo inductor",
    "harrison/faiss retriever": "faiss retriever",
    "Merge pull request #12 from harrison/llama-index": "llama-index",
    "Merge branch 'harrison/pinecone' into master": "pinecone",
    "Bump torch.compile from 2.0.1 to v2.1.0rc1, see https://x.example/y": "torch.compile",
    "This reverts commit 57614f9cd4e6f53a2e55db7985f603c8fd0ede62": "",
    "ask @somebody, mail me@some.example, GH-12": "ask mail",
    "Update modeling_llama.py and batches, caches, entries, axes": "batch cache modeling_llama",
    "keras kubernetes gpus bus bias": "bias bus gpu keras kubernetes",
    "<script>alert(1)</script> *bold* $x$": "alert bold",
    "refactor the backend ops, ruff and pytest": "",
    "add dynamic_shape, group-norm, c++17 and a model_config": "c++17 dynamic_shape group-norm",
    "4-bit work-pools, 2.x f-string out-of-bound": "4-bit work-pool",
    "sequence_id sequence_ids time_series": "sequence_id time_series",
    "trt and TensorRT on k8s": "kubernetes tensorrt",
    "量子化 4bit naïve 1234567 0xdeadbeef": "4bit",
    "": "",
}
PATHS = {
    "src/flash_attn/kernels.py": "flash_attn kernels",
    ".github/workflows/lint.yml": "",
    "tests/test_llama_cache.py": "llama_cache",
    "a/gfx_core_tests/x.cpp": "gfx_core",
    "a/gfx_core_helper/shapehelper.h": "",
    "client/deployments/tasks/workers/csharp/x.cs": "",
    "zero/text_to_image/document_loaders/x.py": "document_loaders text_to_image zero",
    "models/config_validation/integrations_app/download-model.py": "",
    "00_setup/00_fine_tuning/x.md": "00_fine_tuning",
    "_functions/__init__/_flash_/x.py": "flash",
    "int/trt/x.cc": "tensorrt",
    "README_hd.md": "",
    "python/Triton/backend/v1.2/0123abcd/x.cc": "triton",
    "python/triton/3rdparty/cutlass/x.cc": "",
    "triton/CMakeLists.txt": "",
    "cmake/onnx_rocm.cmake": "onnx_rocm",
    "kernels/microkernels.bzl": "kernels microkernels",
    "models/.hidden/flash.cc": "",
    "資料/<b>/a b/semantickernel.skills/core.dll": "semantickernel.skills",
    "": "",
}


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    commits = [lab.commit("o/r", f"s{n}", f"{NOW}+1", subject=text) for n, text in enumerate(SUBJECTS)]
    commits += [lab.commit("o/r", f"p{n}", f"{NOW}+1", subject="", paths=[f"A:{path}"]) for n, path in enumerate(PATHS)]
    entries = {"o/r": {"category": "a"}}
    return lab.bench(commits, categories="a", repositories=entries).run("alias_terms", "contributor_aliases", read=NOW)


def terms_of(bench: Bench, author: str) -> tuple[str, set[str]]:
    (alias,) = bench.rows("contributor_aliases", None, name=author)
    rows = [row for row in bench.rows("alias_terms", NOW, alias_id=alias["alias_id"]) if row["term"]]
    assert len(rows) == len({row["term"] for row in rows})
    return " ".join(sorted(row["term"] for row in rows)), {row["kind"] for row in rows}


@pytest.mark.parametrize(("number", "subject"), list(enumerate(SUBJECTS)))
def test_a_subject_is_cut_into_words_that_say_something(bench: Bench, number: int, subject: str) -> None:
    terms, kinds = terms_of(bench, f"s{number}")
    assert terms == SUBJECTS[subject]
    assert kinds <= {"subject"}


@pytest.mark.parametrize(("number", "path"), list(enumerate(PATHS)))
def test_a_path_is_cut_into_folders_and_the_name_of_the_file(bench: Bench, number: int, path: str) -> None:
    terms, kinds = terms_of(bench, f"p{number}")
    assert terms == PATHS[path]
    assert kinds <= {"path"}


def test_a_repository_does_not_tell_its_own_names(lab: Lab) -> None:
    commits = [
        lab.commit("hugs/diffusers", "ada", f"{NOW}+1", subject="hugs jax diffuser_models diffusers agents"),
        lab.commit(
            "o/langchainjs", "ada", f"{NOW}+1", subject="langchain chain js diffuser", paths=["x/lang_chain_js"]
        ),
    ]
    entries = {
        "hugs/diffusers": {"category": "a", "former_names": ["hugs/jax-models"]},
        "o/langchainjs": {"category": "a"},
    }
    bench = lab.bench(commits, categories="a", repositories=entries).write("alias_terms", read=NOW)
    rows = bench.rows("alias_terms", NOW)
    assert {(row["repository"], row["term"]) for row in rows if row["term"]} == {
        ("hugs/diffusers", "agent"),
        ("o/langchainjs", "chain"),
        ("o/langchainjs", "diffuser"),
    }


def test_a_repository_does_not_tell_its_own_name_with_words_that_say_nothing(lab: Lab) -> None:
    said = {"onnx_docs", "onnx_rocm", "external_onnx_deps"}
    commits = [lab.commit("o/onnx", "ada", f"{NOW}+1", subject="", paths=[f"A:{word}/x" for word in said])]
    commits += [lab.commit("o/other", "ada", f"{NOW}+1", subject="", paths=[f"A:{word}/x" for word in said])]
    entries = {"o/onnx": {"category": "a"}, "o/other": {"category": "a"}}
    rows = (
        lab.bench(commits, categories="a", repositories=entries).write("alias_terms", read=NOW).rows("alias_terms", NOW)
    )
    told = {name: {row["term"] for row in rows if row["repository"] == name} - {""} for name in entries}
    assert told == {"o/onnx": {"onnx_rocm"}, "o/other": said}


def test_only_counted_commits_say_something_and_an_alias_says_a_term_once(lab: Lab) -> None:
    commits = [
        lab.commit("a/one", "ada", f"{NOW}+1", subject="kernel", paths=["kernel/x", "kernel/y"]),
        lab.commit("a/one", "ada", f"{NOW}+2", subject="kernels and a kernel"),
        lab.commit("a/one", "ada", f"{NOW}+3", subject="a merge of dynamo", parents=2),
        lab.commit("a/one", "ada", "2022-Q4+3", subject="another quarter of triton"),
    ]
    bench = lab.bench(commits, categories="a").write("alias_terms", read=NOW)
    assert [(row["kind"], row["term"]) for row in bench.rows("alias_terms", NOW)] == [
        ("path", ""),
        ("path", "kernel"),
        ("subject", ""),
        ("subject", "kernel"),
    ]


def test_a_commit_over_fifty_paths_says_nothing_by_them(lab: Lab) -> None:
    moves = [f"flash/scan_{n:02}.py" for n in range(51)]
    commits = [
        lab.commit("a/one", "ada", f"{NOW}+1", subject="", paths=moves),
        lab.commit("a/one", "bob", f"{NOW}+1", subject="", paths=moves[:1]),
    ]
    rows = lab.bench(commits, categories="a").write("alias_terms", read=NOW).rows("alias_terms", NOW, kind="path")
    assert sorted(row["term"] for row in rows) == ["", "", "flash", "scan_00"]


def test_the_empty_term_says_what_is_recorded(lab: Lab) -> None:
    commits = [
        lab.commit("a/one", "ada", f"{NOW}+1", subject=""),
        lab.commit("a/one", "ada", f"{NOW}+2", subject="", paths=[]),
        lab.commit("a/two", "ada", f"{NOW}+3", subject="", paths=["src/x"]),
        lab.commit("a/three", "ada", f"{NOW}+3", subject="kernel"),
    ]
    entries = {f"a/{name}": {"category": "a"} for name in ("one", "two", "three")}
    bench = lab.bench(commits, categories="a", repositories=entries).write("alias_terms", read=NOW)
    assert [(row["repository"], row["kind"], row["term"]) for row in bench.rows("alias_terms", NOW)] == [
        ("a/one", "path", ""),
        ("a/one", "subject", ""),
        ("a/three", "subject", ""),
        ("a/three", "subject", "kernel"),
        ("a/two", "path", ""),
        ("a/two", "subject", ""),
    ]


def test_words_that_say_nothing_stand_as_the_select_reads_them() -> None:
    """Lower case, and without the plural's s that is taken off before they are compared."""
    for words in STOP_WORDS.values():
        assert all(word == word.lower().strip() for word in words)
        assert not [word for word in words if len(word) > 3 and re.search("[^aious]s$", word)]


def test_a_short_form_and_its_name_both_say_something() -> None:
    assert not STOP_WORDS["subject"] & {*SHORT_FORMS, *SHORT_FORMS.values()}
