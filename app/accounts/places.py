"""Groups, clearing houses, insurers, regions, Länder and organisations as far as accounts are concerned.

They are read by the names of their tables: this package knows none of the packages they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import Invitation, RoleGrant, User
from app.accounts.rules.permissions import (
    CLEARINGHOUSE,
    GROUP,
    INSURER,
    ORGANISATION,
    REGION,
    SCOPE_KEYS,
    STATE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.accounts.models import RoleScope


def _named(table: str, key: str = "id", slug: str = "slug") -> sa.Subquery:
    rows = sa.table(table, *map(sa.column, {key, slug, "name"}))
    return sa.select(rows.c[key].label("id"), rows.c[slug].label("slug"), rows.c.name).subquery(
        f"the_{table}"
    )


NAMED = {
    GROUP: _named("group"),
    CLEARINGHOUSE: _named("clearinghouse"),
    INSURER: _named("insurer"),
    REGION: _named("funding_region"),
    STATE: _named("state", "ags", "ags"),
    ORGANISATION: _named("organisation"),
}
"""What a role can be for → its id, slug and name. A Land goes by its key."""
OF_NETWORK = (INSURER, REGION, STATE, ORGANISATION)
"""What a role can be for that the administration gives."""


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
    """What somebody has a role for. ``kind`` is one of ``SCOPE_KEYS``, or None for the network as a whole.

    A Land has no ``id``; its key is its ``slug``.
    """

    kind: str | None
    id: int | None = None
    slug: str = ""
    name: str = ""
    clearinghouse_id: int | None = None
    house_email: str = ""

    @property
    def keys(self) -> dict[str, Any]:
        """What ``RoleScope`` holds of a role for this; empty for the network."""
        return {SCOPE_KEYS[self.kind]: self.slug if self.kind == STATE else self.id} if self.kind else {}


NETWORK = Place(None)


def keys_of(row: Any) -> dict[str, Any]:
    """Answer what a role or an invitation is for, as ``Place.keys``; of a row that has all fields of ``RoleScope``."""
    found = {key: getattr(row, key) for key in SCOPE_KEYS.values()}
    return {key: value for key, value in found.items() if value is not None}


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


def list_named(session: Session, kind: str, **only: int | str) -> list[Place]:
    """Answer all insurers, regions, Länder or organisations, by name, or only those with this ``id`` or ``slug``."""
    named = NAMED[kind]
    rows = session.execute(
        sa.select(named)
        .where(*(named.c[column] == value for column, value in only.items()))
        .order_by(named.c.name, named.c.slug)
    )
    return [Place(kind, None if kind == STATE else row.id, row.slug, row.name) for row in rows]


def find_place(session: Session, row: RoleScope) -> Place:
    """Answer what a role or an invitation is for.

    Raises:
        LookupError: there is no such thing; the database sees to it that there is.
    """
    place: Place | None = NETWORK
    if row.group_id is not None:
        place = find_group(session, group_id=row.group_id)
    elif row.clearinghouse_id is not None:
        place = find_house(session, house_id=row.clearinghouse_id)
    else:
        for kind in OF_NETWORK:
            key = getattr(row, SCOPE_KEYS[kind])
            if key is not None:
                place = next(iter(list_named(session, kind, id=key)), None)
    if place is None:
        raise LookupError
    return place


def with_names(
    table: type[RoleGrant | Invitation], *columns: Any
) -> tuple[sa.Select[Any], sa.ColumnElement[str]]:
    """Answer a query for these columns and the name of what the row is for, and that name to order by."""
    name = sa.func.coalesce(*(named.c.name for named in NAMED.values()), "")
    rows = sa.select(*columns, name)
    for kind, named in NAMED.items():
        rows = rows.outerjoin(named, named.c.id == getattr(table, SCOPE_KEYS[kind]))
    return rows, name


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
