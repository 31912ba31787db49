"""Mails leave the house: those that are due are sent, tried again when that fails, and forgotten in time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from app.shared import mail_transport
from app.shared.extensions import db
from app.shared.jobs import Job
from app.shared.mail_transport import MailRefused, MailServerUnreachable
from app.shared.outbox import OutboxMail
from app.shared.retention import Retention
from app.shared.transactions import transaction
from config import INSTANCE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from config import Config

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
ROW_DAYS = 400
"""How long it is known that a mail was there: a reminder of last year's meeting is not sent again."""
_FORGOTTEN = {
    "to_address": None,
    "subject": None,
    "body_text": None,
    "body_html": None,
    "unsubscribe_url": None,
    "last_error": None,  # a server's answer often repeats the address
}


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


def forget_given_up(session: Session, before: datetime) -> int:
    """Afterwards of a mail made before, which was given up, neither address nor text is known; answer how many.

    Until then staff can see to whom a mail did not get through, and why.
    """
    given_up = sa.update(OutboxMail).where(
        OutboxMail.next_try_at.is_(None), OutboxMail.to_address.is_not(None), OutboxMail.created_at < before
    )
    return len(session.scalars(given_up.values(**_FORGOTTEN).returning(OutboxMail.id)).all())


def forget_old_rows(session: Session, before: datetime) -> int:
    """Afterwards it is not known that a mail made before was there; answer how many rows went."""
    old = sa.delete(OutboxMail).where(OutboxMail.next_try_at.is_(None), OutboxMail.created_at < before)
    return len(session.scalars(old.returning(OutboxMail.id)).all())


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
            to=mail.to_address or "",
            subject=mail.subject or "",
            text=mail.body_text or "",
            html=mail.body_html,
            unsubscribe_url=mail.unsubscribe_url,
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
    """Afterwards the mail counts as sent, and whom it went to and what it said is forgotten."""
    note = sa.update(OutboxMail).where(OutboxMail.id == mail.id)
    with transaction(session):
        session.execute(note.values(sent_at=now, next_try_at=None, **_FORGOTTEN))


def _note_failure(session: Session, mail: OutboxMail, *, error: str, now: datetime) -> None:
    """Afterwards the mail waits for its next try, or is given up after the last."""
    next_try_at = now + BACK_OFF[mail.tries - 1] if mail.tries <= len(BACK_OFF) else None
    # Only our own try: after a lost lease somebody else's note counts.
    note = sa.update(OutboxMail).where(
        OutboxMail.id == mail.id, OutboxMail.tries == mail.tries, OutboxMail.sent_at.is_(None)
    )
    with transaction(session):
        session.execute(note.values(next_try_at=next_try_at, last_error=error))


def _deliver_job(now: datetime) -> None:
    """Send what is due, as the application is configured."""
    folder = Path(current_app.instance_path) / "outbox"
    deliver_due_mails(db.session(), config=current_app.config["WIRKREIS"], now=now, folder=folder)


JOBS = (
    # A short lease, so that mails go on soon after a crash; two runs at once do no harm, as each mail is claimed.
    Job(name="deliver-mails", period_seconds=60, run=_deliver_job, lease_seconds=120),
)
RETENTION = (
    Retention(
        "undelivered-mails", "outbox_mail", "address and text of undelivered mails", 28, forget_given_up
    ),
    Retention(
        "mails-that-were",
        "outbox_mail",
        "rows that keep a mail from being sent twice",
        ROW_DAYS,
        forget_old_rows,
    ),
)
