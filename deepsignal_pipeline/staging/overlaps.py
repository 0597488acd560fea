"""What chance would give two categories to share, staged for the SELECT of `category_overlaps`.

SQL counts the people of each set of categories, `statistics` computes, a relation goes back. Nothing is counted here.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.sql import sums_text
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.statistics.curveball import Integers, expected_overlaps
from deepsignal_pipeline.statistics.intervals import garwood
from deepsignal_pipeline.statistics.poisson import mid_p
from deepsignal_pipeline.tables import TABLES


def stage_null_model(session: Session, _: Inputs, quarter: Quarter) -> None:
    """Stage what chance gives every pair of categories: its shared people over all sweeps, p, and the count's interval."""
    session.read(TABLES["category_overlaps"], quarter)
    found = session.frame(sums_text("category_sets"), {"quarter": quarter.first_day}).fetchall()
    sets, people = np.array(found, np.int64).reshape(-1, 2).T
    session.stage("overlap_null_model", null_model(sets, people, _categories(session)))


def null_model(sets: Integers, people: Integers, categories: int) -> pa.Table:
    """Return a row a pair of categories, from sets of categories (bits) and how many people are in exactly each.

    What no sweep gave a pair is tested as if one sweep had given it one person: of what is rarer the sweeps tell no more.
    """
    overlaps = expected_overlaps(sets, people, categories)
    first, second = np.triu_indices(categories, 1)
    observed = overlaps.observed[first, second]
    over_sweeps = overlaps.over_sweeps[first, second]
    p_value = mid_p(observed, np.maximum(over_sweeps, 1) / overlaps.sweeps)
    low, high = garwood(observed)
    return pa.table(
        {
            "order_a": pa.array(first, pa.int32()),
            "order_b": pa.array(second, pa.int32()),
            "shared_over_sweeps": pa.array(over_sweeps, pa.int64()),
            "sweeps": pa.array([overlaps.sweeps] * len(first), pa.int64()),
            "p_value": pa.array(p_value, pa.float64()),
            "shared_low": pa.array(low, pa.float64()),
            "shared_high": pa.array(high, pa.float64()),
        }
    )


def _categories(session: Session) -> int:
    ((last,),) = session.frame("SELECT max(category_order) FROM tracked_repositories").fetchall()
    return 1 + int(last)
