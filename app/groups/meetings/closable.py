"""What a clearing house can close: itself, the places it keeps, and the places where its groups meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import ClearingHouse
from app.groups.meetings.closures import Owner
from app.groups.models import Closure, Group, MeetingPlace, MeetingSeries
from app.groups.text import fold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ClosablePlace:
    """A place in words; ``is_own`` when the house keeps it, ``groups`` counts the groups that meet there."""

    id: int
    label: str
    is_own: bool
    groups: int


@dataclass(frozen=True, slots=True)
class HouseClosure:
    """A closure of the house or of a place that it can close."""

    id: int
    label: str
    first_on: date
    last_on: date
    reason: str


def list_closable(session: Session, house_id: int, *, q: str = "") -> list[ClosablePlace]:
    """Answer the places that the house can close, its own first, then by name; only those with every word of ``q``."""
    rows = session.execute(_of_house(house_id)).all()
    words = fold(q).split()
    found = [
        ClosablePlace(row.id, place_label(row), row.clearinghouse_id == house_id, row.groups)
        for row in rows
        if all(word in fold(place_label(row)) for word in words)
    ]
    return sorted(found, key=lambda place: (not place.is_own, fold(place.label), place.id))


def find_closable(session: Session, house_id: int, place_id: int) -> ClosablePlace | None:
    """Answer one of these places, or None."""
    row = session.execute(_of_house(house_id).where(MeetingPlace.id == place_id)).one_or_none()
    if row is None:
        return None
    return ClosablePlace(row.id, place_label(row), row.clearinghouse_id == house_id, row.groups)


def list_house_closures(session: Session, house: ClearingHouse, *, since: date) -> list[HouseClosure]:
    """Answer what is closed now or will be, of the house and its places, earliest first."""
    places = {row.id: place_label(row) for row in session.execute(_of_house(house.id))}
    rows = session.scalars(
        sa.select(Closure)
        .where(
            Closure.last_on >= since,
            sa.or_(Closure.clearinghouse_id == house.id, Closure.place_id.in_(places)),
        )
        .order_by(Closure.first_on, Closure.id)
    )
    return [
        HouseClosure(
            row.id,
            places[row.place_id] if row.place_id else whole_house(house.name),
            row.first_on,
            row.last_on,
            row.reason,
        )
        for row in rows
    ]


def may_close(session: Session, house_id: int, owner: Owner) -> bool:
    """Whether the house can close this, or take back that it is closed."""
    if owner.place_id is not None:
        return find_closable(session, house_id, owner.place_id) is not None
    return owner.clearinghouse_id == house_id


def whole_house(name: str) -> str:
    """Answer how a house with all its places is called."""
    return _("%(house)s, all rooms", house=name)


def place_label(place: Any) -> str:
    """Answer a place in one line: name, street, town."""
    return ", ".join(
        part for part in (place.name, place.street, f"{place.postcode} {place.town}".strip()) if part
    )


def _of_house(house_id: int) -> sa.Select[Any]:
    """Select the places a house can close, with the number of its groups there; another house's places are not."""
    at = sa.func.coalesce(MeetingSeries.place_id, Group.place_id)
    meets = (
        sa.select(at.label("place_id"), sa.func.count(sa.distinct(Group.id)).label("groups"))
        .select_from(Group)
        .outerjoin(
            MeetingSeries, sa.and_(MeetingSeries.group_id == Group.id, MeetingSeries.format != "online")
        )
        .where(Group.clearinghouse_id == house_id)
        .group_by(at)
        .subquery()
    )
    return (
        sa.select(
            MeetingPlace.id,
            MeetingPlace.name,
            MeetingPlace.street,
            MeetingPlace.postcode,
            MeetingPlace.town,
            MeetingPlace.clearinghouse_id,
            sa.func.coalesce(meets.c.groups, 0).label("groups"),
        )
        .outerjoin(meets, meets.c.place_id == MeetingPlace.id)
        .where(
            sa.or_(
                MeetingPlace.clearinghouse_id == house_id,
                sa.and_(MeetingPlace.clearinghouse_id.is_(None), meets.c.groups > 0),
            )
        )
    )
