"""The rate of each year: read from a file with its source, and compared with the formula of the law."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.funding.rules.amounts import read_number

BASE_YEAR = 2016
STATUTE, PUBLISHED, SECONDARY, RECKONED = "statute", "published", "secondary", "reckoned"
STANDINGS = (STATUTE, PUBLISHED, SECONDARY, RECKONED)
"""How sure a rate is: in the law, published by insurers, told by somebody else, or only reckoned."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What is due for each insured person in a year."""

    year: int
    cents: int
    reference_cents: int
    """The monthly Bezugsgröße (§ 18 (1) SGB IV) by which the rate moves."""
    standing: str
    source: str


def read_rates(lines: Iterable[str]) -> dict[int, Rate]:
    """Answer the rates of a file with the columns ``year,cents,reference_cents,standing,source``, by year.

    Raises:
        ValueError: the sentence names the line and the column.
    """
    rates: dict[int, Rate] = {}
    reader = csv.DictReader(lines)
    for row in reader:
        line = reader.line_num
        year = read_number(row, "year", line, least=BASE_YEAR, most=9999)
        if year in rates:
            raise ValueError(f"Line {line}, year: {year} has a rate already.")
        if row["standing"] not in STANDINGS:
            raise ValueError(f"Line {line}, standing: {row['standing']!r} is none of {', '.join(STANDINGS)}.")
        if not (row["source"] or "").strip():
            raise ValueError(f"Line {line}, source: where is the rate from?")
        cents, reference = (read_number(row, name, line, least=1) for name in ("cents", "reference_cents"))
        rates[year] = Rate(year, cents, reference, row["standing"], row["source"].strip())
    return rates


@dataclass(frozen=True, slots=True)
class RateCheck:
    """A published rate beside what the formula gives; only shown, the published one holds.

    The law wants the rate to move with the Bezugsgröße and does not say how it is rounded. Neither way of rounding fits
    all years.
    """

    published_cents: int
    direct_cents: int
    """From the base year in one go."""
    chained_cents: int | None
    """From the published rate of the year before; None when that is not known."""

    @property
    def deviates(self) -> bool:
        """Whether one of the two ways gives something else."""
        return not {self.direct_cents, self.chained_cents} <= {self.published_cents, None}


def check_rate(rates: Mapping[int, Rate], year: int) -> RateCheck:
    """Answer the rate of a year beside what the formula gives.

    Raises:
        ValueError: the year or the base year has no rate.
    """
    for needed in (BASE_YEAR, year):
        if needed not in rates:
            raise ValueError(f"There is no rate for {needed}.")
    base, rate, before = rates[BASE_YEAR], rates[year], rates.get(year - 1)
    return RateCheck(
        rate.cents,
        _moved(base, rate.reference_cents),
        _moved(before, rate.reference_cents) if before else None,
    )


def _moved(rate: Rate, reference_cents: int) -> int:
    """Answer the rate in proportion to another Bezugsgröße, half a cent rounded up."""
    return (2 * rate.cents * reference_cents + rate.reference_cents) // (2 * rate.reference_cents)
