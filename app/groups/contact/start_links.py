"""What the staff of clearing houses finds on its start page about messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.start_links import StartLink
from app.clearinghouses.desk_house import houses_of
from app.groups.contact.inbox import NEW
from app.groups.contact.reading import count_inbox, list_returned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> Iterator[StartLink]:
    """Answer the inbox of each house, and its mails that did not arrive."""
    for house in houses_of(session, person):
        waiting = count_inbox(session, house.id).get(NEW, 0)
        yield StartLink(
            _("Messages to %(house)s", house=house.name),
            url_for("groups.list_messages", house=house.slug),
            ngettext("%(num)d waits for an answer", "%(num)d wait for an answer", waiting)
            if waiting
            else _("Nobody waits for an answer"),
            about=house.name,
            title=_("Messages"),
        )
        returned = len(list_returned(session, house.id, seen=False))
        yield StartLink(
            _("Mails of %(house)s that did not arrive", house=house.name),
            url_for("groups.list_returned_mails", house=house.slug),
            ngettext("%(num)d mail did not arrive", "%(num)d mails did not arrive", returned)
            if returned
            else _("All mails have arrived"),
            about=house.name,
            title=_("Mails that did not arrive"),
        )
