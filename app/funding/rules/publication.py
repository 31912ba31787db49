"""The publication of a year: organisations and clearing houses by name, groups only as a sum and a number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.funding.rules.ledger_accounts import GROUP, HOUSE, ORGANISATION
from app.places.rules.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

FEDERAL_AREA = "bund"
"""How the federal level is called in addresses, where a Land is called by its two digits."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What payees of a kind in an area were promised or paid, in cents: one with a name, or all groups together."""

    area: str
    kind: str
    name: str
    payees: int
    cents: int


@dataclass(frozen=True, slots=True)
class Area:
    """A Land, or the federal level: who got what there, the named ones by kind and name, groups as one sum."""

    key: str
    sums: tuple[Sum, ...]

    @property
    def cents(self) -> int:
        """Everything that went to the area."""
        return sum(each.cents for each in self.sums)

    def cents_of(self, kind: str) -> int:
        """Answer what payees of a kind got."""
        return sum(each.cents for each in self.sums if each.kind == kind)

    def payees_of(self, kind: str) -> int:
        """Answer how many payees of a kind got something."""
        return sum(each.payees for each in self.sums if each.kind == kind)


@dataclass(frozen=True, slots=True)
class Publication:
    """Who got what in a year; areas in order of their keys, the federal level first. None has nothing."""

    year: int
    areas: tuple[Area, ...]

    @property
    def whole(self) -> Area:
        """All areas together."""
        return Area("", tuple(each for area in self.areas for each in area.sums))


def due_on(year: int) -> date:
    """Answer the day until which a year is to be published.

    Source: Leitfaden zur Selbsthilfeförderung 5.1.6: 31 January of the following year.
    """
    return date(year + 1, 1, 31)


def publication(year: int, sums: Iterable[Sum]) -> Publication:
    """Answer the publication of a year; whoever got nothing, or gave everything back, is not in it.

    Raises:
        ValueError: a group has a name.
    """
    order = {ORGANISATION: 0, HOUSE: 1, GROUP: 2}
    of_area: defaultdict[str, list[Sum]] = defaultdict(list)
    for each in sums:
        if each.kind == GROUP and each.name:
            raise ValueError("Groups are published without their names.")
        if each.cents > 0:
            of_area[each.area].append(each)
    areas = (
        Area(key, tuple(sorted(found, key=lambda each: (order[each.kind], fold(each.name)))))
        for key, found in of_area.items()
    )
    return Publication(year, tuple(sorted(areas, key=lambda area: (area.key != FEDERAL_AREA, area.key))))


def bar(area: Area, *, length: int) -> tuple[tuple[str, int, int], ...]:
    """Answer an area's sums as pieces of a bar: kind, where it begins, how long it is; together ``length``."""
    pieces, before, at = [], 0, 0
    for kind in (ORGANISATION, HOUSE, GROUP):
        before += area.cents_of(kind)
        end = length * before // area.cents if area.cents else 0
        pieces.append((kind, at, end - at))
        at = end
    return tuple(pieces)
