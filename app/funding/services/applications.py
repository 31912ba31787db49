"""Writing an application for a flat grant, page by page; whatever was signed before a change has to be signed anew."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import GrantApplication, GrantRequest, GrantRound
from app.funding.queries.applications import OpenRound, find_earlier, read_round_of, year_of
from app.funding.queries.outcomes import award_of
from app.funding.rules import checks
from app.funding.rules.application import ACCOUNT, DRAFT, PAGES, SUBMITTED, WITHDRAWN
from app.funding.rules.page_merge import Typed
from app.funding.services.requests import withdraw_request
from app.funding.services.signatures import forget_signatures, let_signatures_fall
from app.funding.services.written import Kept, Read, check_page, keep_page
from app.groups.models import Group
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.signed_links import fingerprint

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def begin(
    session: Session, group_id: int, round_: GrantRound, prefilled: Typed, *, now: datetime
) -> OpenRound:
    """Afterwards the group has an application in the round; begun already, it stays as it is.

    It begins with all that the group wrote for the last year, else with what is known of the group (``prefilled``).
    """
    earlier = find_earlier(session, group_id, before=round_.year)
    answers = dict(earlier.answers) if earlier else {"group": {"typed": dict(prefilled)}}
    made = insert_into(session, GrantApplication).values(
        round_id=round_.id,
        group_id=group_id,
        answers=answers,
        copied_from_year=year_of(session, earlier) if earlier else None,
        account_mark=earlier.account_mark if earlier else None,
        state=DRAFT,
        created_at=now,
        saved_at=now,
    )
    once = made.on_conflict_do_nothing(index_elements=["round_id", "group_id"])
    number = session.scalar(once.returning(GrantApplication.id))
    if number is not None:
        note(session, "application.begun", now=now, record_id=number, **_about(session, group_id))
    return read_round_of(session, group_id, round_)


def lock_open(session: Session, group_id: int, round_: GrantRound, *, page: str | None = None) -> OpenRound:
    """Answer what a group has written, kept from others until the transaction ends.

    Raises:
        RuleBroken: it was not begun, or is submitted; the ``page`` is none of those that the group is asked to change.
    """
    session.scalar(
        sa.select(GrantApplication.id)
        .where(GrantApplication.round_id == round_.id, GrantApplication.group_id == group_id)
        .with_for_update()
    )
    found = read_round_of(session, group_id, round_)
    if page is not None and found.change is not None and not found.may_change(page):
        raise RuleBroken(
            _("You were asked to change other pages. This one stays as it was signed."), code="not_asked"
        )
    if not (found.may_change(page) if page else found.is_open):
        raise RuleBroken(
            _("This request is submitted. To change it, withdraw it first; everything you wrote stays."),
            code="is_submitted",
        )
    return found


def save_page(
    session: Session,
    group_id: int,
    round_: GrantRound,
    page: str,
    *,
    typed: Typed,
    seen: str,
    read: Read,
    now: datetime,
) -> tuple[Kept, bool]:
    """Afterwards every field of a page is kept that nobody else has changed since it was opened.

    ``seen`` are the marks of its fields at that time. ``read`` answers what a page means, None while something is not
    right. Of a field that two have changed the other's text stays. Answers that, and whether signatures fell.

    Raises:
        RuleBroken: the request is submitted, or the page far too long.
    """
    check_page(page, PAGES, typed)
    found = lock_open(session, group_id, round_, page=page)
    before, application = found.mark, found.written
    kept = keep_page(application, page, typed=typed, seen=seen, read=read)
    if not kept.is_new:
        return kept, False
    if page == ACCOUNT:
        application.account_mark = fingerprint(kept.values["iban"]) if kept.values else None
    return kept, _note_of_change(session, found, before, "application.saved", now=now, page=page)


def note_of_papers(session: Session, found: OpenRound, before: str, action: str, *, now: datetime) -> bool:
    """Afterwards a change of the papers is written down; answer whether signatures fell by it."""
    return _note_of_change(session, found, before, action, now=now)


def withdraw(session: Session, group_id: int, round_: GrantRound, *, now: datetime) -> None:
    """Afterwards the request counts no more; what was written stays, and can be changed and signed again.

    Raises:
        RuleBroken: money was granted for it already.
    """
    application = session.scalar(
        sa.select(GrantApplication)
        .where(GrantApplication.round_id == round_.id, GrantApplication.group_id == group_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if application is None:
        return
    found = read_round_of(session, group_id, round_)
    change = found.change
    if application.state != SUBMITTED and change is None:
        return
    if award_of(session, group_id, round_.id):
        raise RuleBroken(
            _("Money has been granted for this request already. Please talk to your funding office."),
            code="granted_already",
        )
    application.state = WITHDRAWN
    if change is not None:
        change.ended_at, change.ended_as = now, checks.WITHDRAWN
    request = session.scalar(
        sa.select(GrantRequest).where(
            GrantRequest.round_id == round_.id,
            GrantRequest.group_id == group_id,
            GrantRequest.standing != WITHDRAWN,
        )
    )
    if request is not None:
        withdraw_request(session, request.id, version=request.version, now=now)
    forget_signatures(session, found)
    note(session, "application.withdrawn", now=now, record_id=application.id, **_about(session, group_id))
    session.flush()


def _note_of_change(
    session: Session, found: OpenRound, before: str, action: str, *, now: datetime, page: str | None = None
) -> bool:
    """Note a change; when it is one of what was signed, nobody has signed any more, and whoever had is told."""
    application, group_id = found.written, found.group.id
    application.saved_at = now
    session.flush()
    about = _about(session, group_id)
    if page is not None:
        about |= {"page": page}
    note(session, action, now=now, record_id=application.id, **about)
    after = read_round_of(session, group_id, found.round)
    if found.change is None or after.mark != before:
        application.state = DRAFT
    is_asked = found.change is not None
    if not let_signatures_fall(session, found, before, after.mark, asks_again=is_asked, now=now):
        return False
    note(session, "application.signatures_fell", now=now, record_id=application.id, **about)
    session.flush()
    return True


def _about(session: Session, group_id: int) -> dict[str, Any]:
    return {
        "group_id": group_id,
        "clearinghouse_id": session.get_one(Group, group_id).clearinghouse_id,
    }
