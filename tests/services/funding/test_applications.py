"""What is decided about an application: the acceptance facts of funding, forgetting, and the same account twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.erasing import erase_account
from app.accounts.models import User
from app.funding.models import ApplicationPaper, ApplicationSignature, GrantApplication, GrantRequest
from app.funding.queries.assessing import arrival_in_time, assess_application
from app.funding.reference_files import region_presets
from app.funding.retention import forget_applications, forget_unsent
from app.funding.rules.deadlines import Arrival
from app.funding.rules.eligibility import AGAINST, FOR, RULE_VERSION, WARNING
from app.funding.services.papers import add_paper
from app.funding.services.region_settings import set_rules
from app.funding.services.rounds import extend_round
from app.funding.services.signing import Signer, ask_to_sign, obstacles, submit_on_paper
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from tests.builders.accounts import make_user
from tests.builders.applications import PDF, make_round, read, write
from tests.builders.groups import make_contact, make_group

TWO = [Signer("Kim Sommer", "kim@example.org"), Signer("Jo Winter", "jo@example.org")]


@pytest.fixture
def group(session):
    make_round(session)
    return make_group(session, now=clock.now(), contact=make_contact(email="kim@example.org"))


def _codes(session, found, effect):
    return {each.code for each in assess_application(session, found, None).having(effect)}


def _on_paper(session, group, **given):
    found, today = read(session, group), day_of(clock.now())
    days = {"received_on": today, "posted_on": None, **given}
    return submit_on_paper(session, found, ["Kim Sommer", "Jo Winter"], **days, now=clock.now())


def test_five_members_exclude_a_group_and_a_leading_professional_does_but_guests_are_welcome(session, group):
    assert "not_enough_members" in _codes(session, write(session, group, group={"members": "5"}), AGAINST)
    found = write(session, group, group={"members": "6", "leaders": "guests"})
    assert not _codes(session, found, AGAINST)
    assert {"enough_members", "guests_are_welcome"} <= _codes(session, found, FOR)
    assert "not_self_managed" in _codes(session, write(session, group, group={"leaders": "led"}), AGAINST)


def test_nobody_signs_what_is_not_complete(session, group):
    today = day_of(clock.now())
    found = write(
        session,
        group,
        group={"founded": f"01.{today.year}"},
        account={"is_own": "no"},
        money={"cost_kind": ["rent", "gifts"], "cost_euros": ["480", "20"], "own": ""},
    )
    said = " ".join(sentence for sentence, _page in obstacles(session, found, now=clock.now()))
    assert "Gründungstreffens" in said
    assert "nur auf ein Konto" in said
    assert "gehen noch nicht auf" in said
    with pytest.raises(RuleBroken) as refused:
        ask_to_sign(session, found, TWO, now=clock.now())
    assert refused.value.code == "incomplete"
    write(session, group)
    for signers in (
        [TWO[0], Signer("kim SOMMER", "else@example.org")],
        [TWO[0], Signer("Jo", "kim@example.org")],
    ):
        with pytest.raises(RuleBroken, match="Zwei verschiedene"):
            ask_to_sign(session, found, signers, now=clock.now())
    with pytest.raises(BadInput):
        ask_to_sign(session, found, [TWO[0], Signer("Jo", "nowhere")], now=clock.now())
    assert not session.scalars(sa.select(ApplicationSignature.id)).all()


@pytest.mark.parametrize(
    ("land", "arrival", "standing"),
    [
        ("06", Arrival(date(2027, 3, 31)), "in_time"),
        ("06", Arrival(date(2027, 4, 2), date(2027, 3, 31)), "late"),
        ("11", Arrival(date(2027, 2, 3), date(2027, 1, 31)), "in_time"),
        ("11", Arrival(date(2027, 2, 3)), "late"),
    ],
)
def test_whether_receipt_or_postmark_counts_is_the_regions_rule(session, land, arrival, standing):
    today = day_of(clock.now())
    make_round(session, year=2027, opens_on=today, closes_on=date(2027, 1, 1) if today.year < 2027 else today)
    group = make_group(session, now=clock.now())
    found = write(session, group)
    set_rules(session, found.region, region_presets()[land], now=clock.now())
    assert arrival_in_time(read(session, group), arrival) == standing


def test_a_submitted_request_keeps_its_reasons_and_warns_of_what_is_paid_twice(session, group):
    money = {
        "cost_kind": ["rent"],
        "cost_euros": ["480"],
        "own": "",
        "other_kind": ["sgb_xi_45d"],
        "other_euros": ["80"],
    }
    write(session, group, money=money)
    other = make_group(session, now=clock.now(), name="Andere", contact=make_contact(email="o@example.org"))
    write(session, other)
    number = _on_paper(session, group)
    assert _on_paper(session, other).endswith("-0002")
    application = session.scalars(sa.select(GrantApplication).where(GrantApplication.number == number)).one()
    codes = {each["code"]: each["effect"] for each in application.assessment["reasons"]}
    assert codes["double_funding"] == codes["requests_elsewhere"] == WARNING
    assert application.assessment["rule_version"] == RULE_VERSION
    request = session.scalars(sa.select(GrantRequest).where(GrantRequest.group_id == group)).one()
    assert (request.requested_cents, request.others_cents, request.expenses_cents) == (40_000, 8_000, 48_000)
    with pytest.raises(RuleBroken, match="eingereicht"):
        _on_paper(session, group)


def test_papers_are_what_they_hold_and_come_once(session, group):
    found = write(session, group)
    given = {"kind": "founding_minutes", "name": "../Protokoll<1>.pdf", "now": clock.now()}
    for _twice in range(2):
        add_paper(session, found, content=PDF, **given)
    for content in (b"%PDF-1.7 cut", b"GIF89a", b"\xff\xd8\xff\xe0nonsense", b"x" * 10_000_001):
        with pytest.raises(RuleBroken):
            add_paper(session, found, content=content, **given)
    assert session.scalars(sa.select(ApplicationPaper.name)).all() == ["Protokoll_1_.pdf"]


def test_files_are_forgotten_six_years_after_their_year_and_drafts_sooner(session, group):
    found = write(session, group)
    add_paper(session, found, kind="statutes", name="s.pdf", content=PDF, now=clock.now())
    year = found.round.year
    assert not forget_unsent(session, datetime(year, 12, 31, tzinfo=UTC))
    _on_paper(session, group)
    assert not forget_unsent(session, datetime(year + 1, 1, 1, tzinfo=UTC))
    assert not forget_applications(session, datetime(year, 12, 31, tzinfo=UTC))
    assert forget_applications(session, datetime(year + 1, 1, 1, tzinfo=UTC)) == 1
    assert not session.scalars(sa.select(ApplicationSignature.id)).all()
    assert not session.scalars(sa.select(ApplicationPaper.id)).all()


def test_a_region_keeps_files_as_long_as_it_says_and_its_day_ends_its_rounds(session, group):
    found = write(session, group)
    _on_paper(session, group)
    round_, year = found.round, found.round.year
    rules = replace(found.rules, keep_years=8, deadline="11-02", weekend="none")
    set_rules(session, found.region, rules, now=datetime(year, 1, 2, tzinfo=UTC))
    assert not forget_applications(session, datetime(year + 2, 12, 31, tzinfo=UTC))
    assert round_.closes_on == date(year, 11, 2)
    extend_round(session, round_.id, date(year, 11, 9), reason="Streik", now=datetime(year, 1, 2, tzinfo=UTC))
    set_rules(session, found.region, replace(rules, deadline="10-01"), now=datetime(year, 1, 3, tzinfo=UTC))
    assert (round_.closes_on, round_.extension_reason) == (date(year, 11, 9), "Streik")
    assert forget_applications(session, datetime(year + 3, 1, 1, tzinfo=UTC)) == 1


def test_who_erases_their_account_is_not_asked_to_sign_any_more(session, group):
    found = write(session, group)
    make_user(session, "group_contact", group=group, email="jo@example.org")
    user_id = session.scalars(sa.select(User.id).where(User.email == "jo@example.org")).one()
    ask_to_sign(session, found, TWO, now=clock.now())
    erase_account(session, user_id, now=clock.now() + timedelta(minutes=1))
    assert session.scalars(sa.select(ApplicationSignature.name)).all() == ["Kim Sommer"]
