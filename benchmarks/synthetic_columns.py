"""Columns of Arrow made of numbers: hexadecimal digits, instants, made-up words and names."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.synthetic_people import NAMES, Numbers, Words, mixed
from deepsignal_pipeline.sources.sample import SampleSource

WORDS = 60**3
"""How many words `word` can make."""
_GIVEN, _FAMILY = 4_096, 65_536
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprtv" for vowel in "aeiou"]
_HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), dtype="S2")


def word(number: int) -> str:
    """Return a made-up word of three syllables, another one for each number below WORDS."""
    return _SYLLABLES[number % 60] + _SYLLABLES[number // 60 % 60] + _SYLLABLES[number // 3600 % 60]


def hexadecimal(values: Words | np.ndarray) -> pa.Array:
    """Write each row of bytes (or each word) as lower-case hexadecimal digits."""
    octets = values.astype(">u8").view(np.uint8).reshape(-1, 8) if values.ndim == 1 else values
    digits = np.ascontiguousarray(_HEX[octets])
    width = 2 * octets.shape[1]
    offsets = np.arange(
        0, (len(octets) + 1) * width, width, dtype=np.int32 if len(octets) * width < 2**31 else np.int64
    )
    kind = pa.string() if offsets.dtype == np.int32 else pa.large_string()
    return pa.Array.from_buffers(kind, len(octets), [None, pa.py_buffer(offsets), pa.py_buffer(digits)])


def instants(seconds: np.ndarray, is_there: np.ndarray | None = None) -> pa.Array:
    """Write seconds since 1970 as instants; null where they are not there."""
    mask = None if is_there is None else ~is_there
    whole = np.where(mask, 0, seconds) if mask is not None else seconds
    return pa.array(whole.astype(np.int64) * 1_000_000, pa.timestamp("us", tz="UTC"), mask=mask)


def chosen(numbers: np.ndarray, values: pa.Array, is_there: np.ndarray | None = None) -> pa.DictionaryArray:
    """Choose values by their numbers; null where they are not there."""
    mask = None if is_there is None else ~is_there
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32(), mask=mask), values)


_GIVEN_NAMES = pa.array([word(n * 47 % WORDS).capitalize() for n in range(_GIVEN)])
_FAMILY_NAMES = pa.array([word(n * 53 % WORDS).capitalize() for n in range(_FAMILY)])


def person_columns(alias: Numbers, who: str, is_there: np.ndarray | None = None) -> dict[str, pa.Array]:
    """Return what `name_of` and `email_of` of somebody are made of: all aliases of an author have one name."""
    author = alias // NAMES
    return {
        f"{who}_given": chosen((mixed(author, 5) % np.uint64(_GIVEN)).astype(np.int32), _GIVEN_NAMES, is_there),
        f"{who}_family": chosen((mixed(author, 6) % np.uint64(_FAMILY)).astype(np.int32), _FAMILY_NAMES, is_there),
        f"{who}_alias": pa.array(alias),
    }


def name_of(who: str) -> str:
    """Return the name of somebody, as SQL over `person_columns`."""
    return f"concat({who}_given, ' ', {who}_family)"


def email_of(who: str) -> str:
    """Return the address of somebody, another one for each alias, as SQL over `person_columns`."""
    return f"concat('p', {who}_alias, '@example.org')"


def alias_id_of(who: str) -> str:
    """Return the id of an alias as SQL: the keyed hash that the project's SELECTs make of name and address."""
    name, email = name_of(who), email_of(who)
    told = f"concat_ws(':', '{SampleSource().identity_key}', length({name}), {name}, length({email}), {email})"
    return f"left(sha256({told}), 16)"
