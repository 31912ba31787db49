"""Public holidays of a Land or district, in each language of the site."""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import holidays

from app.places.reference_files import DATA_FOLDER
from app.shared.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.places.rules.free_days import Names

COUNTRY = "DE"
"""The country whose holidays apply (ISO 3166-1). Another one: this, and its two ``data/public_holiday_*.csv``."""
KEY_LANGUAGE = "de"
"""The language of the keys of ``data/public_holiday_names.csv``."""


def public_holidays(region: str, first: date, last: date) -> dict[date, Names]:
    """Answer the public holidays from ``first`` to ``last``, both included, with their names by language.

    ``region`` is the key of a Land or of a district. A district has the holidays of its Land, but for the city of
    Augsburg, which has its own. Days that hold in some municipalities of a Land only are left out: Fronleichnam in
    parts of Saxony and Thuringia, Mariä Himmelfahrt in the Catholic parts of Bavaria. Sundays that a law of a Land
    names (Easter and Whit Sunday in Brandenburg) are answered there only.

    Raises:
        KeyError: there is no such Land.
    """
    code = _code_of(region)
    return {
        day: names
        for year in range(first.year, last.year + 1)
        for day, names in _holidays_of_year(code, year).items()
        if first <= day <= last
    }


def region_of(district_ags: str) -> str:
    """Answer the region whose holidays a district has: itself if it has some of its own, else its Land."""
    return district_ags if district_ags in _codes() else district_ags[:2]


@lru_cache(maxsize=1024)
def _holidays_of_year(code: str, year: int) -> Mapping[date, Names]:
    """Answer the holidays of a year; one that the table of names does not know keeps its own name in every language."""
    days = holidays.country_holidays(COUNTRY, subdiv=code, years=year, language=KEY_LANGUAGE)
    names = _names()
    return MappingProxyType(
        {day: names.get(name) or dict.fromkeys(LANGUAGES, name) for day, name in sorted(days.items())}
    )


def _code_of(region: str) -> str:
    """Answer what the library calls the region: a district by itself if it has holidays of its own, else its Land."""
    codes = _codes()
    return codes.get(region) or codes[region[:2]]


@cache
def _codes() -> dict[str, str]:
    return {row["ags"]: row["code"] for row in _read("public_holiday_regions.csv")}


@cache
def _names() -> dict[str, Names]:
    return {
        row["key"]: {language: row[language] for language in LANGUAGES}
        for row in _read("public_holiday_names.csv")
    }


def _read(name: str) -> list[dict[str, str]]:
    with (DATA_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
