"""What waits for the staff of a house in its inbox, and the mails that did not get through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.clearinghouses.queries import houses_by_id
from app.groups.contact.inbox import REPORT
from app.groups.contact.labels import purpose_words
from app.groups.contact.reading import list_returned, list_waiting_messages
from app.groups.labels import REPORT_REASONS
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session


def waiting_messages(session: Session, clearinghouse_id: int, _now: datetime) -> Iterator[Waiting]:
    """Answer the messages and reports without an answer."""
    for line in list_waiting_messages(session, clearinghouse_id):
        is_report = line.kind == REPORT
        yield Waiting(
            kind=_("Report about a listing") if is_report else _("Message"),
            what=str(REPORT_REASONS[line.reason]) if is_report else line.excerpt,
            since=line.since,
            button=_("Read"),
            url=url_for("groups.read_message", message_id=line.id),
            who=line.group_name or line.name,
        )


def returned_mails(session: Session, clearinghouse_id: int, _now: datetime) -> Iterator[Waiting]:
    """Answer the mails that nobody has looked at since they came back."""
    mails = list_returned(session, clearinghouse_id, seen=False)
    house = houses_by_id(session, [clearinghouse_id] if mails else [])
    for mail in mails:
        yield Waiting(
            kind=_("Mail that did not arrive"),
            what=purpose_words(mail.purpose),
            since=mail.known_at,
            button=_("See what to do"),
            url=url_for("groups.list_returned_mails", house=house[clearinghouse_id].slug),
            who=mail.group_name,
        )
