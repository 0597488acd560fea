"""Commands about the home folder: its Data Docs, its views, and whether everything is there."""

from __future__ import annotations

import argparse
import os

from deepsignal_pipeline.cli.options import Commands, add_home, settings_of


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    data_docs = commands.add_parser("data-docs", help="write Great Expectations' Data Docs to <home>/data-docs")
    add_home(data_docs)
    data_docs.set_defaults(command=_data_docs)

    views = commands.add_parser("views", help="build deepsignal.duckdb anew, e.g. after the home folder moved")
    add_home(views)
    views.set_defaults(command=_views)

    doctor = commands.add_parser("doctor", help="say what is missing or broken, and how to mend it")
    add_home(doctor)
    doctor.set_defaults(command=_doctor)


def _data_docs(options: argparse.Namespace) -> int:
    settings = settings_of(options)

    from deepsignal_pipeline.quality.data_docs import write_data_docs
    from deepsignal_pipeline.running import open_pipeline

    pipeline = open_pipeline(settings)
    pipeline.lake.prepare()
    with pipeline.engine.session() as session:
        print(write_data_docs(pipeline.lake, session.connection))
    return 0


def _views(options: argparse.Namespace) -> int:
    settings = settings_of(options)

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
        os.environ["DEEPSIGNAL_HOME"] = options.home
    findings = examine()
    for finding in findings:
        print(
            f"{'ok  ' if finding.is_fine else 'MEND'}  {finding.what}"
            + ("" if finding.is_fine else f": {finding.mend}")
        )
    return 0 if all(finding.is_fine for finding in findings) else 1
