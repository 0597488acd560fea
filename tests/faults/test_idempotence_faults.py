"""Faults I01 to I04: the same input gives the same bytes, whatever the machine and whatever the order."""

from __future__ import annotations

import pytest
from order_matrix import QUARTERS_OF_THE_SUITE, VARIANTS, Variant, arrange
from pipeline_fixtures import Shared
from pipeline_runs import Forks, published


def test_I01_the_same_command_twice_gives_the_same_bytes(runs: Shared):
    home = runs.copy(runs.published_home)
    ended = runs.run("run", "--quarter", "2023-Q1", home=home)
    assert ended.status == 0, ended
    assert published(home) == runs.clean


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_I02_I03_I04_order_zone_hash_seed_and_threads_change_no_byte(runs: Shared, variant: Variant):
    """The shared home was made in one range, in the machine's own zone, by one thread.

    The first variant publishes over quarters that were read in one range, the other reads them one by one too.
    """
    is_read = variant.read == "up"
    home = runs.copy(runs.read_home) if is_read else runs.home()
    streams = runs.place / f"variant-{variant.name}"
    streams.mkdir()
    with Forks(streams, **variant.process) as forks:
        for arguments in arrange(variant, QUARTERS_OF_THE_SUITE):
            if is_read and "read_quarters" in arguments:
                continue
            variables = runs.environment(home, threads=variant.threads, **variant.process)
            ended = forks.run(*arguments, environment=variables)
            assert ended.status == 0, ended
    assert published(home) == runs.clean
