"""A proof sent while a job reminds of it; money claimed while it is given back; the same money booked twice."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from app.funding.models import GrantRound, LedgerEntry, Reclaim, UseProof, UseProofAct
from app.funding.queries.proofs import kept_by
from app.funding.queries.reclaims import find_claim
from app.funding.services.proof_checks import decide_proof
from app.funding.services.proofs import begin_proof, save_proof
from app.shared.outbox import OutboxMail
from tests.builders.proofs import CHECKER, make_paid, make_submitted
from tests.support.programs import told_by
from tests.support.provers import CENTS, LATER

pytestmark = pytest.mark.long


def meet(session, database_url, count, **told):
    session.commit()
    answers = told_by("provers", database_url, json.dumps(told), count)
    session.rollback()
    session.expire_all()
    return answers


@pytest.fixture
def paid(session):
    return make_paid(session, [60_000])


def test_a_proof_that_is_sent_while_it_is_marked_overdue_is_sent_and_reminded_of_once_at_most(
    session, database_url, paid
):
    found = session.get_one(GrantRound, paid.made.id)
    proof_id = begin_proof(session, paid.made.region, found, paid.made.group_ids[0], now=LATER)
    values = {"items": [], "own": 0, "others": 0, "remaining": 0, "report": ""}
    save_proof(session, proof_id, typed={}, values=values, seen=0, now=LATER)
    told = meet(session, database_url, 4, what="remind", proof=proof_id)
    assert told.count("submitted") == 1
    assert told.count("is_submitted") == 1
    reminded = told.count(True)
    assert reminded <= 1
    proof = session.get_one(UseProof, proof_id)
    acts = [each.act for each in session.scalars(sa.select(UseProofAct).order_by(UseProofAct.id))]
    assert proof.state == "submitted"
    assert acts == ["reminded_late"] * reminded + ["submitted"], "nobody is reminded of what has come"
    mails = session.scalars(sa.select(OutboxMail).where(OutboxMail.purpose == "proof-reminder")).all()
    assert len(mails) <= reminded


def test_a_claim_and_voluntary_returns_that_cross_count_every_cent_once(session, database_url, paid):
    proof = make_submitted(session, paid, remaining=10_000)
    told = meet(session, database_url, 4, what="cross", proof=proof.id)
    claim = session.scalars(sa.select(Reclaim)).one()
    line = find_claim(session, claim.id, on=LATER.date())
    came = told.count("returned") * CENTS
    assert claim.id in told
    assert told.count("returned") + told.count("has_claim") == 3
    kept = kept_by(session, line.region, 2027, claim.group_id)
    assert kept.back_cents == came
    assert line.claim.open_cents == 10_000 - came, "whoever was first"


def test_the_same_money_booked_by_several_at_once_is_booked_once(session, database_url, paid):
    proof = make_submitted(session, paid, remaining=10_000)
    claim_id = decide_proof(session, proof.id, {}, seen=proof.version, by=CHECKER, now=LATER)
    told = meet(session, database_url, 4, what="book", proof=proof.id, claim=claim_id, seen=10_000)
    assert sorted(told) == ["booked", *["changed_since"] * 3]
    returned = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.kind == "returned")).all()
    assert len(returned) == 1
