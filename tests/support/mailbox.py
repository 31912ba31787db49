"""What waits in the outbox for somebody, as they would read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.shared.outbox import OutboxMail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def mails_to(session: Session, address: str) -> list[OutboxMail]:
    """Answer the mails that wait for an address, the newest last."""
    session.rollback()
    found = sa.select(OutboxMail).where(OutboxMail.to_address == address).order_by(OutboxMail.id)
    return list(session.scalars(found))


def link_in(session: Session, address: str) -> str:
    """Answer the path of the first link in the newest mail to an address."""
    text = mails_to(session, address)[-1].body_text or ""
    found = re.search(r"https?://\S+", text)
    assert found is not None, text
    return urlsplit(found[0]).path
