"""`deepsignal people`: what a person may ask of whoever runs the pipeline."""

from __future__ import annotations

import argparse
import re

from deepsignal_pipeline.cli.options import Commands, UsageError, add_home, home_of
from deepsignal_pipeline.lake import remove
from deepsignal_pipeline.opt_out_file import add_opt_out

_PERSON = re.compile(r"(?=.*\w)[^\s=,;]+")
"""One word with a letter or digit in it: an address of an old history need not have an @."""


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    people = commands.add_parser("people", help="what a person may ask for")
    verbs = people.add_subparsers(required=True, metavar="VERB")
    opt_out = verbs.add_parser("opt-out", help="leave a person out of everything that is made from now on")
    opt_out.add_argument("person", metavar="ADDRESS|LOGIN", help="an address, or a GitHub login")
    add_home(opt_out)
    opt_out.set_defaults(command=_opt_out)


def _opt_out(options: argparse.Namespace) -> int:
    """Keep a keyed hash, and nothing of the person: neither the list nor this command's output names anybody."""
    if not _PERSON.fullmatch(options.person):
        raise UsageError(
            "neither an address nor a GitHub login, so nobody was opted out: write one of them, and no more"
        )
    home = home_of(options)
    is_new = add_opt_out(home, options.person)
    # Files that broke their contract are kept for a look; they hold people too
    for rejected in (home / "lake").rglob("*.rejected"):
        remove(rejected)
    print("opted out" if is_new else "was opted out already")
    print(
        "Takes effect on what is made from now on; to make everything anew: deepsignal run --from FIRST --quarter LAST"
    )
    return 0
