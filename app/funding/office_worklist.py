"""What waits for funding offices and for finance, in words, each with one button: the start of the funding area."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.funding.queries import office_waiting as kinds
from app.funding.queries.institutions import list_waiting
from app.funding.queries.office_waiting import (
    OfficeWaiting,
    list_office_waiting,
    list_project_shares_waiting,
)
from app.funding.queries.representation import list_sittings_ahead
from app.funding.rules.deadlines import objection_answer_due
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.money import euro_words
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

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
    kinds.PROOFS: _l("Check"),
    kinds.CLAIMS: _l("Look"),
    kinds.PROJECTS: _l("Decide"),
}
OF_OFFICE = frozenset(KIND_NAMES) - {kinds.TO_RELEASE, kinds.PROJECTS}
OF_FINANCE = frozenset({kinds.TO_APPROVE, kinds.TO_POST, kinds.TO_RELEASE})
"""Which kinds wait for the office of a region, and which for whoever approves and pays everywhere."""


def office_lines(
    session: Session, office_regions: Collection[int], finance_regions: Collection[int], *, now: datetime
) -> list[Waiting]:
    """Answer what waits in the regions of an office and in those where somebody approves and pays, oldest first."""
    found = list_office_waiting(session, {*office_regions, *finance_regions}, now=now)
    mine = [
        each
        for each in found
        if (each.kind in OF_OFFICE and each.region.id in office_regions)
        or (each.kind in OF_FINANCE and each.region.id in finance_regions)
    ]
    return [_line(each, day_of(now)) for each in mine]


def insurer_lines(session: Session, insurer_ids: Collection[int], *, now: datetime) -> list[Waiting]:
    """Answer what waits for whoever decides about projects for these insurers, the oldest first."""
    return [_line(each, day_of(now)) for each in list_project_shares_waiting(session, insurer_ids)]


def advice_lines(session: Session, region_ids: Collection[int]) -> list[Waiting]:
    """Answer the sittings about which a representative of self-help can say something now, the next one first."""
    return [
        Waiting(
            kind=str(KIND_NAMES[kinds.SITTING]),
            what=_("a sitting on %(day)s", day=date_words(each.held_on)),
            who=f"{each.region_name} {each.year}",
            since=each.papers_sent_at,
            button=_("Comment on it"),
            url=url_for("funding.show_sitting", sitting_id=each.sitting_id),
        )
        for each in list_sittings_ahead(session)
        if each.papers_sent_at and each.region_id in region_ids
    ]


def institution_lines(session: Session, states: Collection[str | None]) -> list[Waiting]:
    """Answer the requests and proofs of houses and organisations that wait in these Länder, the oldest first."""
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
    return sorted(lines, key=lambda line: line.since)


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
