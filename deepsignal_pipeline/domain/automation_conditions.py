"""Under which conditions a rule about automation holds for an alias. Pure; which rule has which condition is `automation`'s."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from deepsignal_pipeline.domain.name_lists import GIVEN_NAMES

_HUMAN_WORD = re.compile(r"[^\d_/@+:()\[\]{}<>]{2,}")
_CJK_FULL_NAME = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")  # written without a space
_SAYS_BOT = re.compile(r"bot(?![^\W_])")
# "claude" is a given name too, but is asked about only beside an address that programs use.
_PROGRAM_WORD = re.compile(
    r"(?<![^\W\d_])(actions?|agent|automation|bot|build|builder|ci|claude|github|gitlab|release|robot|service|system"
    r"|team)(?![^\W\d_])"
)


@dataclass(frozen=True, slots=True)
class Who:
    """The three fields of an alias as the rules see them: trimmed and without case."""

    name: str
    email: str
    login: str


Condition = Callable[[Who], bool]


def always(_who: Who) -> bool:
    """Hold for everybody: the rule has no condition."""
    return True


def never(_who: Who) -> bool:
    """Hold for nobody: the rule is listed and not applied."""
    return False


def _has_anthropic_address(who: Who) -> bool:
    return re.search(r"[@.]anthropic\.com$", who.email) is not None


def is_nobodys_surname(who: Who) -> bool:
    """Tell whether the word bot is no surname: Anneke Bot is a person, Example Bot is none."""
    first = who.name.split()[:1]
    return not (len(who.name.split()) == 2 and first[0] in GIVEN_NAMES)


def _has_no_full_name(who: Who) -> bool:
    """Tell whether the name lacks two words as people have them; one word that programs bear settles it."""
    if _PROGRAM_WORD.search(who.name):
        return True
    words = [word for word in who.name.split() if _HUMAN_WORD.fullmatch(word)]
    return len(words) < 2 and _CJK_FULL_NAME.fullmatch(who.name) is None


def _says_bot(who: Who) -> bool:
    return _SAYS_BOT.search(who.name) is not None and _has_no_full_name(who)


def is_not_own_name(who: Who) -> bool:
    """Tell whether the local part is no word of the full name beside it: Mary Jenkins may be jenkins@."""
    return who.email.partition("@")[0] not in who.name.split() or _has_no_full_name(who)


CONDITIONS: dict[str, Condition] = {
    "only with an anthropic.com address": _has_anthropic_address,
    "needs a name without two human-looking words": _has_no_full_name,
    "set by people as their own address": _has_no_full_name,
    "bot only when the name says so": _says_bot,
}
"""What the notes say in words, and the test that honours it."""
