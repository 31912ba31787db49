"""Mails that wait to be sent: written with the change they tell of, so that none tells of what was undone.

A row is due when ``next_try_at`` has come. It is empty once the mail is sent (``sent_at``) or given up (no ``sent_at``;
``last_error`` says why). Of a mail that is sent only its purpose, its moments and its ``once_key`` remain.
``app/shared/mail_delivery.py`` sends them.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING

import idna
from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk, insert_into
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.languages import current_language
from app.shared.mail_text import Mail, check_web_address, write_mail
from app.shared.mail_transport import is_sendable_address
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.shared.database import Base as Model
else:
    Model = db.Model

_PURPOSE = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_BODY = re.compile(r"[\x00\ud800-\udfff]")


class OutboxMail(Model):
    """One mail to one person. The constraints see to it that what is sent is forgotten, and what is due is whole."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR next_try_at IS NULL", name="sent_is_not_due"),
        CheckConstraint(
            "sent_at IS NULL OR coalesce(to_address, subject, body_text, body_html, unsubscribe_url) IS NULL",
            name="sent_is_forgotten",
        ),
        CheckConstraint(
            "next_try_at IS NULL OR"
            " (to_address IS NOT NULL AND subject IS NOT NULL AND body_text IS NOT NULL)",
            name="due_is_whole",
        ),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        {
            "info": {
                "processing": Processing(
                    purpose="to send mails that people expect",
                    people="whoever is written to",
                    basis="that of what the mail is about",
                    kept="address and text until it is sent, or 28 days when it cannot be",
                    columns=(
                        "to_address",
                        "subject",
                        "body_text",
                        "body_html",
                        "unsubscribe_url",
                        "last_error",
                    ),
                    addresses=("to_address",),
                    withheld=("once_key", "unsubscribe_url"),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    once_key: Mapped[str | None] = mapped_column(unique=True)  # a digest; None: may be queued again
    to_address: Mapped[str | None]  # this and the following are None once the mail is sent or forgotten
    subject: Mapped[str | None]
    body_text: Mapped[str | None]
    body_html: Mapped[str | None]
    unsubscribe_url: Mapped[str | None]
    language: Mapped[str]
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)  # None: sent or given up
    last_error: Mapped[str | None]


def queue_mail(
    session: Session,
    *,
    to: str,
    mail: Mail,
    purpose: str,
    now: datetime,
    once_key: str | None = None,
    unsubscribe_url: str | None = None,
) -> int | None:
    """Afterwards the mail waits to be sent, if the caller commits; answers its id, None if it was queued before.

    Its language is the one that is spoken: put the mail into words and queue it inside ``speaking(language)``.

    Args:
        session: the caller's; nothing is committed here.
        to: one address.
        mail: what it says.
        purpose: what the mail is for, such as ``confirm-account``: small letters, digits, hyphens.
        now: the present moment; the mail is due at once.
        once_key: a mail with the same key is queued once in 400 days, however many try at the same time. Made of words
            of the program and ids of rows, such as ``reminder:412:2026-03-04:member:77``; only its digest is stored.
        unsubscribe_url: where a GET asks, and a POST does at once, to end mails of this kind, without signing in
            (RFC 8058); for mails that come without being asked for each time.

    Raises:
        BadInput: the address cannot be written to, or subject or text hold characters that do not belong.
        ValueError: purpose, key or link are not written as above.
    """
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError(f"A purpose is small letters, digits and hyphens, not {purpose!r}.")
    if unsubscribe_url is not None:
        check_web_address(unsubscribe_url)
    row = {
        "once_key": None if once_key is None else _digest(once_key),
        "to_address": _sendable_address(str(to)),
        "unsubscribe_url": unsubscribe_url,
        **_write(mail, unsubscribe_url=unsubscribe_url),
        "purpose": purpose,
        "created_at": now,
        "tries": 0,
        "next_try_at": now,
    }
    once = (
        insert_into(session, OutboxMail)
        .values(row)
        .on_conflict_do_nothing(index_elements=[OutboxMail.once_key])
    )
    mail_id: int | None = session.scalar(once.returning(OutboxMail.id))
    return mail_id


def queued_among(session: Session, once_keys: Iterable[str]) -> set[str]:
    """Answer those keys with which a mail was queued before, in the last 400 days."""
    keys = {_digest(key): key for key in once_keys}
    found = session.scalars(select(OutboxMail.once_key).where(OutboxMail.once_key.in_(keys)))
    return {keys[digest] for digest in found if digest is not None}


def _write(mail: Mail, *, unsubscribe_url: str | None) -> dict[str, str]:
    """Answer the columns that hold what the mail says, checked."""
    subject = _one_line(str(mail.subject))
    text, html = write_mail(mail, unsubscribe_url=unsubscribe_url or "")
    return {
        "subject": subject,
        "body_text": _plain_text(text),
        "body_html": html,
        "language": current_language(),
    }


def _digest(once_key: str) -> str:
    """Answer what is stored of a key: nothing can be read from it, and it does not hang on a secret that may change."""
    if not once_key or "@" in once_key:
        raise ValueError(
            "A key for mails is made of words of the program and ids of rows, without addresses."
        )
    return hashlib.sha256(once_key.encode()).hexdigest()


def _sendable_address(to: str) -> str:
    """Answer the address as it can stand in an envelope: its domain in ASCII."""
    local, _at, domain = to.strip(" ").rpartition("@")
    try:
        address = f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except UnicodeError:
        address = ""
    if not is_sendable_address(address):
        raise BadInput(_("This is not an e-mail address we can write to. Please check it."), field="email")
    return address


def _one_line(subject: str) -> str:
    """Answer the subject if it is one line."""
    if _CONTROL.search(subject):
        raise BadInput(
            _("A subject is one line of text. Please take out line breaks and control characters.")
        )
    return subject


def _plain_text(body: str) -> str:
    """Answer the text with plain line ends."""
    if _CONTROL_IN_BODY.search(body):
        raise BadInput(_("The text holds characters that cannot be sent. Please type it anew."))
    return body.replace("\r\n", "\n").replace("\r", "\n")
