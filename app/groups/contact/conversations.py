"""Messages between somebody who looks for help and the contact of a group: neither learns the other's address.

Kept are the two addresses, for some weeks after the last message; what was written is only ever in the outbox, which
forgets it when it is sent.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.rules.email_address import fold_address
from app.groups.contact.emails import Ways, came_back_mail, mail_to_contact, mail_to_seeker
from app.groups.models import Conversation, Group
from app.shared.errors import BadInput, RuleBroken
from app.shared.incoming_mail import address_of
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.outbox import About, OutboxMail, queue_mail, sendable_address
from app.shared.retention import days_of
from app.shared.signed_links import sign_link, whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SEEKER, CONTACT = "seeker", "contact"
REPLY = "reply"
"""The kind of the addresses that answers come in at."""
LINK = "message"
CONVERSATIONS = "conversations"
"""The rule by which conversations end (``app/groups/retention.py``)."""
MOST_A_DAY = 20
"""So many messages of one conversation are passed on in a day: two machines that answer each other come to an end."""
MOST_BEGUN = 10
"""With one address for the answers so many groups can be written to in a day."""
PURPOSES = {CONTACT: "contact-message", SEEKER: "contact-answer"}


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody writes first."""

    email: str
    name: str
    text: str
    language: str


def new_token() -> str:
    """Answer what nobody can guess, in small letters and digits, as mail servers may change capitals."""
    return secrets.token_hex(12)


def answer_url(token: str) -> str:
    """Answer the whole address of the page on which whoever got this link answers."""
    return whole_url(f"/messages/{sign_link(LINK, token)}")


def can_be_written_to(group: Group) -> bool:
    """Whether the address of the group's contact is one that mails can go to."""
    try:
        sendable_address(group.contact_email)
    except BadInput:
        return False
    return True


def check_not_too_many(session: Session, email: str, *, now: datetime) -> None:
    """Return quietly unless messages with this address of an answer are begun all the time: nobody's mailbox is filled.

    Raises:
        RuleBroken: it was so often today.
    """
    address = fold_address(email)
    if not address:
        return
    begun = sa.select(sa.func.count()).select_from(Conversation)
    since = now - timedelta(days=1)
    count = session.scalar(begun.where(Conversation.seeker_email == address, Conversation.last_at > since))
    if (count or 0) >= MOST_BEGUN:
        raise RuleBroken(
            _(
                "With this address many messages were sent today. Please write again tomorrow, or call the clearing "
                "house."
            )
        )


def begin_conversation(session: Session, group: Group, letter: Letter, *, now: datetime) -> None:
    """Afterwards the letter waits to be sent to the contact of the group, who can answer it.

    Raises:
        BadInput: the writer's address cannot be written to; ``field`` is ``email``.
    """
    conversation = Conversation(
        group_id=group.id,
        seeker_email=sendable_address(fold_address(letter.email)),
        seeker_token=new_token(),
        contact_email=group.contact_email,
        contact_token=new_token(),
        language=letter.language,
        last_at=now,
        counted_on=now.date(),
        count_on_day=0,
        last_mail_to=CONTACT,
    )
    session.add(conversation)
    session.flush()
    _pass_on(session, conversation, group, CONTACT, letter.text, name=letter.name, is_first=True, now=now)


def find_conversation(session: Session, token: str, *, now: datetime) -> tuple[Conversation, str] | None:
    """Answer the conversation of a token and whose it is, locked; None when there is none, or it is over.

    A contact of the group who has been followed by another has no part in it any more.
    """
    found = session.scalar(
        sa.select(Conversation)
        .where(sa.or_(Conversation.seeker_token == token, Conversation.contact_token == token))
        .with_for_update()
    )
    if found is None or found.last_at < now - timedelta(days=days_of(CONVERSATIONS)):
        return None
    if token == found.seeker_token:
        return found, SEEKER
    has_still_contact = session.get_one(Group, found.group_id).contact_email == found.contact_email
    return (found, CONTACT) if has_still_contact else None


def answer(
    session: Session,
    conversation: Conversation,
    written_by: str,
    text: str,
    *,
    now: datetime,
    once_key: str | None = None,
) -> None:
    """Afterwards what one end wrote waits to be sent to the other.

    Raises:
        RuleBroken: so much was written today that it looks like two machines, or the group has no address any more.
    """
    group = session.get_one(Group, conversation.group_id)
    to = CONTACT if written_by == SEEKER else SEEKER
    if to == CONTACT and not can_be_written_to(group):
        raise RuleBroken(
            _("This group can no longer be written to. Its clearing house helps you on."), code="no_address"
        )
    if conversation.counted_on == now.date() and conversation.count_on_day >= MOST_A_DAY:
        raise RuleBroken(
            _("That were many messages for one day. Please write again tomorrow."), code="too_many"
        )
    _pass_on(session, conversation, group, to, text, now=now, once_key=once_key)


def _pass_on(
    session: Session,
    conversation: Conversation,
    group: Group,
    to: str,
    text: str,
    *,
    now: datetime,
    name: str = "",
    is_first: bool = False,
    once_key: str | None = None,
) -> None:
    """Queue the mail to one end, with the ways to answer that are this end's own; count it."""
    if to == CONTACT and conversation.contact_email != group.contact_email:
        conversation.contact_email, conversation.contact_token = group.contact_email, new_token()
    token, address, language = (
        (conversation.contact_token, conversation.contact_email, DEFAULT_LANGUAGE)
        if to == CONTACT
        else (conversation.seeker_token, conversation.seeker_email, conversation.language)
    )
    reply_to = address_of(REPLY, token)
    with speaking(language):
        ways = Ways(answer_url(token), is_by_mail=reply_to is not None, days=days_of(CONVERSATIONS))
        mail_id = queue_mail(
            session,
            to=address,
            mail=(
                mail_to_contact(group.name, text, ways, name=name, is_first=is_first)
                if to == CONTACT
                else mail_to_seeker(group.name, text, ways)
            ),
            purpose=PURPOSES[to],
            now=now,
            once_key=once_key,
            reply_to=reply_to,
            about=About(group.id if to == CONTACT else None, group.clearinghouse_id),
        )
    if mail_id is None:  # the same mail once more
        return
    is_today = conversation.counted_on == now.date()
    conversation.count_on_day = conversation.count_on_day + 1 if is_today else 1
    conversation.counted_on, conversation.last_at = now.date(), now
    conversation.last_mail_to, conversation.last_mail_id = to, mail_id


def tell_of_returned(session: Session, *, now: datetime) -> int:
    """Afterwards those whose last message came back have been told by mail, each once; answers how many."""
    returned = session.execute(
        sa.select(Conversation, Group)
        .join(OutboxMail, OutboxMail.id == Conversation.last_mail_id)
        .join(Group, Group.id == Conversation.group_id)
        .where(OutboxMail.bounced_at.is_not(None))
        .with_for_update(of=Conversation)
    ).all()
    for conversation, group in returned:
        conversation.last_mail_id = None
        to_seeker = conversation.last_mail_to == CONTACT
        with speaking(conversation.language if to_seeker else DEFAULT_LANGUAGE):
            queue_mail(
                session,
                to=conversation.seeker_email if to_seeker else conversation.contact_email,
                mail=came_back_mail(group.slug if to_seeker else ""),
                purpose="contact-returned",
                now=now,
            )
    return len(returned)


def forget_conversations(session: Session, before: datetime) -> int:
    """Afterwards there is no conversation whose last message was before; answer how many went."""
    old = sa.delete(Conversation).where(Conversation.last_at < before)
    return len(session.scalars(old.returning(Conversation.id)).all())
