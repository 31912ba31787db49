"""Deciding about a request of a clearing house or an organisation: by somebody who did not write it, once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import InstitutionRequest
from app.funding.queries.institutions import acts_of, writers_of
from app.funding.rules.institutions import DECIDED, SUBMITTED
from app.funding.services.direct import promise
from app.funding.services.institutions import (
    MOST_TYPED,
    act,
    changed_since,
    find_or_refuse,
    note_of_institution,
)
from app.shared.errors import BadInput, RuleBroken
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def decide_request(
    session: Session, request_id: int, cents: int, words: str, *, seen: int, by: int, now: datetime
) -> None:
    """Afterwards the sum is promised from the pot of the level, or with 0 nothing is, and the request is decided.

    Raises:
        BadInput: more than was asked for, or less without a reason.
        RuleBroken: whoever wrote in it decides, it has changed since ``seen`` or is decided, or the pot has not so
            much; the sentence says who, when and what.
    """
    found = find_or_refuse(session, request_id)
    request, words = found.request, words.strip()
    if by in writers_of(acts_of(session, request_id)):
        raise RuleBroken(
            _("You wrote in this request yourself. Please let a second person decide."), code="second_person"
        )
    if request.state != SUBMITTED or request.version != seen:
        raise changed_since(session, found)
    if not 0 <= cents <= request.asked_cents:
        raise BadInput(
            _(
                "Please give a sum of at most %(most)s: what was asked for.",
                most=euro_words(request.asked_cents),
            ),
            field="cents",
        )
    if (cents < request.asked_cents and not words) or len(words) > MOST_TYPED:
        raise BadInput(_("Please write why it is less than was asked for."), field="words")
    asked = sa.update(InstitutionRequest).where(
        InstitutionRequest.id == request_id,
        InstitutionRequest.version == seen,
        InstitutionRequest.state == SUBMITTED,
    )
    decided = asked.values(
        state=DECIDED, version=seen + 1, granted_cents=cents, decided_by=by, decided_at=now
    )
    if session.execute(decided.returning(InstitutionRequest.id)).scalar() is None:
        raise changed_since(session, find_or_refuse(session, request_id))
    found = find_or_refuse(session, request_id)
    if cents:
        token = f"request-{request_id}-{seen}"
        entry_id = promise(session, found.pot, found.request.payee, cents, token=token, now=now)
        found.request.entry_id = entry_id
    act(session, found, "decided", by=by, words=words, cents=cents, now=now)
    note_of_institution(session, "institution.decided", found, now=now)
