"""Which days of a Land are public holidays or lie in its school holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

Kind = Literal["public", "school"]
Names = dict[str, str]
"""Language → name, for each language of the site."""
BOTH: frozenset[Kind] = frozenset({"public", "school"})

SCHOOL_HOLIDAY_NAMES: dict[str, Names] = {
    "autumn": {"de": "Herbstferien", "en": "autumn holidays", "nl": "herfstvakantie"},
    "christmas": {"de": "Weihnachtsferien", "en": "Christmas holidays", "nl": "kerstvakantie"},
    "winter": {"de": "Winterferien", "en": "winter holidays", "nl": "wintervakantie"},
    "spring": {"de": "Frühjahrsferien", "en": "spring holidays", "nl": "voorjaarsvakantie"},
    "easter": {"de": "Osterferien", "en": "Easter holidays", "nl": "paasvakantie"},
    "whitsun": {"de": "Pfingstferien", "en": "Whitsun holidays", "nl": "pinkstervakantie"},
    "summer": {"de": "Sommerferien", "en": "summer holidays", "nl": "zomervakantie"},
    "other": {"de": "schulfreier Tag", "en": "day without school", "nl": "schoolvrije dag"},
}
"""The kinds of school holidays and what people call them."""


@dataclass(frozen=True, slots=True)
class FreeDay:
    """Why a day is free, and what it is called in each language of the site."""

    kind: Kind
    names: Mapping[str, str]


class SchoolHoliday(NamedTuple):
    """School holidays of a Land; the first and the last day are both free. ``kind`` as in SCHOOL_HOLIDAY_NAMES."""

    state_ags: str
    kind: str
    first_on: date
    last_on: date

    def days(self) -> Iterator[date]:
        """Answer every day, weekends too, as schools are closed on them anyway."""
        return days_between(self.first_on, self.last_on)


class FreeDays:
    """The free days of some regions from ``first`` to ``last``, both included; it never changes.

    A region is the key of a Land (2 digits) or of a district (5 digits): its public holidays are those given for the
    key itself, its school holidays those of the Land.
    """

    def __init__(
        self,
        first: date,
        last: date,
        *,
        public: Mapping[str, Mapping[date, Names]],
        school: Iterable[SchoolHoliday],
    ) -> None:
        self.first = first
        self.last = last
        self._public = {
            region: {day: FreeDay("public", names) for day, names in days.items()}
            for region, days in public.items()
        }
        self._school: dict[str, dict[date, FreeDay]] = {region[:2]: {} for region in public}
        for holiday in school:
            free = FreeDay("school", SCHOOL_HOLIDAY_NAMES[holiday.kind])
            days = self._school.setdefault(holiday.state_ags, {})
            days.update((day, free) for day in holiday.days() if first <= day <= last)

    def on(self, region: str, day: date, *, kinds: Collection[Kind] = BOTH) -> FreeDay | None:
        """Answer why the day is free there, or None; a public holiday in the school holidays is a public one.

        Raises:
            KeyError: nothing is known of the region.
            ValueError: the day is not between ``first`` and ``last``.
        """
        if not self.first <= day <= self.last:
            raise ValueError(f"{day} is not between {self.first} and {self.last}.")
        public, school = self._public[region].get(day), self._school[region[:2]].get(day)
        return (public if "public" in kinds else None) or (school if "school" in kinds else None)

    def days_of(self, region: str, *, kinds: Collection[Kind] = BOTH) -> dict[date, FreeDay]:
        """Answer all its free days of some kinds; a public holiday in the school holidays is a public one.

        Raises:
            KeyError: nothing is known of the region.
        """
        public, school = self._public[region], self._school[region[:2]]
        return {**(school if "school" in kinds else {}), **(public if "public" in kinds else {})}


def days_between(first: date, last: date) -> Iterator[date]:
    """Answer every day from the first to the last, both included; none if the last is earlier."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
