"""Notices: exactly one for each group, made in portions, as accessible letters that come out the same again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.funding import notice_portions as portions
from app.funding.documents.notices import print_for_window, print_notice
from app.funding.models import AllocationRun, GrantRequest, GrantRound, HeldNotice, Notice, NoticeAct
from app.funding.queries.balances import get_budget
from app.funding.queries.letters import get_letter, read_letters, waiting_letters
from app.funding.queries.notices import deadlines_of, due_notices, line_of, lines_of_group
from app.funding.queries.objections import most_by_objection, objection_to
from app.funding.queries.payables import list_payables
from app.funding.queries.rounds import pot_of
from app.funding.queries.verifying import verify
from app.funding.retention import forget_notices
from app.funding.rules.division import DivisionRules, Tier
from app.funding.rules.ledger_accounts import a_group
from app.funding.services import notices
from app.funding.services.letters import post_letters, take_back_letter
from app.funding.services.notice_sending import order_mails
from app.funding.services.objections import enter_objection, reject_objection, uphold_objection
from app.funding.services.requests import enter_request, withdraw_request
from app.groups.models import Group
from app.shared.errors import BadInput, RuleBroken
from app.shared.jobs import JobOutcome, run_job_once
from tests.builders.accounts import make_user
from tests.builders.groups import NOW, make_group
from tests.builders.notices import consent_to_mail, make_all, make_posted, post_all
from tests.builders.rounds import YEAR, fill_pot, make_request, make_round
from tests.support.mailbox import mails_to
from tests.support.pdf import read_pdf

WHY = "Die Raummiete ist nachgewiesen."
RULES = DivisionRules(reserve_percent=10, tiers=(Tier(1, 75_000),))


@pytest.fixture
def made(session):
    """Three groups that ask for 1,200, 400 and 900 euros, and one whose own money pays for everything."""
    made = make_round(session, [120_000, 40_000, 90_000], pot_cents=200_001)
    needs_nothing = make_group(session, name="Gruppe 4")
    draft = make_request(20_000, expenses_cents=20_000, own_cents=20_000)
    enter_request(session, made.id, needs_nothing, draft, now=NOW)
    return made


def test_each_group_gets_the_notice_that_follows_and_a_letter_that_everybody_can_read(session, made):
    told = make_all(session, make_posted(session, made, RULES))
    assert [(each.kind, each.cents, each.number) for each in told.values()] == [
        ("part", 70_000, "KOELN-2027-B00001"),
        ("approval", 40_000, "KOELN-2027-B00002"),
        ("part", 70_000, "KOELN-2027-B00003"),
        ("rejection", 0, "KOELN-2027-B00004"),
    ]
    part, *_others, rejection = told.values()
    letter = read_pdf(part.body)
    assert letter.standards == ("2", "A", "1")
    assert (letter.title, letter.language) == ("Bewilligungsbescheid über einen Teil", "de")
    assert [level for level, _words in letter.headings] == [1, 2, 2, 2, 2, 2, 2]
    for words in (
        "700,00",
        "Gruppe 1",
        "Gruppe erhält 700,00",
        "Für 4 Anträge",
        "Widerspruch",
        "Seite 1 von 2",
        "§ 17",
    ):
        assert words in letter.text.replace("\n", " "), words
    assert "Aus diesem Topf wird also nichts gebraucht." in rejection.facts["sections"][0]["items"]
    assert part.sha256 == hashlib.sha256(part.body).hexdigest()
    session.expire_all()
    assert print_notice(part.facts, part.made_at) == part.body  # byte by byte, from what is stored
    with pytest.raises(sa.exc.DBAPIError, match="never changed"):
        session.execute(sa.update(Notice).values(cents=1))


def test_a_second_round_changes_a_withdrawal_revokes_and_nobody_is_told_twice(session, made):
    first = make_posted(session, made, RULES)
    fill_pot(session, made.region, 30_000, key="second")
    second = make_posted(session, made, DivisionRules(tiers=(Tier(1, 75_000),)))
    with pytest.raises(RuleBroken) as refused:
        notices.order_notices(session, second, by=1, now=NOW)
    assert refused.value.code == "earlier_first"
    told = make_all(session, first)
    session.commit()
    assert portions.make_notices(first, now=NOW) == 0
    changed = make_all(session, second, now=NOW + timedelta(days=30))
    one, two, three = made.group_ids
    assert {group_id: (each.kind, each.cents) for group_id, each in changed.items()} == {
        one: ("change", 75_000),
        three: ("change", 75_000),
    }
    assert changed[one].replaces_id == told[one].id
    assert told[one].number in changed[one].facts["lead"][0]

    request = session.get_one(GrantRequest, made.request_ids[0])
    withdraw_request(session, request.id, version=request.version, now=NOW)
    run = session.get_one(AllocationRun, second)
    assert due_notices(session, run) == {one: "revocation"}
    revoked = make_all(session, second)[one]
    assert (revoked.kind, revoked.cents, revoked.replaces_id) == ("revocation", 0, changed[one].id)
    session.commit()
    assert (portions.make_notices(second, now=NOW), portions.make_notices(first, now=NOW)) == (0, 0)
    assert two not in due_notices(session, run)

    assert forget_notices(session, datetime(2027, 12, 31, tzinfo=UTC)) == 0
    forget_notices(session, datetime(2028, 1, 2, tzinfo=UTC))
    assert session.scalar(sa.select(sa.func.count(Notice.id))) == 0


def test_a_name_that_cannot_be_printed_holds_back_only_itself_until_it_is_corrected(session, made):
    run_id = make_posted(session, made, RULES)
    odd = session.get_one(Group, made.group_ids[1])
    odd.name = "Gruppe 希望"
    told = make_all(session, run_id)
    assert odd.id not in told
    assert len(told) == 3
    assert session.scalars(sa.select(HeldNotice.signs)).all() == ["希"]
    session.commit()
    assert portions.make_notices(run_id, now=NOW) == 0  # held back until somebody asks again
    odd.name = "Gruppe Hoffnung"
    assert make_all(session, run_id)[odd.id].number == "KOELN-2027-B00004"
    assert session.scalars(sa.select(HeldNotice)).all() == []


def test_the_job_goes_on_where_it_stopped_and_mails_those_who_sign_in(app, session, made):
    run_id = make_posted(session, made, RULES)
    addresses = [make_user(session, "group_contact", group=group_id) for group_id in made.group_ids[:2]]
    consent_to_mail(session, a_group(made.group_ids[0]))
    notices.order_notices(session, run_id, by=1, now=NOW)
    session.commit()
    assert portions.make_notices(run_id, now=NOW, at_most=1) == 1
    assert run_job_once(app, "tell-decisions", NOW) is JobOutcome.DONE
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Notice.id))) == 4
    order_mails(session, run_id, now=NOW)
    session.commit()
    later = NOW + timedelta(minutes=5)
    assert run_job_once(app, "tell-decisions", later) is JobOutcome.DONE
    assert run_job_once(app, "tell-decisions", later + timedelta(minutes=5)) is JobOutcome.DONE
    (mail,) = mails_to(session, addresses[0])
    assert mails_to(session, addresses[1]) == []  # has not agreed to it, so the letter is posted
    assert "700" not in mail.subject + mail.body_text
    (line,) = lines_of_group(session, made.group_ids[0])
    assert line.dispatch.mailed_on == later.date()
    days = deadlines_of(session, line)
    assert days.served_on == days.sent_on + timedelta(days=4 if days.sent_on.year >= 2025 else 3)

    on_paper = read_letters(session, waiting_letters(session, {Notice: Notice.run_id == run_id}))
    assert line.notice.id not in {letter.notice.id for letter in on_paper}
    with pytest.raises(BadInput, match="kommt erst noch"):
        post_letters(session, on_paper, day=NOW.date() + timedelta(days=1), by=7, now=NOW)
    assert post_letters(session, on_paper, day=NOW.date(), by=7, now=NOW) == 3
    assert post_letters(session, on_paper, day=NOW.date(), by=8, now=later) == 0  # who read the list before
    acts = session.scalars(sa.select(NoticeAct).where(NoticeAct.act == "posted")).all()
    assert {(act.at, act.day, act.done_by, act.turn) for act in acts} == {(NOW, NOW.date(), 7, 0)}


def test_a_letter_that_comes_back_is_posted_anew_and_its_time_begins_again(session, made):
    run_id = make_posted(session, made, RULES)
    notice = make_all(session, run_id)[made.group_ids[0]]
    where = {Notice: Notice.run_id == run_id}

    def take_back(**given):
        letter = get_letter(session, where, notice.number.lower())
        facts = {
            "day": NOW.date() + timedelta(days=5),
            "address": "",
            "by": 7,
            "now": NOW + timedelta(days=9),
        }
        take_back_letter(session, letter, **(facts | given))

    with pytest.raises(BadInput, match="nicht zur Post"):
        take_back()
    assert post_all(session, run_id, [notice.id]) == 1
    for wrong in (
        {"day": NOW.date() - timedelta(days=1)},
        {"address": "Weg 1"},
        {"address": "Weg 1\n5066 Köln"},
    ):
        with pytest.raises(BadInput), session.begin_nested():
            take_back(**wrong)
    take_back()
    assert deadlines_of(session, line_of(session, notice.id)) is None
    with pytest.raises(RuleBroken, match="noch nicht versendet"):
        enter_objection(session, notice.id, NOW.date(), by=1, now=NOW)
    with pytest.raises(BadInput, match="zurückgekommen"):
        take_back()
    take_back(address="Neue Straße 5\n50667 Köln")
    (letter,) = (
        each for each in read_letters(session, waiting_letters(session, where)) if each.notice.id == notice.id
    )
    assert letter.to == ("Gruppe 1", "Neue Straße 5", "50667 Köln")
    printed = read_pdf(print_for_window(letter.notice, letter.to))
    assert "Neue Straße 5" in printed.text
    assert "Neue Straße 5" not in read_pdf(notice.body).text  # the kept file is never changed
    day = NOW.date() + timedelta(days=9)
    post_letters(session, [letter], day=day, by=7, now=NOW + timedelta(days=9))
    line = line_of(session, notice.id)
    assert deadlines_of(session, line).sent_on == day
    assert [(each.returned_on is None, each.address) for each in line.dispatch.postings] == [
        (False, ()),
        (True, letter.to),
    ]
    enter_objection(session, notice.id, day, by=1, now=NOW + timedelta(days=9))
    with pytest.raises(BadInput, match="Widerspruch"):
        take_back(day=day)


def test_an_objection_is_upheld_by_a_second_person_and_paid_from_the_reserve(session, made):
    run_id = make_posted(session, made, RULES)
    notice = make_all(session, run_id)[made.group_ids[0]]
    with pytest.raises(RuleBroken, match="noch nicht versendet"):
        enter_objection(session, notice.id, NOW.date(), by=1, now=NOW)
    post_all(session, run_id, [notice.id])
    later = NOW + timedelta(days=60)
    with pytest.raises(BadInput):
        enter_objection(session, notice.id, NOW.date() - timedelta(days=1), by=1, now=later)
    enter_objection(session, notice.id, NOW.date() + timedelta(days=50), by=1, now=later)
    assert not objection_to(session, notice.id).is_in_time
    assert most_by_objection(session, notice) == 50_000
    with pytest.raises(RuleBroken, match="zweite Person"):
        uphold_objection(session, notice.id, 1_000, reason=WHY, by=1, now=later)
    with pytest.raises(BadInput):
        uphold_objection(session, notice.id, 50_001, reason=WHY, by=2, now=later)
    session.commit()
    with pytest.raises(RuleBroken):  # the reserve holds 200.01 euros
        uphold_objection(session, notice.id, 20_002, reason=WHY, by=2, now=later)
    session.rollback()
    with pytest.raises(BadInput) as unprintable:
        uphold_objection(session, notice.id, 20_001, reason="漢", by=2, now=later)
    assert unprintable.value.field == "reason"
    session.rollback()
    told = session.get_one(Notice, uphold_objection(session, notice.id, 20_001, reason=WHY, by=2, now=later))
    assert (told.kind, told.cents, told.replaces_id) == ("change", 90_001, notice.id)
    text = read_pdf(told.body).text.replace("\n", " ")
    for words in ("Ihr Widerspruch vom", "700,00", "200,01", "900,01", WHY, notice.number):
        assert words in text, words
    found = session.get_one(GrantRound, notice.round_id)
    of_group = [
        each for each in list_payables(session, found, on=later.date()) if each.group_id == notice.group_id
    ]
    assert [(each.key, each.cents) for each in of_group] == [
        (f"objection/{notice.id}/award", 20_001),
        (f"run/{run_id}/{notice.group_id}", 70_000),
    ]
    assert objection_to(session, notice.id).cents == 20_001
    with pytest.raises(RuleBroken, match="wartet kein Widerspruch"):
        reject_objection(session, notice.id, by=2, now=later)
    assert most_by_objection(session, notice) == 29_999
    assert get_budget(session, pot_of(made.region, YEAR)).committed == 200_001
    assert verify(session).faults == ()
