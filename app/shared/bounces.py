"""Mails that come back: the address they come back to, and what a report of the mail servers on the way says."""

from __future__ import annotations

import hashlib
import hmac
import re
from email.message import Message
from typing import TYPE_CHECKING

from app.shared.mail_reading import content_type, header
from app.shared.outbox import OutboxMail

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage

    from sqlalchemy.orm import Session

    from config import Config

KIND = "bounce"
_TOKEN = re.compile(r"([0-9]{1,9})-([0-9a-f]{20})")
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
_LONGEST_REASON = 300


def bounce_address(mail: OutboxMail, *, config: Config) -> str | None:
    """Answer the address that a mail comes back to; None without ``REPLY_DOMAIN``.

    It names the row and holds a mark that nobody else can make, so that nobody can say of a mail that it came back.
    """
    if not config.reply_domain:
        return None
    return f"{KIND}+{mail.id}-{_mark(mail.id, mail.created_at, config=config)}@{config.reply_domain}"


def note_bounce(
    session: Session, token: str, message: EmailMessage, *, config: Config, now: datetime
) -> bool:
    """Afterwards it is known that a mail came back, if this says so; False when it was no mail of ours.

    A mail that is only late, automatic answers, and a second report change nothing.
    """
    found = _TOKEN.fullmatch(token)
    mail = session.get(OutboxMail, int(found[1]), with_for_update=True) if found else None
    if mail is None or found is None:
        return False
    if not hmac.compare_digest(found[2], _mark(mail.id, mail.created_at, config=config)):
        return False
    reason = read_failure(message)
    if reason is not None and mail.bounced_at is None and mail.sent_at is not None:
        mail.bounced_at = now
        mail.last_error = reason
    return True


def read_failure(message: EmailMessage) -> str | None:
    """Answer why a mail was not delivered, as a report (RFC 3464) says it, without addresses; else None."""
    if content_type(message) != "multipart/report":
        return None
    for part in message.walk():
        blocks = part.get_payload() if content_type(part) == "message/delivery-status" else []
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and header(block, "Action").lower() == "failed":
                said = header(block, "Diagnostic-Code").partition(";")[2]
                return without_addresses(f"{header(block, 'Status')} {said}")
    return None


def without_addresses(reason: str) -> str:
    """Answer what a server said on one line, without the addresses it repeats."""
    return " ".join(_ADDRESS.sub("…", reason).split())[:_LONGEST_REASON]


def _mark(mail_id: int, created_at: datetime, *, config: Config) -> str:
    text = f"{KIND}:{mail_id}:{created_at:%Y%m%d%H%M%S}"  # ids are used again once a row is gone
    return hmac.new(config.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:20]
