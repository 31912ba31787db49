"""The clearing house whose desk somebody is at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.accounts.guard import authorize, get_person
from app.groups.meetings import closable
from app.shared.error_pages import nothing_here
from app.shared.extensions import db

if TYPE_CHECKING:
    from app.clearinghouses.models import ClearingHouse


def own_houses() -> set[int]:
    """Answer the ids of the houses whose staff is signed in."""
    return {grant.clearinghouse_id for grant in get_person().actor.grants if grant.clearinghouse_id}


def get_house(given: Any, permission: str) -> ClearingHouse:
    """Answer the house named in ``house``, without a name the first that somebody works for.

    Raises:
        NotFound: there is none, or they have not this permission there.
    """
    house = closable.find_house(db.session(), given.get("house", ""), among=own_houses())
    if house is None:
        raise nothing_here()
    authorize(permission, clearinghouse_id=house.id)
    return house
