"""Closing a place or a house, and telling the groups: in one transaction, so that no mail tells of what was undone."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from app.groups.emails import closed_mail, reopened_mail
from app.groups.meetings.closures import Owner, close, reopen
from app.groups.meetings.concerned import Concerned, list_concerned
from app.groups.models import Closure
from app.shared.errors import BadInput
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.outbox import About, queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.shared.mail_text import Mail

PURPOSE = "place-closed"
logger = logging.getLogger("wirkreis.closing")


def close_and_tell(
    session: Session,
    owner: Owner,
    *,
    first_on: date,
    last_on: date,
    reason: str,
    place: str,
    now: datetime,
) -> list[Concerned]:
    """Afterwards it is closed and each group concerned has one mail waiting; answer them. Twice is once.

    ``place`` is what the mail calls that which is closed.

    Raises:
        NotFound, RuleBroken: as ``closures.close``.
    """
    concerned = list_concerned(session, owner, first_on=first_on, last_on=last_on, now=now)
    closure_id = close(session, owner, first_on=first_on, last_on=last_on, reason=reason, now=now)
    closure = session.get_one(Closure, closure_id)

    def say(each: Concerned) -> Mail:
        return closed_mail(each, closure, place=place)

    _tell(session, concerned, say, once=f"closed:{_key(closure)}", now=now)
    return concerned


def reopen_and_tell(session: Session, closure_id: int, *, place: str, now: datetime) -> list[Concerned]:
    """Afterwards the closure is gone and each group whose dates or reservations hold again has a mail waiting."""
    closure = session.get(Closure, closure_id)
    if closure is None:
        return []
    owner = Owner(closure.place_id, closure.clearinghouse_id, closure.group_id)
    first_on, last_on, key = closure.first_on, closure.last_on, _key(closure)
    period = {"first_on": first_on, "last_on": last_on}
    reopen(session, closure_id, now=now)
    concerned = list_concerned(session, owner, **period, now=now)

    def say(each: Concerned) -> Mail:
        return reopened_mail(each, place=place, **period)

    _tell(session, concerned, say, once=f"reopened:{key}", now=now)
    return concerned


def _tell(
    session: Session,
    concerned: list[Concerned],
    say: Callable[[Concerned], Mail],
    *,
    once: str,
    now: datetime,
) -> None:
    """Queue a mail for each group with an address; one that cannot be written to is no reason not to close."""
    for each in concerned:
        if not each.contact_email:
            continue
        try:
            with speaking(DEFAULT_LANGUAGE):  # the contacts of groups read German
                queue_mail(
                    session,
                    to=each.contact_email,
                    mail=say(each),
                    purpose=PURPOSE,
                    now=now,
                    once_key=f"{once}:group:{each.group_id}",
                    about=About(each.group_id),
                )
        except BadInput as error:
            facts = {"group": each.group_id, "field": error.field}
            logger.warning("a group cannot be told of a closure", extra={"facts": facts})


def _key(closure: Closure) -> str:
    """Answer what tells a closure from every other: ids are used again once a row is gone, moments are not."""
    return f"{closure.id}:{closure.created_at.astimezone(UTC).isoformat()}"
