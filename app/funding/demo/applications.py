"""Applications of some groups of a demonstration in the open round: to be checked, asked back, checked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.accounts.models import RoleGrant
from app.funding.forms.application import form_of, sent_form
from app.funding.models import GrantRequest, GrantRound
from app.funding.queries.applications import read_round_of
from app.funding.queries.checks import read_under_check
from app.funding.rules.checks import ARITHMETIC
from app.funding.rules.grant_round import LATE
from app.funding.rules.page_merge import marks_of
from app.funding.services.applications import begin, save_page
from app.funding.services.changes import ask_for_changes
from app.funding.services.checks import Finding, store_check
from app.funding.services.signable import obstacles
from app.funding.services.signing import submit_on_paper
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PAGES: dict[str, dict[str, Any]] = {
    "group": {"members": "11", "meetings": "40", "founded": "03.2017", "leaders": "none", "is_open": "y"},
    "money": {
        "cost_kind": ["rent", "postage", "speakers"],
        "cost_euros": ["480", "60,50", "200"],
        "cost_pieces": ["", "", ""],
        "own": "40,50",
        "reasons": "Die Miete ist gestiegen, und zweimal im Jahr laden wir jemanden zu einem Vortrag ein.",
    },
    "account": {"iban": "DE89370400440532013000", "holder": "Selbsthilfegruppe", "is_own": "yes"},
    "declarations": {"statements": ["unpaid", "independent", "all_money", "duties"]},
}
VARIED: tuple[dict[str, dict[str, Any]], ...] = (
    {},
    {"group": {"members": "5"}},
    {"account": {"iban": "DE02120300000000202051"}},
    {
        "account": {"iban": "DE02500105170137075030"},
        "money": {"other_kind": ["sgb_xi_45d"], "other_euros": ["150"]},
    },
    {"account": {"iban": "DE02100500000054540402"}, "group": {"leaders": "guests"}},
    {"account": {"iban": "DE02300209000106531065"}, "money": {"own": "240,50"}},
)
"""What each of them says otherwise: too few members, the same account twice, money of the care insurance."""
SIGNERS = (("Ute Krause", "Ali Kaya"), ("Rolf Maier", "Anna Busch"))


def make_demo_applications(session: Session, year: int, office_id: int, *, today: date) -> None:
    """Afterwards some groups of the funding office's region have applied; one is checked, one is asked for a change."""
    of_office = sa.select(RoleGrant.region_id).where(RoleGrant.user_id == office_id)
    round_ = session.scalar(
        sa.select(GrantRound).where(GrantRound.region_id.in_(of_office), GrantRound.year == year)
    )
    if round_ is None:
        return
    asking = session.scalars(
        sa.select(Group.id)
        .join(GrantRequest, GrantRequest.group_id == Group.id)
        .join(RoleGrant, RoleGrant.group_id == Group.id, isouter=True)
        .where(GrantRequest.round_id == round_.id, RoleGrant.id.is_(None), Group.contact_email != "")
        .order_by(GrantRequest.standing == LATE, Group.id)
    ).all()
    done = []
    for number, varied in enumerate(VARIED):
        day = min(date(year, 2, 3) + timedelta(days=4 * number), today)
        for group_id in asking[number :: len(VARIED)][:1]:
            done += _apply(session, group_id, round_, varied, day)
    now = datetime(year, 3, 2, 10, tzinfo=UTC)
    for place, application_id in enumerate(done[:2]):
        under = read_under_check(session, application_id)
        if under is None:
            continue
        if place == 0:
            finding = Finding(ARITHMETIC, is_ok=True, words="", seen=under.seen, number=0)
            store_check(session, application_id, finding, by=office_id, now=now)
        else:
            words = "Bitte sagen Sie uns, wie viele Menschen zur Gruppe gehören: Gefördert wird ab sechs."
            due_on = max(today, now.date()) + timedelta(days=14)
            asked: dict[str, Any] = {"seen": under.seen, "by": office_id, "now": now}
            ask_for_changes(session, application_id, ["group.members"], words, due_on, **asked)


def _apply(
    session: Session, group_id: int, round_: GrantRound, varied: dict[str, dict[str, Any]], day: date
) -> list[int]:
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    begin(session, group_id, round_, {}, now=now)
    rules = read_round_of(session, group_id, round_).rules
    for page, fields in PAGES.items():
        _form, typed = sent_form(page, MultiDict({**fields, **varied.get(page, {})}), rules)
        seen = marks_of(read_round_of(session, group_id, round_).typed(page))
        save_page(
            session,
            group_id,
            round_,
            page,
            typed=typed,
            seen=seen,
            read=lambda kept, page=page: form_of(page, kept, rules).values(),  # type: ignore[misc]
            now=now,
        )
    found = read_round_of(session, group_id, round_)
    if obstacles(session, found, now=now):
        return []
    names = SIGNERS[group_id % len(SIGNERS)]
    submit_on_paper(session, found, names, received_on=day, posted_on=None, now=now)
    return [found.written.id]
