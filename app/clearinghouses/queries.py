"""Clearing houses as rows with all that a page or a machine shows of them; nothing is loaded later."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import Branch, Catchment, ClearingHouse, OpeningHour
from app.clearinghouses.rules.catchment import CatchmentRow
from app.clearinghouses.rules.opening_hours import Interval
from app.clearinghouses.rules.vocabulary import phone_uri
from app.places.models import District, Postcode, State
from app.places.rules.labels import district_in_words
from app.shared.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class BranchRow:
    """One address of a house, with the hours that hold only there."""

    id: int
    name: str
    street: str
    postcode: str
    town: str
    latitude: float
    longitude: float
    is_main: bool
    hours: Mapping[str, tuple[Interval, ...]]

    @property
    def address(self) -> str:
        """The address in one line."""
        return f"{self.street}, {self.postcode} {self.town}"


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A district a house is responsible for; without postcodes all of it, else only those."""

    ags: str
    name: str
    type: str
    postcodes: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """What people call it: "Köln", "Landkreis Ahrweiler"."""
        return district_in_words(self.name, self.type)


@dataclass(frozen=True, slots=True)
class HouseRow:
    """One clearing house with branches (main first), hours per channel, and catchment in order of the key."""

    id: int
    slug: str
    name: str
    carrier: str
    carrier_kind: str
    about: Mapping[str, str]
    phone: str
    email: str
    website: str
    languages: tuple[str, ...]
    accessibility: tuple[str, ...]
    side_task: bool
    branches: tuple[BranchRow, ...]
    hours: Mapping[str, tuple[Interval, ...]]
    districts: tuple[DistrictRow, ...]

    @property
    def main(self) -> BranchRow:
        """The main branch; registration sees to it that there is exactly one."""
        return self.branches[0]

    @property
    def latitude(self) -> float:
        """Degrees north of the main branch."""
        return self.main.latitude

    @property
    def longitude(self) -> float:
        """Degrees east of the main branch."""
        return self.main.longitude

    @property
    def address(self) -> str:
        """The address of the main branch in one line."""
        return self.main.address

    @property
    def state_ags(self) -> str:
        """The key of the Land it works in."""
        return self.districts[0].ags[:2]

    @property
    def phone_uri(self) -> str:
        """The phone number as a ``tel:`` address; empty without a number."""
        return phone_uri(self.phone)


@dataclass(frozen=True, slots=True)
class HousePoint:
    """Where a house is, for the map and for distances."""

    id: int
    slug: str
    name: str
    phone: str
    town: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Land:
    """A Land of the directory with its houses by name."""

    ags: str
    name: str
    houses: tuple[HouseRow, ...]


def list_lands(session: Session) -> list[Land]:
    """Answer every Land by name, with the houses that work there; one without houses has an empty list."""
    of_land: defaultdict[str, list[HouseRow]] = defaultdict(list)
    for house in list_houses(session):
        of_land[house.state_ags].append(house)
    lands = session.execute(sa.select(State.ags, State.name).order_by(State.name))
    return [Land(ags, name, tuple(of_land[ags])) for ags, name in lands]


def list_houses(session: Session, *, state_ags: str | None = None) -> list[HouseRow]:
    """Answer all houses, or those responsible for a part of one Land, by name."""
    if state_ags is None:
        return list(_rows(session, _statements(sa.true())).values())
    inside = sa.select(Catchment.clearinghouse_id).where(
        Catchment.district_ags.startswith(state_ags, autoescape=True)
    )
    return list(_rows(session, _statements(ClearingHouse.id.in_(inside))).values())


def houses_by_id(session: Session, ids: Iterable[int]) -> dict[int, HouseRow]:
    """Answer the houses with these ids, by id, in order of their names; an id without a house is left out."""
    wanted = sorted(set(ids))
    return _rows(session, _BY_IDS, ids=wanted) if wanted else {}


def find_by_slug(session: Session, slug: str) -> HouseRow | None:
    """Answer the house with this slug, or None."""
    return next(iter(_rows(session, _BY_SLUG, slug=slug).values()), None)


def get_by_slug(session: Session, slug: str) -> HouseRow:
    """Answer the house with this slug.

    Raises:
        NotFound: there is none.
    """
    house = find_by_slug(session, slug)
    if house is None:
        raise NotFound(_("We do not know this clearing house. The directory lists all of them."))
    return house


def ids_by_slug(session: Session, slugs: Collection[str]) -> dict[str, int]:
    """Answer the id of each slug that exists."""
    if not slugs:
        return {}
    found = session.execute(
        sa.select(ClearingHouse.slug, ClearingHouse.id).where(ClearingHouse.slug.in_(slugs))
    )
    return {row.slug: row.id for row in found}


def names_by_slug(session: Session, slugs: Collection[str]) -> dict[str, str]:
    """Answer the name of each slug that exists."""
    if not slugs:
        return {}
    found = session.execute(
        sa.select(ClearingHouse.slug, ClearingHouse.name).where(ClearingHouse.slug.in_(slugs))
    )
    return {row.slug: row.name for row in found}


def list_points(session: Session) -> list[HousePoint]:
    """Answer where each house has its main address, by name."""
    found = session.execute(
        sa.select(
            ClearingHouse.id,
            ClearingHouse.slug,
            ClearingHouse.name,
            ClearingHouse.phone,
            Branch.town,
            Branch.latitude,
            Branch.longitude,
        )
        .join(Branch, sa.and_(Branch.clearinghouse_id == ClearingHouse.id, Branch.is_main))
        .order_by(ClearingHouse.name, ClearingHouse.id)
    )
    return [HousePoint(*row) for row in found]


def list_catchment_of_point(
    session: Session, *, postcode: str | None, district_ags: str | None
) -> list[CatchmentRow]:
    """Answer the rows of the table that can matter for one address."""
    given = {"district_ags": district_ags or "", "postcode": postcode or ""}
    return [CatchmentRow(*row) for row in session.execute(_CATCHMENT_OF_POINT, given)]


def list_catchment_of_districts(session: Session, district_ags: Collection[str]) -> list[CatchmentRow]:
    """Answer the rows of the table for these districts."""
    found = session.execute(_CATCHMENT.where(Catchment.district_ags.in_(district_ags)))
    return [CatchmentRow(*row) for row in found]


def list_districts_of_state(session: Session, state_ags: str) -> list[str]:
    """Answer the keys of the districts of a Land."""
    return list(session.scalars(sa.select(District.ags).where(District.state_ags == state_ags)))


def find_district_name(session: Session, district_ags: str) -> str | None:
    """Answer the name of a district, or None."""
    return session.scalar(sa.select(District.name).where(District.ags == district_ags))


def list_postcode_points(session: Session, district_ags: str) -> list[tuple[str, float, float]]:
    """Answer the postcodes of a district with the latitude and longitude of their centres."""
    found = session.execute(
        sa.select(Postcode.postcode, Postcode.latitude, Postcode.longitude)
        .where(Postcode.district_ags == district_ags)
        .order_by(Postcode.postcode)
    )
    return [(postcode, latitude, longitude) for postcode, latitude, longitude in found]


# Tables, not classes: the mapper would take as long as reading the few rows of a house.
_HOUSE, _BRANCH, _HOUR = ClearingHouse.__table__, Branch.__table__, OpeningHour.__table__
_PART, _DISTRICT = Catchment.__table__, District.__table__
_CATCHMENT = sa.select(_PART.c.clearinghouse_id, _HOUSE.c.name, _PART.c.district_ags, _PART.c.postcode).join(
    _HOUSE, _HOUSE.c.id == _PART.c.clearinghouse_id
)
_CATCHMENT_OF_POINT = _CATCHMENT.where(
    sa.or_(_PART.c.district_ags == sa.bindparam("district_ags"), _PART.c.postcode == sa.bindparam("postcode"))
)


@dataclass(frozen=True, slots=True)
class _Statements:
    """What reads the houses of a condition, and their hours, branches and catchment."""

    houses: sa.Select[Any]
    hours: sa.Select[Any]
    branches: sa.Select[Any]
    districts: sa.Select[Any]


def _statements(condition: sa.ColumnElement[bool]) -> _Statements:
    """Answer the statements; making them takes as long as reading a few houses, so the frequent ones are kept."""
    ids = sa.select(_HOUSE.c.id).where(condition)
    return _Statements(
        houses=sa.select(*_HOUSE.c).where(condition).order_by(_HOUSE.c.name, _HOUSE.c.id),
        hours=sa.select(
            _HOUR.c.clearinghouse_id,
            _HOUR.c.branch_id,
            _HOUR.c.channel,
            _HOUR.c.weekday,
            _HOUR.c.opens_at,
            _HOUR.c.closes_at,
        )
        .where(_HOUR.c.clearinghouse_id.in_(ids))
        .order_by(_HOUR.c.weekday, _HOUR.c.opens_at),
        branches=sa.select(*_BRANCH.c)
        .where(_BRANCH.c.clearinghouse_id.in_(ids))
        .order_by(_BRANCH.c.is_main.desc(), _BRANCH.c.town, _BRANCH.c.id),
        districts=sa.select(
            _PART.c.clearinghouse_id, _DISTRICT.c.ags, _DISTRICT.c.name, _DISTRICT.c.type, _PART.c.postcode
        )
        .join(_DISTRICT, _DISTRICT.c.ags == _PART.c.district_ags)
        .where(_PART.c.clearinghouse_id.in_(ids))
        .order_by(_DISTRICT.c.ags, _PART.c.postcode),
    )


_BY_IDS = _statements(_HOUSE.c.id.in_(sa.bindparam("ids", expanding=True)))
_BY_SLUG = _statements(_HOUSE.c.slug == sa.bindparam("slug"))


def _rows(session: Session, statements: _Statements, **values: object) -> dict[int, HouseRow]:
    """Answer the houses by id, in order of their names, in four statements however many they are."""
    houses = session.execute(statements.houses, values).all()
    if not houses:
        return {}
    hours, branch_hours = _hours(session.execute(statements.hours, values))
    branches = _branches(session.execute(statements.branches, values), branch_hours)
    districts = _districts(session.execute(statements.districts, values))
    return {
        house.id: HouseRow(
            id=house.id,
            slug=house.slug,
            name=house.name,
            carrier=house.carrier,
            carrier_kind=house.carrier_kind,
            about=house.about,
            phone=house.phone,
            email=house.email,
            website=house.website,
            languages=tuple(house.languages),
            accessibility=tuple(house.accessibility),
            side_task=house.side_task,
            branches=tuple(branches[house.id]),
            hours={channel: tuple(each) for channel, each in hours[house.id].items()},
            districts=tuple(districts[house.id]),
        )
        for house in houses
    }


Hours = defaultdict[int, dict[str, list[Interval]]]


def _hours(found: Iterable[Row[Any]]) -> tuple[Hours, Hours]:
    """Answer the hours by house, and by branch those that hold only there."""
    of_house: Hours = defaultdict(dict)
    of_branch: Hours = defaultdict(dict)
    for house_id, branch_id, channel, weekday, opens_at, closes_at in found:
        week = of_house[house_id] if branch_id is None else of_branch[branch_id]
        week.setdefault(channel, []).append(Interval(weekday, opens_at, closes_at))
    return of_house, of_branch


def _branches(found: Iterable[Row[Any]], hours: Hours) -> defaultdict[int, list[BranchRow]]:
    """Answer the branches by house, the main one first, then by town."""
    answer: defaultdict[int, list[BranchRow]] = defaultdict(list)
    for branch in found:
        answer[branch.clearinghouse_id].append(
            BranchRow(
                id=branch.id,
                name=branch.name,
                street=branch.street,
                postcode=branch.postcode,
                town=branch.town,
                latitude=branch.latitude,
                longitude=branch.longitude,
                is_main=branch.is_main,
                hours={channel: tuple(each) for channel, each in hours[branch.id].items()},
            )
        )
    return answer


def _districts(found: Iterable[Row[Any]]) -> defaultdict[int, list[DistrictRow]]:
    """Answer the catchment by house; a row for the whole district outdoes its postcodes."""
    postcodes: dict[tuple[int, str, str, str], list[str | None]] = {}
    for house_id, ags, name, kind, postcode in found:
        postcodes.setdefault((house_id, ags, name, kind), []).append(postcode)
    answer: defaultdict[int, list[DistrictRow]] = defaultdict(list)
    for (house_id, ags, name, kind), some in postcodes.items():
        only = () if None in some else tuple(postcode for postcode in some if postcode)
        answer[house_id].append(DistrictRow(ags, name, kind, only))
    return answer
