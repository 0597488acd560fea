"""`deepsignal extract`: read named repositories, catalogued or not, and make nothing of them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from deepsignal_pipeline.cli.options import Commands, add_home, fail, settings_of
from deepsignal_pipeline.cli.run import add_quarters, quarters_asked, run_job_over


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    extract = commands.add_parser("extract", help="read the commits of named repositories, catalogued or not")
    extract.add_argument("--repository", action="append", required=True, metavar="OWNER/NAME", help="may be repeated")
    add_quarters(extract, "last quarter to extract", "first quarter to extract (default: the last)")
    extract.add_argument("--source", choices=("git", "github"), default="git", help="where from (default: git)")
    extract.add_argument(
        "--mirrors",
        type=Path,
        metavar="DIR",
        help="read bare repositories of a folder, DIR/OWNER+NAME/repo or DIR/OWNER/NAME.git, instead of cloning",
    )
    add_home(extract)
    extract.set_defaults(command=_extract)


def _extract(options: argparse.Namespace) -> int:
    quarters = quarters_asked(options)
    os.environ["DEEPSIGNAL_REPOSITORIES"] = ",".join(options.repository)
    if options.mirrors is not None:
        os.environ["DEEPSIGNAL_MIRRORS"] = str(options.mirrors.absolute())
    settings = settings_of(options)
    if status := run_job_over(settings, quarters, "extract_quarters"):
        return status

    from deepsignal_pipeline.running import unread

    return fail("\n".join(problems)) if (problems := unread(settings)) else 0
