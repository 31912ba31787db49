"""Answers that come in by mail: only what a person has written anew goes on, to whoever the address stands for.

An automatic answer goes no further, whatever it is. Attachments are left out, which the text says: a photo or a
document tells more of its maker than they know. What cannot be passed on at all is answered with a sentence, but only
to the very address that the conversation has: who else a mail says it is from may be invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.accounts.rules.email_address import fold_address
from app.groups.contact.conversations import (
    CONTACT,
    SEEKER,
    answer,
    answer_url,
    find_conversation,
)
from app.groups.contact.emails import not_passed_on_mail
from app.groups.contact.inbox import find_answerable, tell_house, write_again
from app.groups.models import Conversation, HouseMessage
from app.groups.rules.mail_words import text_of_html, words_to_pass_on
from app.shared.errors import BadInput, DomainError
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.outbox import queue_mail, queued_among

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage

    from sqlalchemy.orm import Session

    from app.shared.incoming_mail import IncomingMail

    End = tuple[Conversation | HouseMessage, str]


def find_end(session: Session, token: str, *, now: datetime) -> End | None:
    """Answer what somebody with this token writes to, and which end of it they are; None when it is over."""
    found = find_conversation(session, token, now=now)
    if found is not None:
        return found
    message = find_answerable(session, token, now=now)
    return (message, SEEKER) if message is not None else None


def write_on(session: Session, end: End, text: str, *, now: datetime, once_key: str | None = None) -> None:
    """Afterwards what one end has written is on its way to the other, or waits in the inbox of the house.

    Raises:
        RuleBroken: it cannot be passed on.
    """
    about, side = end
    if isinstance(about, Conversation):
        answer(session, about, side, text, now=now, once_key=once_key)
        return
    write_again(session, about, text, now=now)
    try:
        tell_house(session, about, now=now)
    except BadInput:  # the message waits in the inbox all the same
        return


def receive_answer(session: Session, mail: IncomingMail, now: datetime) -> bool:
    """Take a mail to a reply address; False when nobody has that address, or no longer."""
    end = find_end(session, mail.token, now=now)
    if end is None:
        return False
    if mail.is_automatic:
        return True
    with speaking(_language_of_reader(end)):
        text = "" if mail.is_too_large else _text_to_pass_on(mail, end)
    key = f"{type(end[0]).__name__}:{mail.token}:{mail.digest}"
    with speaking(_language_of_writer(end)):
        refusal = "" if text else _refusal(is_too_large=mail.is_too_large)
        try:
            if text and not queued_among(session, [key]):
                write_on(session, end, text, now=now, once_key=key)
        except DomainError as error:
            refusal = error.message
        if refusal:
            _say_so(session, end, mail, refusal, once_key=key, now=now)
    return True


def _refusal(*, is_too_large: bool) -> str:
    if is_too_large:
        return _("Your mail was too large to be passed on. Please write without attachments.")
    return _(
        "In your mail we found no text of yours that we could pass on. Please write it above everything else."
    )


def _text_to_pass_on(mail: IncomingMail, end: End) -> str:
    """Answer the words of a mail, with a note about what was left out; empty when there are none."""
    about, side = end
    own = about.contact_email if side == CONTACT and isinstance(about, Conversation) else _seeker_of(about)
    plain, has_more = _parts(mail.message)
    words = words_to_pass_on(
        plain,
        hidden={own, mail.written_by, mail.sender.strip("<>")},
        secrets={mail.token, *_tokens(about), "/messages/"},
        instead=_("[address left out]"),
    )
    if words and has_more:
        words += "\n\n" + _("[An attachment was left out. Wirkreis passes on text only.]")
    return words


def _parts(message: EmailMessage) -> tuple[str, bool]:
    """Answer the text of a mail, made of its HTML if it has no other, and whether it has attachments."""
    try:
        body = message.get_body(("plain", "html"))
        has_more = any(True for _part in message.iter_attachments()) if message.is_multipart() else False
    except (KeyError, ValueError, TypeError, AttributeError):
        return "", False
    if body is None:
        return "", has_more
    try:
        content = str(body.get_content())
    except (KeyError, LookupError, ValueError, AttributeError):
        payload = body.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return (text_of_html(content) if body.get_content_subtype() == "html" else content), has_more


def _say_so(
    session: Session, end: End, mail: IncomingMail, reason: str, *, once_key: str, now: datetime
) -> None:
    """Queue a sentence for whoever wrote, if the mail is from the address we know."""
    about, side = end
    own = about.contact_email if side == CONTACT and isinstance(about, Conversation) else _seeker_of(about)
    if fold_address(mail.written_by) != fold_address(own):
        return
    queue_mail(
        session,
        to=own,
        mail=not_passed_on_mail(reason, answer_url(mail.token)),
        purpose="contact-not-passed-on",
        now=now,
        once_key=f"{once_key}:refused",
    )


def _language_of_reader(end: End) -> str:
    about, side = end
    return about.language if side == CONTACT else DEFAULT_LANGUAGE


def _language_of_writer(end: End) -> str:
    about, side = end
    return DEFAULT_LANGUAGE if side == CONTACT else about.language


def _seeker_of(about: Conversation | HouseMessage) -> str:
    return about.seeker_email if isinstance(about, Conversation) else about.email


def _tokens(about: Conversation | HouseMessage) -> tuple[str, ...]:
    return (about.seeker_token, about.contact_token) if isinstance(about, Conversation) else (about.token,)
