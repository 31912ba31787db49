"""What waits for the staff of a house because of its rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.rooms.queries.requests import list_requests_of_house
from app.rooms.rules.vocabulary import WAITING
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def waiting_requests(session: Session, house_id: int, _now: datetime) -> list[Waiting]:
    """Answer the requests for rooms that nobody has answered."""
    return [
        Waiting(
            kind=_("Room"),
            what=_(
                "%(room)s, %(dates)s",
                room=each.room_name,
                dates=ngettext("%(num)s date", "%(num)s dates", len(each.dates)),
            ),
            who=each.group_name,
            since=each.asked_at,
            button=_("Answer"),
            url=url_for("rooms.decide", request_id=each.id),
        )
        for each in list_requests_of_house(session, house_id, (WAITING,))
    ]
