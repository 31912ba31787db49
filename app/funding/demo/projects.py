"""Two projects for a demonstration: one waits for two insurers, the officer's among them, and one is being written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.accounts.models import RoleGrant
from app.accounts.rules.permissions import GROUP_CONTACT, INSURER_OFFICER
from app.funding.forms.pages import sent_page
from app.funding.forms.projects import PAGES
from app.funding.models import FundingRegion, FundingRegionDistrict, Insurer, ProjectRequest
from app.funding.queries.pots import list_pots
from app.funding.queries.project_terms import payers_in
from app.funding.rules.page_merge import marks_of
from app.funding.services.projects import begin_project, hold_project, save_project_page
from app.funding.services.signing import submit_on_paper
from app.groups.models import Group, MeetingPlace
from app.places.models import Postcode

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BESIDE = "tk"
"""The insurer that is asked besides the officer's own."""
TEXTS: dict[str, Any] = {
    "title": "Ein Nachmittag für Angehörige",
    "goals": "Angehörige lernen einander kennen und wissen danach, wo sie Hilfe finden.",
    "methods": "Ein Vortrag, danach Gespräche an Tischen; ein Faltblatt zum Mitnehmen.",
    "steps": "Raum und Rednerin anfragen\nFaltblatt drucken\nEinladen\nNachmittag, danach Auswertung in der Gruppe",
    "indicators": "40 Menschen kommen; 200 Faltblätter werden mitgenommen.",
}


def make_demo_projects(session: Session, *, now: datetime) -> None:
    """Afterwards a group asks the insurer of the demonstration's officer, and the contact's group writes a project."""
    if session.scalar(sa.select(ProjectRequest.id).limit(1)) is not None:
        return
    insurer = session.scalar(
        sa.select(Insurer)
        .join(RoleGrant, RoleGrant.insurer_id == Insurer.id)
        .where(RoleGrant.role == INSURER_OFFICER)
    )
    begins = min(now.date() + timedelta(days=28), date(now.year, 12, 29))
    if insurer is None or begins <= now.date() + timedelta(days=1):
        return
    pots = list_pots(session, now.year)
    lands = {
        each.account.state for each in pots if each.account.insurer == insurer.slug and each.free >= 60_000
    }
    asking = _first_group(session, FundingRegion.state_ags.in_(lands))
    if asking is not None:
        asked = [insurer.slug, BESIDE] if insurer.slug != BESIDE else [BESIDE]
        project_id = _write(session, asking, begins, asked, now=now)
        found, names = hold_project(session, project_id), ["Kim Sommer", "Jo Winter"]
        submit_on_paper(session, found, names, received_on=now.date(), posted_on=None, now=now)
    own = sa.select(RoleGrant.group_id).where(RoleGrant.role == GROUP_CONTACT)
    writing = _first_group(session, Group.id.in_(own))
    if writing is not None:
        begin_project(session, *writing, now=now)


def _first_group(session: Session, which: sa.ColumnElement[bool]) -> tuple[Group, FundingRegion] | None:
    row = session.execute(
        sa.select(Group, FundingRegion)
        .join(MeetingPlace, MeetingPlace.id == Group.place_id)
        .join(Postcode, Postcode.postcode == MeetingPlace.postcode)
        .join(FundingRegionDistrict, FundingRegionDistrict.district_ags == Postcode.district_ags)
        .join(FundingRegion, FundingRegion.id == FundingRegionDistrict.region_id)
        .where(which, Group.is_listed)
        .order_by(Group.id)
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def _write(
    session: Session, place: tuple[Group, FundingRegion], begins: date, asked: list[str], *, now: datetime
) -> int:
    project_id = begin_project(session, *place, now=now)
    share = 600 // len(asked)
    pages: dict[str, dict[str, Any]] = {
        "goals": TEXTS,
        "frame": {
            "target": "Angehörige aus der ganzen Stadt",
            "begins": begins.isoformat(),
            "ends": (begins + timedelta(days=90)).isoformat(),
            "recurs": "no",
            "partners": "Stadtbücherei",
            "continuation": "Wer mag, kommt in die Gruppe; das Faltblatt drucken wir aus der Pauschale nach.",
            "members_agree": "y",
        },
        "money": {
            "cost_kind": ["rent", "speakers", "flyers"],
            "cost_euros": ["180", "400", "120"],
            "own": "100",
            "asked_kind": asked,
            "asked_euros": [str(share)] * len(asked),
        },
        "account": {"iban": "DE89370400440532013000", "holder": "Kim Sommer", "is_own": "yes"},
        "people": {"statements": ["not_begun", "all_money", "duties"]},
    }
    payers = dict.fromkeys(payers_in(session, place[1]), "")
    for page, fields in pages.items():
        known: dict[str, Any] = {"payers": payers} if page == "money" else {}
        form = PAGES[page]
        save_project_page(
            session,
            project_id,
            page,
            typed=sent_page(form, MultiDict(fields), **known)[1],
            seen=marks_of(hold_project(session, project_id).typed(page)),
            read=lambda texts, form=form, known=known: form.of(MultiDict(texts), **known).values(),  # type: ignore[misc]
            now=now,
        )
    return project_id
