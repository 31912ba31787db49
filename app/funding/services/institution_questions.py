"""Asking back about a request of a clearing house or an organisation, and telling those who lead the house."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.mails.institutions import question_mail
from app.funding.models import InstitutionRequest
from app.funding.rules.institutions import RETURNED, SUBMITTED
from app.funding.services.direct_notices import writers_for
from app.funding.services.institutions import (
    MOST_TYPED,
    act,
    changed_since,
    find_or_refuse,
    note_of_institution,
)
from app.groups.readers import write_to
from app.shared.errors import BadInput
from app.shared.outbox import About

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.institutions import Found


def return_request(
    session: Session, request_id: int, words: str, *, seen: int, by: int, now: datetime
) -> None:
    """Afterwards whoever asks can change the request and answer what is not clear.

    Raises:
        BadInput: nothing is asked.
        RuleBroken: it does not wait for a decision, or has changed since ``seen``.
    """
    words = words.strip()
    if not 0 < len(words) <= MOST_TYPED:
        raise BadInput(_("Please write what is not clear."), field="words")
    moved = sa.update(InstitutionRequest).where(
        InstitutionRequest.id == request_id,
        InstitutionRequest.version == seen,
        InstitutionRequest.state == SUBMITTED,
    )
    done = session.execute(moved.values(state=RETURNED, version=seen + 1).returning(InstitutionRequest.id))
    found = find_or_refuse(session, request_id)
    if done.scalar() is None:
        raise changed_since(session, found)
    act(session, found, "returned", by=by, words=words, now=now)
    note_of_institution(session, "institution.returned", found, now=now)
    ask_writers(session, found, now=now)


def ask_writers(session: Session, found: Found, *, now: datetime) -> None:
    """Afterwards whoever writes for it gets a mail that there are questions; the mail does not say which."""
    write_to(
        session,
        writers_for(session, found.request.payee),
        lambda _reader: question_mail(found),
        purpose="institution-questions",
        now=now,
        about=About(clearinghouse_id=found.request.clearinghouse_id),
    )
