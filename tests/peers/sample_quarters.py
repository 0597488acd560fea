"""Which quarters of the embedded sample the tests publish; DEEPSIGNAL_SAMPLE_FROM=2018-Q1 publishes all 23 of them."""

from __future__ import annotations

import os

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, quarter_range

LAST = Quarter(2023, 3)
FIRST = Quarter.parse(os.environ.get("DEEPSIGNAL_SAMPLE_FROM", "2022-Q3"))
LOOK_BACK = 9

PUBLISHED = [quarter.label for quarter in quarter_range(FIRST, LAST)]
READ = f"{max(FIRST_QUARTER, FIRST.shift(-LOOK_BACK))}:{LAST}"
