"""What the staff of clearing houses finds on its start page about messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.start_links import StartLink
from app.groups.contact.inbox import NEW
from app.groups.contact.reading import count_inbox, list_returned
from app.groups.meetings.closable import list_houses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> Iterator[StartLink]:
    """Answer the inbox of each house, and the mails that did not arrive if there are any."""
    ids = {grant.clearinghouse_id for grant in person.actor.grants if grant.clearinghouse_id is not None}
    for house in list_houses(session, ids) if ids else []:
        waiting = count_inbox(session, house.id).get(NEW, 0)
        yield StartLink(
            _("Messages to %(house)s", house=house.name),
            url_for("groups.list_messages", house=house.slug),
            ngettext("%(num)d waits for an answer", "%(num)d wait for an answer", waiting)
            if waiting
            else _("Nobody waits for an answer"),
            about=house.name,
        )
        returned = len(list_returned(session, house.id, seen=False))
        if returned:
            yield StartLink(
                ngettext("%(num)d mail did not arrive", "%(num)d mails did not arrive", returned),
                url_for("groups.list_returned_mails", house=house.slug),
                _("See why, and whom to phone"),
                about=house.name,
            )
