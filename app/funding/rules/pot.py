"""What is held back of a pot before it is divided."""

from __future__ import annotations

from dataclasses import dataclass

from app.funding.rules.amounts import whole


@dataclass(frozen=True, slots=True)
class Reserve:
    """What is held back for objections and groups that are founded during the year."""

    percent: int = 0
    floor_cents: int = 0


def reserve_cents(money_cents: int, reserve: Reserve) -> int:
    """Answer how much of the money is held back: the percentage, rounded up, and at least the floor.

    Raises:
        ValueError: the percentage is over 100, or the floor is more than there is.
    """
    money = whole(money_cents, "The money of the pot")
    percent = whole(reserve.percent, "The reserve in per cent", most=100)
    floor = whole(reserve.floor_cents, "The least reserve", most=money)
    return max(-(-money * percent // 100), floor)
