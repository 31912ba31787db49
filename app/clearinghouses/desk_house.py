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
    from collections.abc import Sequence


def my_houses(permission: str) -> Sequence[ClearingHouse]:
    """Answer the houses for which whoever is signed in has a permission, by name."""
    roles = PERMISSIONS[permission].roles
    ids = {
        grant.clearinghouse_id
        for grant in get_person().actor.grants
        if grant.role in roles and grant.clearinghouse_id is not None
    }
    wanted = sa.select(ClearingHouse).where(ClearingHouse.id.in_(ids)).order_by(ClearingHouse.name)
    return db.session.scalars(wanted).all()


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
