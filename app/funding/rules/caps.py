"""The most that a group may get in a round, and what sets that limit."""

from __future__ import annotations

from dataclasses import dataclass

from app.funding.rules.amounts import whole

REQUEST, NEED, MAXIMUM = "request", "need", "maximum"


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit in cents and where it comes from: the request, what is not covered otherwise, or the rule's maximum."""

    cents: int
    set_by: str = REQUEST


def cap_of(
    requested_cents: int,
    *,
    maximum_cents: int | None = None,
    expenses_cents: int | None = None,
    own_cents: int = 0,
    others_cents: int = 0,
) -> Cap:
    """Answer the smallest of request, eligible expenses without own money and other grants, and maximum.

    Raises:
        ValueError: a sum is negative or not whole.
    """
    limits = [Cap(whole(requested_cents, "The request"))]
    covered = whole(own_cents, "The group's own money") + whole(others_cents, "What others give")
    if expenses_cents is not None:
        limits.append(Cap(max(0, whole(expenses_cents, "The eligible expenses") - covered), NEED))
    if maximum_cents is not None:
        limits.append(Cap(whole(maximum_cents, "The maximum"), MAXIMUM))
    return min(limits, key=lambda limit: limit.cents)
