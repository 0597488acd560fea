"""`deepsignal run`: read and publish quarters."""

from __future__ import annotations

import argparse
import gc
from datetime import UTC, datetime

from deepsignal_pipeline.cli.options import Commands, UsageError, add_home, fail, settings_of
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, quarter_range
from deepsignal_pipeline.settings import SOURCES, Settings

_JOBS = ("read_quarters", "publish_quarters", "quarterly")


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    run = commands.add_parser("run", help="read and publish quarters, on the instance that the web server shows")
    add_quarters(run, "last quarter: 2023-Q1 or 2023-01-01", "first quarter to publish (default: the last)")
    run.add_argument(
        "--source", choices=SOURCES, help="where commits come from (default: DEEPSIGNAL_SOURCE, or sample)"
    )
    run.add_argument("--job", choices=_JOBS, help="only this job; it takes exactly the quarters named")
    add_home(run)
    run.set_defaults(command=_run)


def add_quarters(parser: argparse.ArgumentParser, last: str, first: str) -> None:
    """Add --quarter and --from to a command."""
    parser.add_argument("--quarter", required=True, metavar="Q", help=last)
    parser.add_argument("--from", dest="first", metavar="F", help=first)


def quarters_asked(options: argparse.Namespace) -> list[Quarter]:
    """Return the quarters from --from to --quarter; raise UsageError for those that are not over."""
    last = Quarter.parse(options.quarter)
    quarters = quarter_range(Quarter.parse(options.first) if options.first else last, last)
    _refuse_open(quarters[0], last, datetime.now(UTC))
    return quarters


def _run(options: argparse.Namespace) -> int:
    quarters = quarters_asked(options)

    from deepsignal_pipeline.quality.checker import warm_up

    settings = settings_of(options)
    warm_up()  # imports beside what is imported here
    return run_job_over(settings, quarters, options.job)


def run_job_over(settings: Settings, quarters: list[Quarter], job: str | None) -> int:
    """Run a job (none: read what is needed, and publish) with its progress on the terminal, and show the edition."""
    # Hundreds of thousands of objects, of the libraries mostly, stay alive until the end: look through them rarely
    gc.set_threshold(100_000, 20, 20)

    from deepsignal_pipeline.running import RunError, run_quarters

    try:
        edition = run_quarters(settings, quarters, job, lambda line: print(line, flush=True))
    except RunError as error:
        return fail(str(error))
    if edition is not None:
        print(f"\n{edition.table}\n\nEdition: {edition.html}")
    return 0


def _refuse_open(first: Quarter, last: Quarter, now: datetime) -> None:
    """Raise UsageError for quarters that are not over or lie before the first partition."""
    if first < FIRST_QUARTER:
        raise UsageError(f"{first}: quarters begin with {FIRST_QUARTER}")
    if last.end > now:
        newest = Quarter.containing(now.date()).shift(-1)
        raise UsageError(f"{last}: not over before {last.end:%Y-%m-%d}; the newest closed quarter is {newest}")
