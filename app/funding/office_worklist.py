"""What waits for whoever has to do with the money, in words, each with one button."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.rules.permissions import Scope, may, may_somewhere
from app.funding.models import FundingRegion
from app.funding.queries import office_waiting as kinds
from app.funding.queries.institutions import list_waiting
from app.funding.queries.office_waiting import (
    OfficeWaiting,
    list_office_waiting,
    list_project_shares_waiting,
    list_sittings_waiting,
)
from app.funding.queries.sittings import insurers_of
from app.funding.rules.deadlines import objection_answer_due
from app.funding.rules.publication import FEDERAL_AREA
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.places.models import State
from app.shared.money import euro_words
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.accounts.person import Person

URGENT = timedelta(days=14)
KIND_NAMES = {
    kinds.TO_CHECK: _l("To check"),
    kinds.TO_DECIDE: _l("To decide"),
    kinds.LATE_ONES: _l("Late requests"),
    kinds.SITTING: _l("Joint sittings"),
    kinds.TO_APPROVE: _l("To approve"),
    kinds.TO_POST: _l("To post"),
    kinds.TO_TELL: _l("Notices"),
    kinds.HELD: _l("Notices held back"),
    kinds.TO_PRINT: _l("Letters"),
    kinds.LETTERS: _l("Letters about projects"),
    kinds.OBJECTION: _l("Objections"),
    kinds.TO_RELEASE: _l("Payments"),
    kinds.RETURNED_ONES: _l("Payments"),
    kinds.PROOFS: _l("Proofs"),
    kinds.CLAIMS: _l("Claims"),
    kinds.PROJECTS: _l("Projects"),
}
BUTTONS = {
    kinds.TO_CHECK: _l("Check"),
    kinds.TO_DECIDE: _l("Divide the pot"),
    kinds.LATE_ONES: _l("Look"),
    kinds.SITTING: _l("To the sitting"),
    kinds.TO_APPROVE: _l("Check"),
    kinds.TO_POST: _l("Post"),
    kinds.TO_TELL: _l("Make notices"),
    kinds.HELD: _l("Look"),
    kinds.TO_PRINT: _l("Send"),
    kinds.LETTERS: _l("Send"),
    kinds.OBJECTION: _l("Decide"),
    kinds.TO_RELEASE: _l("Release"),
    kinds.RETURNED_ONES: _l("Look"),
    kinds.PROOFS: _l("Check"),
    kinds.CLAIMS: _l("Look"),
    kinds.PROJECTS: _l("Decide"),
}
OF_FINANCE = frozenset({kinds.TO_APPROVE, kinds.TO_POST, kinds.TO_RELEASE, kinds.RETURNED_ONES})
OF_OFFICE = frozenset(KIND_NAMES) - {kinds.TO_RELEASE, kinds.RETURNED_ONES, kinds.PROJECTS}
"""Which kinds wait for whoever approves and pays everywhere, and which for the office of a region."""


def waiting_for(session: Session, person: Person, *, now: datetime) -> list[Waiting]:
    """Answer what waits for somebody who has to do with the money, the oldest first."""
    actor = person.actor
    if not may_somewhere(actor, "see_funding"):
        return []
    regions = session.scalars(sa.select(FundingRegion)).all()
    offices, payers = (
        {each.id for each in regions if may(actor, what, Scope(region_id=each.id, state_ags=each.state_ags))}
        for what in ("work_on_rounds", "pay_awards")
    )
    insurers = {grant.insurer_id for grant in actor.grants if grant.insurer_id is not None}
    areas = [*session.scalars(sa.select(State.ags)), FEDERAL_AREA]
    decided = [each for each in areas if may(actor, "decide_institutions", Scope(state_ags=each))]
    lines = [
        *_office_lines(session, offices, payers, now=now),
        *(_line(each, day_of(now)) for each in list_project_shares_waiting(session, insurers)),
        *_sitting_lines(session, insurers, is_heard=may_somewhere(actor, "see_representation"), now=now),
        *_institution_lines(session, [None if each == FEDERAL_AREA else each for each in decided]),
    ]
    return sorted(lines, key=lambda line: line.since)


def _sitting_lines(
    session: Session, insurers: Collection[int], *, is_heard: bool, now: datetime
) -> list[Waiting]:
    """Answer the sittings where somebody decides for an insurer, or, if they are heard, advises."""
    if not insurers and not is_heard:
        return []
    return [
        _line(each, day_of(now))
        for each in list_sittings_waiting(session)
        if is_heard or insurers_of(session, each.region, each.year) & set(insurers)
    ]


def _office_lines(
    session: Session, office_regions: Collection[int], finance_regions: Collection[int], *, now: datetime
) -> list[Waiting]:
    """Answer what waits in the regions of an office and in those where somebody approves and pays."""
    found = list_office_waiting(session, {*office_regions, *finance_regions}, now=now)
    mine = [
        each
        for each in found
        if (each.kind in OF_OFFICE and each.region.id in office_regions)
        or (each.kind in OF_FINANCE and each.region.id in finance_regions)
    ]
    return [_line(each, day_of(now)) for each in mine]


def _institution_lines(session: Session, states: Collection[str | None]) -> list[Waiting]:
    """Answer the requests and proofs of houses and organisations that wait in these Länder."""
    lines = []
    for each in list_waiting(session, states):
        proof = each.proof if each.request.state != "submitted" else None
        since = proof.submitted_at if proof else each.request.submitted_at
        lines.append(
            Waiting(
                kind=_("Houses, organisations"),
                what=_("proof of use for %(year)s", year=each.request.year)
                if proof
                else _(
                    "asks for %(sum)s for %(year)s",
                    sum=euro_words(each.request.asked_cents),
                    year=each.request.year,
                ),
                who=each.name,
                since=since or each.request.created_at,
                button=_("Check") if proof else _("Decide"),
                url=url_for("funding.institution", institution_id=each.request.id),
            )
        )
    return lines


def _line(each: OfficeWaiting, today: date) -> Waiting:
    due = objection_answer_due(day_of(each.since)) if each.kind == kinds.OBJECTION else None
    return Waiting(
        kind=str(KIND_NAMES[each.kind]),
        what=_what(each, due),
        who=f"{each.region.name} {each.year}",
        since=each.since,
        button=str(BUTTONS[each.kind]),
        url=_url(each),
        is_urgent=due is not None and due - today <= URGENT,
    )


def _what(each: OfficeWaiting, due: date | None) -> str:
    if due is not None:
        return _("to be decided by %(day)s", day=date_words(due))
    if each.on is not None:
        return _("a sitting on %(day)s", day=date_words(each.on))
    if each.kind in (kinds.TO_APPROVE, kinds.TO_POST, kinds.TO_TELL):
        return _("a division of the pot")
    return _counted(each.kind, each.count)


def _counted(kind: str, count: int) -> str:
    if kind in (kinds.TO_CHECK, kinds.TO_DECIDE, kinds.LATE_ONES):
        return ngettext("%(num)s request", "%(num)s requests", count)
    if kind == kinds.TO_RELEASE:
        return ngettext("%(num)s payment in a batch", "%(num)s payments in a batch", count)
    if kind == kinds.RETURNED_ONES:
        return ngettext("%(num)s payment that came back", "%(num)s payments that came back", count)
    if kind == kinds.PROJECTS:
        return ngettext("%(num)s project to decide", "%(num)s projects to decide", count)
    if kind == kinds.PROOFS:
        return ngettext("%(num)s proof", "%(num)s proofs", count)
    if kind == kinds.CLAIMS:
        return ngettext("%(num)s claim", "%(num)s claims", count)
    return ngettext("%(num)s notice", "%(num)s notices", count)


def _url(each: OfficeWaiting) -> str:
    slug, year = each.region.slug, each.year
    of_round = {
        kinds.TO_DECIDE: "funding.show_round",
        kinds.LATE_ONES: "funding.requests",
        kinds.PROOFS: "funding.round_proofs",
        kinds.RETURNED_ONES: "funding.round_payments",
    }
    if each.kind in of_round:
        return url_for(of_round[each.kind], slug=slug, year=year)
    if each.kind == kinds.LETTERS:
        return url_for("funding.region_letters", slug=slug)
    lists = {
        kinds.TO_CHECK: "funding.checks",
        kinds.CLAIMS: "funding.reclaims",
        kinds.PROJECTS: "funding.project_inbox",
    }
    if each.kind in lists:
        return url_for(lists[each.kind])
    if each.kind == kinds.SITTING:
        return url_for("funding.show_sitting", sitting_id=each.number)
    if each.kind == kinds.TO_RELEASE:
        return url_for("funding.show_batch", batch_id=each.number)
    if each.kind == kinds.OBJECTION:
        return url_for("funding.show_run_notice", run_id=each.run_id, notice_id=each.number)
    page = "funding.show_run" if each.kind in (kinds.TO_APPROVE, kinds.TO_POST) else "funding.run_notices"
    return url_for(page, run_id=each.run_id)
