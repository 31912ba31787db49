"""Notices are made in portions, each group's exactly once; a name that cannot be printed holds back only itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.documents.notices import (
    AboutGroup,
    Upheld,
    Writer,
    make_writer,
    print_notice,
    read_groups,
    write_notice,
)
from app.funding.models import (
    AllocationRun,
    FundingRegion,
    HeldNotice,
    Notice,
    NoticeObjection,
    NoticeOffice,
    NoticeOrder,
)
from app.funding.queries.notices import (
    count_of_round,
    due_notices,
    earlier_run_with_due,
    held_of,
    newest_notice,
    office_of,
    order_of,
)
from app.funding.queries.runs import POSTED, acts_of
from app.funding.rules.notice_letter import Office
from app.funding.rules.notices import CHANGE, REVOCATION, notice_number
from app.funding.rules.reclaim import REVOKED
from app.funding.services.notice_acts import note_of_notice
from app.funding.services.reclaims import claim_back
from app.funding.services.rounds import hold_round
from app.groups.presentation import date_words
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.pdf import NotPrintable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PORTION = 25
"""So many notices are made in one transaction: less than half a second in which nobody else decides about the round."""


def set_office(session: Session, region: FundingRegion, office: Office, *, now: datetime) -> None:
    """Afterwards this is who issues the notices of a region; those that are made already stay as they are."""
    values = asdict(office) | {"changed_at": now}
    known = office_of(session, region.id)
    if known is None:
        session.add(NoticeOffice(region_id=region.id, **values))
    else:
        for name, value in values.items():
            setattr(known, name, value)
    note(session, "region.notice_office_set", now=now, record_id=region.id)


def order_notices(session: Session, run_id: int, *, by: int, now: datetime) -> None:
    """Afterwards the notices of a run are being made, those that were held back too.

    Raises:
        RuleBroken: the run is not posted, nobody has said who issues them, or those of an earlier run come first.
    """
    run = session.get_one(AllocationRun, run_id)
    found = hold_round(session, run.round_id)
    if POSTED not in acts_of(session, run_id):
        raise RuleBroken(
            _("Only what a posted run decided can be told. Nothing has changed."), code="not_posted"
        )
    if office_of(session, found.region_id) is None:
        raise RuleBroken(_("Please say first who issues the notices."), code="no_office")
    if before := earlier_run_with_due(session, run):
        raise RuleBroken(
            _(
                "Please make the notices of round %(number)s first: those of this round refer to them.",
                number=before.number,
            ),
            code="earlier_first",
        )
    session.execute(sa.delete(HeldNotice).where(HeldNotice.run_id == run_id))
    order = order_of(session, run_id)
    if order is None:
        session.add(
            NoticeOrder(run_id=run_id, ordered_by=by, ordered_at=now, is_making=True, is_mailing=False)
        )
    else:
        order.is_making = True
    note(session, "run.notices_ordered", now=now, record_id=run_id)


def still_due(session: Session, run_id: int) -> list[int]:
    """Answer the groups whose notice of a run is to be made, without those that are held back."""
    run = session.get_one(AllocationRun, run_id)
    return sorted(due_notices(session, run).keys() - held_of(session, run_id).keys())


def make_portion(session: Session, run_id: int, group_ids: Sequence[int], *, now: datetime) -> int:
    """Afterwards these groups have their notice, or it is held back; answer how many were made."""
    run = session.get_one(AllocationRun, run_id)
    found = hold_round(session, run.round_id)
    region = session.get_one(FundingRegion, found.region_id)
    due = due_notices(session, run, group_ids)  # somebody else may have made some meanwhile
    office = office_of(session, region.id)
    if not due or office is None:
        return 0
    writer = make_writer(session, run, region, office, now=now)
    made: list[Notice] = []
    known = read_groups(session, writer, due)
    running = count_of_round(session, run.round_id)
    for group_id in sorted(due):
        number = notice_number(region.slug, found.year, running + len(made) + 1)
        try:
            made.append(_make(session, writer, known[group_id], due[group_id], number))
        except NotPrintable as error:
            _hold_back(session, run_id, group_id, error.signs, now=now)
    session.add_all(made)
    session.flush()
    for notice in made:
        house_id = known[notice.group_id].house_id
        note_of_notice(session, "made", notice, now=now, house_id=house_id, notice_kind=notice.kind)
        if notice.kind == REVOCATION:  # what was paid, or is on its way, has to come back
            claim_back(
                session, region, found, notice.group_id, may_keep_cents=0, cause=REVOKED, by=None, now=now
            )
    return len(made)


def end_making(session: Session, run_id: int) -> None:
    """Afterwards the order is done, if nothing is left to make."""
    order = order_of(session, run_id)
    if order is not None and not still_due(session, run_id):
        order.is_making = False


def make_after_objection(
    session: Session, notice: Notice, objection: NoticeObjection, reason: str, *, now: datetime
) -> Notice:
    """Answer the notice of change that follows from an objection that was upheld.

    Raises:
        RuleBroken: nobody has said who issues notices.
        NotPrintable: no font has one of the characters.
    """
    found = hold_round(session, notice.round_id)
    region = session.get_one(FundingRegion, found.region_id)
    office = office_of(session, region.id)
    if office is None:
        raise RuleBroken(_("Please say first who issues the notices."), code="no_office")
    run = session.get_one(AllocationRun, notice.run_id)
    writer = make_writer(session, run, region, office, now=now)
    about = read_groups(session, writer, [notice.group_id])[notice.group_id]
    number = notice_number(region.slug, found.year, count_of_round(session, found.id) + 1)
    upheld = Upheld(date_words(objection.received_on), objection.cents or 0, reason)
    made = _make(session, writer, about, CHANGE, number, upheld=upheld)
    session.add(made)
    session.flush()
    note_of_notice(session, "made", made, now=now, house_id=about.house_id, notice_kind=made.kind)
    return made


def _make(
    session: Session,
    writer: Writer,
    about: AboutGroup,
    kind: str,
    number: str,
    *,
    upheld: Upheld | None = None,
) -> Notice:
    group_id = about.line.group_id
    run = None if upheld else writer.run
    replaced = (
        newest_notice(session, writer.round.id, group_id, up_to=run) if kind in (CHANGE, REVOCATION) else None
    )
    facts, cents = write_notice(writer, about, kind=kind, number=number, replaced=replaced, upheld=upheld)
    body = print_notice(facts, writer.now)
    return Notice(
        round_id=writer.round.id,
        run_id=writer.run.id,
        group_id=group_id,
        replaces_id=replaced.id if replaced else None,
        kind=kind,
        number=number,
        cents=cents,
        facts=facts,
        made_at=writer.now,
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
    )


def _hold_back(session: Session, run_id: int, group_id: int, signs: str, *, now: datetime) -> None:
    if session.get(HeldNotice, (run_id, group_id)) is None:
        session.add(HeldNotice(run_id=run_id, group_id=group_id, signs=signs, held_at=now))
        note(session, "run.notice_held", now=now, record_id=run_id, group_id=group_id)
