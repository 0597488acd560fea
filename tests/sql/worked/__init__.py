"""Worked examples of every measure, by theme: a handful of rows, and what the SELECTs make of them, worked out by hand.

An example tells all that its lake holds, so it can be followed with a pencil. `tests/sql/test_worked_examples.py` runs
them, counts their rows, and holds the contracts against them: no measure goes without an example.
"""

from worked import audit, changes, levels, overlaps, people, predictions, repositories, terms, work
from worked.example import Example

EXAMPLES: tuple[Example, ...] = (
    *audit.EXAMPLES,
    *levels.EXAMPLES,
    *people.EXAMPLES,
    *changes.EXAMPLES,
    *repositories.EXAMPLES,
    *work.EXAMPLES,
    *overlaps.EXAMPLES,
    *terms.EXAMPLES,
    *predictions.EXAMPLES,
)
