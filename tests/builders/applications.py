"""Rounds that groups can apply in, and what they have written there."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import MultiDict

from app.funding.forms.application import form_of, sent_form
from app.funding.models import (
    ApplicationCheck,
    ChangeExtension,
    ChangeRequest,
    DeadlineExtension,
    FundingRegionDistrict,
    GrantApplication,
    GrantRequest,
    GrantRound,
)
from app.funding.queries.applications import find_open_round
from app.funding.rules.page_merge import marks_of
from app.funding.services.applications import begin, save_page
from app.funding.services.papers import add_paper
from app.funding.services.signing import Signer, ask_to_sign, sign, token_of
from app.groups.meetings.schedules import day_of
from app.shared import clock
from tests.builders.funding import make_region

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.applications import OpenRound

KOELN = "05315"
NOBODY = 999_999
"""Somebody whose account is erased."""
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
    for page in PAGES:
        write_page(session, group_id, page, **pages.get(page, {}))
    return read(session, group_id)


def write_page(session: Session, group_id: int, page: str, **fields: Any) -> bool:
    """Afterwards the group has written this page, other fields as above; answers whether signatures fell by it."""
    found = read(session, group_id)
    _form, typed = sent_form(page, MultiDict({**PAGES[page], **fields}), found.rules)
    return save_page(
        session,
        group_id,
        found.round,
        page,
        typed=typed,
        seen=marks_of(found.typed(page)),
        read=lambda kept: form_of(page, kept, found.rules).values(),
        now=clock.now(),
    )[1]


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
        read(session, group_id),
        kind="founding_minutes",
        name="protokoll.png",
        content=make_scan(),
        now=clock.now(),
    )
    return read(session, group_id).papers[0].id


def make_submitted(session: Session, grant_request_id: int) -> int:
    """Store a submitted application, empty but for its number, beside a request of a round; answer its id."""
    request = session.get_one(GrantRequest, grant_request_id)
    row = GrantApplication(
        round_id=request.round_id,
        group_id=request.group_id,
        state="submitted",
        number=f"TEST-{grant_request_id}",
        received_on=request.received_on,
        created_at=clock.now(),
        saved_at=clock.now(),
        submitted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def submit(session: Session, group_id: int, **pages: dict[str, Any]) -> int:
    """Afterwards the group has written these pages and two people signed them by mail; answer the application's id."""
    found = write(session, group_id, **pages)
    signers = [Signer("Kim Sommer", "kim@example.org"), Signer("Jo Winter", "jo@example.org")]
    ask_to_sign(session, found, signers, now=clock.now())
    sign_all(session, group_id)
    return read(session, group_id).written.id


def sign_all(session: Session, group_id: int) -> None:
    """Afterwards everybody who was asked has signed."""
    for each in read(session, group_id).signatures:
        sign(session, token_of(each), now=clock.now())


def plant_checks(session: Session, found: OpenRound) -> ChangeRequest:
    """Store what is said to an application past all services; answer what the group is asked to change."""
    now, application = clock.now(), found.written
    about = {"group_id": found.group.id, "words": "So."}
    checked = {"seen": "x", "kind": "content", "number": 1, "is_ok": False}
    asked = ChangeRequest(
        application_id=application.id,
        fields=["money.own"],
        due_on=day_of(now),
        seen="x",
        asked_at=now,
        answer="Ja.",
        **about,
    )
    session.add_all(
        [
            ApplicationCheck(
                application_id=application.id, checked_by=NOBODY, checked_at=now, **checked, **about
            ),
            asked,
            DeadlineExtension(
                round_id=found.round.id, number=1, last_day=day_of(now), extended_at=now, **about
            ),
        ]
    )
    session.flush()
    session.add(
        ChangeExtension(
            change_request_id=asked.id,
            number=1,
            due_on=day_of(now),
            extended_by=NOBODY,
            extended_at=now,
            **about,
        )
    )
    session.flush()
    return asked


def make_scan() -> bytes:
    """Answer a page as a scanner makes it."""
    written = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(written, "PNG")
    return written.getvalue()
