"""Rows of Python as relations with the columns and types of a contract."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from deepsignal_pipeline.tables.contract import Column

_ARROW = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}


def relation_of(rows: list[dict[str, object]], columns: Iterable[Column]) -> pa.Table:
    """Turn rows into a relation with a contract's columns and types; what rows do not have is null."""
    return pa.Table.from_pylist(rows, schema=pa.schema([(column.name, _ARROW[column.type]) for column in columns]))
