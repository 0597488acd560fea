"""`deepsignal catalogue`: the catalogue of tracked repositories, and what else people write."""

from __future__ import annotations

import argparse

from deepsignal_pipeline.cli.options import Commands, fail
from deepsignal_pipeline.content import check_content, content_directory


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    catalogue = commands.add_parser("catalogue", help="the catalogue of tracked repositories")
    verbs = catalogue.add_subparsers(required=True, metavar="VERB")
    validate = verbs.add_parser(
        "validate",
        help="check every line of what people write: catalogue, overrides, work types, automation, predictions",
    )
    validate.set_defaults(command=_validate)


def _validate(_: argparse.Namespace) -> int:
    problems, catalogue = check_content(content_directory())
    if problems or catalogue is None:
        return fail("\n".join(problems))
    print(f"{len(catalogue.repositories)} repositories in {len(catalogue.categories)} categories: no problem found")
    return 0
