"""What the counts mean for a search: only what the facts bear out, each number by its fact."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from small_lake import CATALOGUE, NAMES, PROVENANCE, QUARTER, connect

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.report.compose import say
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.facts import Facts
from deepsignal_pipeline.report.formats import show
from deepsignal_pipeline.report.model import as_string
from deepsignal_pipeline.report.prose import hiring_phrases
from deepsignal_pipeline.report.prose import phrases as category_phrases
from deepsignal_pipeline.report.prose.hiring import write_hiring

Values = Mapping[str, Mapping[str, object]]
PAIR = "gpu-kernels+ml-compilers"
PLAIN: Values = {slug: {"core_builder_share": 0.1 + n / 50} for n, slug in enumerate(NAMES)}


def context_of(categories: Values = PLAIN, *, overlaps: Values | None = None, has_previous: bool = True) -> Context:
    connection = connect(categories=categories, overlaps=overlaps, has_previous=has_previous)
    return read_context(connection, QUARTER, CATALOGUE, PROVENANCE)


def text_of(context: Context) -> str:
    return " ".join(as_string(text) for text in write_hiring(context))


def test_nobody_is_told_to_seek_out_people():
    """The counts name nobody, nobody in them asked for it, and those of the sample are made up."""
    said = [text for variants in category_phrases.HIRING.values() for text in variants]
    said += [*hiring_phrases.SCARCEST, *hiring_phrases.SCARCE, *hiring_phrases.ASK_BRIDGE]
    said += [
        *hiring_phrases.ASK_SCARCE,
        *hiring_phrases.ASK_SETTLED,
        *hiring_phrases.ASK_NEW,
        *hiring_phrases.ASK_PASSING,
    ]
    sought = re.compile(
        r"\b(source (them|from)|write to|writing to|by name|contributor lists?|search it|easy to find)\b", re.I
    )
    assert [text for text in said if sought.search(text)] == []


def test_there_is_one_name_for_full_time_like():
    report = Path(hiring_phrases.__file__).parents[1]
    texts = {path.name: path.read_text(encoding="utf-8") for path in report.rglob("*.py")}
    other = re.compile(r"pace of a job|looks like a job|full[- ]time(?![-_]like)", re.I)
    assert [name for name, text in texts.items() if other.search(text)] == []


def test_every_number_equals_its_fact():
    context = context_of()
    runs = [run for text in write_hiring(context) for run in text]
    assert len([run for run in runs if run.fact_id]) > 8
    for run in runs:
        if run.fact_id:
            assert run.text == show(context.facts.get(run.fact_id), run.style)
        else:
            assert not re.search(r"\d", run.text)


def facts_of(context: Context) -> set[str]:
    return {run.fact_id for text in write_hiring(context) for run in text}


SCARCEST = re.compile("scarcest profile|Nowhere does|has the smallest part")


def test_the_smallest_part_of_core_builders_is_scarcest_and_not_the_fewest():
    context = context_of({**PLAIN, "ml-debugging": {**PLAIN["ml-debugging"], "core_builders": 5}})
    assert SCARCEST.search(text_of(context))
    assert {"gpu-kernels.core_builders", "gpu-kernels.core_builder_share"} <= facts_of(context)
    assert "ml-debugging.core_builders" not in facts_of(context)


def test_what_ties_in_print_is_not_scarcest():
    context = context_of({**PLAIN, "ml-compilers": {"core_builder_share": 0.1004}})
    assert "gpu-kernels.core_builder_share" in facts_of(context)
    assert not SCARCEST.search(text_of(context))


def test_a_small_pool_is_not_compared():
    small = {"contributors": 20, "core_builder_share": 0.01}
    assert "edge.core_builders" not in facts_of(context_of({**PLAIN, "edge": small}))
    assert not any("core_builder" in fact for fact in facts_of(context_of(dict.fromkeys(NAMES, small))))


@pytest.mark.parametrize("partial", ["gpu-kernels", "edge"])
def test_with_a_partial_category_nothing_is_scarcest(partial: str):
    context = context_of({**PLAIN, partial: {**PLAIN[partial], "marks": ["partial"]}})
    assert not re.search(f"{SCARCEST.pattern}|Most new|widest|Nowhere", text_of(context))
    assert not {fact for fact in facts_of(context) if partial in fact}


def test_of_fewer_than_five_core_builders_nothing_is_said():
    few = {"core_builders": 3, "core_builder_share": 0.02}
    context = context_of({**PLAIN, "gpu-kernels": few})
    assert "ml-compilers.core_builders" in facts_of(context)
    assert not SCARCEST.search(text_of(context))  # GPU Kernels may be scarcer
    assert not any("core_builder" in fact for fact in facts_of(context_of(dict.fromkeys(NAMES, few))))
    assert "< 5" not in text_of(context)


def test_bridges_need_five_with_some_work_on_both_sides():
    none = {f"{a}+{b}": {"shared_qualified": 4} for a in NAMES for b in NAMES}
    assert not any("+" in fact for fact in facts_of(context_of(overlaps=none)))
    found = facts_of(context_of(overlaps={**none, PAIR: {"shared": 60, "shared_qualified": 5}}))
    assert {fact for fact in found if "+" in fact} == {f"{PAIR}.shared", f"{PAIR}.shared_qualified"}


def test_settled_are_above_half_in_both():
    settled = {"median_tenure_years": 6.0, "engaged_churn_rate_pct": 8.0, "engaged_previous": 40}
    others = {"median_tenure_years": 1.0, "engaged_churn_rate_pct": 30.0, "engaged_previous": 40}
    context = context_of({slug: {**PLAIN[slug], **(settled if slug == "edge" else others)} for slug in NAMES})
    assert {"edge.median_tenure_years", "edge.engaged_churn_rate_pct"} <= facts_of(context)
    few = context_of({slug: {**PLAIN[slug], **settled, "engaged_previous": 9} for slug in NAMES})
    assert not any("median_tenure" in fact for fact in facts_of(few))


def test_a_first_quarter_says_nothing_of_who_is_new():
    found = facts_of(context_of(has_previous=False))
    assert not any("new" in fact or "churn" in fact for fact in found)


def test_next_quarters_say_it_in_other_words():
    context = context_of()
    texts = []
    for number in (1, 2, 3):
        quarter = Quarter(QUARTER.year, number)
        texts.append(text_of(replace(context, quarter=quarter)))
    assert len(set(texts)) == 3


def patterns() -> list[str]:
    said = []
    for name, variants in vars(hiring_phrases).items():
        if name.isupper() and not name.startswith("_"):
            said += [p for group in variants.values() for p in group] if isinstance(variants, dict) else variants
    return said


@pytest.mark.parametrize("pattern", patterns())
def test_every_pattern_can_be_said(facts: Facts, pattern: str):
    text = as_string(say(facts, pattern, c="ml-platform", who="ML Platform", p=PAIR, a="A", b="B", bridges="some"))
    assert not re.search(r"[{}]|  | ,| \\.|n/a", text)
    assert not re.search(r"[$€£]|\b(salar|compensation|because|therefore)", text)
