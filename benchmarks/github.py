"""What a quarter of a large catalogue costs by GitHub's API: forecast, requests, budget, memory, and the same with nothing new.

The server is the tests' fake GitHub over real repositories, so wall time says nothing of the network; counts do not depend on it.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from pathlib import Path

REPOSITORIES, QUIET, COMMITS = 474, 130, 52_000


def main() -> None:
    """Print the table."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "peers"))
    from github_bench import Q1, commits, github_bench

    from deepsignal_pipeline.sources.github.wire import Limits

    with github_bench(limits=Limits(), workers=4) as bench:
        sizes = _sizes()
        paths = {}
        for size in sorted(set(sizes)):
            outside = commits(2, "2022-05-05")
            within = commits(size, hours=24 * 85 / max(1, size))
            paths[size] = bench.add(f"made/kind-{size}", outside + within).path
        bench.fake.repositories.clear()
        for number, size in enumerate(sizes):
            bench.fake.add(f"made/part-{number}", paths[size])
        for visit in ("first", "again"):
            began, asked = time.perf_counter(), len(bench.fake.log)
            used = bench.fake.used(), bench.fake.used("graphql")
            said = bench.visit(Q1)
            seconds = time.perf_counter() - began
            print(
                f"{visit:5}  {next(line for line in said if 'to list' in line)}\n"
                f"       requests {len(bench.fake.log) - asked}, of the REST budget {bench.fake.used() - used[0]}, "
                f"of GraphQL's {bench.fake.used('graphql') - used[1]}, {seconds:.1f} s, most at once {bench.fake.most_at_once}"
            )
        megabytes = sum(path.stat().st_size for path in bench.home.rglob("*") if path.is_file()) / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(bench.rows()):,} commits held in {megabytes:.1f} MB; peak {peak:.0f} MB with the fake in the same process"
        )


def _sizes() -> list[int]:
    """Return commits a repository: many have few and a few have thousands, as in real catalogues; some have none."""
    dice = random.Random(7)  # noqa: S311
    drawn = [dice.lognormvariate(3.9, 1.45) for _ in range(REPOSITORIES - QUIET)]
    return [0] * QUIET + [max(1, round(size * COMMITS / sum(drawn))) for size in drawn]
