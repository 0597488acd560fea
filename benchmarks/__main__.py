"""`make bench`: run every benchmark and print its table. `python -m benchmarks NAME ...` runs some of them."""

import sys

from benchmarks import 
    analytics,
    end_to_end,
    extraction,
    focus_chance,
    github,
    incremental,
    interval_coverage,
    overlap_null,
    prediction_replay,
)

BENCHMARKS = {
    "analytics": analytics.main,
    "end_to_end": end_to_end.main,
    "extraction": extraction.main,
    "focus_chance": focus_chance.main,
    "github": github.main,
    "interval_coverage": interval_coverage.main,
    "prediction_replay": prediction_replay.main,
    "incremental": incremental.main,
    "overlap_null": overlap_null.main,
}


def main(names: list[str]) -> int:
    """Run benchmarks by name, all without a name."""
    for name in names or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
