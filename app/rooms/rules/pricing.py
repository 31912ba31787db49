"""What a meeting in a room costs."""

from __future__ import annotations

from datetime import timedelta

PER_HOUR = "hour"
_HOUR = timedelta(hours=1)


def meeting_price_cents(price_cents: int, price_per: str, duration: timedelta) -> int:
    """Answer the price of one meeting: the sum itself, or for each hour begun.

    Raises:
        ValueError: the price is negative, or the meeting does not last.
    """
    if price_cents < 0:
        raise ValueError("A price is not negative.")
    if duration <= timedelta(0):
        raise ValueError("A meeting lasts.")
    return price_cents * -(-duration // _HOUR) if price_per == PER_HOUR else price_cents
