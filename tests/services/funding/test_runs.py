"""Runs: drafted, checked, approved by a second person, posted all or nothing, paid."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.funding.models import AllocationAct, AllocationLine, AllocationRun, LedgerEntry
from app.funding.queries.balances import get_budget
from app.funding.queries.rounds import pot_of, read_round
from app.funding.queries.runs import input_of, output_of
from app.funding.queries.verifying import verify
from app.funding.rules.division import DivisionRules, Tier
from app.funding.rules.division_texts import hash_of
from app.funding.rules.ledger_accounts import DUE, Account
from app.funding.rules.postings import Because, call, receive
from app.funding.services.ledger import post
from app.funding.services.requests import change_request, enter_request, withdraw_request
from app.funding.services.run_acts import approve_run, check_run, discard_run, post_run
from app.funding.services.run_payments import pay_run
from app.funding.services.runs import draft_run
from app.shared.errors import RuleBroken
from tests.builders.groups import NOW, make_group, make_house
from tests.builders.rounds import INSURER, YEAR, fill_pot, make_request, make_round

DRAFTER, SECOND = 1, 2
RULES = DivisionRules(reserve_percent=10, tiers=(Tier(1, 75_000),))


@pytest.fixture
def made(session):
    return make_round(session, [120_000, 40_000, 90_000], pot_cents=200_001)


def draft(session, made, rules=RULES, **given):
    return draft_run(session, made.id, rules, **{"name": "Entwurf", "by": DRAFTER, "now": NOW, **given})


def post_all(session, made, rules=RULES):
    run_id = draft(session, made, rules).run_id
    assert check_run(session, run_id, by=DRAFTER, now=NOW) == []
    approve_run(session, run_id, by=SECOND, now=NOW)
    assert post_run(session, run_id, by=SECOND, now=NOW)
    return run_id


def left(session, made):
    session.flush()
    budget = get_budget(session, pot_of(made.region, YEAR))
    return budget.granted - budget.committed


def test_a_draft_holds_input_result_and_a_german_sentence_for_every_group(session, made):
    drafted = draft(session, made)
    run = session.get_one(AllocationRun, drafted.run_id)
    lines = session.scalars(sa.select(AllocationLine).order_by(AllocationLine.group_id)).all()
    assert (run.reserve_cents, run.pot_cents, run.awarded_cents, run.leftover_cents) == (
        20_001,
        180_000,
        180_000,
        0,
    )
    assert [line.award_cents for line in lines] == [70_000, 40_000, 70_000]
    assert lines[0].sentence == (
        "Beantragt waren 1.200,00\xa0€. Mehr als 750,00\xa0€ sind in dieser Stufe nicht möglich. "
        "Die Gruppe erhält 700,00\xa0€: so viel wie alle, die mehr gebraucht hätten; für alles reichte der Topf nicht."
    )
    assert hash_of(input_of(session, run.id)) == run.input_hash
    assert hash_of(output_of(session, run)) == run.result_hash
    assert draft(session, made, name="Noch einmal", by=SECOND) == (drafted.__class__(run.id, is_new=False))


def test_what_was_given_up_can_be_drafted_anew(session, made):
    first = draft(session, made).run_id
    discard_run(session, first, reason="mistake", by=DRAFTER, now=NOW)
    second = draft(session, made)
    assert second.is_new
    assert draft(session, made) == second.__class__(second.run_id, is_new=False)
    with pytest.raises(RuleBroken, match="verworfen"):
        check_run(session, first, by=DRAFTER, now=NOW)
    assert check_run(session, second.run_id, by=DRAFTER, now=NOW) == []


def test_a_run_is_posted_once_and_only_after_a_second_person_has_approved_it(session, made):
    run_id = draft(session, made).run_id
    with pytest.raises(RuleBroken, match="prüfen"):
        approve_run(session, run_id, by=SECOND, now=NOW)
    check_run(session, run_id, by=DRAFTER, now=NOW)
    with pytest.raises(RuleBroken, match="zweite Person"):
        approve_run(session, run_id, by=DRAFTER, now=NOW)
    with pytest.raises(RuleBroken, match="zweite Person"):
        post_run(session, run_id, by=DRAFTER, now=NOW)
    approve_run(session, run_id, by=SECOND, now=NOW)
    assert post_run(session, run_id, by=DRAFTER, now=NOW)
    assert not post_run(session, run_id, by=SECOND, now=NOW)
    assert left(session, made) == 0
    assert pay_run(session, run_id, now=NOW) == 3
    assert pay_run(session, run_id, now=NOW) == 0
    session.commit()
    assert verify(session).faults == ()


def test_a_run_whose_round_has_changed_goes_no_further_and_says_what_has(session, made):
    run_id = draft(session, made).run_id
    check_run(session, run_id, by=DRAFTER, now=NOW)
    change_request(session, made.request_ids[0], make_request(110_000), version=1, now=NOW)
    enter_request(
        session,
        made.id,
        make_group(session, name="Neu", clearinghouse_id=make_house(session, "Haus")),
        make_request(5_000),
        now=NOW,
    )
    fill_pot(session, made.region, 12_000, key="more")
    with pytest.raises(RuleBroken, match=r"2 Anträge, der Topf um \+120,00"):
        approve_run(session, run_id, by=SECOND, now=NOW)
    change_request(session, made.request_ids[0], make_request(120_000), version=2, now=NOW)
    with pytest.raises(RuleBroken, match="1 Antrag"):
        approve_run(session, run_id, by=SECOND, now=NOW)


def test_a_second_round_promises_the_difference_and_withdrawn_money_is_divided_again(session, made):
    first = post_all(session, made)
    assert withdraw_request(session, made.request_ids[1], version=1, now=NOW) == 40_000
    assert left(session, made) == 40_000
    state = read_round(session, made.id)
    assert (state.number, state.money_cents) == (2, 40_000)
    rest = post_all(session, made, DivisionRules(tiers=(Tier(1, 75_000),)))
    keys = session.scalars(sa.select(LedgerEntry.key).where(LedgerEntry.key.startswith(f"run/{rest}/"))).all()
    assert set(keys) == {f"run/{rest}/{made.group_ids[number]}" for number in (0, 2)}
    assert left(session, made) == 30_000
    assert (pay_run(session, first, now=NOW), pay_run(session, rest, now=NOW)) == (2, 2)
    session.commit()
    assert verify(session).faults == ()


def test_payments_wait_until_the_insurers_have_paid_in_and_none_is_made_before(session):
    made = make_round(session, [50_000, 60_000], pot_cents=40_000)
    pot = pot_of(made.region, YEAR)
    due = Account(DUE, YEAR, INSURER, pot.state, pot.region, pot.level)
    post(session, [call(due, 60_000, Because("call/1", "test.wanted"))], now=NOW)
    run_id = post_all(session, made, DivisionRules())
    with pytest.raises(RuleBroken, match="schulden diesem Topf noch 600,00"):
        pay_run(session, run_id, now=NOW)
    post(session, [receive(due, 60_000, Because("receipt/1", "test.wanted"))], now=NOW)
    assert pay_run(session, run_id, now=NOW) == 2


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (DivisionRules(minimum_cents=100_000), "minimum"),
        (DivisionRules(reserve_floor_cents=200_002), "reserve_floor"),
    ],
)
def test_a_rule_that_does_not_fit_the_money_is_refused_beside_its_number(session, made, rules, field):
    with pytest.raises(RuleBroken) as refused:
        draft(session, made, rules)
    assert refused.value.field == field


def test_without_requests_or_money_nothing_is_drafted(session):
    made = make_round(session, [])
    with pytest.raises(RuleBroken, match="Anträge"):
        draft(session, made)


def test_runs_are_verified_lines_awards_and_people(session, made):
    run_id = post_all(session, made)
    session.commit()
    assert verify(session).faults == ()
    session.execute(
        sa.text("DROP TRIGGER IF EXISTS allocation_line_kept_update")
        if session.get_bind().dialect.name == "sqlite"
        else sa.text("ALTER TABLE allocation_line DISABLE TRIGGER allocation_line_kept")
    )
    session.execute(
        sa.update(AllocationLine)
        .where(AllocationLine.group_id == made.group_ids[1])
        .values(award_cents=39_999)
    )
    faults = "\n".join(verify(session).faults)
    assert f"run {run_id}: its lines are not those that were hashed" in faults
    assert f"group {made.group_ids[1]} was awarded 39999 cents, promised 40000" in faults
    session.rollback()


def test_the_database_lets_nobody_change_a_run_or_approve_their_own(session, made):
    run_id = draft(session, made).run_id
    session.commit()
    for statement in (
        sa.update(AllocationRun).values(awarded_cents=1),
        sa.delete(AllocationLine),
        sa.text("UPDATE allocation_input SET text = ''"),
    ):
        with pytest.raises(sa.exc.DBAPIError):
            session.execute(statement)
        session.rollback()
    own = {"act": "approved", "round_id": made.id, "number": 1, "drafted_by": DRAFTER, "done_by": DRAFTER}
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.insert(AllocationAct).values(run_id=run_id, done_at=NOW, **own))
    session.rollback()
