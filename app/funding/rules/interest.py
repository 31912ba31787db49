"""Interest on money that has to come back: five percentage points above the base rate, day by day.

Every day on which something is owed bears a 365th of the rate of a year, in a leap year a 366th. The first day counts,
the day on which money comes does not. Nothing is rounded on the way; the sum is rounded once, down to the cent, so
never to the cost of whoever owes. A rate below zero bears nothing and takes nothing away.

Source: § 50 (2a) SGB X (five percentage points above the base rate, from the day the grant lost its force); § 247 BGB
(base rate, changed on 1 January and 1 July). Neither says how to count days or round: this is our reading.
"""

from __future__ import annotations

import json
from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.funding.rules.amounts import whole

POINTS_ABOVE = 500
"""Hundredths of a percentage point above the base rate."""
_PLAIN, _LEAP = 365, 366
_WHOLE = 10_000
"""A hundredth of a percentage point is a ten-thousandth."""


@dataclass(frozen=True, slots=True)
class BaseRates:
    """The base rate from each day on, in hundredths of a per cent, the oldest first; after ``known_until`` unknown."""

    rates: tuple[tuple[date, int], ...]
    known_until: date
    source: str
    doubt: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no history of a rate."""
        days = [day for day, _rate in self.rates]
        if not days or days != sorted(set(days)):
            raise ValueError("Base rates need days that rise.")

    def on(self, day: date) -> int:
        """Answer the rate of a day: before the first, the first; after the last, the last."""
        return next((rate for since, rate in reversed(self.rates) if since <= day), self.rates[0][1])


@dataclass(frozen=True, slots=True)
class Owed:
    """So much is owed from this day on, until the next one of its kind."""

    since: date
    cents: int


def read_base_rates(text: str) -> BaseRates:
    """Answer the rates of a JSON object: ``rates`` (``since``, ``percent``), ``known_until``, ``source``, ``doubt``.

    Raises:
        ValueError: a day twice, or a per cent that is not written with two places.
    """
    told = json.loads(text)
    rates = tuple((date.fromisoformat(row["since"]), _hundredths(row["percent"])) for row in told["rates"])
    return BaseRates(rates, date.fromisoformat(told["known_until"]), told["source"], told.get("doubt", ""))


def interest_cents(owed: Sequence[Owed], until: date, rates: BaseRates) -> int:
    """Answer the interest up to a day, which does not count itself.

    Raises:
        ValueError: days that do not rise, or what is no sum.
    """
    plain = leap = 0
    ends = [each.since for each in owed[1:]] + [until]
    for each, end in zip(owed, ends, strict=True):
        whole(each.cents, "What is owed")
        if each is not owed[-1] and end < each.since:
            raise ValueError("What is owed needs days that rise.")
        for first, after in _pieces(each.since, min(end, until), rates):
            units = each.cents * max(0, rates.on(first) + POINTS_ABOVE) * (after - first).days
            if isleap(first.year):
                leap += units
            else:
                plain += units
    return (plain * _LEAP + leap * _PLAIN) // (_WHOLE * _PLAIN * _LEAP)


def owed_over_time(cents: int, since: date, less: Iterable[tuple[date, int]]) -> list[Owed]:
    """Answer what is owed after each sum that came or was waived; what came before ``since`` counts from then."""
    by_day: dict[date, int] = {since: cents}
    for day, sum_cents in less:
        by_day[max(day, since)] = by_day.get(max(day, since), 0) - sum_cents
    left, found = 0, []
    for day in sorted(by_day):
        left += by_day[day]
        found.append(Owed(day, max(0, left)))
    return found


def _pieces(first: date, after: date, rates: BaseRates) -> Iterable[tuple[date, date]]:
    """Yield the days from ``first`` to before ``after`` in pieces of one year and one rate."""
    changes = {since for since, _rate in rates.rates}
    cuts = sorted(
        {date(year, 1, 1) for year in range(first.year + 1, after.year + 1)}
        | {day for day in changes if first < day < after}
    )
    days = [first, *(day for day in cuts if first < day < after), after]
    return ((one, other) for one, other in pairwise(days) if one < other)


def _hundredths(text: str) -> int:
    before, mark, places = text.partition(".")
    if not mark or len(places) != 2 or not places.isdigit():
        raise ValueError(f"{text!r} is no per cent with two places.")
    number = int(before.lstrip("-")) * 100 + int(places)
    return -number if before.startswith("-") else number
