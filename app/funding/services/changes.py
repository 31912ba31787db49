"""A group is asked to change named fields of its application: by a day, with more time, answered or taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.rules.email_address import fold_address
from app.funding.mails.changes import asked_mail, more_time_mail, taken_back_mail
from app.funding.models import ChangeExtension, ChangeRequest, GrantApplication, GrantRound
from app.funding.queries.applications import OpenRound, read_round_of
from app.funding.queries.conflicts import name_of
from app.funding.rules import checks as rules
from app.funding.rules.application import PAGES, SUBMITTED
from app.funding.services.checks import hold_for_check
from app.funding.services.conflicts import refuse_conflicted
from app.funding.services.submitting import note_of_application
from app.groups.listings.labels import when_words
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.groups.readers import Reader, readers_who_sign_in, write_to
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.shared.mail_text import Mail


def ask_for_changes(
    session: Session,
    application_id: int,
    fields: Sequence[str],
    words: str,
    due_on: date,
    *,
    seen: str,
    by: int,
    now: datetime,
) -> None:
    """Afterwards the group is asked to change these fields (page and name) until a day; whoever signed is told too.

    Raises:
        RuleBroken: no field, no sentence, a day that is over; it was changed since ``seen``; or it is asked already.
    """
    under = hold_for_check(session, application_id, seen=seen, by=by, now=now)
    if not fields or not rules.pages_of(fields) <= set(PAGES):
        raise RuleBroken(_("Please choose what is to be changed."), code="no_fields", field="fields")
    words = checked_words(words, _("Please say in a sentence what is to be changed."), field="words")
    _check_day(due_on, day_of(now))
    made = insert_into(session, ChangeRequest).values(
        application_id=application_id,
        group_id=under.application.group_id,
        fields=list(fields),
        words=words,
        due_on=due_on,
        seen=seen,
        asked_by=by,
        asked_at=now,
        answer="",
    )
    once = made.on_conflict_do_nothing(
        index_elements=["application_id"], index_where=ChangeRequest.ended_at.is_(None)
    )
    if session.scalar(once.returning(ChangeRequest.id)) is None:
        raise _asked_already(session, under.found)
    note_of_application(session, "application.changes_asked", under.found, now=now)
    tell_of_change(session, _again(session, under.found), is_reminder=False, now=now)


def extend_change(
    session: Session, application_id: int, due_on: date, words: str, *, seen_due: date, by: int, now: datetime
) -> None:
    """Afterwards the group has longer to answer; ``seen_due`` is the day that the page showed.

    Raises:
        RuleBroken: somebody has moved it since, it is answered, no reason, or no later day.
    """
    words = checked_words(words, _("Please say why."), field="words")
    found = _hold_asked(session, application_id, by, now)
    change = found.change
    if change is None or change.due_on != seen_due:
        raise _moved_meanwhile()
    if due_on <= max(change.due_on, day_of(now)):
        raise RuleBroken(_("Please choose a later day."), field="due_on")
    counted = sa.select(sa.func.count()).where(ChangeExtension.change_request_id == change.id)
    session.add(
        ChangeExtension(
            change_request_id=change.id,
            number=(session.scalar(counted) or 0) + 1,
            group_id=change.group_id,
            due_on=due_on,
            words=words,
            extended_by=by,
            extended_at=now,
        )
    )
    change.due_on, change.reminded_at = due_on, None
    session.flush()
    note_of_application(session, "application.changes_extended", found, now=now)
    write_to_group(
        session,
        found,
        lambda url: more_time_mail(found.group.name, found.round.year, date_words(due_on), words, url),
        purpose="application-more-time",
        now=now,
    )


def take_back_change(session: Session, application_id: int, *, by: int, now: datetime) -> None:
    """Afterwards nothing is asked of the group any more.

    Raises:
        RuleBroken: the group has changed something already, which two people have to sign; or it is answered.
    """
    found = _hold_asked(session, application_id, by, now)
    if found.change is None:
        raise _moved_meanwhile()
    if found.written.state != SUBMITTED:
        raise RuleBroken(
            _("The group has begun to change it. It has to be signed anew first, or withdrawn."), code="begun"
        )
    _end(session, found, rules.TAKEN_BACK, now=now)
    note_of_application(session, "application.changes_taken_back", found, now=now)
    write_to_group(
        session,
        found,
        lambda url: taken_back_mail(found.group.name, found.round.year, url),
        purpose="application-changes-settled",
        now=now,
    )


def answer_change(session: Session, group_id: int, round_: GrantRound, answer: str, *, now: datetime) -> None:
    """Afterwards the group has answered without changing what was signed; whoever asked looks again.

    Raises:
        RuleBroken: no words, or what was changed has to be signed first.
    """
    answer = checked_words(answer, _("Please write what you want to tell the office."), field="answer")
    session.scalar(
        sa.select(GrantApplication.id)
        .where(GrantApplication.round_id == round_.id, GrantApplication.group_id == group_id)
        .with_for_update()
    )
    found = read_round_of(session, group_id, round_)
    if found.change is None:
        raise RuleBroken(_("Nothing is asked of you any more."), code="not_asked")
    if found.written.state != SUBMITTED:
        raise RuleBroken(
            _("You have changed what was signed. Please have it signed anew; with that you have answered."),
            code="not_signed",
        )
    found.change.answer = answer
    _end(session, found, rules.ANSWERED, now=now)
    note_of_application(session, "application.changes_answered", found, now=now)


def remind(session: Session, change_id: int, *, now: datetime) -> bool:
    """Afterwards the group is reminded of what it was asked, once; answer whether it had not been."""
    first = (
        sa.update(ChangeRequest)
        .where(
            ChangeRequest.id == change_id,
            ChangeRequest.reminded_at.is_(None),
            ChangeRequest.ended_at.is_(None),
        )
        .values(reminded_at=now)
    )
    application_id = session.scalar(first.returning(ChangeRequest.application_id))
    if application_id is None:
        return False
    application = session.get_one(GrantApplication, application_id)
    found = read_round_of(session, application.group_id, session.get_one(GrantRound, application.round_id))
    note_of_application(session, "application.reminded", found, now=now)
    tell_of_change(session, found, is_reminder=True, now=now)
    return True


def tell_of_change(session: Session, found: OpenRound, *, is_reminder: bool, now: datetime) -> None:
    """Afterwards the contacts and signers of a group have a mail about what they are asked to change."""
    change = found.change
    if change is None:
        return
    write_to_group(
        session,
        found,
        lambda url: asked_mail(found.group.name, found.round.year, change, url, is_reminder=is_reminder),
        purpose="application-changes-reminder" if is_reminder else "application-changes",
        now=now,
    )


def write_to_group(
    session: Session, found: OpenRound, write: Callable[[str], Mail], *, purpose: str, now: datetime
) -> None:
    """Queue a mail to the contacts of a group and to whoever signed its application, each address once."""
    signers = [
        Reader(f"signer:{each.id}", each.email, each.language) for each in found.signatures if each.email
    ]
    readers = {
        fold_address(each.address): each for each in (*signers, *readers_who_sign_in(session, found.group.id))
    }
    write_to(
        session,
        list(readers.values()),
        lambda _reader: write(whole_url(f"/accounts/groups/{found.group.slug}/funding")),
        purpose=purpose,
        now=now,
    )


def checked_words(words: str, when_empty: str, *, field: str) -> str:
    """Answer what was typed without space around it.

    Raises:
        RuleBroken: it is empty or far too long.
    """
    words = words.strip()
    if not words:
        raise RuleBroken(when_empty, code="no_words", field=field)
    if len(words) > rules.MOST_WORDS:
        raise RuleBroken(_("This is too much text. Please shorten it."), field=field)
    return words


def _hold_asked(session: Session, application_id: int, by: int, now: datetime) -> OpenRound:
    application = session.scalar(
        sa.select(GrantApplication).where(GrantApplication.id == application_id).with_for_update()
    )
    if application is None:
        raise _moved_meanwhile()
    refuse_conflicted(session, by, [application.group_id], now=now)
    return read_round_of(session, application.group_id, session.get_one(GrantRound, application.round_id))


def _again(session: Session, found: OpenRound) -> OpenRound:
    return read_round_of(session, found.group.id, found.round)


def _end(session: Session, found: OpenRound, how: str, *, now: datetime) -> None:
    if found.change is not None:
        found.change.ended_at, found.change.ended_as = now, how
    session.flush()


def _check_day(due_on: date, today: date) -> None:
    if due_on <= today:
        raise RuleBroken(_("Please choose a day that is still to come."), field="due_on")
    if (due_on - today).days > 366:
        raise RuleBroken(_("Please choose a day within a year."), field="due_on")


def _moved_meanwhile() -> RuleBroken:
    return RuleBroken(
        _("Somebody has changed this in the meantime, or the group has answered. Please look again."),
        code="changed_meanwhile",
    )


def _asked_already(session: Session, found: OpenRound) -> RuleBroken:
    change = _again(session, found).change
    if change is None:
        return _moved_meanwhile()
    name = name_of(session, change.asked_by) if change.asked_by else ""
    return RuleBroken(
        _(
            "%(name)s asked the group on %(moment)s already: “%(words)s”. Nothing of yours was stored.",
            name=name or _("Somebody"),
            moment=when_words(change.asked_at),
            words=change.words,
        ),
        code="asked_already",
    )
