"""Encode the original histories as the sample that ships inside the package.

Usage: ``python benchmarks/build_sample.py HISTORY_DIR OUT_DIR``

HISTORY_DIR holds one Parquet file a repository and ``snapshots.csv``; OUT_DIR receives ``commits.parquet``,
``snapshots.csv`` and ``digests.csv``. The same input gives the same bytes with the same library versions. How
the file is encoded, and how it is read back, is told by ``deepsignal_pipeline/sample/commits.sql``.
"""

import shutil
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

# The originals with the columns and types of the decoder.
ORIGINALS = """
CREATE TABLE originals AS
SELECT repo AS repository, sha, parents,
       author_name, author_email, to_timestamp(authored_at) AS authored_at, author_tz,
       committer_name, committer_email, to_timestamp(committed_at) AS committed_at, committer_tz,
       subject, coauthors, changes
FROM read_parquet($files)
"""

# One digest a repository of the relation `decoded`: every row as JSON, hashed, in the order of the commit
# ids. Times go in as integers so that no time zone setting and no format of timestamps can matter.
DIGESTS = """
SELECT repository, count(*) AS rows, sha256(string_agg(line, '' ORDER BY sha)) AS sha256
FROM (
    SELECT repository, sha, sha256(to_json({
        'sha': sha, 'parents': parents,
        'author': [author_name, author_email], 'authored_at': epoch_us(authored_at), 'author_tz': author_tz,
        'committer': [committer_name, committer_email], 'committed_at': epoch_us(committed_at),
        'committer_tz': committer_tz, 'subject': subject, 'coauthors': coauthors, 'changes': changes
    })::VARCHAR) AS line
    FROM decoded
)
GROUP BY repository ORDER BY repository
"""

# What the encoding takes for granted; a row of the answer is a reason to refuse the input.
BROKEN = """
SELECT 'a null where none is expected: ' || coalesce(sha, repository, '?') FROM (
    FROM originals EXCEPT ALL
    FROM originals WHERE columns(* EXCLUDE changes) IS NOT NULL AND list_count(parents) = len(parents)
)
UNION ALL SELECT 'not a commit id: ' || sha FROM originals WHERE NOT regexp_full_match(sha, '[0-9a-f]{40}')
UNION ALL SELECT 'twice in a repository: ' || sha FROM originals GROUP BY repository, sha HAVING count(*) > 1
UNION ALL SELECT 'differs between repositories: ' || sha
FROM (SELECT DISTINCT * EXCLUDE repository FROM originals) GROUP BY sha HAVING count(*) > 1
UNION ALL SELECT 'parent is missing: ' || coalesce(link.sha, 'null')
FROM (SELECT repository, unnest(parents) AS sha FROM originals) AS link
ANTI JOIN originals USING (repository, sha)
"""

# A block becomes a row group: whole quarters, so that the statistics of its times let a reader skip it, and
# about 40,000 commits, because a smaller one compresses worse. Inside a block the commits of a repository
# stay together, which makes the deltas small and the names and paths alike.
NUMBERED = """
CREATE TABLE numbered AS
WITH distinct_commits AS (
    SELECT list(repository ORDER BY repository) AS repositories, any_value(columns(* EXCLUDE repository))
    FROM originals GROUP BY sha
), sized AS (
    SELECT date_trunc('quarter', committed_at) AS quarter, count(*) AS commits
    FROM distinct_commits GROUP BY ALL
), blocks AS (
    SELECT quarter, (sum(commits) OVER (ORDER BY quarter) - commits)::BIGINT // 40_000 AS block FROM sized
)
SELECT row_number() OVER (ORDER BY block, repositories, committed_at, sha) - 1 AS id, block,
       distinct_commits.*
FROM distinct_commits JOIN blocks ON blocks.quarter = date_trunc('quarter', committed_at)
"""

ENCODED = """
WITH links AS (
    SELECT child.id, list(child.id - parent.id ORDER BY place) AS distances
    FROM (SELECT id, unnest(parents) AS sha, generate_subscripts(parents, 1) AS place FROM numbered) AS child
    JOIN numbered AS parent USING (sha) GROUP BY child.id
)
SELECT block, id::INTEGER AS id, repositories, unhex(sha) AS sha,
       coalesce(distances, [])::INTEGER[] AS parents,
       author_name, author_email,
       nullif(committer_name, author_name) AS committer_name,
       nullif(committer_email, author_email) AS committer_email,
       epoch(committed_at)::BIGINT AS committed_at,
       (epoch(committed_at) - epoch(authored_at))::INTEGER AS lag,
       author_tz, nullif(committer_tz, author_tz) AS committer_tz, subject, coauthors, changes
FROM numbered LEFT JOIN links USING (id) ORDER BY id
"""

# Columns that gain nothing from a dictionary, with the encoding that serves them best. Subjects and paths are
# left to zstd, which finds more in plain text than in indices.
ENCODINGS = {
    "id": "DELTA_BINARY_PACKED",
    "sha": "PLAIN",
    "committed_at": "DELTA_BINARY_PACKED",
    "lag": "BYTE_STREAM_SPLIT",
    "subject": "DELTA_LENGTH_BYTE_ARRAY",
    "changes.list.element.path": "PLAIN",
}
DICTIONARIES = [
    "repositories.list.element",
    "parents.list.element",
    "author_name",
    "author_email",
    "committer_name",
    "committer_email",
    "author_tz",
    "committer_tz",
    "coauthors.list.element.name",
    "coauthors.list.element.email",
    "changes.list.element.status",
]


def load(connection: duckdb.DuckDBPyConnection, history: Path) -> None:
    """Read the originals and refuse what the encoding could not give back."""
    files = sorted(str(path) for path in history.glob("*.parquet"))
    connection.execute(ORIGINALS, {"files": files})
    broken = connection.execute(BROKEN).fetchmany(5)
    if broken:
        raise ValueError("; ".join(row[0] for row in broken))


def write_commits(table: pa.Table, target: Path) -> None:
    """Write one row group a block, each column as a single page so that zstd sees all of it at once."""
    blocks = table.column("block").value_counts().to_pylist()
    table = table.drop_columns(["block"])
    # A fixed width spares the length in front of every id.
    position = table.schema.get_field_index("sha")
    table = table.set_column(position, "sha", table.column("sha").cast(pa.binary(20)))
    with pq.ParquetWriter(
        target,
        table.schema,
        compression="zstd",
        compression_level=19,
        use_dictionary=DICTIONARIES,
        column_encoding=ENCODINGS,
        data_page_size=1 << 26,
        dictionary_pagesize_limit=1 << 26,
        write_batch_size=1 << 20,
        store_schema=False,
    ) as writer:
        start = 0
        for block in blocks:
            writer.write_table(table.slice(start, block["counts"]), row_group_size=block["counts"])
            start += block["counts"]


def main(history: Path, out: Path) -> None:
    """Write the three files of the sample."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        load(connection, history)
        connection.execute(NUMBERED)
        write_commits(connection.sql(ENCODED).to_arrow_table(), out / "commits.parquet")
        connection.execute("CREATE VIEW decoded AS FROM originals")
        connection.sql(DIGESTS).write_csv(str(out / "digests.csv"), header=True)
    shutil.copyfile(history / "snapshots.csv", out / "snapshots.csv")
    print(f"{sum(path.stat().st_size for path in out.iterdir()) / 1e6:.2f} MB in {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
