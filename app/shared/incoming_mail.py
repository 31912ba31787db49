"""Mail that comes in for addresses of ours: bounces are noted, answers go to whoever has asked for them.

Nothing of such a mail is logged or kept; what is not for us is refused with a status that a mail server understands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from enum import IntEnum
from typing import TYPE_CHECKING

from flask import current_app

from app.shared import bounces
from app.shared.mail_reading import content_type, header

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from config import Config

MOST_BYTES = 5_000_000
"""Of a larger mail only the beginning is read, and it is not passed on."""
_RECIPIENT_HEADERS = ("X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc")


class Outcome(IntEnum):
    """What became of a mail, as the exit status that mail servers know (sysexits)."""

    TAKEN = 0
    """Done with: passed on, noted, or dropped for a good reason."""
    NO_SUCH_ADDRESS = 67
    TRY_LATER = 75


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail as it came: the token of the address it came for, who sent it by its envelope, and whether it was cut.

    ``digest`` is the same when a mail server that was not sure hands it over once more.
    """

    token: str
    sender: str
    message: EmailMessage
    is_too_large: bool = False
    digest: str = ""

    @property
    def written_by(self) -> str:
        """The address that it says it is from."""
        return parseaddr(header(self.message, "From"))[1]

    @property
    def is_automatic(self) -> bool:
        """Whether no person wrote it (RFC 3834, and what was usual before): passed on, it might go round for ever."""
        message = self.message
        if self.sender in {"", "<>"} or header(message, "Auto-Submitted").lower() not in {"", "no"}:
            return True
        if header(message, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
            return True
        marks = ("List-Id", "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Loop")
        is_robot = self.written_by.lower().startswith(
            ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@")
        )
        return is_robot or any(mark in message for mark in marks) or "report" in content_type(message)


Receiver = Callable[["Session", IncomingMail, "datetime"], bool]
"""Does with a mail what is to be done; False when nobody has that address."""


def init_incoming_mail(app: Flask, receivers: Mapping[str, Receiver]) -> None:
    """Afterwards a mail to ``kind+token@REPLY_DOMAIN`` goes to the receiver of that kind."""
    app.extensions["incoming_mail"] = dict(receivers)


def address_of(kind: str, token: str) -> str | None:
    """Answer the address at which mail for a receiver comes in; None when no mail comes in here."""
    config: Config = current_app.config["WIRKREIS"]
    return f"{kind}+{token}@{config.reply_domain}" if config.reply_domain else None


def receive(
    session: Session, raw: bytes, *, recipient: str | None, sender: str | None, now: datetime
) -> Outcome:
    """Afterwards what this mail asks for is done, if the caller commits.

    Args:
        session: the caller's.
        raw: the mail as it came, at most one byte more than ``MOST_BYTES``.
        recipient: whom the envelope names; None: to be read from the headers.
        sender: who the envelope says sent it, empty for nobody; None: to be read from ``Return-Path``.
        now: the present moment.
    """
    config: Config = current_app.config["WIRKREIS"]
    message = message_from_bytes(raw[:MOST_BYTES], policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy says so
    if sender is None:
        sender = header(message, "Return-Path") or header(message, "From")
    for kind, token in _addresses_of_ours(message, recipient, config.reply_domain):
        if kind == bounces.KIND:
            is_known = bounces.note_bounce(session, token, message, config=config, now=now)
        else:
            receiver: Receiver = current_app.extensions["incoming_mail"][kind]
            mark = header(message, "Message-ID").encode("utf-8", "replace") or raw
            mail = IncomingMail(
                token,
                sender.strip(),
                message,
                is_too_large=len(raw) > MOST_BYTES,
                digest=hashlib.sha256(mark).hexdigest(),
            )
            is_known = receiver(session, mail, now)
        return Outcome.TAKEN if is_known else Outcome.NO_SUCH_ADDRESS
    return Outcome.NO_SUCH_ADDRESS


def _addresses_of_ours(message: EmailMessage, recipient: str | None, domain: str) -> list[tuple[str, str]]:
    """Answer the kind and the token of each address of ours that the mail is for."""
    if not domain:
        return []
    kinds = "|".join([bounces.KIND, *current_app.extensions["incoming_mail"]])
    ours = re.compile(rf"({kinds})\+([a-z0-9-]{{8,60}})@{re.escape(domain)}")
    if recipient is None:
        given = [
            address for _name, address in getaddresses([header(message, name) for name in _RECIPIENT_HEADERS])
        ]
    else:
        given = [recipient.strip().strip("<>")]
    return [(found[1], found[2]) for each in given if (found := ours.fullmatch(each.lower()))]
