"""Processes that meet at one proof or one claim: ``python -m tests.support.provers URL WHAT NUMBERS``, as JSON.

A program of its own, and forked, as ``together.py`` says.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from app import create_app
from app.funding.models import FundingRegion, GrantRound, UseProof
from app.funding.queries.proofs import lines_of_round, paid_account
from app.funding.rules.proof import DRAFT
from app.funding.services.claim_settling import book_back
from app.funding.services.direct import book_return
from app.funding.services.proof_checks import decide_proof
from app.funding.services.proof_reminders import remind_group
from app.funding.services.proofs import submit_proof
from app.funding.words.proofs import STATES
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.languages import speaking
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.support.databases import config_for
from tests.support.together import together

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LATER = NOW.replace(year=2028)
CENTS = 100


def _act(session: Session, told: dict[str, Any], number: int) -> object:
    """Do what this process is for; answer what came of it."""
    proof = session.get_one(UseProof, told["proof"])
    found = session.get_one(GrantRound, proof.round_id)
    region = session.get_one(FundingRegion, found.region_id)
    if told["what"] == "remind" and number % 2:
        return remind_group(session, found, region, proof.group_id, now=LATER)
    if told["what"] == "remind":
        submit_proof(session, proof.id, by=0, now=LATER)
        return "submitted"
    sent = {"received_on": LATER.date(), "token": f"token-{number:04}", "now": LATER + timedelta(days=1)}
    if told["what"] == "book":
        book_back(session, told["claim"], CENTS, seen_cents=told["seen"], **sent)
        return "booked"
    if number == 0:
        return decide_proof(session, proof.id, {}, seen=proof.version, by=1, now=LATER)
    book_return(session, paid_account(region, found.year, proof.group_id), CENTS, **sent)
    return "returned"


def _read_ahead(proof_id: int) -> None:
    """Read whatever is read once in a process, so that nobody does so while others wait for the database."""
    session = db.session()
    found = session.get_one(GrantRound, session.get_one(UseProof, proof_id).round_id)
    lines_of_round(session, session.get_one(FundingRegion, found.region_id), found)
    with speaking("de"):
        str(STATES[DRAFT])
    session.close()


def _tried(told: dict[str, Any], number: int) -> object:
    try:
        with transaction() as session:
            return _act(session, told, number)
    except RuleBroken as error:
        return error.code


def main(url: str, told: dict[str, Any], count: int) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    with app.app_context():
        _read_ahead(told["proof"])
    json.dump(together(app, *(partial(_tried, told, number) for number in range(count))), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]))
