"""Notices, for tests: who issues them, a posted run, and a notice that was sent."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.documents.notices import print_notice
from app.funding.models import AllocationRun, DirectNotice, DirectNoticeAct, Notice, NoticeAct
from app.funding.queries.letters import read_letters, waiting_letters
from app.funding.reference_files import notice_texts
from app.funding.rules.division import DivisionRules
from app.funding.rules.notice_letter import Division, Office, Told, letter
from app.funding.services.direct_notices import Decision, tell_decision
from app.funding.services.letters import post_letters
from app.funding.services.notice_ways import choose_way
from app.funding.services.notices import make_portion, order_notices, set_office, still_due
from app.funding.services.run_acts import approve_run, check_run, post_run
from app.funding.services.runs import draft_run
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from tests.builders.groups import NOW

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from app.funding.rules.ledger_accounts import Payee
    from tests.builders.rounds import MadeRound

OFFICE = Office(
    "GKV-Selbsthilfeförderung Köln",
    "Kasernenstraße 61",
    "40213",
    "Düsseldorf",
    "Ute Entwurf",
    "0211 123456",
    "amt@example.org",
)


def make_posted(session: Session, made: MadeRound, rules: DivisionRules | None = None) -> int:
    """Store a run of this round that was posted, and who issues its notices; answer its number."""
    set_office(session, made.region, OFFICE, now=NOW)
    run_id = draft_run(session, made.id, rules or DivisionRules(), name="Sitzung", by=1, now=NOW).run_id
    check_run(session, run_id, by=1, now=NOW)
    approve_run(session, run_id, by=2, now=NOW)
    post_run(session, run_id, by=2, now=NOW)
    return run_id


def make_all(session: Session, run_id: int, **given: Any) -> dict[int, Notice]:
    """Afterwards the notices of a run are made; answers the newest of each group."""
    now = given.get("now", NOW)
    order_notices(session, run_id, by=1, now=now)
    make_portion(session, run_id, still_due(session, run_id), now=now)
    found = sa.select(Notice).where(Notice.run_id == run_id).order_by(Notice.id)
    return {notice.group_id: notice for notice in session.scalars(found)}


def make_notice(session: Session, run_id: int, group_id: int) -> int:
    """Store a notice of a group that was sent, whatever became of the run; answers its number."""
    run = session.get_one(AllocationRun, run_id)
    told = Told(
        kind="rejection",
        group=session.get_one(Group, group_id).name,
        contact="",
        house=[],
        year=2027,
        number=f"TEST-{run_id}-{group_id}",
        day="1. Mai 2027",
        request_number="",
        requested="500,00 €",
        cents="0,00 €",
        before="0,00 €",
        added="0,00 €",
        reasons=["Der Topf reichte nicht."],
        proof="full",
        due_key="by_day",
        due="",
        served_days=4,
    )
    division = Division("Köln", "1", "500,00 €", "400,00 €", [])
    facts = letter(notice_texts(), told, OFFICE, division)
    body = print_notice(facts, NOW)
    notice = Notice(
        round_id=run.round_id,
        run_id=run_id,
        group_id=group_id,
        kind="rejection",
        number=told.number,
        cents=0,
        facts=facts,
        made_at=NOW,
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
    )
    session.add(notice)
    session.flush()
    session.add(NoticeAct(notice_id=notice.id, act="mailed", turn=0, at=NOW))
    session.flush()
    return notice.id


def consent_to_mail(session: Session, payee: Payee) -> None:
    """Store that somebody has agreed to retrieve notices here."""
    choose_way(session, payee, is_electronic=True, by=1, now=NOW)


def post_all(session: Session, run_id: int, notice_ids: Collection[int] = (), **given: Any) -> int:
    """Afterwards the letters of a run that wait are in the post, all or these; answers how many."""
    now = given.get("now", NOW)
    waiting = waiting_letters(session, {Notice: Notice.run_id == run_id})
    letters = read_letters(session, [each for each in waiting if not notice_ids or each[1] in notice_ids])
    return post_letters(session, letters, day=given.get("day", day_of(now)), by=1, now=now)


def make_direct_notice(session: Session, payee: Payee, **given: Any) -> DirectNotice:
    """Store a notice about a decision without a round, sent on paper unless it is mailed; ``given`` of ``Decision``."""
    told: dict[str, Any] = {
        "key": "project/1/tk",
        "kind": "part",
        "subject": "project",
        "payee": payee,
        "to": ("Leise Runde",),
        "number": str(given.get("key", "P-2027-0001-TK")).upper(),
        "request_number": "P-2027-0001",
        "year": 2027,
        "requested_cents": 120_000,
        "cents": 90_000,
        "reasons": ("Das Projekt geht über den Alltag der Gruppe hinaus.",),
        "state_ags": "05",
        "begins_on": date(2027, 3, 1),
        "ends_on": date(2027, 11, 30),
        "proof_due": date(2028, 5, 31),
        "about": "Selbsthilfetag",
    }
    notice = tell_decision(session, Decision(**told | given), OFFICE, now=NOW)
    if session.get(DirectNoticeAct, (notice.id, "mailed", 0)) is None:
        session.add(DirectNoticeAct(notice_id=notice.id, act="posted", turn=0, at=NOW, day=NOW.date()))
    session.flush()
    return notice
