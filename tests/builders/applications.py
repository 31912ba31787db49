"""Rounds that groups can apply in, and what they have written there."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import MultiDict

from app.funding.forms.application import form_of, sent_form
from app.funding.models import FundingRegionDistrict, GrantRound
from app.funding.queries.applications import find_open_round
from app.funding.rules.page_merge import marks_of
from app.funding.services.applications import begin, save_page
from app.funding.services.papers import add_paper
from app.groups.meetings.schedules import day_of
from app.shared import clock
from tests.builders.funding import make_region

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.applications import OpenRound

KOELN = "05315"
IBAN = "DE89370400440532013000"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PAGES: dict[str, dict[str, Any]] = {
    "group": {"members": "12", "meetings": "40", "founded": "03.2019", "leaders": "none", "is_open": "y"},
    "money": {
        "cost_kind": ["rent", "postage"],
        "cost_euros": ["480", "60,50"],
        "cost_pieces": ["", ""],
        "own": "40,50",
    },
    "account": {"iban": IBAN, "holder": "Kim Sommer", "is_own": "yes"},
    "declarations": {"statements": ["unpaid", "independent", "all_money", "duties"]},
}
"""The pages of a group that has nothing to hide, as they are typed."""


def make_round(session: Session, *, year: int = 0, state: str = "05", **given: Any) -> int:
    """Store a round of this year in the region of Köln, which is made if it is not there; answer its id."""
    today = day_of(clock.now())
    year = year or today.year
    found = sa.select(FundingRegionDistrict.region_id).where(FundingRegionDistrict.district_ags == KOELN)
    region = session.scalar(found) or make_region(
        session, "koeln", name="Köln", state=state, districts=[KOELN]
    )
    known = session.scalar(
        sa.select(GrantRound.id).where(GrantRound.region_id == region, GrantRound.year == year)
    )
    if known is not None:
        return known
    days = {"opens_on": today - timedelta(days=30), "closes_on": today + timedelta(days=30)}
    row = GrantRound(region_id=region, year=year, seed="seed", created_at=clock.now(), **{**days, **given})
    session.add(row)
    session.flush()
    return row.id


def write(session: Session, group_id: int, **pages: dict[str, Any]) -> OpenRound:
    """Afterwards the group has written these pages, the others as above; answers how it stands."""
    now = clock.now()
    found = read(session, group_id)
    begin(session, group_id, found.round, {}, now=now)
    for page, fields in PAGES.items():
        _form, typed = sent_form(page, MultiDict({**fields, **pages.get(page, {})}))
        found = read(session, group_id)
        save_page(
            session,
            group_id,
            found.round,
            page,
            typed=typed,
            seen=marks_of(found.typed(page)),
            read=lambda kept, page=page: form_of(page, kept).values(),
            now=now,
        )
    return read(session, group_id)


def read(session: Session, group_id: int) -> OpenRound:
    """Answer the round that is open for a group."""
    found = find_open_round(session, group_id, now=clock.now())
    assert found is not None
    return found


def make_paper(session: Session, group_id: int) -> int:
    """Afterwards the group has begun an application and added its minutes; answers the number of the paper."""
    found = read(session, group_id)
    begin(session, group_id, found.round, {}, now=clock.now())
    add_paper(
        session,
        group_id,
        found.round,
        kind="founding_minutes",
        name="protokoll.png",
        content=_scan(),
        now=clock.now(),
    )
    return read(session, group_id).papers[0].id


def _scan() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(written, "PNG")
    return written.getvalue()
