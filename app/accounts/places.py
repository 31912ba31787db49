"""Groups and clearing houses as far as accounts are concerned, read by the names of their tables.

This package knows neither of the packages they belong to, which stand above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.accounts.rules.permissions import CLEARINGHOUSE, GROUP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def _table(name: str, *more: sa.ColumnClause[Any]) -> sa.TableClause:
    columns = (sa.column("id", sa.Integer), sa.column("slug", sa.Text), sa.column("name", sa.Text))
    return sa.table(name, *columns, *more)


_group = _table(GROUP, sa.column("clearinghouse_id", sa.Integer))
_house = _table(CLEARINGHOUSE, sa.column("email", sa.Text))
_GROUPS = sa.select(
    _group.c.id, _group.c.slug, _group.c.name, _group.c.clearinghouse_id, _house.c.email
).join(_house, _house.c.id == _group.c.clearinghouse_id)
_HOUSES = sa.select(_house.c.id, _house.c.slug, _house.c.name, _house.c.id, _house.c.email)


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody has a role for. ``kind`` is ``GROUP``, ``CLEARINGHOUSE`` or None for the network as a whole."""

    kind: str | None
    id: int | None = None
    slug: str = ""
    name: str = ""
    clearinghouse_id: int | None = None
    house_email: str = ""


NETWORK = Place(None)


@dataclass(frozen=True, slots=True)
class GroupOfHouse:
    """A group that a house looks after, and how many people with an account look after it themselves."""

    slug: str
    name: str
    contacts: int


def find_group(session: Session, *, slug: str = "", group_id: int | None = None) -> Place | None:
    """Answer a group, listed or not, with its house; None if there is none."""
    is_it = _group.c.slug == slug if group_id is None else _group.c.id == group_id
    row = session.execute(_GROUPS.where(is_it)).one_or_none()
    return Place(GROUP, *row) if row else None


def find_house(session: Session, *, slug: str = "", house_id: int | None = None) -> Place | None:
    """Answer a clearing house; None if there is none."""
    is_it = _house.c.slug == slug if house_id is None else _house.c.id == house_id
    row = session.execute(_HOUSES.where(is_it)).one_or_none()
    return Place(CLEARINGHOUSE, *row) if row else None


def find_place(session: Session, group_id: int | None, clearinghouse_id: int | None) -> Place:
    """Answer what a role or an invitation is for.

    Raises:
        LookupError: there is no such group or house; the database sees to it that there is.
    """
    place: Place | None = NETWORK
    if group_id is not None:
        place = find_group(session, group_id=group_id)
    elif clearinghouse_id is not None:
        place = find_house(session, house_id=clearinghouse_id)
    if place is None:
        raise LookupError
    return place


def groups_by_name(session: Session, ids: Iterable[int]) -> list[Place]:
    """Answer some groups, by name."""
    rows = session.execute(_GROUPS.where(_group.c.id.in_(list(ids))).order_by(_group.c.name))
    return [Place(GROUP, *row) for row in rows]


def houses_by_name(session: Session, ids: Iterable[int]) -> list[Place]:
    """Answer some clearing houses, by name."""
    rows = session.execute(_HOUSES.where(_house.c.id.in_(list(ids))).order_by(_house.c.name))
    return [Place(CLEARINGHOUSE, *row) for row in rows]


def group_ids_of_house(clearinghouse_id: int) -> sa.Select[tuple[int]]:
    """Answer a query for the groups that a house looks after."""
    return sa.select(_group.c.id).where(_group.c.clearinghouse_id == clearinghouse_id)


def list_groups(
    session: Session, clearinghouse_id: int, *, only_without_contact: bool = False
) -> list[GroupOfHouse]:
    """Answer the groups of a house, those without a contact first, then by name."""
    contacts = (
        sa.select(sa.func.count())
        .select_from(RoleGrant)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.group_id == _group.c.id, User.is_active)
        .scalar_subquery()
    )
    found = sa.select(_group.c.slug, _group.c.name, contacts).where(
        _group.c.clearinghouse_id == clearinghouse_id
    )
    if only_without_contact:
        found = found.where(contacts == 0)
    return [GroupOfHouse(*row) for row in session.execute(found.order_by(contacts > 0, _group.c.name))]
