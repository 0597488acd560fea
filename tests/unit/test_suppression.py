"""Suppression: nothing sensitive can be worked out from what is left, and no more is hidden than needs be."""

from hypothesis import given
from hypothesis import strategies as st

from deepsignal_pipeline.domain.suppression import FEW, Cell, Sum, bounds_of, suppress

SUM = [Sum("all", ("a", "b", "c"))]


def cells(**values: int) -> dict[str, Cell]:
    return {key: Cell(value, is_sensitive=value < FEW) for key, value in values.items()}


def test_nothing_small_nothing_hidden():
    assert suppress(cells(all=30, a=10, b=10, c=10), SUM) == {}


def test_a_single_small_part_takes_the_smallest_other_with_it():
    assert suppress(cells(all=30, a=3, b=20, c=7), SUM) == {"a": "few", "c": "withheld"}


def test_two_small_parts_protect_each_other():
    assert suppress(cells(all=26, a=3, b=3, c=20), SUM) == {"a": "few", "b": "few"}


def test_two_that_can_only_be_four_each_do_not():
    assert suppress(cells(all=28, a=4, b=4, c=20), SUM) == {"a": "few", "b": "few", "c": "withheld"}


def test_two_that_can_only_be_none_do_not():
    assert suppress(cells(all=20, a=0, b=0, c=20), SUM) == {"a": "few", "b": "few", "c": "withheld"}


def test_the_total_is_withheld_last():
    assert suppress(cells(all=7, a=7, b=0), [Sum("all", ("a", "b"))]) == {"b": "few", "a": "withheld"}


def test_a_sum_without_other_parts_hides_its_total():
    assert suppress(cells(all=3, a=3) | {"all": Cell(3)}, [Sum("all", ("a",))]) == {"a": "few", "all": "withheld"}


def test_sums_that_share_a_cell_are_solved_together():
    sums = [Sum("all", ("a", "b", "c")), Sum("c", ("d", "e"))]
    hidden = suppress(cells(all=40, a=3, b=10, c=27, d=20, e=7), sums)
    assert hidden == {"a": "few", "b": "withheld"}
    hidden = suppress(cells(all=40, a=13, b=10, c=17, d=3, e=14), sums)
    assert hidden == {"d": "few", "e": "withheld"}


def test_a_magnitude_has_no_upper_bound():
    values = {"all": Cell(900), "a": Cell(500, is_sensitive=True, is_count=False), "b": Cell(300, is_count=False),
              "c": Cell(100, is_count=False)}  # fmt: skip
    assert suppress(values, SUM) == {"a": "few", "c": "withheld"}


def test_sums_that_do_not_add_up_bind_nobody():
    assert suppress(cells(all=99, a=3, b=20, c=7), SUM) == {"a": "few"}


PARTS = st.lists(st.integers(0, 12), min_size=1, max_size=5)


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_no_sensitive_cell_of_a_tree_is_ever_determined(rows: list[list[int]]):
    """Two levels, as categories under a catalogue: whatever fits what is left is at least two numbers a secret."""
    values: dict[str, int] = {"all": sum(map(sum, rows))}
    sums = [Sum("all", tuple(f"r{n}" for n in range(len(rows))))]
    for n, row in enumerate(rows):
        values[f"r{n}"] = sum(row)
        values |= {f"r{n}c{k}": value for k, value in enumerate(row)}
        sums.append(Sum(f"r{n}", tuple(f"r{n}c{k}" for k in range(len(row)))))
    built = {key: Cell(value, is_sensitive=value < FEW) for key, value in values.items()}
    hidden = suppress(built, sums)
    bounds = bounds_of(built, sums, hidden)
    visible = [key for key in built if key not in hidden]
    for key, cell in built.items():
        low, high = bounds[key]
        assert low <= cell.value <= high
        if cell.is_sensitive:
            assert key in hidden
            assert low < high or not visible
