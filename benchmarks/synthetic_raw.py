"""Raw commits of a synthetic lake, with subjects and paths, a quarter at a time.

`python -m benchmarks.synthetic_raw HOME COMMITS QUARTER ...` prints a line when a quarter is written, and waits for one before
the next: all of them would be larger than the rest of the lake, so whoever reads the lines can make tables of a quarter and
remove it meanwhile. They are the commits that `synthetic_lake` writes as counted: the project's SELECT makes of them the same
rows, and what they were work on beside.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.synthetic_columns import email_of, name_of
from benchmarks.synthetic_lake import commits_of, repository_names, write_rows
from benchmarks.synthetic_people import Numbers, People, Shape
from benchmarks.synthetic_texts import SUBJECT, Texts
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import DuckDBEngine
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.tables import TABLES

_SLICE = 122_880
"""Commits whose texts are in memory at once."""
_COMPUTED = {
    "author_name": name_of("author"),
    "author_email": email_of("author"),
    "authored_at": "committed_at",
    "committer_name": name_of("author"),
    "committer_email": email_of("author"),
    "subject": SUBJECT,
    "coauthors": "CASE WHEN coauthor_given IS NULL THEN [] "
    f"ELSE [{{'name': {name_of('coauthor')}, 'email': {email_of('coauthor')}}}] END",
}


class RawCommits:
    """Writes the raw commits of single quarters of a lake."""

    def __init__(self, home: Path, shape: Shape) -> None:
        self.lake, self.shape = Lake(home), shape
        self.people = People(shape)
        self.texts = Texts(shape, self.people.category_of)

    def write(self, quarter: Quarter) -> None:
        """Write the raw commits of a quarter."""
        number = self.shape.quarter_range().index(quarter)
        commits = commits_of(self.people, repository_names(self.shape), self.people.quarter(number), number)
        with DuckDBEngine(duckdb.connect, self.lake, threads=2).session() as session:
            # Sorted before there are texts: with them, a quarter would not fit in memory
            by = ", ".join(TABLES["raw_commits"].sort_columns)
            ordered = session.connection.cursor().from_arrow(commits).order(by).to_arrow_reader(_SLICE)
            batches = self._batches(ordered, commits["repository_number"].to_numpy(), number)
            first = next(batches)
            reader = pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))
            write_rows(
                session, "raw_commits", session.connection.from_arrow(reader), quarter, _COMPUTED, is_sorted=True
            )

    def _batches(self, commits: pa.RecordBatchReader, repositories: Numbers, number: int) -> Iterator[pa.RecordBatch]:
        """Add texts to the commits of a quarter, a slice at a time."""
        dice = np.random.default_rng([self.shape.seed, number, 3])
        # A repository has some twelve times as many paths as commits a quarter
        trees = 50 + 12 * np.bincount(repositories, minlength=self.shape.repositories)
        for rows in commits:
            is_merge = rows["is_merge"].to_numpy(zero_copy_only=False)
            texts = self.texts.columns(dice, rows, is_merge, trees, number)
            texts["parents"] = _parents(rows["sha"], is_merge)
            yield pa.record_batch({name: rows[name] for name in rows.schema.names} | texts)


def _parents(sha: pa.Array, is_merge: np.ndarray) -> pa.ListArray:
    """Call the commit before in the file the parent of a commit, and the one after the second parent of a merge."""
    count = 1 + is_merge
    offsets = np.append(0, np.cumsum(count))
    place = np.repeat(np.arange(len(sha)), count) - 1
    place[offsets[1:][is_merge] - 1] += 2
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), sha.take(pa.array(place % len(sha))))


def main(home: str, commits: str, *keys: str) -> None:
    """Write the raw commits of quarters, waiting for a line before each but the first."""
    raw = RawCommits(Path(home), Shape(commits=int(commits)))
    for key in keys:
        raw.write(Quarter.parse(key))
        print(key, flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])
