"""The table of trend words, every line of it and its borders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepsignal_pipeline.domain.trend_words import (
    FALLING,
    RISING,
    SILENT,
    Change,
    Reading,
    TrendWord,
    differs,
    direction_of,
    read_change,
    share_word,
    trend_word,
)


@pytest.mark.parametrize(
    ("value", "low", "high", "word"),
    [
        (0, -3, 3, "level"),
        (5, 2, 8, "level"),
        (-5, -8, -2, "level"),
        (5, None, None, "level"),
        (6, 0.1, 12, "grew"),
        (6, 0, 12, "up"),
        (6, -1, 14, "up"),
        (-6, -12, -0.1, "fell"),
        (-6, -12, 0, "down"),
        (19, 12, 26, "grew"),
        (20, 10.1, 31, "surged"),
        (20, 10, 31, "grew"),
        (60, -5, 140, "up"),
        (-20, -29, -10.1, "collapsed"),
        (-20, -29, -10, "fell"),
        (-19, -28, -11, "fell"),
        (-60, -80, 20, "down"),
        (40, None, None, ""),
        (-40, None, None, ""),
        (None, None, None, ""),
    ],
)
def test_the_word_of_a_change(value: float | None, low: float | None, high: float | None, word: TrendWord) -> None:
    assert trend_word(Change(value, low, high)) == word


RAW, BASKET = Change(40, 20, 62), Change(12, 3, 22)


@pytest.mark.parametrize("mark", sorted(SILENT))
def test_a_marked_change_gets_no_word(mark: str) -> None:
    assert read_change(RAW, BASKET, [mark]).word == ""
    assert read_change(RAW, RAW, [mark]).word == ""


@pytest.mark.parametrize("mark", ["basket_differs", "change_by_few", "unresolved"])
def test_other_marks_are_for_readers_and_silence_nothing(mark: str) -> None:
    assert read_change(RAW, RAW, [mark]).word == "surged"


def test_words_follow_the_basket_where_it_differs() -> None:
    assert read_change(RAW, BASKET, []) == Reading("grew", is_of_basket=True)
    assert read_change(RAW, Change(20, 12, 38), []) == Reading("surged", is_of_basket=False)
    assert read_change(RAW, Change(-2, -9, 6), []) == Reading("level", is_of_basket=True)
    assert read_change(RAW, Change(None), []) == Reading("surged", is_of_basket=False)


@pytest.mark.parametrize(
    ("raw", "basket", "word"),
    [
        (Change(28, 4, 57), Change(10, -7, 32), "up"),
        (Change(28, 12, 57), Change(18, 2, 32), "grew"),
        (Change(8, 1, 15), Change(4, -3, 12), "up"),
        (Change(-28, -50, -12), Change(-12, -30, 5), "down"),
        # Where the basket has no interval, or says more, the raw word stands
        (Change(28, 4, 57), Change(20), "grew"),
        (Change(12, -4, 30), Change(21, 12, 30), "up"),
        (Change(3, 1, 5), Change(9, 2, 16), "level"),
    ],
)
def test_a_word_claims_no_more_than_the_same_basket_bears_out(raw: Change, basket: Change, word: str) -> None:
    assert read_change(raw, basket, []) == Reading(word, is_of_basket=False)


def test_a_small_basket_is_silent_only_where_words_would_follow_it() -> None:
    assert read_change(RAW, BASKET, [], is_basket_small=True).word == ""
    assert read_change(RAW, RAW, [], is_basket_small=True).word == "surged"


@pytest.mark.parametrize(
    ("raw", "basket", "is_differing"),
    [
        (3, -1, True),
        (3, 0, False),
        (30, 10, False),
        (31, 10, True),
        (-31, -10, True),
        (None, 3, False),
        (3, None, False),
    ],
)
def test_raw_and_basket_differ_in_sign_or_by_over_20_points(
    raw: float | None, basket: float | None, is_differing: bool
) -> None:
    assert differs(raw, basket) is is_differing


@given(st.integers(-100, 300), st.floats(0, 80), st.floats(0, 80))
def test_words_point_where_the_change_points_and_mirror_it(value: int, below: float, above: float) -> None:
    word = trend_word(Change(value, value - below, value + above))
    mirrored = trend_word(Change(-value, -value - above, -value + below))
    opposite = {"up": "down", "grew": "fell", "surged": "collapsed", "level": "level"}
    assert opposite.get(word, word) == mirrored or opposite.get(mirrored, mirrored) == word
    assert (word in RISING) == (value > 5)
    assert (word in FALLING) == (value < -5)
    assert direction_of(word) == ("level" if abs(value) <= 5 else "up" if value > 0 else "down")


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.5, ""),
        (0.501, "most"),
        (1, "most"),
        (1 / 3, "nearly a third"),
        (0.28, "nearly a third"),
        (0.279, ""),
        (0.34, ""),
    ],
)
def test_the_words_of_a_share(share: float, words: str) -> None:
    assert share_word(share) == words
