"""`deepsignal identities`: who is who, outside a run."""

from __future__ import annotations

import argparse
from pathlib import Path

from deepsignal_pipeline.cli.alias_files import read_aliases, read_merges, write_assignments
from deepsignal_pipeline.cli.common import Commands, add_home, home_of
from deepsignal_pipeline.content import content_directory, load_automation_rules
from deepsignal_pipeline.domain.identity import keyed_id, resolve
from deepsignal_pipeline.identity_key import identity_key


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    identities = commands.add_parser("identities", help="who is who among the names and addresses of histories")
    verbs = identities.add_subparsers(required=True, metavar="VERB")
    resolve_verb = verbs.add_parser("resolve", help="say for a CSV of aliases which are one person, and which are none")
    resolve_verb.add_argument(
        "--aliases",
        type=Path,
        required=True,
        metavar="IN.csv",
        help="alias_id,name,email,login,repo,commits,first,last; repositories joined by ;, times in epoch seconds",
    )
    resolve_verb.add_argument(
        "--merges",
        type=Path,
        metavar="MERGES.csv",
        help="repo,login,alias_id,count: how often merges of a branch of LOGIN ended in a commit of the alias",
    )
    resolve_verb.add_argument("--out", type=Path, required=True, metavar="OUT.csv", help="alias_id,contributor_id,kind")
    add_home(resolve_verb)
    resolve_verb.set_defaults(command=_resolve)


def _resolve(options: argparse.Namespace) -> int:
    aliases = read_aliases(options.aliases)
    merges = read_merges(options.merges) if options.merges else []
    key = identity_key(home_of(options)).encode()
    assignments = resolve(aliases, load_automation_rules(content_directory()), key, merges=merges)
    write_assignments(options.out, assignments, lambda alias_id: keyed_id(key, f"placeholder:{alias_id}"))
    return 0
