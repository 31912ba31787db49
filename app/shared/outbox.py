"""Mails that wait to be sent: written with the change they tell of, sent by a job, so none tells of what was undone.

A row is due when ``next_try_at`` has come. It is empty once the mail is sent (``sent_at``) or given up (no ``sent_at``;
``last_error`` says why). The body of a sent mail is forgotten at once.
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import idna
import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.shared import mail_transport
from app.shared.database import IntPk
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.jobs import Job
from app.shared.languages import current_language
from app.shared.mail_transport import MailRefused, MailServerUnreachable
from app.shared.transactions import transaction
from config import INSTANCE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.shared.database import Base as Model
    from config import Config
else:
    Model = db.Model

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""How long to wait after the first, second … failure; after one more the mail is given up."""
LEASE = timedelta(minutes=15)
"""Longer than one mail can take; then another process may try a mail whose sender died."""
OUTBOX_FOLDER = INSTANCE / "outbox"
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_BODY = re.compile(r"[\x00\ud800-\udfff]")


class OutboxMail(Model):
    """One mail to one person."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR next_try_at IS NULL", name="sent_is_not_due"),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
    )

    id: Mapped[IntPk]
    to_address: Mapped[str]
    subject: Mapped[str]
    body_text: Mapped[str | None]  # None once it is sent
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
    subject: str,
    body: str,
    purpose: str,
    now: datetime,
    language: str | None = None,
) -> int:
    """Afterwards the mail waits to be sent, if the caller commits; answers its id.

    Args:
        session: the caller's; nothing is committed here.
        to: one address.
        subject: one line.
        body: plain text.
        purpose: what the mail is for, such as ``confirm-account``: small letters, digits, hyphens.
        now: the present moment; the mail is due at once.
        language: of the text; that of the page when left out.

    Raises:
        BadInput: the address cannot be written to, or address, subject or text hold characters that do not belong.
        ValueError: the purpose is not written as above.
    """
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError(f"A purpose is small letters, digits and hyphens, not {purpose!r}.")
    mail = OutboxMail(
        to_address=_sendable_address(str(to)),
        subject=_one_line(str(subject)),
        body_text=_plain_text(str(body)),
        language=language or current_language(),
        purpose=purpose,
        created_at=now,
        tries=0,
        next_try_at=now,
    )
    session.add(mail)
    session.flush()
    return mail.id


def deliver_due_mails(
    session: Session, *, config: Config, now: datetime, limit: int = 100, folder: Path = OUTBOX_FOLDER
) -> int:
    """Afterwards the mails that were due are sent, or wait for their next try; answers how many were sent.

    Every mail is claimed in a committed transaction of its own before it is sent, so several processes may do this
    at once. A process that dies between the server's yes and our note makes a mail be sent twice, never lost.
    When the server cannot be reached the rest waits untouched.

    Args:
        session: holds nothing uncommitted; is committed here many times.
        config: ``mail_url`` (empty: files in ``folder``) and ``public_url``.
        now: the present moment.
        limit: at most so many are tried.
        folder: where files go when there is no server.

    Raises:
        ConfigError: ``MAIL_URL`` cannot be used; nothing was tried.
    """
    mail_transport.parse_mail_url(config.mail_url)
    started = time.monotonic()
    sent = 0
    for mail_id in _list_due_ids(session, now=now, limit=limit):
        # A run may last longer than a lease: leases count from now, not from the run's beginning.
        moment = now + timedelta(seconds=time.monotonic() - started)
        mail = _claim(session, mail_id, now=moment)
        if mail is None:
            continue
        try:
            _send(mail, config=config, folder=folder)
        except MailRefused as error:
            _note_failure(session, mail, error=str(error), now=moment)
        except MailServerUnreachable as error:
            _note_failure(session, mail, error=str(error), now=moment)
            break
        else:
            _note_sent(session, mail, now=moment)
            sent += 1
    return sent


def _list_due_ids(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Answer the mails that are due, the longest waiting first; the session holds no transaction afterwards."""
    query = sa.select(OutboxMail.id).where(OutboxMail.next_try_at <= now)
    ids = list(session.scalars(query.order_by(OutboxMail.next_try_at, OutboxMail.id).limit(limit)))
    session.rollback()
    return ids


def _claim(session: Session, mail_id: int, *, now: datetime) -> OutboxMail | None:
    """Answer the mail, loose from the session, if it is ours to send until the lease ends; else None."""
    claim = (
        sa.update(OutboxMail)
        .where(OutboxMail.id == mail_id, OutboxMail.next_try_at <= now)
        .values(next_try_at=now + LEASE, tries=OutboxMail.tries + 1)
        .execution_options(synchronize_session=False)
    )
    with transaction(session):
        if not session.execute(claim.returning(OutboxMail.id)).all():
            return None
        mail = session.get_one(OutboxMail, mail_id, populate_existing=True)
        session.flush()
        session.expunge(mail)
    return mail


def _send(mail: OutboxMail, *, config: Config, folder: Path) -> None:
    """Afterwards the mail has left the house."""
    try:
        message = mail_transport.build_message(
            mail_id=mail.id,
            to=mail.to_address,
            subject=mail.subject,
            body=mail.body_text or "",
            language=mail.language,
            created_at=mail.created_at,
            config=config,
        )
    except ValueError as error:  # what queue_mail let through must not hold up the others
        raise MailRefused(f"{type(error).__name__}: the mail cannot be written.") from error
    server = mail_transport.parse_mail_url(config.mail_url)
    if server is None:
        name = f"{mail.created_at:%Y%m%dT%H%M%SZ}-{mail.id:06d}-{mail.purpose}.eml"
        mail_transport.write_as_file(message, folder=folder, name=name)
    else:
        mail_transport.send_by_smtp(message, server=server)


def _note_sent(session: Session, mail: OutboxMail, *, now: datetime) -> None:
    """Afterwards the mail counts as sent and its text is forgotten."""
    note = sa.update(OutboxMail).where(OutboxMail.id == mail.id)
    with transaction(session):
        session.execute(note.values(sent_at=now, next_try_at=None, body_text=None, last_error=None))


def _note_failure(session: Session, mail: OutboxMail, *, error: str, now: datetime) -> None:
    """Afterwards the mail waits for its next try, or is given up after the last."""
    next_try_at = now + BACK_OFF[mail.tries - 1] if mail.tries <= len(BACK_OFF) else None
    # Only our own try: after a lost lease somebody else's note counts.
    note = sa.update(OutboxMail).where(
        OutboxMail.id == mail.id, OutboxMail.tries == mail.tries, OutboxMail.sent_at.is_(None)
    )
    with transaction(session):
        session.execute(note.values(next_try_at=next_try_at, last_error=error))


def _sendable_address(to: str) -> str:
    """Answer the address as it can stand in an envelope: its domain in ASCII."""
    local, _at, domain = to.strip(" ").rpartition("@")
    try:
        address = f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except UnicodeError:
        address = ""
    if not mail_transport.is_sendable_address(address):
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


def _deliver_job(now: datetime) -> None:
    """Send what is due, as the application is configured."""
    folder = Path(current_app.instance_path) / "outbox"
    deliver_due_mails(db.session(), config=current_app.config["WIRKREIS"], now=now, folder=folder)


# A short lease, so that mails go on soon after a crash; two runs at once do no harm, as each mail is claimed.
JOBS = (Job(name="deliver-mails", period_seconds=60, run=_deliver_job, lease_seconds=120),)
