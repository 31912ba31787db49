"""What a pot holds before it is divided, and what is held back of it."""

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


def pot_cents(
    *, flat_cents: int, carried_cents: int = 0, returned_cents: int = 0, reserved_cents: int = 0
) -> int:
    """Answer what there is to divide: flat share, carry-over and returned money, without the reserve.

    Raises:
        ValueError: a sum is negative or not whole, or the reserve is more than there is.
    """
    money = (
        whole(flat_cents, "The flat share")
        + whole(carried_cents, "The money carried over")
        + whole(returned_cents, "The returned money")
    )
    return money - whole(reserved_cents, "The reserve", most=money)
