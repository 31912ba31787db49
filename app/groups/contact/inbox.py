"""The inbox of a clearing house: messages and reports come in, are answered, handed to another house, and done.

A message is kept until it is done and some weeks after. Nothing that waits for an answer is ever deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.rules.email_address import fold_address
from app.clearinghouses.models import ClearingHouse
from app.groups.contact.conversations import REPLY, answer_url, new_token
from app.groups.contact.emails import Ways, mail_from_house, waiting_mail
from app.groups.models import HouseMessage, HouseMessageText
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.incoming_mail import address_of
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.outbox import About, queue_mail, sendable_address
from app.shared.retention import days_of
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

QUESTION, REPORT = "question", "report"
NEW, ANSWERED, DONE = "new", "answered", "done"
BY_SEEKER, BY_HOUSE, NOTE = "seeker", "house", "note"
DONE_MESSAGES = "done-messages"
"""The rule by which messages are deleted (``app/groups/retention.py``)."""
ANSWER_PURPOSE, WAITING_PURPOSE = "house-answer", "house-message"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody sends to a clearing house, and how they can be answered; ``reason`` for a report only."""

    text: str
    language: str
    email: str = ""
    phone: str = ""
    name: str = ""
    kind: str = QUESTION
    reason: str = ""
    group_id: int | None = None


def take_message(session: Session, house_id: int, asked: Asked, *, now: datetime) -> HouseMessage:
    """Store a message; answer it. The house is not told of it here.

    Raises:
        BadInput: the address cannot be written to; ``field`` is ``email``. That of a report is kept as it is.
    """
    email = fold_address(asked.email)
    if email and asked.kind == QUESTION:
        email = sendable_address(email)
    message = HouseMessage(
        clearinghouse_id=house_id,
        group_id=asked.group_id,
        kind=asked.kind,
        reason=asked.reason,
        name=asked.name.strip(),
        email=email,
        phone=asked.phone.strip(),
        token=new_token(),
        language=asked.language,
        state=NEW,
        created_at=now,
        waiting_since=now,
        last_at=now,
    )
    session.add(message)
    session.flush()
    _add_text(session, message, BY_SEEKER, asked.text, house_id=None, now=now)
    _note_received(session, message, now=now)
    return message


def tell_house(session: Session, message: HouseMessage, *, now: datetime) -> None:
    """Afterwards a mail waits that tells the house of a message, without a word of it.

    Raises:
        BadInput: the house's address cannot be written to.
    """
    house = session.get_one(ClearingHouse, message.clearinghouse_id)
    if not house.email:
        return
    with speaking(DEFAULT_LANGUAGE):  # a clearing house reads German
        queue_mail(
            session,
            to=house.email,
            mail=waiting_mail(whole_url(f"/desk/messages/{message.id}")),
            purpose=WAITING_PURPOSE,
            now=now,
            about=About(clearinghouse_id=house.id),
        )


def reply(session: Session, message: HouseMessage, text: str, *, now: datetime) -> None:
    """Afterwards the answer of the house waits to be sent to whoever asked, who can answer again.

    Raises:
        BadInput: they left no address that can be written to.
    """
    house = session.get_one(ClearingHouse, message.clearinghouse_id)
    reply_to = address_of(REPLY, message.token)
    with speaking(message.language):
        ways = Ways(answer_url(message.token), is_by_mail=reply_to is not None, days=days_of(DONE_MESSAGES))
        queue_mail(
            session,
            to=message.email,
            mail=mail_from_house(house.name, text, ways, phone=house.phone),
            purpose=ANSWER_PURPOSE,
            now=now,
            reply_to=reply_to,
            about=About(clearinghouse_id=house.id),
        )
    _add_text(session, message, BY_HOUSE, text, house_id=house.id, now=now)
    message.state, message.done_at, message.last_at = ANSWERED, None, now


def find_answerable(session: Session, token: str, *, now: datetime) -> HouseMessage | None:
    """Answer the message whose writer has this token, locked; None when there is none, or it was done too long ago."""
    found = session.scalar(sa.select(HouseMessage).where(HouseMessage.token == token).with_for_update())
    if found is None or found.last_at < now - timedelta(days=days_of(DONE_MESSAGES)):
        return None
    return found


def write_again(session: Session, message: HouseMessage, text: str, *, now: datetime) -> None:
    """Afterwards what somebody has answered waits in the inbox of the house that has their message now.

    The very words that came last are not kept twice: a mail server that was not sure hands over a mail once more.
    """
    if _last_words(session, message) == (BY_SEEKER, _plain(text)):
        return
    if message.state != NEW:
        message.waiting_since = now
    message.state, message.done_at, message.last_at = NEW, None, now
    _add_text(session, message, BY_SEEKER, text, house_id=None, now=now)
    _note_received(session, message, now=now)


def hand_over(
    session: Session, message: HouseMessage, to_house: ClearingHouse, note: str, *, now: datetime
) -> None:
    """Afterwards the other house has the message, with a note, and this one no longer sees it.

    Raises:
        RuleBroken: it is the same house.
    """
    if to_house.id == message.clearinghouse_id:
        raise RuleBroken(
            _("Your clearing house has this message already. Please choose another."), field="house"
        )
    if note.strip():
        _add_text(session, message, NOTE, note, house_id=message.clearinghouse_id, now=now)
    message.clearinghouse_id = to_house.id
    message.state, message.done_at, message.last_at = NEW, None, now


def finish(message: HouseMessage, *, now: datetime) -> None:
    """Afterwards the message is done and will be deleted in some weeks; doing it twice is doing it once."""
    if message.state != DONE:
        message.state, message.done_at = DONE, now


def reopen(message: HouseMessage, *, now: datetime) -> None:
    """Afterwards the message waits again, as long as it has waited."""
    if message.state == DONE:
        message.state, message.done_at, message.last_at = NEW, None, now


def forget_messages(session: Session, before: datetime) -> int:
    """Afterwards no message is kept that was done before, or was answered before and not written about since.

    Answers how many went. What waits for an answer stays.
    """
    is_silent = sa.and_(HouseMessage.state == ANSWERED, HouseMessage.last_at < before)
    old = sa.delete(HouseMessage).where(sa.or_(HouseMessage.done_at < before, is_silent))
    return len(session.scalars(old.returning(HouseMessage.id)).all())


def _note_received(session: Session, message: HouseMessage, *, now: datetime) -> None:
    note(
        session,
        "report.made" if message.kind == REPORT else "message.received",
        now=now,
        record_id=message.id,
        group_id=message.group_id,
        clearinghouse_id=message.clearinghouse_id,
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _last_words(session: Session, message: HouseMessage) -> tuple[str, str] | None:
    """Answer who wrote last about a message, and what."""
    newest = sa.select(HouseMessageText.author, HouseMessageText.text).where(
        HouseMessageText.message_id == message.id
    )
    found = session.execute(newest.order_by(HouseMessageText.id.desc()).limit(1)).one_or_none()
    return None if found is None else (found.author, found.text)


def _add_text(
    session: Session, message: HouseMessage, author: str, text: str, *, house_id: int | None, now: datetime
) -> None:
    plain = _plain(text)
    if not plain:  # a report may be one click
        return
    session.add(
        HouseMessageText(
            message_id=message.id, author=author, clearinghouse_id=house_id, text=plain, written_at=now
        )
    )
    session.flush()
