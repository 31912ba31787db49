"""What people find about rooms on their start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.start_links import StartLink
from app.clearinghouses.desk_house import houses_of
from app.groups.models import Group
from app.rooms.queries.requests import list_requests_of_house
from app.rooms.rules.vocabulary import WAITING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> list[StartLink]:
    """Answer the rooms of each house somebody works for, and those of each group somebody is a contact of."""
    grants = person.actor.grants
    groups = session.execute(
        sa.select(Group.slug, Group.name)
        .where(Group.id.in_({grant.group_id for grant in grants if grant.group_id}))
        .order_by(Group.name)
    )
    return [
        *(
            StartLink(
                _("Rooms of %(house)s", house=house.name),
                url_for("rooms.desk", house=house.slug),
                _waiting_words(session, house.id),
                about=house.name,
                title=_("Rooms"),
            )
            for house in houses_of(session, person)
        ),
        *(
            StartLink(
                _("Rooms for %(group)s", group=group.name),
                url_for("rooms.of_group", slug=group.slug),
                _("Ask your clearing house for a room and see what is booked"),
                about=group.name,
                title=_("Rooms"),
            )
            for group in groups
        ),
    ]


def _waiting_words(session: Session, house_id: int) -> str:
    count = len(list_requests_of_house(session, house_id, (WAITING,)))
    if not count:
        return _("Bookings, calendar and door sign; no request waits")
    return ngettext("%(num)s request waits for an answer", "%(num)s requests wait for an answer", count)
