"""Names of people: how two spellings of one are recognised. Pure; knows words, not who bears them.

Names are compared without case, accents, order, titles and middle names. What a name proves depends on how many people
bear it: one of two ordinary words is rarely shared, a short Chinese, Korean, Vietnamese or Indian one often is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SPECIAL = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\"[^\"]*\"")
_SEPARATORS = re.compile(r"[^\w]+|_+")
_JOINERS = re.compile(r"['’`´‘ʼ]|(?<=\w)-(?=\w)")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_LATIN = re.compile(r"[a-z]+")
_TITLES = frozenset("dr mr mrs ms prof phd jr sr ii iii iv msc bsc md".split())
_PARTICLES = frozenset("de da do dos del della der den van von la le di el al bin ibn ter ten zu".split())

_SYLLABLE = (
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|iao|ian|ing|uai|uan|ang|eng|ong|ai|ei|ao|ou|an|en|er|ia|ie|iu|in"
    "|ua|uo|ui|un|ue|ve|a|o|e|i|u|v))"
)
_PINYIN = re.compile(f"{_SYLLABLE}{{1,2}}")
_SHARED_SURNAMES = frozenset(
    # Chinese, also as written in Hong Kong, Taiwan and Singapore
    "li wang zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie tang song deng han "
    "feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren shen yao lee chan wong chang "
    "cheung lau leung ng chow tan lim ong goh koh teo "
    # Korean
    "kim park choi jung jeong kang cho yoon jang lim oh seo shin kwon hwang ahn hong yoo yu moon son bae baek "
    # Vietnamese
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ngo duong ly dinh truong trinh "
    # Indian
    "kumar singh sharma gupta patel shah verma jain agarwal aggarwal agrawal mehta reddy rao das nair iyer mishra yadav pandey "
    "joshi khan ali ahmed ahmad hussain mohammed chauhan kaur malik thakur sinha roy ghosh bose banerjee mukherjee "
    "chatterjee saha dutta desai kulkarni patil pillai menon krishnan subramanian raj prasad tiwari dubey chaudhary srivastava "
    "saxena bhat bhatt hegde shetty naik gowda "
    # Others that a great many bear
    "smith jones brown johnson williams miller davis wilson taylor martin anderson thomas moore white harris clark lewis "
    "silva santos garcia rodriguez gonzalez lopez martinez hernandez perez sanchez muller schmidt ivanov petrov suzuki sato "
    "tanaka watanabe".split()
)
_SHARED_GIVEN = frozenset(
    "john david michael james robert william chris christopher daniel paul mark thomas peter andrew alex alexander brian kevin "
    "steve steven matt matthew jason eric jeff scott ryan adam tom mike joe josh ben sam nick tim rob dan jim bob bill dave maria "
    "anna jose juan carlos luis joao pedro ivan sergey dmitry".split()
)
_SHORT_FORMS = {
    short: tuple(long.split("/"))
    for short, _, long in (
        pair.partition(":")
        for pair in (
            "alex:alexander/alexandre/alexandra/alexey/aleksandr/alexei bill:william bob:robert rob:robert bobby:robert "
            "mike:michael mick:michael micha:michael chris:christopher/christian/christoph/christophe dave:david "
            "dan:daniel danny:daniel dick:richard rich:richard rick:richard ed:edward/edwin/edgar eddie:edward "
            "fred:frederick/frederic/alfred greg:gregory/grzegorz jim:james jimmy:james jamie:james joe:joseph "
            "john:jonathan jon:jonathan/john josh:joshua ken:kenneth kate:katherine/catherine/kathryn larry:lawrence liz:elizabeth beth:elizabeth "
            "lenny:leonard matt:matthew/matthias/matthieu max:maximilian/maxim/maxime nat:nathaniel/nathan nate:nathan/nathaniel "
            "nick:nicholas/nicolas/nikolas nico:nicolas pat:patrick/patricia pete:peter phil:philip/phillip/philipp/philippe "
            "ron:ronald sam:samuel/samantha sasha:alexander steve:steven/stephen/stefan stefan:stephan/stephen tim:timothy/timo "
            "tom:thomas/tomas tony:anthony/antonio toni:antonio vlad:vladimir/vladislav will:william zach:zachary zack:zachary "
            "andy:andrew/andreas/anders ben:benjamin/benedikt seb:sebastian/sebastien sergei:sergey geoff:geoffrey jeff:jeffrey/geoffrey "
            "gabe:gabriel jake:jacob jack:john/jackson hans:johannes misha:mikhail dima:dmitry/dmitri kostya:konstantin "
            "cathy:catherine deb:deborah jen:jennifer jenny:jennifer jess:jessica maggie:margaret meg:megan/margaret "
            "becky:rebecca sue:susan vicky:victoria abby:abigail aj:anthony tj:thomas ted:theodore/edward theo:theodore manu:manuel/emmanuel "
            "doug:douglas don:donald stan:stanley/stanislav walt:walter wes:wesley russ:russell ray:raymond marty:martin "
            "leo:leonard/leonardo/leonid fran:francisco/francis paco:francisco pepe:jose nacho:ignacio santi:santiago".split()
        )
    )
}


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name, read. `words` in their order without titles; `is_full`: two words or more that are no initials.

    `key` is equal for spellings of one name (middle names and order dropped), `squashed` is all words run together.
    `is_shared`: so many people bear it that it proves little alone. `script` keeps alphabets apart.
    """

    words: tuple[str, ...]
    is_full: bool
    key: str
    squashed: str
    is_shared: bool
    script: str

    @property
    def first(self) -> str:
        """The first word, or nothing."""
        return self.words[0] if self.words else ""

    @property
    def last(self) -> str:
        """The last word, or nothing."""
        return self.words[-1] if self.words else ""


@lru_cache(maxsize=65_536)
def read_name(text: str) -> PersonName:
    """Read a name; what is written in brackets beside it, titles and punctuation say nothing."""
    words = _words(text)
    long = [word for word in words if len(word) > 1 or _HAN.fullmatch(word)]
    has_digit = any(character.isdigit() for character in "".join(words))
    is_han = len(words) == 1 and _HAN.fullmatch(words[0]) is not None and 2 <= len(words[0]) <= 5
    is_full = (len(long) >= 2 and not has_digit) or is_han
    outer = [word for word in long if word not in _PARTICLES] or long
    pair = sorted({outer[0], outer[-1]}) if len(outer) >= 2 else outer
    return PersonName(
        words=words,
        is_full=is_full,
        key=" ".join(pair),
        squashed="".join(words),
        is_shared=is_full and (is_han or _is_shared(long)),
        script="han" if _HAN.search("".join(words)) else "latin" if _LATIN.search("".join(words)) else "other",
    )


def are_compatible(one: PersonName, other: PersonName) -> bool:
    """Tell whether two names may be one person's: no word of the shorter contradicts the longer.

    Names in two alphabets, and a name of one word beside another, are never a contradiction by themselves.
    """
    if one.key == other.key or one.squashed == other.squashed or one.script != other.script:
        return True
    if len(one.words) < 2 or len(other.words) < 2:
        return True
    short, long = sorted((one.words, other.words), key=len)
    return _covers(long, short)


def is_same_name(one: PersonName, other: PersonName) -> bool:
    """Tell whether two full names are spellings of one."""
    return one.squashed == other.squashed or (one.is_full and other.is_full and _covers_either(one, other))


def handles_of(name: PersonName) -> frozenset[str]:
    """Return the handles that people make of a full name: jdoe, doej, janed, janedoe, doejane, jmdoe."""
    if not name.is_full or name.script != "latin" or len(name.words) < 2:
        return frozenset()
    first, last = name.first, name.last
    middle = "".join(word[0] for word in name.words[1:-1])
    made = {first + last, last + first, first[0] + last, last + first[0], first + last[0], name.squashed}
    if middle:
        made |= {first[0] + middle + last, first + middle + last}
    return frozenset(handle for handle in made if len(handle) > 3)


def _words(text: str) -> tuple[str, ...]:
    plain = _BRACKETED.sub(" ", text) if _BRACKETED.sub("", text).strip() else text
    decomposed = unicodedata.normalize("NFKD", plain.casefold().partition("@")[0])
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    bare = unicodedata.normalize("NFC", bare).translate(_SPECIAL)
    last, comma, first = bare.partition(",")
    if comma and first.strip() and first.strip() not in _TITLES:
        bare = f"{first} {last}"
    words = tuple(word for word in _SEPARATORS.split(_JOINERS.sub("", bare)) if word and word not in _TITLES)
    latin = tuple(word for word in words if not _HAN.search(word))
    # Many write their name twice, in Latin letters and in their own
    return latin if len(latin) >= 2 else words


def _is_shared(words: list[str]) -> bool:
    """Tell whether many people bear a name: short Chinese words, or a surname and given name that are everywhere."""
    if len(words) == 2 and all(_PINYIN.fullmatch(word) for word in words):
        return True
    surnames = [word for word in (words[0], words[-1]) if word in _SHARED_SURNAMES]
    return bool(surnames)


def _covers_either(one: PersonName, other: PersonName) -> bool:
    short, long = sorted((one.words, other.words), key=len)
    return _covers(long, short)


def _covers(long: tuple[str, ...], short: tuple[str, ...]) -> bool:
    """Tell whether every word of the shorter name stands, in some form, in the longer one, each in one place."""
    left = list(long)
    for word in sorted(short, key=len, reverse=True):
        found = next((other for other in left if word == other), None) or next(
            (other for other in left if _is_form(word, other)), None
        )
        if found is None:
            return False
        left.remove(found)
    return True


def _is_form(one: str, other: str) -> bool:
    """Tell whether two words are forms of one: an initial, a short form, an umlaut written out, a slip of the pen."""
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long.startswith(short)
    if len(short) >= 3 and long.startswith(short) and len(long) - len(short) <= 6:
        return True
    if long in _SHORT_FORMS.get(short, ()) or short in _SHORT_FORMS.get(long, ()):
        return True
    if _without_umlauts(short) == _without_umlauts(long):
        return True
    return len(short) >= 5 and _is_one_slip(short, long)


def _without_umlauts(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _is_one_slip(short: str, long: str) -> bool:
    """Tell whether one letter was added, left out, changed, or swapped with the next."""
    if len(long) - len(short) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    changed = short[at + 1 :] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return changed or swapped
