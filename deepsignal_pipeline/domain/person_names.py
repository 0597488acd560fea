"""Names of people: how two spellings of one are recognised. Pure; knows words, not who bears them.

Names are compared without case, accents, order, titles and middle names. What a name proves depends on how many people
bear it: one of two ordinary words is rarely shared, a short Chinese, Korean, Vietnamese or Indian one often is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from deepsignal_pipeline.domain.name_lists import GIVEN_NAMES, POSSIBLE_FORMS, SHORT_FORMS, SURNAMES

_CACHED_NAMES = 65_536
_SPECIAL = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\"[^\"]*\"")
_VIA = re.compile(r"\s+via\s.*$")  # a gateway that posts for people
_JOINERS = re.compile(r"['’`´‘ʼ]")
_SEPARATORS = re.compile(r"[^\w]+|_+")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_LATIN = re.compile(r"[a-z]")
_GENERATIONS = frozenset("jr sr ii iii iv".split())
_TITLES = _GENERATIONS | frozenset("dr mr mrs ms prof phd msc bsc md".split())
_PARTICLES = frozenset("de da do dos del della der den van von la le di el al bin ibn ter ten zu".split())
# Sounds that are written in several ways, and the one by which they are compared
_WRITTEN = (
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("x", "ks"),
    ("y", "i"),
    ("ii", "i"),
    ("w", "v"),
    ("ph", "f"),
    ("ck", "k"),
)
# The syllables of Mandarin: what may follow each first sound
_SYLLABLE = (
    "(?:"
    + "|".join(
        f"(?:{initials})(?:{finals})"
        for initials, finals in (
            ("b|p", "a|o|ai|ei|ao|ou|an|en|ang|eng|i|ie|iao|ian|in|ing|u"),
            ("m", "a|o|e|ai|ei|ao|ou|an|en|ang|eng|i|ie|iao|iu|ian|in|ing|u"),
            ("f", "a|o|ei|ou|an|en|ang|eng|u"),
            ("d|t", "a|e|ai|ei|ao|ou|an|en|ang|eng|ong|i|ie|iao|iu|ian|ing|u|uo|ui|uan|un"),
            ("n|l", "a|e|ai|ei|ao|ou|an|en|ang|eng|ong|i|ia|ie|iao|iu|ian|in|iang|ing|u|uo|uan|un|v|ve"),
            ("g|k|h", "a|e|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang"),
            ("j|q|x", "i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ue|uan|un"),
            ("zh|ch|sh|r|z|c|s", "a|e|i|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang"),
            ("y", "a|e|ao|ou|an|ang|i|in|ing|ong|u|ue|uan|un"),
            ("w", "a|o|ai|ei|an|en|ang|eng|u"),
            ("", "a|ai|an|ang|ao|e|en|er|ou"),
        )
    )
    + ")"
)
_PINYIN = re.compile(f"{_SYLLABLE}{{1,2}}")
_PINYIN_NAME = re.compile(f"{_SYLLABLE}{{2,3}}")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name, read. `words` in their order without titles; `is_full`: two words or more that are no initials.

    `key` is equal for spellings of one name (middle names and order dropped), `squashed` is all words run together.
    `is_shared`: so many people bear it that it proves little alone. `script` keeps alphabets apart: han (with kana and
    hangul), latin, other. `generation` is jr, sr, ii, iii or iv where the name says so.
    """

    words: tuple[str, ...]
    is_full: bool
    key: str
    squashed: str
    is_shared: bool
    script: str
    has_digit: bool
    generation: str = ""

    @property
    def first(self) -> str:
        """The first word, or nothing."""
        return self.words[0] if self.words else ""

    @property
    def last(self) -> str:
        """The last word, or nothing."""
        return self.words[-1] if self.words else ""


@lru_cache(maxsize=_CACHED_NAMES)
def read_name(text: str) -> PersonName:
    """Read a name; what is written in brackets beside it, titles and punctuation say nothing."""
    words = _words(text)
    squashed = "".join(words)
    whole = [word for word in words if len(word) > 1]
    has_digit = any(character.isdigit() for character in squashed)
    is_han = len(words) == 1 and _HAN.fullmatch(squashed) is not None and 2 <= len(squashed) <= 5
    is_full = is_han or (len(whole) > 1 and not has_digit)
    return PersonName(
        words=words,
        is_full=is_full,
        key=_key(whole),
        squashed=squashed,
        is_shared=is_full and (is_han or _is_shared(whole)),
        script="han" if _HAN.search(squashed) else "latin" if _LATIN.search(squashed) else "other",
        has_digit=has_digit,
        generation=next((word for word in _SEPARATORS.split(text.casefold()) if word in _GENERATIONS), ""),
    )


def are_compatible(one: PersonName, other: PersonName) -> bool:
    """Tell whether two names may be one person's: no word of the shorter contradicts the longer.

    Names in two alphabets, and a name of one word beside another, are never a contradiction by themselves.
    """
    if one.generation and other.generation and one.generation != other.generation:
        return False
    if one.squashed == other.squashed or one.script != other.script:
        return True
    if one.is_full and other.is_full and 1 in (len(one.words), len(other.words)):
        # Written without a space: a given name alone stands within the whole
        return one.squashed in other.squashed or other.squashed in one.squashed
    if len(one.words) < 2 or len(other.words) < 2:
        return True
    return _is_covered(one.words, other.words)


def are_strangers(one: PersonName, other: PersonName) -> bool:
    """Tell whether two full names have nothing in common, so that no slip or marriage explains the difference."""
    return not are_compatible(one, other) and {word for word in one.words if len(word) > 2}.isdisjoint(other.words)


def is_same_name(one: PersonName, other: PersonName) -> bool:
    """Tell whether two full names are spellings of one."""
    return one.squashed == other.squashed or (one.is_full and other.is_full and _is_covered(one.words, other.words))


def may_be_same_name(one: PersonName, other: PersonName) -> bool:
    """Tell whether the given name of one full name may be short for the other's, too rarely to join the two by it."""
    firsts = one.first in POSSIBLE_FORMS.get(other.first, ()) or other.first in POSSIBLE_FORMS.get(one.first, ())
    return firsts and sound(one.last) == sound(other.last)


def is_romanised(word: str) -> bool:
    """Tell whether a word is made of Chinese syllables only, as wangwei is: such a word is many people's name."""
    return _PINYIN_NAME.fullmatch(word) is not None


def sound(word: str) -> str:
    """Return a word with the sounds that are written in several ways written in one."""
    for written, plain in _WRITTEN:
        word = word.replace(written, plain)
    return word


def is_of_several(text: str) -> bool:
    """Tell whether a name was written by a gateway that posts for people, from one address for all of them."""
    return _VIA.search(text.casefold()) is not None


def _words(text: str) -> tuple[str, ...]:
    text = text.rpartition("\\")[2]  # a Windows domain stands before its user
    plain = _BRACKETED.sub(" ", text) if _BRACKETED.sub("", text).strip() else text
    bare = _without_accents(_VIA.sub("", plain.casefold()).partition("@")[0])
    last, comma, first = bare.partition(",")
    if comma and first.strip() and first.strip() not in _TITLES:
        bare = f"{first} {last}"
    words = tuple(word for word in _SEPARATORS.split(_JOINERS.sub("", bare)) if word and word not in _TITLES)
    latin = tuple(word for word in words if not _HAN.search(word))
    # Many write their name twice, in Latin letters and in their own
    return latin if len(latin) > 1 else words


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare).translate(_SPECIAL)


def _key(words: list[str]) -> str:
    outer = [word for word in words if word not in _PARTICLES] or words
    ends = list(dict.fromkeys((outer[0], outer[-1]))) if outer else []
    # Hugo Bernard is not Bernard Hugo: of two given names the order tells which is the surname
    return " ".join(ends if GIVEN_NAMES.issuperset(ends) else sorted(ends))


def _is_shared(words: list[str]) -> bool:
    """Tell whether many people bear a name: short Chinese words, or a surname that is everywhere."""
    if len(words) == 2 and all(_PINYIN.fullmatch(word) for word in words):
        return True
    return words[0] in SURNAMES or words[-1] in SURNAMES


def _is_covered(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether every word of the name with fewer whole words stands, in some form, in the other one.

    An initial too many is a middle name that the other leaves out; one that no word begins with is somebody else's.
    """
    short, long = sorted((one, other), key=lambda words: (sum(len(word) > 1 for word in words), len(words), words))
    left = list(long)
    for word in sorted(short, key=len, reverse=True):
        found = _counterpart(word, left)
        if found is not None:
            left.remove(found)
        elif len(word) > 1 or left:
            return False
    return True


def _counterpart(word: str, others: list[str]) -> str | None:
    """Return the word that is equal, else one that is a form of it; an initial is a form of a word, not the reverse."""
    if word in others:
        return word
    return next((other for other in others if (len(other) > 1 or len(word) == 1) and _is_form(word, other)), None)


def _is_form(one: str, other: str) -> bool:
    """Tell whether two words are forms of one: an initial, a short form, another spelling, a slip of the pen."""
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    if len(short) == 1:
        return long.startswith(short)
    if long in SHORT_FORMS.get(short, ()) or short in SHORT_FORMS.get(long, ()):
        return True
    is_slip_possible = one not in GIVEN_NAMES or other not in GIVEN_NAMES  # Frances is no slip of Francis
    short, long = sorted((sound(one), sound(other)), key=lambda word: (len(word), word))
    return short == long or (is_slip_possible and len(short) > 4 and _is_one_slip(short, long))


def _is_one_slip(short: str, long: str) -> bool:
    """Tell whether one letter inside was added, left out, changed, or swapped with the next.

    The last letter is no slip: it tells Robert from Roberta and Petrov from Petrova.
    """
    if len(long) - len(short) > 1 or short[-1] != long[-1]:
        return False
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    is_changed = short[at + 1 :] == long[at + 1 :]
    is_swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return is_changed or is_swapped
