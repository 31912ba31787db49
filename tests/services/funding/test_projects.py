"""Insurers decide about a project: each for its own share, all or nothing, and nobody over somebody's head."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.funding.models import Insurer, LedgerEntry, ProjectRequest, ProjectShare
from app.funding.queries.balances import get_budget
from app.funding.queries.project_terms import payers_in, project_pot
from app.funding.queries.verifying import verify
from app.funding.rules import project as rules
from app.funding.rules.project_terms import FLAT, POOL, ProjectTerms
from app.funding.services.project_deciding import decide, take_back
from app.funding.services.project_talking import pay_share, take_back_payment
from app.funding.services.project_terms import set_terms
from app.funding.services.projects import change_project, leave_as_it_was, withdraw_project
from app.funding.services.reminders import groups_to_remind, signers_to_remind
from app.funding.services.signing import Signer, ask_to_sign
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from tests.builders import projects as built
from tests.builders.accounts import make_user
from tests.builders.applications import make_round
from tests.builders.groups import make_group
from tests.support.mailbox import mails_to

YEAR = built.begins_on().year


@pytest.fixture
def group(session):
    make_round(session)
    group_id = make_group(session, now=clock.now())
    for slug in ("kasse-a", "kasse-b"):
        built.fill_pot(session, slug, 100_000)
    return group_id


@pytest.fixture
def officer(session):
    def make(slug, name="Kim Sommer"):
        insurer = session.scalars(sa.select(Insurer.id).where(Insurer.slug == slug)).one()
        email = make_user(session, "insurer_officer", insurer=insurer, name=name)
        return session.scalars(sa.select(User.id).where(User.email == email)).one()

    return make


def promised(session, slug):
    budget = get_budget(session, project_pot(slug, built.LAND, YEAR))
    return (budget.committed, budget.paid)


def test_all_shares_are_promised_with_the_last_verdict_and_each_is_paid_by_a_second_person(
    session, group, officer
):
    found = built.submit(session, group, {"kasse-a": 400, "kasse-b": 300})
    assert found.project.number == f"KOELN-{YEAR}-P{found.project.id:04}"
    first, second = built.share_of(found, "kasse-a"), built.share_of(found, "kasse-b")
    anna, ben = officer("kasse-a", "Anna"), officer("kasse-b", "Ben")
    assert decide(session, first, rules.AGREED, seen=1, by=anna, now=clock.now()) == rules.OPEN
    assert promised(session, "kasse-a") == (0, 0)
    with pytest.raises(
        RuleBroken, match=r"Anna hat am .* über diesen Anteil entschieden: ganz zugesagt, 400,00"
    ):
        decide(session, first, rules.DECLINED, reason="x", seen=1, by=officer("kasse-a"), now=clock.now())
    with pytest.raises(BadInput, match="warum"):
        decide(session, second, rules.PART, cents=100, seen=1, by=ben, now=clock.now())
    with pytest.raises(BadInput, match="weniger als"):
        decide(session, second, rules.PART, cents=30_000, reason="x", seen=1, by=ben, now=clock.now())
    ended = decide(
        session, second, rules.PART, cents=20_000, reason="Ohne Essen.", seen=1, by=ben, now=clock.now()
    )
    assert ended == rules.PART
    assert (promised(session, "kasse-a"), promised(session, "kasse-b")) == ((40_000, 0), (20_000, 0))
    entries = sa.select(LedgerEntry.history_id).where(LedgerEntry.reason == "project")
    assert len(set(session.scalars(entries))) == 1, "one act"
    with pytest.raises(RuleBroken, match="Sie haben über diesen Anteil entschieden"):
        pay_share(session, first, by=anna, now=clock.now())
    pay_share(session, first, by=officer("kasse-a"), now=clock.now())
    with pytest.raises(RuleBroken, match="als bezahlt gebucht"):
        pay_share(session, first, by=officer("kasse-a"), now=clock.now())
    assert promised(session, "kasse-a") == (40_000, 40_000)
    take_back_payment(session, first, by=anna, now=clock.now())
    assert promised(session, "kasse-a") == (40_000, 0)
    with pytest.raises(RuleBroken, match="nicht als bezahlt gebucht"):
        take_back_payment(session, first, by=anna, now=clock.now())
    pay_share(session, first, by=officer("kasse-a"), now=clock.now())
    assert promised(session, "kasse-a") == (40_000, 40_000)
    assert verify(session).faults == ()
    with session.begin_nested() as lying:
        session.execute(sa.update(ProjectShare).where(ProjectShare.id == second).values(cents=100))
        assert any("of project" in fault for fault in verify(session).faults)
        lying.rollback()
    with pytest.raises(RuleBroken, match="Über dieses Projekt wurde am"):
        take_back(session, second, seen=1, by=ben, now=clock.now())


def test_over_budget_nothing_is_promised_and_whoever_decides_reads_whose_money_is_short(
    session, group, officer
):
    one = built.submit(session, group, {"kasse-a": 900, "kasse-b": 300})
    two = built.submit(session, group, {"kasse-a": 900, "kasse-b": 300})
    anna, ben = officer("kasse-a", "Anna"), officer("kasse-b", "Ben")
    for found in (one, two):
        decide(session, built.share_of(found, "kasse-a"), rules.AGREED, seen=1, by=anna, now=clock.now())
    decide(session, built.share_of(one, "kasse-b"), rules.AGREED, seen=1, by=ben, now=clock.now())
    late = built.share_of(two, "kasse-b")
    sentence = r"noch 100,00.€ frei; zugesagt hat Anna am .* 900,00.*Es wurde nichts zugesagt"
    with pytest.raises(RuleBroken, match=sentence) as refused, session.begin_nested():
        decide(session, late, rules.AGREED, seen=1, by=ben, now=clock.now())
    assert refused.value.code == "over_budget"
    session.expire_all()
    assert session.get_one(ProjectShare, late).verdict == rules.OPEN
    assert promised(session, "kasse-b") == (30_000, 0)
    take_back(session, built.share_of(two, "kasse-a"), seen=1, by=anna, now=clock.now())
    with pytest.raises(RuleBroken, match="gebraucht werden 900,00"):
        decide(session, built.share_of(two, "kasse-a"), rules.AGREED, seen=1, by=anna, now=clock.now())


def test_who_declines_makes_a_gap_that_the_group_closes_with_a_new_version(session, group, officer):
    found = built.submit(session, group, {"kasse-a": 400, "kasse-b": 300})
    anna, ben = officer("kasse-a"), officer("kasse-b")
    first, second = built.share_of(found, "kasse-a"), built.share_of(found, "kasse-b")
    decide(session, second, rules.DECLINED, reason="Kein Geld.", seen=1, by=ben, now=clock.now())
    assert decide(session, first, rules.AGREED, seen=1, by=anna, now=clock.now()) == rules.GAP
    assert promised(session, "kasse-a") == (0, 0)
    change_project(session, found.project.id, by=None, now=clock.now())
    with pytest.raises(RuleBroken, match="Die Gruppe ändert ihr Projekt seit"):
        take_back(session, first, seen=1, by=anna, now=clock.now())
    leave_as_it_was(session, found.project.id, now=clock.now())
    assert built.read(session, found.project.id).project.state == rules.GAP, "nothing was changed"
    change_project(session, found.project.id, by=None, now=clock.now())
    _write_money(session, found, {"asked_kind": ["kasse-a"], "asked_euros": ["400"], "own": "350"})
    with pytest.raises(RuleBroken, match="unterschreiben zwei Menschen es noch einmal"):
        leave_as_it_was(session, found.project.id, now=clock.now())
    built.sign_on_paper(session, found)
    now = built.read(session, found.project.id)
    assert (now.project.version, now.project.state) == (2, rules.SUBMITTED)
    assert [each.insurer.slug for each in now.shares] == ["kasse-a"]
    with pytest.raises(RuleBroken, match="Sie haben Fassung 1 gelesen"):
        decide(session, first, rules.AGREED, seen=1, by=anna, now=clock.now())
    assert decide(session, first, rules.AGREED, seen=2, by=anna, now=clock.now()) == rules.APPROVED
    verdicts = [each.act for each in built.read(session, found.project.id).acts]
    assert verdicts.count("declined") == 1, "what was decided about version 1 is kept"
    with pytest.raises(RuleBroken, match="bittet nicht mehr darum"):
        decide(session, second, rules.AGREED, seen=1, by=ben, now=clock.now())


def test_a_pool_gives_from_the_pots_of_all_its_members_by_the_word_of_its_lead(session, group, officer):
    found = built.write_project(session, group, {"kasse-a": 100})
    lead = session.scalars(sa.select(Insurer).where(Insurer.slug == "kasse-a")).one()
    built.fill_pot(session, "kasse-c", 50_000)
    for slug, gives in (("kasse-a", POOL), ("kasse-b", POOL), ("kasse-c", FLAT)):
        insurer = session.scalars(sa.select(Insurer).where(Insurer.slug == slug)).one()
        set_terms(session, insurer, built.LAND, ProjectTerms(gives=gives), now=clock.now())
    found.region.lead_insurer_id = lead.id
    session.flush()
    payers = payers_in(session, found.region)
    assert payers[POOL].members == ("kasse-a", "kasse-b")
    assert "kasse-c" not in payers
    with pytest.raises(RuleBroken, match="fördert hier keine Projekte mehr"):
        built.sign_on_paper(session, found)
    _write_money(session, found, {"asked_kind": [POOL], "asked_euros": ["1500"], "cost_euros": ["1550"]})
    built.sign_on_paper(session, found)
    share = built.share_of(built.read(session, found.project.id), "kasse-a")
    assert (
        decide(session, share, rules.AGREED, seen=1, by=officer("kasse-a"), now=clock.now()) == rules.APPROVED
    )
    assert (promised(session, "kasse-a")[0], promised(session, "kasse-b")[0]) == (75_000, 75_000)
    pay_share(session, share, by=officer("kasse-a"), now=clock.now())
    assert (promised(session, "kasse-a")[1], promised(session, "kasse-b")[1]) == (75_000, 75_000)


def test_a_contact_of_the_group_does_not_decide_a_begun_project_is_refused_and_a_withdrawn_one_stays(
    session, group, officer
):
    found = built.submit(session, group, {"kasse-a": 400})
    anna = officer("kasse-a")
    share = built.share_of(found, "kasse-a")
    email = make_user(session, "group_contact", group=group, email="both@example.org")
    both = session.scalars(sa.select(User.id).where(User.email == email)).one()
    with pytest.raises(RuleBroken, match="Kontaktperson"):
        decide(session, share, rules.AGREED, seen=1, by=both, now=clock.now())
    late = built.write_project(session, group, {"kasse-a": 200})
    _reminded_of(session, late)
    with pytest.raises(RuleBroken, match="Das Projekt hat begonnen"):
        built.sign_on_paper(session, late, now=clock.now() + timedelta(days=31))
    withdraw_project(session, late.project.id, by=None, now=clock.now())
    assert session.get(ProjectRequest, late.project.id) is None, "what was never submitted is gone"
    withdraw_project(session, found.project.id, by=None, now=clock.now())
    with pytest.raises(RuleBroken, match="zurückgezogen"):
        decide(session, share, rules.AGREED, seen=1, by=anna, now=clock.now())
    assert len(mails_to(session, "both@example.org")) == 0
    assert day_of(clock.now()) < built.begins_on()


def _reminded_of(session, found):
    """Whoever has not finished is reminded near the last day, whoever has not signed some days after being asked."""
    moment = clock.now() + timedelta(days=20)
    due = [each for portion in groups_to_remind(session, now=moment) for each in portion]
    assert [(each.kind, each.called) for each in due] == [("unfinished", "Tag der offenen Tür")]
    two = [Signer("Kim Sommer", "kim@example.org"), Signer("Jo Winter", "jo@example.org")]
    ask_to_sign(session, found, two, now=moment)
    assert groups_to_remind(session, now=moment) == []
    unsigned = signers_to_remind(session, now=moment + timedelta(days=5))
    assert {each.signature.name for each in unsigned} == {"Kim Sommer", "Jo Winter"}
    assert unsigned[0].last_day == built.begins_on() - timedelta(days=1)


def _write_money(session, found, changed):
    fields = {**built.pages_of({"kasse-a": 400, "kasse-b": 300})["money"], **changed}
    built.write_page(session, found, "money", fields)
