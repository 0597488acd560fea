"""A synthetic lake: made-up commits in the project's own layout, under its contracts, as large as memory never has to be.

`python -m benchmarks.synthetic_lake HOME [COMMITS]` writes the tables that the core measures start from: the catalogue,
snapshots, counted commits a quarter, aliases with their first dates, identities. Raw commits, with subjects and paths, are
written by `synthetic_raw`. A column that a contract gets later is filled with the least value that its contract allows.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.synthetic_columns import alias_id_of, chosen, email_of, hexadecimal, instants, name_of, person_columns
from benchmarks.synthetic_people import AGENTS, BOTS, NAMES, PLACES, Drawn, Numbers, People, Shape, mixed
from deepsignal_pipeline.content import content_directory, load_catalogue
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import DuckDBEngine, Session
from deepsignal_pipeline.lake import Lake, replace_file, temporary
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Column

_PERSON = 2
_READ_AT = datetime(2030, 1, 1, tzinfo=UTC)


class Ledger:
    """First and last instants of every alias in every place, kept while the quarters pass: 32 bytes a row."""

    def __init__(self) -> None:
        self.columns: dict[str, Numbers] = {name: np.empty(0, dtype=np.int32) for name in _KEPT}
        self.columns["key"] = np.empty(0, dtype=np.int64)

    def add(self, drawn: Drawn, start: int) -> None:
        """Add the commits of a quarter that begins at `start` (epoch seconds)."""
        # Seconds since 1970 fit until 2038
        at, owned = (start + drawn.second).astype(np.int32), ~(drawn.is_merge | drawn.is_duplicate)
        never = np.iinfo(np.int32).max
        added = {
            "key": drawn.alias * PLACES + drawn.place,
            "commits": np.ones(len(at), dtype=np.int32),
            "owned": owned.astype(np.int32),
            "first": at,
            "last": at,
            "first_owned": np.where(owned, at, never),
            "last_owned": np.where(owned, at, -never),
        }
        self.columns = _united({name: np.concatenate([kept, added[name]]) for name, kept in self.columns.items()})


_KEPT = {
    "commits": np.add,
    "owned": np.add,
    "first": np.minimum,
    "last": np.maximum,
    "first_owned": np.minimum,
    "last_owned": np.maximum,
}


def _united(columns: Mapping[str, Numbers]) -> dict[str, Numbers]:
    order = np.argsort(columns["key"], kind="stable")
    keys = columns["key"][order]
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    united = {name: ufunc.reduceat(columns[name][order], starts, dtype=np.int32) for name, ufunc in _KEPT.items()}
    return {"key": keys[starts], **united}


def write_lake(home: Path, shape: Shape) -> Lake:
    """Write a lake of a shape into a home folder; the same shape gives the same rows."""
    lake = Lake(home)
    lake.prepare()
    people, ledger = People(shape), Ledger()
    names = repository_names(shape)
    with DuckDBEngine(duckdb.connect, lake, threads=2).session() as session:
        session.connection.execute("SET memory_limit = '1GB'")
        _write_catalogue(session, shape, people, names)
        for number, quarter in enumerate(shape.quarter_range()):
            drawn = people.quarter(number)
            write_rows(session, "counted_commits", commits_of(people, names, drawn, number), quarter, _COUNTED)
            ledger.add(drawn, int(quarter.start.timestamp()))
        write_rows(session, "contributor_aliases", _aliases(people, names, ledger.columns), computed=_ALIASES)
        write_rows(session, "contributor_identities", _identities(people, ledger.columns["key"]), computed=_ALIASES)
    return lake


_ALIASES = {"alias_id": alias_id_of("author"), "name": name_of("author"), "email": email_of("author")}
_COUNTED = {
    "alias_id": alias_id_of("author"),
    "coauthor_alias_ids": f"CASE WHEN coauthor_given IS NULL THEN [] ELSE [{alias_id_of('coauthor')}] END",
    "is_counted": "NOT is_merge AND duplicate_of IS NULL",
    "is_counted_with_merges": "duplicate_of IS NULL",
    "not_counted_reason": "CASE WHEN is_merge THEN 'merge' WHEN duplicate_of IS NOT NULL THEN 'duplicate' END",
}


def write_rows(
    session: Session,
    name: str,
    rows: pa.Table | duckdb.DuckDBPyRelation,
    quarter: Quarter | None = None,
    computed: Mapping[str, str] | None = None,
    *,
    is_sorted: bool = False,
) -> None:
    """Write rows as the engine writes a table: framed, typed and sorted by its contract.

    `computed` are columns as SQL over the rows.
    """
    table = TABLES[name]
    session.stage("drawn", rows)
    given = {column: column for column in session.connection.table("drawn").columns} | dict(computed or {})
    columns = ", ".join(f"CAST({given.get(c.name) or _least(c)} AS {c.type}) AS {c.name}" for c in table.columns)
    target = session.lake.file(table, quarter)
    written = temporary(target)
    order = "" if is_sorted else f"ORDER BY {', '.join(table.sort_columns)}"
    session.connection.execute(
        f"COPY (SELECT {columns} FROM drawn {order}) TO $target "  # noqa: S608
        "(FORMAT parquet, COMPRESSION zstd, KV_METADATA $metadata)",
        {
            "target": str(written),
            "metadata": {"deepsignal.table": name, "deepsignal.version": table.version},
        },
    )
    replace_file(written, target)


def _least(column: Column) -> str:
    """Return the least value that a contract allows for a column that this module does not know, as SQL."""
    if not column.required:
        return "NULL"
    if column.type.endswith("[]"):
        return "[]"
    if column.allowed:
        return f"'{column.allowed[0]}'"
    return "''" if column.type == "VARCHAR" else f"{column.minimum or 0:g}"


def repository_names(shape: Shape) -> pa.Array:
    """Return the names of the repositories, by number."""
    return pa.array([f"owner-{number % 997:03d}/made-{number:05d}" for number in range(shape.repositories)])


def _write_catalogue(session: Session, shape: Shape, people: People, names: pa.Array) -> None:
    slugs = [category.slug for category in load_catalogue(content_directory()).categories][: shape.categories]
    categories = people.category_of[people.catalogue]
    tracked = {
        "repository": names.take(pa.array(people.catalogue)),
        "category": pa.array(slugs).take(pa.array(categories)),
        "category_name": pa.array(slugs).take(pa.array(categories)),
        "category_order": pa.array(categories),
        "catalogue_order": pa.array(np.arange(shape.repositories)),
    }
    write_rows(session, "tracked_repositories", pa.table(tracked))
    seen = {
        "repository": names,
        "tip": pa.array([f"{number:040x}" for number in range(shape.repositories)]),
        "first_committed_at": instants(np.full(shape.repositories, shape.first.shift(-4).start.timestamp())),
        "fetched_at": pa.array([_READ_AT] * shape.repositories),
        "complete_until": pa.array([_READ_AT] * shape.repositories),
    }
    write_rows(session, "repository_snapshots", pa.table(seen))


def commits_of(people: People, names: pa.Array, drawn: Drawn, number: int) -> pa.Table:
    """Return the commits of a quarter as they were drawn: what counted and raw commits are made of."""
    slugs = [category.slug for category in load_catalogue(content_directory()).categories]
    dice = np.random.default_rng([people.shape.seed, number, 1])
    total = len(drawn.alias)
    start = people.shape.quarter_range()[number].start.timestamp()
    sha = dice.integers(0, 256, (total, 20), dtype=np.uint8)
    # Whoever co-authored is somebody else who commits in this quarter
    coauthor = dice.permutation(drawn.alias)
    source = np.where(drawn.is_duplicate, drawn.original, np.arange(total))
    columns = {
        "repository": chosen(drawn.repository, names),
        "repository_number": pa.array(drawn.repository),
        "sha": hexadecimal(sha[source]),
        "category": chosen(people.category_of[drawn.repository], pa.array(slugs)),
        "committed_at": instants(start + drawn.second[source]),
        "is_merge": pa.array(drawn.is_merge),
        "duplicate_of": chosen(drawn.repository[source], names, drawn.is_duplicate),
        **person_columns(drawn.alias, "author"),
        **person_columns(coauthor, "coauthor", drawn.has_coauthor),
    }
    return pa.table(columns)


def _aliases(people: People, names: pa.Array, kept: Mapping[str, Numbers]) -> pa.Table:
    alias, place = np.divmod(kept["key"], PLACES)
    author = alias // NAMES
    first_day = int(people.shape.first.start.timestamp())
    # Who was there before the lake begins has a first date before it
    arrival = np.append(people.arrival, np.zeros(people.authors - people.count, dtype=np.int64))[author]
    before = np.where((arrival < 0) & (place == 0) & (alias % NAMES == 0), arrival * 7_776_000 + first_day, 2**62)
    has_owned = kept["owned"] > 0
    columns = {
        **person_columns(alias, "author"),
        "repository": chosen(people.places[author, place], names),
        "commits": pa.array(kept["commits"]),
        "owned_commits": pa.array(kept["owned"]),
        "first_seen_at": instants(np.minimum(kept["first"], before)),
        "last_seen_at": instants(kept["last"]),
        "first_owned_at": instants(np.minimum(kept["first_owned"], before), has_owned),
        "last_owned_at": instants(kept["last_owned"], has_owned),
    }
    return pa.table(columns)


def _identities(people: People, keys: Numbers) -> pa.Table:
    alias = np.unique(keys // PLACES)
    author = alias // NAMES
    kind = np.digitize(author, [people.count, people.count + BOTS, people.count + BOTS + AGENTS])
    is_somebody = kind < 3
    somebody = pa.array(is_somebody)
    person = pa.compute.if_else(somebody, hexadecimal(mixed(author, _PERSON)), None)
    alone = pa.compute.if_else(somebody, hexadecimal(mixed(alias, _PERSON + 1)), None)
    columns = {
        **person_columns(alias, "author"),
        "contributor_id": person,
        "kind": pa.array(["human", "bot", "agent", "placeholder"]).take(pa.array(kind)),
        "strict_contributor_id": alone,
        "loose_contributor_id": person,
    }
    return pa.table(columns)


def main(arguments: list[str]) -> None:
    """Write a lake and say how large it is."""
    home = Path(arguments[0])
    shape = Shape(commits=int(arguments[1]) if len(arguments) > 1 else Shape.commits)
    shutil.rmtree(home, ignore_errors=True)
    lake = write_lake(home, shape)
    size = sum(path.stat().st_size for path in (lake.home / "lake").rglob("*.parquet"))
    print(
        f"{shape.commits:,} commits, {shape.quarters} quarters, {shape.repositories:,} repositories: {size / 1e6:,.0f} MB"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
