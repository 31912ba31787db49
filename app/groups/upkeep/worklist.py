"""What waits for the staff of a house: listings that nobody has confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.clearinghouses.models import ClearingHouse
from app.groups.presentation import date_words
from app.groups.upkeep.queries import TO_PHONE, list_unconfirmed
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def unconfirmed_listings(session: Session, clearinghouse_id: int, now: datetime) -> list[Waiting]:
    """Answer the groups to be phoned, each with the way to its line in the list."""
    house = session.get_one(ClearingHouse, clearinghouse_id)
    return [
        Waiting(
            kind=_("Unconfirmed listing"),
            what=_("last confirmed on %(day)s", day=date_words(each.row.last_confirmed_on)),
            since=each.waits_since,
            button=_("Call"),
            url=url_for("groups.list_unconfirmed", house=house.slug, _anchor=f"group-{each.row.id}"),
            who=each.row.name,
        )
        for each in list_unconfirmed(session, clearinghouse_id, now=now)
        if each.kind == TO_PHONE
    ]
