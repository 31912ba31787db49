"""An insurer asks the group about its project and is answered; that a share was paid is booked, or taken back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.mails.projects import mail_answer, mail_question
from app.funding.models import ProjectShare
from app.funding.queries.entries import find_posting
from app.funding.queries.project_terms import project_pot
from app.funding.queries.projects import Project, ShareOf
from app.funding.rules import project as rules
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import Because, pay, reverse
from app.funding.services.ledger import counting_year, post
from app.funding.services.project_deciding import hold_share
from app.funding.services.projects import add_act, hold_project, note_of_project
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.errors import BadInput, RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_TEXT = 2_000


def ask_group(session: Session, share_id: int, text: str, *, by: int, now: datetime) -> None:
    """Afterwards the group is asked, by mail and on its page; the text is read by the group and this insurer alone.

    Raises:
        BadInput: no text, or too long.
        RuleBroken: the project is decided or withdrawn.
    """
    found, mine = hold_share(session, share_id)
    if found.project.state not in (rules.SUBMITTED, rules.GAP, rules.CHANGING):
        raise RuleBroken(
            _("This project is decided or withdrawn; there is nothing left to ask."), code="is_decided"
        )
    said = _text(text)
    add_act(session, found.project, "asked", by=by, now=now, insurer_id=mine.insurer.id, text=said)
    note_of_project(session, "project.asked", found.project, now=now, insurer_id=mine.insurer.id)
    session.flush()
    mail_question(session, found, mine.insurer.name, now=now)


def answer_insurer(
    session: Session, project_id: int, insurer_id: int, text: str, *, by: int, now: datetime
) -> None:
    """Afterwards an insurer has the answer of the group, and its officers are told by mail.

    Raises:
        BadInput: no text, too long, or this insurer has not asked.
    """
    found = hold_project(session, project_id)
    said = _text(text)
    mine = next((each for each in found.shares if each.insurer.id == insurer_id), None)
    if mine is None or not found.said(insurer_id):
        raise BadInput(_("Nobody has asked this, or the question was withdrawn."), field="text")
    add_act(session, found.project, "answered", by=by, now=now, insurer_id=insurer_id, text=said)
    note_of_project(session, "project.answered", found.project, now=now, insurer_id=insurer_id)
    session.flush()
    mail_answer(session, found, mine, now=now)


def pay_share(session: Session, share_id: int, *, by: int, now: datetime) -> None:
    """Afterwards it is booked that an insurer has paid its share, by somebody else than who decided.

    Raises:
        RuleBroken: it is not promised, paid already, or the same person decided.
    """
    found, mine = hold_share(session, share_id)
    row, share = found.project, mine.row
    if row.state != rules.DECIDED or not share.cents:
        raise RuleBroken(_("Nothing is promised here, so nothing can be paid."), code="not_promised")
    if share.decided_by == by:
        raise RuleBroken(
            _("You have decided about this share. Please let a colleague book the payment."),
            code="same_person",
        )
    changed: Any = session.execute(
        sa.update(ProjectShare)
        .where(ProjectShare.id == share_id, ProjectShare.paid_at.is_(None), ProjectShare.decided_by != by)
        .values(paid_by=by, paid_at=now)
    )
    if changed.rowcount != 1:
        raise RuleBroken(
            _(
                "This share was booked as paid on %(day)s. Nothing has changed.",
                day=_paid_day(found, share_id),
            ),
            code="paid_already",
        )
    post(session, _payments(session, found, mine, now=now), now=now)
    add_act(session, row, "paid", by=by, now=now, insurer_id=mine.insurer.id, cents=share.cents)
    note_of_project(session, "project.share_paid", row, now=now, insurer_id=mine.insurer.id)
    session.flush()


def take_back_payment(session: Session, share_id: int, *, by: int, now: datetime) -> None:
    """Afterwards it is booked that an insurer has not paid its share, which can be booked again.

    What was booked stays, with an entry that takes it back; of a closed year by one of this year that names it.

    Raises:
        RuleBroken: it was not booked, or the money has gone further, as when something of it came back.
    """
    found, mine = hold_share(session, share_id)
    row, share = found.project, mine.row
    if share.paid_at is None:
        raise RuleBroken(_("This share is not booked as paid. Nothing has changed."), code="not_paid")
    number = _times_paid(found, mine.insurer.id)
    year = row.year or day_of(now).year
    counts_in = counting_year(session, year, now=now)
    undone = []
    for insurer in share.parts:
        key = _key(found, share, insurer, number)
        posted = find_posting(session, key)
        if posted is None:
            raise LookupError(f"share {share_id} is booked as paid without an entry {key}")
        corrects = key if posted.year != counts_in else None
        because = Because(f"{key}/undone", "payment_undone", year=counts_in, corrects=corrects)
        undone.append(reverse(posted, because))
    post(session, undone, now=now)
    cents, share.paid_by, share.paid_at = share.cents, None, None
    add_act(session, row, "payment_undone", by=by, now=now, insurer_id=mine.insurer.id, cents=cents)
    note_of_project(session, "project.payment_undone", row, now=now, insurer_id=mine.insurer.id)
    session.flush()


def _payments(session: Session, found: Project, mine: ShareOf, *, now: datetime) -> list[Any]:
    row = found.project
    year = row.year or day_of(now).year
    counts_in, number = counting_year(session, year, now=now), _times_paid(found, mine.insurer.id) + 1
    return [
        pay(
            project_pot(insurer, found.region.state_ags, year),
            a_group(row.group_id),
            cents,
            Because(
                _key(found, mine.row, insurer, number),
                "project",
                {"project": row.id, "day": day_of(now).isoformat()},
                year=counts_in,
            ),
        )
        for insurer, cents in mine.row.parts.items()
    ]


def _times_paid(found: Project, insurer_id: int) -> int:
    """Answer how often an insurer's payment was booked, whether or not that was taken back."""
    return sum(each.act == "paid" and each.insurer_id == insurer_id for each in found.acts)


def _key(found: Project, share: ProjectShare, insurer: str, number: int) -> str:
    """Answer the key of the entry of a payment, the first or one after that was taken back."""
    key = f"project/{found.project.id}/{found.project.version}/{share.id}/{insurer}/paid"
    return key if number == 1 else f"{key}/{number}"


def _paid_day(found: Project, share_id: int) -> str:
    paid = next((each.row.paid_at for each in found.shares if each.row.id == share_id), None)
    return date_words(day_of(paid)) if paid else ""


def _text(text: str) -> str:
    said = text.strip()
    if not said:
        raise BadInput(_("Please write something."), field="text")
    if len(said) > LONGEST_TEXT:
        raise BadInput(_("Please use at most 2,000 characters."), field="text")
    return said
