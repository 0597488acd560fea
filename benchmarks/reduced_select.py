"""A SELECT of the project, reduced to some of its columns: `reduced_select.py < REQUEST > SELECT`, in the peers' environment.

The request is JSON: the SELECT, the columns wanted and the columns of what it reads. DuckDB drops an unused join only one
level deep, so SQLGlot takes out what the wanted columns do not need; the results are compared, so a wrong cut would show.
"""

import json
import sys

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.eliminate_ctes import eliminate_ctes
from sqlglot.optimizer.eliminate_joins import eliminate_joins
from sqlglot.optimizer.merge_subqueries import merge_subqueries
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify


def main() -> None:
    """Read the request, write the reduced SELECT."""
    request = json.load(sys.stdin)
    text = f"SELECT {', '.join(request['columns'])} FROM ({request['select']}) AS whole"  # noqa: S608
    tree = qualify(sqlglot.parse_one(text, read="duckdb"), schema=request["schema"], dialect="duckdb")
    # A function that SQLGlot does not know might return many rows, so it would keep the column
    for call in tree.find_all(exp.Anonymous):
        if call.name.lower() == "bit_count":
            call.replace(exp.BitwiseCount(this=call.expressions[0]))
    for _ in range(4):
        for rule in (pushdown_projections, merge_subqueries, eliminate_joins, eliminate_ctes):
            tree = rule(tree)
    print(tree.sql("duckdb", comments=False))


if __name__ == "__main__":
    main()
