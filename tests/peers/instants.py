"""Instants as tests write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from deepsignal_pipeline.domain.quarters import Quarter


def instant(text: str) -> datetime:
    """Read "2023-01-01", "2023-01-01 23:59:59", or "2023-Q1+45": noon of day 45 of the quarter, counted from 0."""
    if match := re.fullmatch(r"(\d{4}-Q\d)\+(\d+)", text):
        return Quarter.parse(match[1]).start + timedelta(days=int(match[2]), hours=12)
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
