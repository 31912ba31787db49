"""A mail in the outbox, and what was sent of it, read strictly."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import html5lib

from app.shared.mail_text import Button, Mail, Paragraph
from app.shared.outbox import OutboxMail, queue_mail
from config import Config

if TYPE_CHECKING:
    from email.message import Message
    from xml.etree.ElementTree import Element

    from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONFIG = Config(app_env="test", public_url="https://wirkreis.example")


def put(
    session: Session, *, subject: str = "Deine Anfrage", body: str = "Bis Mittwoch!", **changes: Any
) -> int:
    """Queue one mail and commit."""
    mail = Mail(subject, (Paragraph(body), Button("Zur Gruppe", "https://wirkreis.example/groups/x?a=1&b=2")))
    facts: dict[str, Any] = {"to": "anna@example.org", "purpose": "enquiry-answer", "now": NOW}
    mail_id = queue_mail(session, mail=mail, **{**facts, **changes})
    session.commit()
    assert mail_id is not None
    return mail_id


def get(session: Session, mail_id: int) -> OutboxMail:
    session.rollback()
    return session.get_one(OutboxMail, mail_id, populate_existing=True)


def get_now(session: Session, mail_id: int) -> OutboxMail:
    """Answer the row as this transaction sees it."""
    return session.get_one(OutboxMail, mail_id, populate_existing=True)


def part(message: Message, kind: str) -> str:
    """Answer the plain or the html part as text with plain line ends."""
    assert isinstance(message, EmailMessage)
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def left_of(mail: OutboxMail) -> list[str]:
    """Answer which columns still say whom the mail is for or what it says."""
    names = ("to_address", "subject", "body_text", "body_html", "unsubscribe_url", "last_error")
    return [name for name in names if getattr(mail, name) is not None]


def parse(html: str) -> Element:
    """Answer the root of the HTML; ``ParseError`` when something is not as HTML must be."""
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return root
