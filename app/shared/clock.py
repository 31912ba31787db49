"""The only place that reads the clock."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Answer the present moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place
