"""The house at whose desk somebody works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import request

from app.accounts.guard import get_person
from app.accounts.rules.permissions import PERMISSIONS
from app.clearinghouses.models import ClearingHouse
from app.shared.error_pages import nothing_here
from app.shared.extensions import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def houses_of(session: Session, person: Person) -> Sequence[ClearingHouse]:
    """Answer the houses that somebody works for, by name."""
    return _by_name(session, {grant.clearinghouse_id for grant in person.actor.grants})


def my_houses(permission: str) -> Sequence[ClearingHouse]:
    """Answer the houses for which whoever is signed in has a permission, by name."""
    return houses_for(db.session(), get_person(), permission)


def houses_for(session: Session, person: Person, permission: str) -> Sequence[ClearingHouse]:
    """Answer the houses for which somebody has a permission, by name."""
    roles, grants = PERMISSIONS[permission].roles, person.actor.grants
    return _by_name(session, {grant.clearinghouse_id for grant in grants if grant.role in roles})


def my_house(permission: str) -> ClearingHouse:
    """Answer the one of these houses that ``house`` in the address names, else the first.

    Raises:
        NotFound: there is none, or they may not.
    """
    slug = request.args.get("house", "")
    chosen = next((house for house in my_houses(permission) if not slug or house.slug == slug), None)
    if chosen is None:
        raise nothing_here()
    return chosen


def _by_name(session: Session, ids: Iterable[int | None]) -> Sequence[ClearingHouse]:
    wanted = [house_id for house_id in ids if house_id is not None]
    if not wanted:
        return []
    return session.scalars(
        sa.select(ClearingHouse).where(ClearingHouse.id.in_(wanted)).order_by(ClearingHouse.name)
    ).all()
