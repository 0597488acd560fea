"""`deepsignal`: what Dagster has no verb for. Every command ends with 0, or with 1 and one line a problem on stderr.

One module a family of commands; each adds its own to the parser. Heavy libraries are imported by the commands that need
them: `deepsignal catalogue validate` takes a fraction of a second.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from deepsignal_pipeline.cli import (
    catalogue,
    compare,
    discover,
    extract,
    home,
    identities,
    imports,
    people,
    predictions,
    run,
)
from deepsignal_pipeline.cli.alias_files import AliasFileError
from deepsignal_pipeline.cli.options import UsageError, fail
from deepsignal_pipeline.content import ContentError
from deepsignal_pipeline.domain.quarters import QuarterError
from deepsignal_pipeline.domain.strict_yaml import ProblemsError
from deepsignal_pipeline.identity_key import IdentityKeyError
from deepsignal_pipeline.lake import LakeError
from deepsignal_pipeline.mailmap_files import MailmapError
from deepsignal_pipeline.settings import SettingsError
from deepsignal_pipeline.sources import SourceError

_FAMILIES = (run, extract, compare, catalogue, discover, identities, imports, people, predictions, home)
_TOLD = (
    UsageError,
    QuarterError,
    SettingsError,
    ContentError,
    ProblemsError,
    LakeError,
    SourceError,
    IdentityKeyError,
    MailmapError,
    AliasFileError,
)
"""Errors whose message is for the user as it is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        status = command(options)
        # What is still to be written would fail where nobody catches it
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except _TOLD as error:
        return fail(str(error))
    except BrokenPipeError:
        # Whoever read the output has seen enough; at its end Python writes once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return fail(f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        return fail("interrupted; nothing half-written was published")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deepsignal", description="Commits in, a checked quarterly report out.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for family in _FAMILIES:
        family.add(commands)
    return parser
