"""`deepsignal identities`: who is who, outside a run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from deepsignal_pipeline.cli.alias_files import read_aliases, read_merges, refuse_place, write_assignments
from deepsignal_pipeline.cli.options import Commands, UsageError, add_home, settings_of, visible
from deepsignal_pipeline.content import content_directory, load_automation_rules
from deepsignal_pipeline.domain.identity import keyed_id, resolve
from deepsignal_pipeline.domain.identity_decisions import append_decision
from deepsignal_pipeline.domain.identity_review import doubts
from deepsignal_pipeline.domain.overrides import OVERRIDES_FILE, parse_overrides
from deepsignal_pipeline.garbage import nothing_collected
from deepsignal_pipeline.identity_key import identity_key
from deepsignal_pipeline.lake import replace_file, temporary
from deepsignal_pipeline.mailmap_files import read_mailmaps

if TYPE_CHECKING:
    from deepsignal_pipeline.identity_lookup import Lookup


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    identities = commands.add_parser("identities", help="who is who among the names and addresses of histories")
    verbs = identities.add_subparsers(required=True, metavar="VERB")
    resolve_verb = verbs.add_parser(
        "resolve",
        help="say for a CSV of aliases which are one person, and which are none",
        epilog="DEEPSIGNAL_MAILMAPS, a folder of .mailmap files OWNER+NAME, is taken as evidence of their repositories; "
        "no other .mailmap is read.",
    )
    resolve_verb.add_argument(
        "--aliases",
        type=Path,
        required=True,
        metavar="IN.csv",
        help="alias_id,name,email,login,repo,commits,first,last; repositories joined by ; or a row each, times in epoch "
        "seconds; all but alias_id may be empty; further columns are ignored, but for github_id",
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
    _add_explain(verbs)
    _add_review(verbs)


def _add_explain(verbs: Commands) -> None:
    explain = verbs.add_parser("explain", help="print why an alias belongs to whom it belongs")
    explain.add_argument("alias", metavar="ALIAS", help="alias_id, contributor_id, address, name or login")
    add_home(explain)
    explain.set_defaults(command=_explain)


def _add_review(verbs: Commands) -> None:
    review = verbs.add_parser(
        "review", help="list the likeliest wrong and missed merges, or write an answer to the overrides"
    )
    review.add_argument("--limit", type=int, default=20, metavar="N", help="how many to list (default: 20)")
    answer = review.add_mutually_exclusive_group()
    answer.add_argument("--same", nargs=2, metavar="ALIAS_ID", help="the two are one contributor")
    answer.add_argument("--different", nargs=2, metavar="ALIAS_ID", help="the two are different contributors")
    review.add_argument("--why", metavar="TEXT", help="the reason, kept with an answer")
    add_home(review)
    review.set_defaults(command=_review)


def _resolve(options: argparse.Namespace) -> int:
    refuse_place(options.out, [options.aliases, *([options.merges] if options.merges else [])])
    settings = settings_of(options)
    mailmaps = read_mailmaps(settings.mailmaps)
    key = identity_key(settings.home).encode()
    with nothing_collected():
        aliases = read_aliases(options.aliases)
        merges = read_merges(options.merges) if options.merges else []
        rules = load_automation_rules(content_directory())
        assignments = resolve(aliases, rules, key, merges=merges, mailmaps=mailmaps)
        write_assignments(options.out, assignments, lambda alias_id: keyed_id(key, f"placeholder:{alias_id}"))
    return 0


def _explain(options: argparse.Namespace) -> int:
    if not options.alias.strip():
        raise UsageError("explain: ALIAS is empty; name an alias_id, contributor_id, address, name or login")
    lookup = _look_up(options)
    for at in _found(lookup, options.alias):
        for line in lookup.explain(at):
            print(visible(line))
    return 0


def _review(options: argparse.Namespace) -> int:
    if options.limit < 1:
        raise UsageError(f"--limit {options.limit}: it must be 1 or more")
    lookup = _look_up(options)
    asked = options.same or options.different
    if asked:
        return _answer(lookup, "merge" if options.same else "split", asked, options.why)
    queue = doubts(lookup.resolution.clusters, lookup.decisions)
    for doubt in queue[: options.limit]:
        print(f"{doubt.question}: {doubt.evidence}, {doubt.weight} commits")
        for alias_id in (doubt.one, doubt.other):
            print(visible(f"  {lookup.label(_found(lookup, alias_id)[0])}"))
    print(f"{len(queue)} in the queue. Answer: deepsignal identities review --same|--different ID ID --why TEXT")
    return 0


def _answer(lookup: Lookup, verb: str, aliases: list[str], why: str | None) -> int:
    if not why:
        raise UsageError("an answer needs its reason: add --why TEXT")
    for alias in aliases:
        _found(lookup, alias)
    path = content_directory() / OVERRIDES_FILE
    text = append_decision(path.read_text(encoding="utf-8"), verb, aliases, why)
    parse_overrides(text.encode("utf-8"))  # a contradiction is told before anything is written
    draft = temporary(path)
    draft.write_text(text, encoding="utf-8")
    replace_file(draft, path)
    print(f"{path}: {verb} of {' and '.join(aliases)} added; it counts from the next publication on")
    return 0


def _found(lookup: Lookup, wanted: str) -> list[int]:
    found = lookup.find(wanted)
    if not found:
        raise UsageError(f"{wanted}: no alias, contributor, address, name or login of this home")
    return found


def _look_up(options: argparse.Namespace) -> Lookup:
    settings = settings_of(options)

    from deepsignal_pipeline.identity_lookup import look_up
    from deepsignal_pipeline.running import open_pipeline

    pipeline = open_pipeline(settings)
    return look_up(pipeline.lake, pipeline.content, pipeline.source.identity_key, read_mailmaps(settings.mailmaps))
