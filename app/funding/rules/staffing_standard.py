"""How many posts a clearing house should have for the people of its catchment. Posts are hundredths of full-time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from app.funding.rules.amounts import whole

FULL_WEEK = 3900
"""Hours of a full-time week in hundredths, where a house says nothing else: 39."""
MOST_POSTS = 100_000
MOST_INHABITANTS = 20_000_000


@dataclass(frozen=True, slots=True)
class Band:
    """What is advised from so many inhabitants on; administration in posts, or in hours a week."""

    least_inhabitants: int
    professional: int
    administration: int = 0
    administration_hours: int = 0


@dataclass(frozen=True, slots=True)
class Standard:
    """The bands in ascending order; the first is the least that a house should have, however small its catchment.

    ``ends_at`` is where the advice ends: for more people the last band is the least.
    """

    bands: tuple[Band, ...]
    ends_at: int
    source: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Posts of those who advise, and of administration."""

    professional: int
    administration: int

    @property
    def together(self) -> int:
        """All posts."""
        return self.professional + self.administration


@dataclass(frozen=True, slots=True)
class Compared:
    """What a house has beside what is advised; ``is_beyond``: for more people than the advice knows."""

    has: Staff
    advised: Staff
    is_beyond: bool

    @property
    def missing(self) -> Staff:
        """What is missing of each; a surplus of one does not make up for the other."""
        return Staff(
            max(0, self.advised.professional - self.has.professional),
            max(0, self.advised.administration - self.has.administration),
        )

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing."""
        return self.missing.together == 0


def read_standard(text: str) -> Standard:
    """Answer the standard of ``data/institutions.json``.

    Raises:
        ValueError: the bands do not begin at 0 or do not ascend, or something is no whole number.
    """
    given: dict[str, Any] = json.loads(text)["staffing"]
    bands = tuple(
        Band(
            whole(row["from"], "The inhabitants of a band"),
            whole(row["professional"], "The posts of a band"),
            whole(row.get("administration", 0), "The administration of a band"),
            whole(row.get("administration_hours", 0), "The hours of a band"),
        )
        for row in given["bands"]
    )
    starts = [each.least_inhabitants for each in bands]
    if starts[:1] != [0] or starts != sorted(set(starts)):
        raise ValueError(f"The bands have to begin at 0 and ascend, not {starts}.")
    return Standard(bands, whole(given["ends_at"], "The end of the advice"), given["source"])


def advised_for(standard: Standard, inhabitants: int, *, full_week: int = FULL_WEEK) -> Staff:
    """Answer what is advised for so many inhabitants; hours a week as part of a full-time week, rounded down.

    Raises:
        ValueError: a number that cannot be.
    """
    whole(inhabitants, "The inhabitants", most=MOST_INHABITANTS)
    whole(full_week, "The hours of a full-time week", least=1)
    band = [each for each in standard.bands if each.least_inhabitants <= inhabitants][-1]
    return Staff(band.professional, band.administration + band.administration_hours * 100 * 100 // full_week)


def compare_staff(
    standard: Standard, has: Staff, inhabitants: int, *, full_week: int = FULL_WEEK
) -> Compared:
    """Answer what a house has beside what is advised for its catchment.

    Raises:
        ValueError: a number that cannot be.
    """
    for posts in (has.professional, has.administration):
        whole(posts, "The posts", most=MOST_POSTS)
    advised = advised_for(standard, inhabitants, full_week=full_week)
    return Compared(has, advised, is_beyond=inhabitants > standard.ends_at)


def per_100_000(number: int, inhabitants: int) -> int | None:
    """Answer a number for each 100,000 inhabitants, rounded half up; None where nobody lives."""
    if inhabitants < 1:
        return None
    return (2 * number * 100_000 + inhabitants) // (2 * inhabitants)
