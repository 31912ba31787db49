"""Proofs of use and what follows from them: claims, reminders, no money while one is missing."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from app.funding.documents.notices import print_notice
from app.funding.models import GrantRound, Reclaim, ReclaimInterest, ReclaimLetter, UseProof
from app.funding.queries.assessing import assess_application
from app.funding.queries.payables import list_payables
from app.funding.queries.proofs import kept_by, owing, paid_account, receipts_of
from app.funding.queries.reclaims import due_next, find_claim, interest_of, plan_of_claim
from app.funding.rules.eligibility import MISSING
from app.funding.rules.reclaim import Instalment, equal_plan
from app.funding.services.claim_settling import (
    agree_on_plan,
    ask_to_waive,
    book_back,
    book_interest,
    decide_waiver,
)
from app.funding.services.direct import book_return
from app.funding.services.notices import set_office
from app.funding.services.payment_batches import mark_sent
from app.funding.services.proof_checks import Judged, ask_group, decide_proof, extend_proof
from app.funding.services.proof_receipts import add_receipt, remove_receipt
from app.funding.services.proof_reminders import groups_to_remind, remind_group, rounds_to_remind
from app.funding.services.proofs import begin_proof, save_proof, submit_proof
from app.funding.services.reclaims import write_claim
from app.funding.services.requests import withdraw_request
from app.shared import clock
from app.shared.errors import DomainError
from tests.builders import applications
from tests.builders.funding import make_insurer
from tests.builders.groups import NOW, make_group, make_house
from tests.builders.notices import OFFICE, make_all
from tests.builders.payments import make_awards, make_batch, release
from tests.builders.proofs import CHECKER, SECOND, item, make_paid, make_paid_before, make_submitted
from tests.support.pdf import read_pdf

LATER = NOW.replace(year=2028)
TODAY = LATER.date()


def refused(code, act, *args, **given):
    with pytest.raises(DomainError) as caught:
        act(*args, **given)
    assert code in {caught.value.code, caught.value.field}, (caught.value.code, caught.value.field)
    return caught.value


@pytest.fixture
def paid(session):
    return make_paid(session, [120_000, 60_000])


def decide(session, proof, judged=None, **given):
    given = {"seen": proof.version, "by": CHECKER, "now": LATER} | given
    return decide_proof(session, proof.id, judged or {}, **given)


def test_what_is_not_accepted_or_not_used_becomes_a_claim_that_counts_every_cent_once(session, paid):
    items = [item(70_000), item(20_000, kind="speakers"), item(10_000, kind="catering", what="Kaffee")]
    proof = make_submitted(session, paid, items=items)
    assert (proof.kind, proof.remaining_cents, proof.state) == ("full", 20_000, "submitted")
    refused("items", decide, session, proof, {1: Judged(True)})
    refused("reason_3", decide, session, proof, {1: Judged(True), 2: Judged(True), 3: Judged(False)})
    session.expire_all()
    refused("changed_meanwhile", decide, session, proof, {}, seen=proof.version - 1)
    said = {1: Judged(True), 2: Judged(True), 3: Judged(False, "Bewirtung zählt nicht.")}
    number = decide(session, proof, said)
    assert (proof.state, proof.accepted_cents) == ("partly", 90_000)
    line = find_claim(session, number, on=TODAY)
    assert (line.reclaim.cause, line.claim.open_cents, line.state) == ("not_accepted", 30_000, "new")
    refused("not_submitted", decide, session, proof, said)

    account = paid_account(line.region, 2027, paid.made.group_ids[0])
    sent = {"received_on": TODAY, "now": LATER}
    refused("has_claim", book_return, session, account, 30_000, token="aus-freien-stuecken", **sent)
    refused("changed_since", book_back, session, number, 100, token="zu-spaet-1", seen_cents=1, **sent)
    refused("cents", book_back, session, number, 30_001, token="zu-viel-1", seen_cents=30_000, **sent)
    book_back(session, number, 10_000, token="erste-rate", seen_cents=30_000, **sent)
    assert find_claim(session, number, on=TODAY).claim.open_cents == 20_000
    assert kept_by(session, line.region, 2027, paid.made.group_ids[0]).cents == 110_000


def test_money_that_was_given_back_before_is_not_claimed_again(session, paid):
    proof = make_submitted(session, paid, 1, remaining=10_000)
    assert proof.kind == "confirmation"
    account = paid_account(paid.made.region, 2027, paid.made.group_ids[1])
    book_return(session, account, 10_000, received_on=TODAY, token="freiwillig", now=LATER)
    refused("refused", decide, session, proof, refused_cents=50_001)
    refused("reason", decide, session, proof, refused_cents=1)
    assert decide(session, proof) is None
    assert proof.state == "accepted"
    assert session.scalars(sa.select(Reclaim)).all() == []


def test_a_claim_is_written_paid_in_instalments_and_waived_by_two(session, paid):
    proof = make_submitted(session, paid, 1, remaining=20_000)
    number = decide(session, proof)
    by = {"by": CHECKER, "now": LATER}
    plan = equal_plan(20_000, 3, TODAY + timedelta(days=30))
    refused("not_written", agree_on_plan, session, number, plan, **by)
    due = TODAY + timedelta(days=30)
    refused("due_on", write_claim, session, number, due_on=TODAY, interest_from=None, **by)
    early = date(2026, 1, 1)
    refused("interest_from", write_claim, session, number, due_on=due, interest_from=early, **by)
    write_claim(session, number, due_on=due, interest_from=TODAY, **by)
    refused("written_before", write_claim, session, number, due_on=due, interest_from=None, **by)
    line = find_claim(session, number, on=TODAY)
    assert line.last_day == date(TODAY.year + 4, 12, 31)
    letter = session.get_one(ReclaimLetter, number)
    assert hashlib.sha256(letter.body).hexdigest() == letter.sha256
    assert print_notice(letter.facts, LATER) == letter.body, "made anew, it is the same file"
    text = " ".join(read_pdf(letter.body).text.split())
    for words in ("Gruppe 2", "200,00", "§ 47 Absatz 2", "KOELN-2027-R", "Widerspruch", "Basiszinssatz"):
        assert words in text, words
    refused("plan", agree_on_plan, session, number, [Instalment(due, 19_999)], **by)
    refused("plan", agree_on_plan, session, number, [Instalment(TODAY - timedelta(days=1), 20_000)], **by)
    agree_on_plan(session, number, plan, **by)

    refused("reason", ask_to_waive, session, number, 5_000, " ", **by)
    refused("cents", ask_to_waive, session, number, 20_001, "Weil.", **by)
    ask_to_waive(session, number, 5_000, "Die Gruppe ist klein.", **by)
    refused("waits_already", ask_to_waive, session, number, 1, "Weil.", **by)
    waiver = session.scalars(sa.text("SELECT id FROM reclaim_waiver")).one()
    refused("second_person", decide_waiver, session, number, waiver, is_granted=True, **by)
    decide_waiver(session, number, waiver, is_granted=True, by=SECOND, now=LATER)
    refused("decided_before", decide_waiver, session, number, waiver, is_granted=True, by=SECOND, now=LATER)
    line = find_claim(session, number, on=TODAY)
    assert line.claim.open_cents == 15_000
    in_a_year = LATER + timedelta(days=365)
    now_ = plan_of_claim(session, line, on=in_a_year.date())
    assert (now_.came_cents, now_.overdue_cents) == (5_000, 15_000)
    assert due_next(session, line, on=TODAY) == (plan[0].cents - 5_000, plan[0].due_on)
    owed = interest_of(session, line, on=in_a_year.date())
    # 5,000 are waived on the first day; 2028 is a leap year, and NOW lies in it.
    first, rest = date(2029, 1, 1) - TODAY, in_a_year.date() - date(2029, 1, 1)
    daily = 15_000 * 627
    assert owed == (daily * first.days * 365 + daily * rest.days * 366) // (10_000 * 365 * 366)
    received = {"received_on": in_a_year.date(), "token": "zinsen-1", "by": SECOND, "now": in_a_year}
    refused("cents", book_interest, session, number, owed + 1, **received)
    book_interest(session, number, owed, **received)
    book_interest(session, number, owed, **received)
    assert session.scalar(sa.select(sa.func.sum(ReclaimInterest.cents))) == owed


def test_the_office_asks_and_the_group_answers_or_gets_more_time(session, paid):
    proof = make_submitted(session, paid, items=[item(120_000)])
    until = TODAY + timedelta(days=14)
    asked = {"seen": proof.version, "by": CHECKER, "now": LATER}
    refused("until", ask_group, session, proof.id, "Wo ist der Beleg?", TODAY, **asked)
    refused("text", ask_group, session, proof.id, "", until, **asked)
    ask_group(session, proof.id, "Wo ist der Beleg?", until, **asked)
    assert proof.state == "questions"
    extend = {"by": CHECKER, "now": LATER}
    refused("until", extend_proof, session, proof.id, until, "Krank.", **extend)
    extend_proof(session, proof.id, until + timedelta(days=7), "Krank.", **extend)
    groups = paid.made.group_ids
    assert not owing(session, groups[:1], before_year=2028, on=until + timedelta(days=7))
    assert owing(session, groups[:1], before_year=2028, on=until + timedelta(days=8)) == {groups[0]: [2027]}
    values = {
        "items": [item(119_000)],
        "own": 0,
        "others": 0,
        "report": "",
        "remaining": 0,
        "answer": "Hier.",
    }
    save_proof(session, proof.id, typed={"own": ["0"]}, values=values, seen=proof.version, now=LATER)
    refused("changed_meanwhile", save_proof, session, proof.id, typed={}, values=None, seen=0, now=LATER)
    submit_proof(session, proof.id, by=5, now=LATER)
    assert (proof.state, proof.remaining_cents, proof.answer_until) == ("submitted", 1_000, None)
    refused("is_submitted", submit_proof, session, proof.id, by=5, now=LATER)
    refused("has_come", extend_proof, session, proof.id, until, "Noch mehr.", **extend)


def test_receipts_are_kept_without_what_the_camera_noted_and_once(session, paid):
    found = session.get_one(GrantRound, paid.made.id)
    proof_id = begin_proof(session, paid.made.region, found, paid.made.group_ids[0], now=NOW)
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera von Kim"
    Image.new("RGB", (40, 60), "white").save(photo, "JPEG", exif=exif)
    for _twice in range(2):
        add_receipt(session, {"proof_id": proof_id}, name="../IMG 1.jpg", content=photo.getvalue(), now=NOW)
    kept = receipts_of(session, proof_id=proof_id)
    assert [each.name for each in kept] == ["IMG 1.jpg"]
    assert b"Kamera" not in kept[0].body
    refused("paper", add_receipt, session, {"proof_id": proof_id}, name="x", content=b"MZ no", now=NOW)
    remove_receipt(session, {"proof_id": proof_id}, kept[0].id, now=NOW)
    assert not receipts_of(session, proof_id=proof_id)


def test_each_reminder_goes_out_once_and_none_after_the_proof_came(session, paid):
    found = session.get_one(GrantRound, paid.made.id)
    region = paid.made.region
    last = date(2028, 1, 31)
    soon = NOW.replace(year=2028, month=1, day=20)
    assert not any(
        each.id == found.id for each, _r in rounds_to_remind(session, now=soon - timedelta(days=9))
    )
    assert groups_to_remind(session, found, region, now=soon) == sorted(paid.made.group_ids)
    first = paid.made.group_ids[0]
    assert remind_group(session, found, region, first, now=soon)
    assert not remind_group(session, found, region, first, now=soon)
    assert groups_to_remind(session, found, region, now=soon) == [paid.made.group_ids[1]]
    on_day = soon.replace(day=last.day)
    assert remind_group(session, found, region, first, now=on_day)
    make_submitted(session, paid, 1, remaining=0)
    assert not remind_group(session, found, region, paid.made.group_ids[1], now=on_day)
    assert groups_to_remind(session, found, region, now=on_day) == []


def test_a_grant_that_is_revoked_while_in_payment_becomes_a_claim_not_a_deleted_payment(session):
    awarded = make_awards(session, [50_000])
    group_id, request_id = awarded.made.group_ids[0], awarded.made.request_ids[0]
    set_office(session, awarded.made.region, OFFICE, now=NOW)
    make_all(session, awarded.run_id)
    batch_id = make_batch(session, awarded.made.id)
    release(session, batch_id)
    mark_sent(session, batch_id, now=NOW)
    version = session.scalars(sa.text("SELECT version FROM grant_request")).one()
    withdraw_request(session, request_id, version=version, now=NOW)
    notice = make_all(session, awarded.run_id, now=LATER)[group_id]
    assert notice.kind == "revocation"
    claim = session.scalars(sa.select(Reclaim)).one()
    assert (claim.cause, claim.cents, claim.group_id) == ("revoked", 50_000, group_id)
    states = session.scalars(sa.text("SELECT state FROM payment")).all()
    assert states == ["sent"], "the payment stays"
    assert not owing(session, [group_id], before_year=2028, on=date(2030, 1, 1))
    assert session.scalars(sa.select(UseProof)).all() == []
    account = paid_account(awarded.made.region, 2027, group_id)
    refused("has_claim", book_return, session, account, 1, received_on=TODAY, token="irgendwas", now=LATER)


def test_no_award_is_paid_and_no_request_complete_while_the_proof_of_an_earlier_year_is_missing(session):
    awarded = make_awards(session, [50_000])
    group_id, region = awarded.made.group_ids[0], awarded.made.region
    earlier = make_paid_before(session, region, 2026, group_id, 30_000)
    found = session.get_one(GrantRound, awarded.made.id)
    assert [each.held for each in list_payables(session, found, on=NOW.date())] == ["owes_proof"]
    refused("nothing_ready", make_batch, session, found.id)
    proof_id = begin_proof(session, region, session.get_one(GrantRound, earlier), group_id, now=NOW)
    extend_proof(session, proof_id, date(2027, 6, 1), "Kassenwartin krank.", by=CHECKER, now=NOW)
    assert [each.held for each in list_payables(session, found, on=date(2027, 6, 1))] == [None]
    assert [each.held for each in list_payables(session, found, on=date(2027, 6, 2))] == ["owes_proof"]
    batch_id = make_batch(session, found.id)
    session.get_one(UseProof, proof_id).extended_until = None
    session.flush()
    told = refused("owes_proof", release, session, batch_id)
    assert "Gruppe 1" in told.message
    values = {"items": [], "own": 0, "others": 0, "remaining": 0, "report": ""}
    save_proof(session, proof_id, typed={}, values=values, seen=0, now=NOW)
    submit_proof(session, proof_id, by=0, now=NOW)
    release(session, batch_id)


def test_a_request_is_incomplete_without_last_years_proof(session):
    group_id = make_group(session, now=clock.now(), clearinghouse_id=make_house(session))
    make_insurer(session)
    applications.make_round(session)
    found = applications.write(session, group_id)
    region, year = found.region, found.round.year
    earlier = make_paid_before(session, region, year - 1, group_id, 30_000)
    missing = assess_application(session, found, None).having(MISSING)
    assert "not_proof_delivered" in {each.code for each in missing}
    proof_id = begin_proof(session, region, session.get_one(GrantRound, earlier), group_id, now=NOW)
    values = {"items": [], "own": 0, "others": 0, "remaining": 0, "report": ""}
    save_proof(session, proof_id, typed={}, values=values, seen=0, now=NOW)
    submit_proof(session, proof_id, by=0, now=NOW)
    given = assess_application(session, found, None).reasons
    assert "proof_delivered" in {each.code for each in given}
