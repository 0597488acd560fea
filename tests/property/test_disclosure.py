"""A reader with a solver recovers nothing of few people from the published facts, and would if less were hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pytest
from disclosure_attack import Published, published, recovered, secrets_of
from sample_quarters import PUBLISHED

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.views import database_of, ensure_views
from deepsignal_pipeline.report.facts import Facts, read_facts
from deepsignal_pipeline.report.files import fact_entry

if TYPE_CHECKING:
    from conftest import Bench

QUARTERS = PUBLISHED


class Edition:
    """The facts of a quarter of the sample as they are published, and which of them are secret."""

    def __init__(self, sample: Bench, quarter: str) -> None:
        ensure_views(sample.lake)
        with duckdb.connect(str(database_of(sample.lake)), read_only=True) as connection:
            wanted = Quarter.parse(quarter)
            self.facts: Facts = read_facts(connection, wanted)
            self.secrets = secrets_of(connection, wanted.first_day)
            found = connection.execute("SELECT repository, category FROM tracked_repositories")
            self.category_of: dict[str, str] = dict(found.fetchall())

    def published(self, *, is_naive: bool = False) -> Published:
        """Return what readers see; the naive publication hides the secrets themselves and nothing else."""
        facts = [
            replace(fact, hidden="" if is_naive and fact.fact_id not in self.secrets else fact.hidden)
            for fact in self.facts
            if not (is_naive and fact.unit in ("%", "share"))
        ]
        return published({"facts": [fact_entry(fact) for fact in facts]}, self.category_of)


@pytest.mark.parametrize("quarter", QUARTERS)
def test_a_solver_recovers_nothing(sample: Bench, quarter: str):
    edition = Edition(sample, quarter)
    assert len(edition.secrets) > 50
    assert sorted(set(edition.published().values) & edition.secrets) == []
    assert not set(recovered(edition.published())) & edition.secrets


def test_the_solver_would_recover_what_is_hidden_alone(sample: Bench):
    edition = Edition(sample, "2023-Q1")
    assert set(recovered(edition.published(is_naive=True))) & edition.secrets


def test_what_the_edition_is_about_stays_visible(sample: Bench):
    facts = Edition(sample, "2023-Q1").facts
    for category in facts.entities("category"):
        for measure in ("commits", "contributors", "contributors_new", "churn_rate_pct", "mean_active_weeks"):
            assert facts.value(category, measure) is not None, (category, measure)
