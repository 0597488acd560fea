"""`deepsignal discover`: candidates for a category of the catalogue, written for people to review."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from deepsignal_pipeline.cli.options import Commands, UsageError
from deepsignal_pipeline.content import content_directory, load_catalogue
from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.settings import read_settings

_LIMIT = 30


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    discover = commands.add_parser(
        "discover", help="look on GitHub for repositories that may belong to a category; needs GITHUB_TOKEN"
    )
    discover.add_argument("--category", required=True, metavar="SLUG", help="category of the catalogue")
    discover.add_argument("--out", type=Path, metavar="FILE", help="where the list goes (default: the terminal)")
    discover.add_argument(
        "--limit", type=_count, default=_LIMIT, metavar="N", help=f"so many at most (default: {_LIMIT})"
    )
    discover.set_defaults(command=_discover)


def _discover(options: argparse.Namespace) -> int:
    catalogue = load_catalogue(content_directory())
    _refuse_unknown(catalogue, options.category)

    from deepsignal_pipeline.sources import SourceError
    from deepsignal_pipeline.sources.github.discovery import Discovery
    from deepsignal_pipeline.sources.github.errors import GitHubError
    from deepsignal_pipeline.sources.github.source import open_client

    now = datetime.now(UTC)
    quarter = Quarter.containing(now.date()).shift(-1)
    try:
        with open_client(_tell, base_url=read_settings().github_url) as client:
            text = Discovery(client, catalogue, options.category, quarter, now.date(), _tell).run(options.limit)
    except (GitHubError, SourceError) as error:
        raise UsageError(str(error)) from None
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, encoding="utf-8")
        _tell(f"{options.out}: review it; nothing was added to the catalogue")
    return 0


def _refuse_unknown(catalogue: Catalogue, slug: str) -> None:
    slugs = [category.slug for category in catalogue.categories]
    if slug not in slugs:
        raise UsageError(f"{slug}: no such category; there are {', '.join(slugs)}")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1000")
    return int(text)


def _tell(line: str) -> None:
    """Progress goes to stderr: stdout may be the patch."""
    print(line, file=sys.stderr, flush=True)
