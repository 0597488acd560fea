"""`deepsignal compare`: two published quarters side by side."""

from __future__ import annotations

import argparse
from dataclasses import replace

from deepsignal_pipeline.cli.options import Commands, UsageError, add_home, settings_of
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    compare = commands.add_parser("compare", help="two published quarters side by side, in the terminal")
    compare.add_argument("before", metavar="Q", help="earlier quarter: 2022-Q4 or 2022-10-01")
    compare.add_argument("after", metavar="Q", help="later quarter")
    add_home(compare)
    compare.set_defaults(command=_compare)


def _compare(options: argparse.Namespace) -> int:
    before, after = Quarter.parse(options.before), Quarter.parse(options.after)
    if before >= after:
        raise UsageError(f"{before} is not before {after}: name the earlier quarter first")
    if before < FIRST_QUARTER:
        raise UsageError(f"{before}: quarters begin with {FIRST_QUARTER}")

    import duckdb

    from deepsignal_pipeline.content import content_directory, load_catalogue
    from deepsignal_pipeline.engines.duckdb import DuckDBEngine
    from deepsignal_pipeline.engines.stored_files import making_command
    from deepsignal_pipeline.lake import Lake
    from deepsignal_pipeline.report.comparison import comparison_table
    from deepsignal_pipeline.report.facts import Facts, read_facts
    from deepsignal_pipeline.staging.versions import refuse_mixed
    from deepsignal_pipeline.tables import TABLES
    from deepsignal_pipeline.tables.contract import Read

    settings, table = settings_of(options), TABLES["report_facts"]
    lake, catalogue = Lake(settings.home), load_catalogue(content_directory())
    missing = [quarter for quarter in (before, after) if not lake.has(table, quarter)]
    if missing:
        told = [f"{quarter} was never published; run: {making_command(lake, table, [quarter])}" for quarter in missing]
        raise UsageError("\n".join(told))
    # Of what an edition reads only its facts; both quarters must stand under the identities of today
    edition = replace(TABLES["quarterly_report"], reads=(Read("report_facts"),))
    facts: list[Facts] = []
    for quarter in (before, after):
        with DuckDBEngine(duckdb.connect, lake, settings.threads).session() as session:
            session.read(edition, quarter)
            refuse_mixed(lake, edition, quarter)
            facts.append(read_facts(session.connection, quarter))
    print(comparison_table(facts[0], facts[1], catalogue), end="")
    return 0
