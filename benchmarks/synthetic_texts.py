"""Made-up subjects and changed paths for the commits of a synthetic lake, drawn with numpy from pools of words and paths.

Shares follow the embedded sample: seven words a subject, of which three in four say nothing; two paths a commit in the middle,
four in the mean, one in two hundred over 50, one in five hundred a drop of 200 or more. Words and paths are drawn by Zipf's
law, half of the telling words from what is popular in the category. What is popular moves on a little every quarter, so that
terms rise. Every repository has a tree of its own, a stretch of one pool of paths as long as it has commits; what a commit
touches lies side by side in it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.synthetic_columns import WORDS, chosen, word
from benchmarks.synthetic_people import Numbers, Shape, mixed
from deepsignal_pipeline.domain.focus_words import STOP_WORDS

Truths = NDArray[np.bool_]

MOST_WORDS = 11
_PATHS = 2**18
_MOVED_ON = 3  # places a quarter, in words and in paths
_TOPS = (
    *("src",) * 10, *("kernels",) * 3, "engine", "tests", *("tests",) * 7, *("docs",) * 4, "examples", ".github", "scripts",
    "third_party", "benchmarks", "plugins", "bindings",
)  # fmt: skip
_ENDINGS = ("py", "py", "py", "cc", "cu", "h", "go", "ts", "md", "json", "rst", "rs")
_CONVENTIONAL = ("feat:", "fix:", "fix(cache):", "chore(deps):", "docs:", "refactor!:", "perf(kernels):", "test:")
_PREFIXES = pa.array([*_CONVENTIONAL, "Merge branch 'somebody/patch' into", "Import"])
_STATUSES = pa.array(["M", "A", "D"])


class Texts:
    """The pools, and what is drawn from them for slices of a quarter's commits."""

    def __init__(self, shape: Shape, category_of: Numbers) -> None:
        said = sorted(STOP_WORDS["subject"])
        self._stops = len(said)
        self._category_of = category_of
        order = np.random.default_rng([shape.seed, 2]).permutation(self._stops)
        self.words = pa.array([*(said[n] for n in order), *(f"{word(n)}r" for n in range(WORDS))])
        self.paths = pa.array([_path(number) for number in range(_PATHS)])

    def columns(
        self, dice: np.random.Generator, commits: pa.RecordBatch, is_merge: Truths, trees: Numbers, number: int
    ) -> dict[str, pa.Array]:
        """Draw what `SUBJECT` is made of, and `changes`, for some commits of quarter `number` (counted from 0).

        `trees` tells for every repository how many paths its tree has.
        """
        repository, alias = commits["repository_number"].to_numpy(), commits["author_alias"].to_numpy()
        is_large = ~is_merge & (dice.random(len(repository)) < 0.002)
        root = (mixed(repository, 7) % np.uint64(_PATHS)).astype(np.int64) - _MOVED_ON * number
        # Two commits in three are where their author always works
        is_at_home = dice.random(len(repository)) < 0.67
        chance = np.where(is_at_home, mixed(alias, 9) / 2.0**64, dice.random(len(repository)))
        first = (
            root
            + _zipf(chance, trees[repository], 1)
            + np.where(is_at_home, _zipf(dice.random(len(repository)), 12, 1), 0)
        )
        columns = self._subjects(dice, self._category_of[repository], is_merge, is_large, number)
        return columns | {"changes": self._changes(dice, first, is_merge, is_large)}

    def _subjects(
        self, dice: np.random.Generator, category: Numbers, is_merge: Truths, is_large: Truths, number: int
    ) -> dict[str, pa.Array]:
        total = len(category)
        length = 3 + dice.binomial(MOST_WORDS - 3, 0.5, total)
        columns = {}
        for place in range(MOST_WORDS):
            popular = np.where(dice.random(total) < 0.5, category * 16_384, 0) - _MOVED_ON * number
            telling = self._stops + (_zipf(dice.random(total), WORDS, 10) + popular) % WORDS
            empty = _zipf(dice.random(total), self._stops, 3)
            is_telling = dice.random(total) < 0.25
            columns[f"word_{place}"] = chosen(np.where(is_telling, telling, empty), self.words, place < length)
        kind = dice.random(total)
        prefix = np.select([is_merge, is_large & (kind < 0.3)], [len(_CONVENTIONAL), len(_CONVENTIONAL) + 1], default=0)
        is_plain = (prefix == 0) & (kind >= 0.075)
        conventional = dice.integers(0, len(_CONVENTIONAL), total)
        columns["prefix"] = chosen(np.where(prefix > 0, prefix, conventional), _PREFIXES, ~is_plain)
        columns["request"] = pa.array(dice.integers(1, 20_000, total), mask=dice.random(total) > 0.4)
        return columns

    def _changes(self, dice: np.random.Generator, first: Numbers, is_merge: Truths, is_large: Truths) -> pa.ListArray:
        total = len(first)
        count = 1 + np.minimum(np.exp(dice.normal(0.45, 1.4, total)), 199).astype(np.int64)
        count[is_large] = dice.integers(200, 400, int(is_large.sum()))
        count[is_merge | (dice.random(total) < 0.06)] = 0
        ends = np.cumsum(count)
        path = (np.repeat(first - ends + count, count) + np.arange(ends[-1])) % _PATHS
        kind = dice.random(len(path))
        is_added = np.repeat(is_large & (dice.random(total) < 0.5), count) | (kind < 0.12)
        status = np.select([is_added, kind > 0.97], [1, 2], default=0)
        changes = pa.StructArray.from_arrays([chosen(status, _STATUSES), chosen(path, self.paths)], ["status", "path"])
        return pa.ListArray.from_arrays(pa.array(np.append(0, ends), pa.int32()), changes)


SUBJECT = (
    f"concat_ws(' ', prefix, {', '.join(f'word_{place}' for place in range(MOST_WORDS))}, "
    "CASE WHEN request IS NOT NULL THEN concat('(#', request, ')') END)"
)
"""A subject, as SQL over what `Texts` draws."""


def _zipf(chance: NDArray[np.float64], count: int | Numbers, flat: int) -> Numbers:
    """Turn chances from 0 to 1 into ranks from 0 to `count` - 1, each as likely as 1 / (rank + `flat`)."""
    return (flat * np.exp(chance * np.log(count / flat + 1))).astype(np.int64) - flat


def _path(number: int) -> str:
    """Return a path of the pool: neighbours share their folders."""
    block, folder, leaf = number // 512, number // 128, number // 16
    top = _TOPS[block * 7 % len(_TOPS)]
    inner = [f"{word(folder * 31 % WORDS)}n"]
    if leaf % 4:
        inner.append(f"{word(leaf * 37 % WORDS)}n")
    if leaf % 8 == 3:
        inner.append("internal")
    if number % 16 == 0:
        return "/".join([top, *inner, "CMakeLists.txt"])
    prefix = "test_" if top == "tests" else ("", "", "", "base_")[number % 4]
    return "/".join([top, *inner, f"{prefix}{word(number * 41 % WORDS)}n.{_ENDINGS[number % len(_ENDINGS)]}"])
