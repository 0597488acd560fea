"""What chance would give coordination, staged for the SELECT of `category_coordination`.

SQL counts files and commits, `statistics` computes, a relation goes back. Nothing is counted here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyarrow as pa

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.sql import sums_text
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.statistics.coordination import sharing_probabilities
from deepsignal_pipeline.tables import TABLES


def stage_coordination(session: Session, _: Inputs, quarter: Quarter) -> None:
    """Stage who works on which core file, and how many files of a category chance would give two authors or more."""
    session.read(TABLES["category_coordination"], quarter)
    session.materialize("core_file_authors", sums_text("core_file_authors"), {})
    authors: dict[str, list[int]] = defaultdict(list)
    for repository, commits in session.frame(sums_text("author_commits")).fetchall():
        authors[repository].append(commits)
    files = session.frame(sums_text("core_file_commits")).fetchall()
    expected = expected_shared_files(authors, files)
    session.stage(
        "expected_sharing",
        pa.table(
            {
                "category": pa.array(list(expected), pa.string()),
                "expected_files": pa.array(list(expected.values()), pa.float64()),
            }
        ),
    )


def expected_shared_files(
    authors: Mapping[str, Sequence[int]], files: Sequence[tuple[str, str, int, int]]
) -> dict[str, float]:
    """Return by category how many files would have two authors or more.

    `authors`: commits of each author, by repository. `files`: category, repository, commits, how many files have so many.
    """
    most: dict[str, int] = defaultdict(int)
    for _, repository, commits, _ in files:
        most[repository] = max(most[repository], commits)
    chances = {repository: sharing_probabilities(authors[repository], most[repository]) for repository in most}
    parts: dict[str, list[float]] = defaultdict(list)
    for category, repository, commits, count in files:
        parts[category].append(count * chances[repository][commits])
    return {category: math.fsum(values) for category, values in parts.items()}
