"""What the commands share: where the home is, how a problem is told."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TypeAlias

from deepsignal_pipeline.settings import Settings, read_settings

_MOST_LINES = 100

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class UsageError(Exception):
    """What was asked cannot be done; the message says what can."""


def add_home(parser: argparse.ArgumentParser) -> None:
    """Add --home to a command."""
    parser.add_argument(
        "--home", type=_folder, metavar="DIR", help="home folder (default: DEEPSIGNAL_HOME, or .deepsignal)"
    )


def _folder(text: str) -> str:
    """Refuse what a forgotten variable leaves: it would make a home of the current folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty: name a folder")
    return text


def settings_of(options: argparse.Namespace) -> Settings:
    """Let the options win over the environment, for this process and for what it starts."""
    if options.home is not None:
        os.environ["DEEPSIGNAL_HOME"] = options.home
    if getattr(options, "source", None):
        os.environ["DEEPSIGNAL_SOURCE"] = options.source
    settings = read_settings()
    os.environ["DEEPSIGNAL_HOME"] = str(settings.home)
    return settings


def home_of(options: argparse.Namespace) -> Path:
    """Return the home folder, for commands that need no other setting."""
    return settings_of(options).home


def visible(text: str) -> str:
    """Return a text for the terminal: control and direction characters, of a history's names or a file's, as escapes."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def fail(message: str) -> int:
    """Print a problem a line on stderr, of many the first ones, and return the exit status of failure."""
    lines = message.split("\n")
    for line in lines[:_MOST_LINES]:
        print(f"deepsignal: {visible(line)}", file=sys.stderr)
    if len(lines) > _MOST_LINES:
        print(f"deepsignal: and {len(lines) - _MOST_LINES:,} problems more: mend these first", file=sys.stderr)
    return 1
