"""`make bench`: run every benchmark and print its table. `python -m benchmarks NAME ...` runs some of them.

Those that read repositories read the ones after `--mirrors`, if there are any (`make bench MIRRORS=...`).
"""

import argparse
import sys
from collections.abc import Callable

from benchmarks import (
    analytics,
    end_to_end,
    extraction,
    focus_chance,
    github,
    incremental,
    interval_coverage,
    overlap_null,
    peers,
    prediction_replay,
)

BENCHMARKS: dict[str, Callable[..., None]] = {
    "analytics": analytics.main,
    "end_to_end": end_to_end.main,
    "extraction": extraction.main,
    "focus_chance": focus_chance.main,
    "github": github.main,
    "interval_coverage": interval_coverage.main,
    "prediction_replay": prediction_replay.main,
    "incremental": incremental.main,
    "overlap_null": overlap_null.main,
    "peers": peers.main,
}


READ_MIRRORS = ("extraction", "peers")


def main(arguments: list[str]) -> int:
    """Run benchmarks by name, all without a name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument(
        "--mirrors",
        nargs="+",
        default=[],
        metavar="DIR",
        help="bare repositories of 10,000 commits or more, for the peers with all contents of files",
    )
    asked = parser.parse_args(arguments)
    for name in asked.names or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        BENCHMARKS[name](*[asked.mirrors] if name in READ_MIRRORS else [])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
