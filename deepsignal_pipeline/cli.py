"""`deepsignal`: what Dagster has no verb for. Every command ends with 0, or with 1 and one line a problem on stderr.

Heavy libraries are imported by the commands that need them: `deepsignal catalogue validate` takes a fraction of a second.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from deepsignal_pipeline.content import ContentError, check_content, content_directory
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, QuarterError, quarter_range
from deepsignal_pipeline.domain.strict_yaml import ProblemsError
from deepsignal_pipeline.lake import LakeError
from deepsignal_pipeline.settings import SOURCES, Settings, SettingsError, read_settings

Command = Callable[[argparse.Namespace], int]
_JOBS = ("read_quarters", "publish_quarters", "quarterly")


class UsageError(Exception):
    """What was asked cannot be done; the message says what can."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        command: Command = options.command
        return command(options)
    except (UsageError, QuarterError, SettingsError, ContentError, ProblemsError, LakeError) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        return _fail("interrupted; nothing half-written was published")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deepsignal", description="Commits in, a checked quarterly report out.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="read and publish quarters, on the instance that the web server shows")
    run.add_argument("--quarter", required=True, metavar="Q", help="last quarter: 2023-Q1 or 2023-01-01")
    run.add_argument("--from", dest="first", metavar="F", help="first quarter to publish (default: the last)")
    run.add_argument(
        "--source", choices=SOURCES, help="where commits come from (default: DEEPSIGNAL_SOURCE, or sample)"
    )
    run.add_argument("--job", choices=_JOBS, help="only this job; it takes exactly the quarters named")
    _add_home(run)
    run.set_defaults(command=_run)

    catalogue = commands.add_parser("catalogue", help="the catalogue of tracked repositories")
    verbs = catalogue.add_subparsers(required=True, metavar="VERB")
    validate = verbs.add_parser(
        "validate", help="check every line of what people write: catalogue, overrides, automation accounts"
    )
    validate.set_defaults(command=_validate_catalogue)

    data_docs = commands.add_parser("data-docs", help="write Great Expectations' Data Docs to <home>/data-docs")
    _add_home(data_docs)
    data_docs.set_defaults(command=_data_docs)

    views = commands.add_parser("views", help="build deepsignal.duckdb anew, e.g. after the home folder moved")
    _add_home(views)
    views.set_defaults(command=_views)

    doctor = commands.add_parser("doctor", help="say what is missing or broken, and how to mend it")
    _add_home(doctor)
    doctor.set_defaults(command=_doctor)
    return parser


def _add_home(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="home folder (default: DEEPSIGNAL_HOME, or .deepsignal)"
    )


def _settings(options: argparse.Namespace) -> Settings:
    """Let the options win over the environment, for this process and for what it starts."""
    if options.home is not None:
        os.environ["DEEPSIGNAL_HOME"] = str(options.home.absolute())
    if getattr(options, "source", None):
        os.environ["DEEPSIGNAL_SOURCE"] = options.source
    settings = read_settings()
    os.environ["DEEPSIGNAL_HOME"] = str(settings.home)
    return settings


def _run(options: argparse.Namespace) -> int:
    last = Quarter.parse(options.quarter)
    quarters = quarter_range(Quarter.parse(options.first) if options.first else last, last)
    _refuse_open(quarters[0], last, datetime.now(UTC))
    settings = _settings(options)

    from deepsignal_pipeline.running import RunError, run_quarters

    try:
        edition = run_quarters(settings, quarters, options.job, lambda line: print(line, flush=True))
    except RunError as error:
        return _fail(str(error))
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


def _validate_catalogue(_: argparse.Namespace) -> int:
    problems, catalogue = check_content(content_directory())
    if problems or catalogue is None:
        return _fail("\n".join(problems))
    print(f"{len(catalogue.repositories)} repositories in {len(catalogue.categories)} categories: no problem found")
    return 0


def _data_docs(options: argparse.Namespace) -> int:
    settings = _settings(options)

    from deepsignal_pipeline.quality.data_docs import write_data_docs
    from deepsignal_pipeline.running import open_pipeline

    pipeline = open_pipeline(settings)
    pipeline.lake.prepare()
    with pipeline.engine.session() as session:
        print(write_data_docs(pipeline.lake, session.connection))
    return 0


def _views(options: argparse.Namespace) -> int:
    settings = _settings(options)

    from deepsignal_pipeline.engines.views import database_of, rebuild_views
    from deepsignal_pipeline.lake import Lake

    lake = Lake(settings.home)
    lake.prepare()
    rebuild_views(lake)
    print(database_of(lake))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from deepsignal_pipeline.doctor import examine

    if options.home is not None:
        os.environ["DEEPSIGNAL_HOME"] = str(options.home.absolute())
    findings = examine()
    for finding in findings:
        print(
            f"{'ok  ' if finding.is_fine else 'MEND'}  {finding.what}"
            + ("" if finding.is_fine else f": {finding.mend}")
        )
    return 0 if all(finding.is_fine for finding in findings) else 1


def _fail(message: str) -> int:
    for line in message.splitlines():
        print(f"deepsignal: {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
