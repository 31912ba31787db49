"""Reads the history: of a house with its groups, of one group, or of the network; filtered, in pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.places import group_ids_of_house, groups_by_name, list_named
from app.accounts.rules.permissions import CLEARINGHOUSE, GROUP, SCOPE_KEYS
from app.shared.history import HistoryEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.accounts.places import Place

PAGE_SIZE = 50
_CLOCK = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a place's history is asked for; None: all."""

    group_id: int | None = None
    person_id: int | None = None
    kind: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry with the names of today. ``who`` is empty unless a person did it; None: their account is erased.

    ``whom`` is the person it was done to, in the same way; ``group`` the group it was done to; ``about`` the insurer,
    funding region or Land.
    """

    at: datetime
    action: str
    facts: dict[str, Any]
    actor_kind: str
    who: str | None
    whom: str | None
    group: Place | None
    about: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of entries, the latest first, and how many there are in all."""

    entries: list[ReadEntry]
    number: int
    count: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // PAGE_SIZE))


def read_history(session: Session, place: Place, wanted: Wanted, *, page: int) -> HistoryPage:
    """Answer a page of what was done at a place, or of the last page when there are not so many."""
    where = (*_at(place), *_as_wanted(wanted))
    count = session.scalar(sa.select(sa.func.count()).select_from(HistoryEntry).where(*where)) or 0
    number = min(max(page, 1), max(1, -(-count // PAGE_SIZE)))
    rows = session.scalars(
        sa.select(HistoryEntry)
        .where(*where)
        .order_by(HistoryEntry.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return HistoryPage(_with_names(session, rows), number, count)


def list_people(session: Session, place: Place) -> list[tuple[int, str]]:
    """Answer everybody who did something at a place and whose account is still there, by name."""
    acted = sa.select(HistoryEntry.actor_id).where(*_at(place), HistoryEntry.actor_id.is_not(None))
    found = sa.select(User.id, User.name).where(User.id.in_(acted), User.name != "")
    return list(session.execute(found.order_by(User.name, User.id)).tuples())


def list_groups_of(session: Session, place: Place) -> list[Place]:
    """Answer the groups of which the history of a place tells, by name."""
    ids = sa.select(HistoryEntry.group_id).where(*_at(place), HistoryEntry.group_id.is_not(None)).distinct()
    return groups_by_name(session, session.scalars(ids.limit(2_000)).all())  # type: ignore[arg-type]


def _at(place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    if place.kind == GROUP:
        return (HistoryEntry.group_id == place.id,)
    if place.kind == CLEARINGHOUSE:
        its_groups = HistoryEntry.group_id.in_(group_ids_of_house(place.id or 0))
        return (sa.or_(HistoryEntry.clearinghouse_id == place.id, its_groups),)
    return ()


def _as_wanted(wanted: Wanted) -> tuple[sa.ColumnElement[bool], ...]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.group_id is not None:
        conditions.append(HistoryEntry.group_id == wanted.group_id)
    if wanted.person_id is not None:
        was_done_to = sa.and_(
            HistoryEntry.action.like("account.%"), HistoryEntry.record_id == wanted.person_id
        )
        conditions.append(sa.or_(HistoryEntry.actor_id == wanted.person_id, was_done_to))
    if wanted.kind is not None:
        conditions.append(HistoryEntry.action.startswith(f"{wanted.kind}.", autoescape=True))
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time(), _CLOCK)
        ends = datetime.combine(wanted.day + timedelta(days=1), time(), _CLOCK)
        conditions.append(sa.and_(HistoryEntry.at >= begins, HistoryEntry.at < ends))
    return tuple(conditions)


def _with_names(session: Session, rows: Iterable[HistoryEntry]) -> list[ReadEntry]:
    rows = list(rows)
    whom = {row.id: row.record_id for row in rows if row.action.startswith("account.")}
    ids = {row.actor_id for row in rows} | set(whom.values())
    names = dict(
        session.execute(sa.select(User.id, User.name).where(User.id.in_(ids - {None}), User.name != ""))
        .tuples()
        .all()
    )
    groups = {
        each.id: each for each in groups_by_name(session, {row.group_id for row in rows if row.group_id})
    }
    names_of = {
        key: {place.keys[key]: place.name for place in list_named(session, kind)}
        for kind, key in SCOPE_KEYS.items()
        if any(key in row.facts for row in rows)
    }
    return [
        ReadEntry(
            row.at,
            row.action,
            row.facts,
            row.actor_kind,
            names.get(row.actor_id) if row.actor_id else "",
            names.get(whom[row.id] or 0) if row.id in whom and whom[row.id] != row.actor_id else "",
            groups.get(row.group_id),
            _about(row, names_of),
        )
        for row in rows
    ]


def _about(row: HistoryEntry, names_of: dict[str, dict[int | str, str]]) -> str:
    """Answer what an entry names of insurers, funding regions and Länder."""
    named = (names.get(row.facts.get(key, "")) for key, names in names_of.items())
    return ", ".join(name for name in named if name)
