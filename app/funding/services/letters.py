"""Letters are posted, which is when their time begins, and come back, which is when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import Notice
from app.funding.queries.letters import Letter
from app.funding.queries.objections import objection_to
from app.funding.rules.dispatch import POSTED, RETURNED
from app.funding.services.notice_acts import did
from app.funding.services.notice_ways import choose_way
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def post_letters(session: Session, letters: Sequence[Letter], *, day: date, by: int, now: datetime) -> int:
    """Afterwards those of these letters that still wait are in the post since a day; answer how many.

    Raises:
        BadInput: the day is still to come, or before one of them was made or came back.
    """
    if day > day_of(now):
        raise BadInput(_("This day is still to come."), field="day")
    for letter in letters:
        earliest = letter.dispatch.returned_on or day_of(letter.notice.made_at)
        if day < earliest:
            raise BadInput(
                _(
                    "%(number)s cannot have been in the post before %(day)s.",
                    number=letter.notice.number,
                    day=date_words(earliest),
                ),
                field="day",
            )
    return sum(
        did(
            session,
            letter.notice,
            POSTED,
            now=now,
            by=by,
            turn=len(letter.dispatch.postings),
            day=day,
            address=letter.to if letter.is_readdressed else (),
        )
        for letter in letters
    )


def take_back_letter(
    session: Session, letter: Letter, *, day: date, address: str, by: int, now: datetime
) -> None:
    """Afterwards the letter waits to be posted anew, to the address, if one is given: no time runs from the first.

    One that waits already only gets the address.

    Raises:
        BadInput: it was not posted, the day cannot be, an objection shows that it arrived, or the address is none.
    """
    postings = letter.dispatch.postings
    if letter.dispatch.sent is not None or not address.strip():
        _check(session, letter, day=day, now=now)
        if not did(session, letter.notice, RETURNED, now=now, by=by, turn=len(postings) - 1, day=day):
            raise BadInput(_("Somebody has entered this already."), field="number")
    if address.strip():
        choose_way(session, letter.payee, by=by, now=now, address=address)


def _check(session: Session, letter: Letter, *, day: date, now: datetime) -> None:
    postings = letter.dispatch.postings
    if not postings:
        raise BadInput(
            _("This letter was not posted. A mail that comes back is noticed without you."), field="number"
        )
    if letter.dispatch.returned_on:
        raise BadInput(
            _(
                "It came back on %(day)s already. You can give a new address.",
                day=date_words(letter.dispatch.returned_on),
            ),
            field="number",
        )
    if isinstance(letter.notice, Notice) and objection_to(session, letter.notice.id) is not None:
        raise BadInput(_("There is an objection to this notice, so it has arrived."), field="number")
    if not postings[-1].day <= day <= day_of(now):
        raise BadInput(
            _("Please give a day since %(day)s, when it was posted.", day=date_words(postings[-1].day)),
            field="day",
        )
