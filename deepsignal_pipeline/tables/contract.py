"""What a contract is: one description of a table that drives its checks, its schema in the UI and its documentation.

No table is described here (that is one module a table beside this one) and nothing is checked here (that is `quality`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Group = Literal[
    "catalogue", "ingest", "identity", "commits", "activity", "metrics", "overlaps", "migration", "foresight", "report"
]


@dataclass(frozen=True)
class Column:
    """A column: its DuckDB type, what it means, and what may stand in it.

    `unit` is what a number counts ("commits", "weeks", "share"), empty where a value is no measure.
    `minimum` and `maximum` are inclusive; `allowed` lists every value that may occur.
    `required=False` allows null; the reason for a null must be told by `meaning` or by another column.
    `people` names the column that counts the people whom a ratio or mean is over.
    `is_personal` marks what tells who somebody is: it never leaves the table, not even as a preview.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()
    is_personal: bool = False
    people: str = ""


@dataclass(frozen=True)
class Rule:
    """A sentence that holds for every row, with the SQL expression that says it (null counts as holding).

    A rule that does not block is a warning: what breaks it is published, and shown as broken.
    """

    name: str
    sentence: str
    expression: str
    blocks: bool = True


@dataclass(frozen=True)
class Read:
    """A table that a SELECT reads, and how many quarters back from the one being made."""

    table: str
    quarters_back: int = 0

    @property
    def described(self) -> str:
        """The table, and how far back it is read, in words."""
        if not self.quarters_back:
            return f"`{self.table}`"
        return f"`{self.table}` (and {self.quarters_back} quarter{'s' if self.quarters_back > 1 else ''} back)"


@dataclass(frozen=True)
class Table:
    """The contract of a table. Its name is also the name of its asset, of its SQL file and of its test.

    `reads`: lake tables that the SELECT reads. `derives`: tables, or files of `sql/sums/`, whose own SELECT is applied
    under their name to what is read, so that a window of quarters is always computed under one version of the identities
    (docs/architecture.md, decision 4). `staged`: relations that a source, the catalogue or a plain-Python rule hands in;
    `sums`: the files of `sql/sums/` that such a rule estimates from. `rows`: exact number of rows of a quarter (or of the
    table), where the grain fixes it. `version` is raised by hand whenever the meaning of a value changes; a test holds
    the text of the SELECTs against it.
    """

    name: str
    one_row_is: str
    group: Group
    stage: Literal[0, 1, 2]
    version: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    reads: tuple[Read, ...] = ()
    derives: tuple[str, ...] = ()
    staged: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    quarterly: bool = True
    rows: int | None = None
    may_be_empty: bool = False
    rules: tuple[Rule, ...] = ()
    kinds: tuple[str, ...] = ("duckdb", "parquet", "sql")
    order: tuple[str, ...] = field(default=())

    @property
    def sort_columns(self) -> tuple[str, ...]:
        """Columns that order the rows of a file: `order` if given, else the grain. Makes equal rows equal bytes."""
        return self.order or self.grain

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in the order in which they are stored."""
        return tuple(column.name for column in self.columns)
