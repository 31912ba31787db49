"""Signatures of a request of either kind: forgotten, fallen because it was changed, receipted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.mails.applications import changed_mail, receipt_mail
from app.funding.models import ApplicationSignature
from app.funding.words.applications import request_name
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.groups.readers import Reader, write_to
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.written import Signed
    from app.shared.mail_text import Mail


def forget_signatures(session: Session, found: Signed) -> None:
    """Afterwards nobody has signed, and nobody is asked to."""
    session.execute(sa.delete(ApplicationSignature).filter_by(**found.owner))


def let_signatures_fall(
    session: Session, found: Signed, before: str, after: str, *, asks_again: bool, now: datetime
) -> bool:
    """Afterwards nobody has signed if what is signed has changed, by its marks; whoever had is told by mail.

    With ``asks_again`` the same two are to sign anew. Answers whether signatures fell.
    """
    if not found.signatures or after == before:
        return False
    signers = [
        Reader(f"signer:{each.id}", each.email, each.language)
        for each in found.signatures
        if each.signed_at is not None and each.email
    ]
    write_to(
        session,
        signers,
        lambda _reader: changed_mail(request_name(found)),
        purpose="application-changed",
        now=now,
    )
    if not asks_again:
        forget_signatures(session, found)
        return True
    for each in found.signatures:
        each.mark, each.signed_at, each.is_on_paper = after, None, False
    return True


def send_receipts(session: Session, found: Signed, next_: Callable[[], str], *, now: datetime) -> None:
    """Afterwards those who signed by mail have a receipt with the number; ``next_`` says what happens now."""
    number = found.written.number or ""
    readers = [
        Reader(f"signer:{each.id}", each.email, each.language) for each in found.signatures if each.email
    ]

    def write(_reader: Reader) -> Mail:
        rows = (
            (_("Number of the request"), number),
            (_("Asked for"), euro_words(found.asked_cents)),
            (_("Received"), date_words(day_of(now))),
            (_("Signed by"), ", ".join(each.name for each in found.signatures)),
        )
        return receipt_mail(request_name(found), number, rows, next_())

    write_to(session, readers, write, purpose="application-received", now=now)
