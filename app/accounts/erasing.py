"""Erasing an account: its person goes from every table; a number without name and address stays.

The number keeps others from getting it, so that the history never tells of somebody else. Packages above erase what
they hold by an eraser, named in the factory (``ERASERS``): a group its contact, funding its files after their period.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import RoleGrant, User
from app.accounts.my_data import personal_tables
from app.accounts.people import find_member, find_place_of_grant, is_last_contact, remove_member
from app.shared.history import note

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody who is being erased: number, address, and the groups they looked after."""

    user_id: int
    address: str
    group_ids: tuple[int, ...]


Eraser = Callable[["Session", Erased, datetime], None]
"""Deletes, or makes nameless, what a package holds of a person; commits nothing."""


def init_erasers(app: Flask, erasers: Sequence[Eraser]) -> None:
    """Afterwards erasing an account calls these too, in this order."""
    app.extensions["erasers"] = tuple(erasers)


def list_left_alone(session: Session, user_id: int) -> list[str]:
    """Answer the groups that nobody with an account would look after any more, by name."""
    names: list[str] = []
    for grant_id in _grant_ids(session, user_id):
        place = find_place_of_grant(session, user_id, grant_id)
        member = find_member(session, place, grant_id) if place else None
        if place and member and is_last_contact(session, place, member):
            names.append(place.name)
    return sorted(names)


def erase_account(session: Session, user_id: int, *, now: datetime) -> None:
    """Afterwards nothing here tells who this was. Roles end as when somebody leaves: houses are told."""
    user = session.get_one(User, user_id)
    groups = sa.select(RoleGrant.group_id).where(
        RoleGrant.user_id == user_id, RoleGrant.group_id.is_not(None)
    )
    group_ids = tuple(number for number in session.scalars(groups) if number is not None)
    for grant_id in _grant_ids(session, user_id):
        place = find_place_of_grant(session, user_id, grant_id)
        member = find_member(session, place, grant_id) if place else None
        if place and member:
            remove_member(session, place, member, now=now)
    erasers: tuple[Eraser, ...] = current_app.extensions["erasers"]
    for erase in erasers:
        erase(session, Erased(user_id, user.email, group_ids), now)
    _delete_rows(session, user)
    user.email = f"erased-{user.id}"
    user.name = ""
    user.password_hash = user.totp_secret = user.totp_last_step = None
    user.last_signed_in_at = user.roles_changed_at = None
    user.is_active = False
    user.session_version += 1
    note(session, "account.erased", now=now, record_id=user_id)
    session.flush()


def _grant_ids(session: Session, user_id: int) -> list[int]:
    own = sa.select(RoleGrant.id).where(RoleGrant.user_id == user_id)
    return list(session.scalars(own.order_by(RoleGrant.id)))


def _delete_rows(session: Session, user: User) -> None:
    """Delete what belongs to the address or to the account.

    Who did something with a row of others stays a number (``named``), which means nobody from now on: that somebody
    decided has to be shown as long as the decision counts.
    """
    for table, processing in personal_tables():
        if table.info.get("append_only") or table.name == User.__tablename__:
            continue
        for name in processing.addresses:
            is_theirs = sa.func.lower(sa.func.trim(table.c[name])) == user.email
            session.execute(sa.delete(table).where(is_theirs))
        for name in processing.accounts:
            is_theirs = table.c[name] == user.id
            if table.c[name].nullable:
                session.execute(sa.update(table).where(is_theirs).values({name: None}))
            else:
                session.execute(sa.delete(table).where(is_theirs))
