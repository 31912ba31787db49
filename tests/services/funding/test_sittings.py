"""A joint sitting from its plan to the run that it becomes; what the services and the database refuse."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.funding.models import AllocationLine, GrantRequest, Sitting, SittingDecision, SittingMinutes
from app.funding.queries.rounds import pot_of
from app.funding.queries.sitting_runs import runs_of
from app.funding.queries.sittings import money_of, read_agenda, sittings_of
from app.funding.queries.verifying import verify
from app.funding.rules.division import DivisionRules
from app.funding.rules.postings import Because, set_aside
from app.funding.rules.sittings import AGREED, GRANTED, PART, PUT_OFF, REJECTED, Decision
from app.funding.services.conflicts import declare_conflict
from app.funding.services.ledger import post
from app.funding.services.requests import change_request, withdraw_request
from app.funding.services.run_acts import approve_run, check_run, discard_run, post_run
from app.funding.services.runs import draft_run
from app.funding.services.sitting_closing import close_sitting, draft_again
from app.funding.services.sitting_comments import comment
from app.funding.services.sitting_decisions import Seen, decide, decide_as_proposed
from app.funding.services.sitting_runs import decide_run, lay_run
from app.funding.services.sittings import plan_sitting, take_off_agenda
from app.shared.errors import RuleBroken
from tests.builders.accounts import make_user
from tests.builders.groups import NOW
from tests.builders.rounds import YEAR, fill_pot, make_request, make_round
from tests.builders.sittings import DRAFT, make_sitting

ALL = Decision(GRANTED, 0, "fits")
NOTHING = Decision(REJECTED, 0, "conditions")


@pytest.fixture
def made(session):
    return make_round(session, [50_000, 30_000, 40_000], pot_cents=100_000)


def say(session, sitting_id, request_id, decision=ALL, *, seen=None, by=1, words=""):
    return decide(
        session, sitting_id, request_id, decision, words=words, seen=seen or Seen(1), by=by, now=NOW
    )


def refused(code, act, *args, **kwargs):
    with pytest.raises(RuleBroken) as caught:
        act(*args, **kwargs)
    assert caught.value.code == code
    return caught.value.message


def user_id(session, email):
    return session.scalars(sa.select(User.id).where(User.email == email)).one()


def close(session, sitting_id, *, leaves_open=False):
    return close_sitting(session, sitting_id, leaves_open=leaves_open, by=1, now=NOW)


def test_what_a_sitting_decides_becomes_a_run_like_any_other(session, made):
    first, second, third = made.request_ids
    sitting_id = make_sitting(session, made.id, opened=True)
    say(session, sitting_id, first)
    say(session, sitting_id, second, Decision(PART, 20_050, "costs"), words="Ohne die Fahrt.")
    say(session, sitting_id, third, Decision(PUT_OFF, 0, "papers"))
    run_id = close(session, sitting_id)
    lines = {line.request_id: line for line in session.scalars(sa.select(AllocationLine))}
    assert [lines[each].award_cents for each in made.request_ids] == [50_000, 20_050, 0]
    assert lines[second].sentence.endswith("bewilligt. Grund: nicht alle Kosten können gefördert werden."), (
        lines[second].sentence
    )
    assert check_run(session, run_id, by=1, now=NOW) == []
    approve_run(session, run_id, by=2, now=NOW)
    assert post_run(session, run_id, by=2, now=NOW)
    assert verify(session).faults == ()
    minutes = session.scalars(sa.select(SittingMinutes)).one()
    assert minutes.body.startswith(b"%PDF")
    assert ["Gruppe 2", "300,00\xa0€", "teilweise bewilligt", "200,50\xa0€"] in [
        row[:4] for section in minutes.facts["sections"] for row in section["rows"]
    ]
    refused("is_closed", say, session, sitting_id, first)
    refused("is_closed", close, session, sitting_id)
    again = make_sitting(session, made.id, opened=True)
    assert [line.request.id for line in read_agenda(session, again)] == [third]
    assert money_of(session, session.get_one(Sitting, again)).free_cents == 29_950
    say(session, again, third, Decision(PART, 29_000, "pot"))
    second_run = close(session, again)
    assert check_run(session, second_run, by=1, now=NOW) == []
    approve_run(session, second_run, by=2, now=NOW)
    assert post_run(session, second_run, by=2, now=NOW)
    assert verify(session).faults == ()


def test_what_cannot_be_decided_is_refused_with_who_when_and_what(session, made):
    first, second, third = made.request_ids
    sitting_id = make_sitting(session, made.id)
    refused("another_sitting", plan_sitting, session, made.id, DRAFT, now=NOW)
    refused("not_open", say, session, sitting_id, first)
    session.rollback()
    made = make_round(session, [50_000, 30_000, 40_000], pot_cents=100_000)
    first, second, third = made.request_ids
    sitting_id = make_sitting(session, made.id, opened=True)
    kim = user_id(session, make_user(session, "funding_office", region=made.region.id, name="Kim Sommer"))
    done = say(session, sitting_id, first, by=kim)
    assert say(session, sitting_id, first, by=kim).id == done.id  # a double click
    told = refused("decided_meanwhile", say, session, sitting_id, first, NOTHING, by=2)
    assert "Kim Sommer" in told
    assert "bewilligt, 500,00" in told
    change_request(session, second, make_request(20_000), version=1, now=NOW)
    assert "200,00" in refused("outdated", say, session, sitting_id, second, by=2)
    for wrong, code in ((Decision(PART, 0, "pot"), "faulty"), (Decision(PART, 50_000, "pot"), "faulty")):
        refused(code, say, session, sitting_id, third, wrong)
    refused("faulty", say, session, sitting_id, third, Decision(REJECTED, 0, "fits"))
    declare_conflict(session, kim, made.group_ids[2], "member", now=NOW)
    assert "Kim Sommer" in refused("conflicted", say, session, sitting_id, third, by=kim)
    refused("is_decided", take_off_agenda, session, sitting_id, first, now=NOW)
    say(session, sitting_id, first, NOTHING, seen=Seen(1, done.id), by=2)
    assert money_of(session, session.get_one(Sitting, sitting_id)).granted_cents == 0
    withdraw_request(session, third, version=1, now=NOW)
    refused("is_withdrawn", say, session, sitting_id, third)


def test_a_sitting_grants_no_more_than_the_pot_has_and_many_are_told_one_by_one(session, made):
    sitting_id = make_sitting(session, made.id, opened=True)
    results = decide_as_proposed(session, sitting_id, made.request_ids, most_cents=45_000, by=1, now=NOW)
    told = [(each.decision.outcome, each.decision.cents) if each.decision else None for each in results]
    assert told == [(PART, 45_000), (GRANTED, 30_000), None]
    assert "250,00" in results[2].why_not
    assert "250,00" in refused("over_budget", say, session, sitting_id, made.request_ids[2])
    assert "1 Antrag ist nicht entschieden" in refused("undecided", close, session, sitting_id)
    again = decide_as_proposed(session, sitting_id, made.request_ids[:1], most_cents=None, by=1, now=NOW)
    assert again[0].why_not
    change_request(session, made.request_ids[1], make_request(29_000), version=1, now=NOW)
    assert "Gruppe 2" in refused("outdated", close, session, sitting_id, leaves_open=True)
    say(session, sitting_id, made.request_ids[1], seen=Seen(2, results[1].decision.id))
    pot = pot_of(made.region, YEAR)
    post(session, [set_aside(pot, 30_000, Because("test/lower", "test.wanted"))], now=NOW)
    assert "40,00" in refused("over_budget", close, session, sitting_id, leaves_open=True)
    less = Decision(PART, 41_000, "pot")  # what lowers the sum is possible in any case
    say(session, sitting_id, made.request_ids[0], less, seen=Seen(1, results[0].decision.id))
    run_id = close(session, sitting_id, leaves_open=True)
    refused("still_holds", draft_again, session, sitting_id, by=1, now=NOW)
    fill_pot(session, made.region, 5_000, key="more")
    change_request(session, made.request_ids[0], make_request(60_000), version=1, now=NOW)
    refused("changed_meanwhile", check_run, session, run_id, by=1, now=NOW)
    second = draft_again(session, sitting_id, by=1, now=NOW)
    assert [line.award_cents for line in session.scalars(
        sa.select(AllocationLine).where(AllocationLine.run_id == second).order_by(AllocationLine.group_id)
    )] == [0, 29_000, 0]  # fmt: skip
    discard_run(session, second, reason="mistake", by=1, now=NOW)
    assert draft_again(session, sitting_id, by=1, now=NOW) not in (run_id, second)
    assert len(runs_of(session, sitting_id)) == 3
    assert len(sittings_of(session, made.id)) == 1


def test_a_run_before_a_sitting_is_approved_once_it_is_agreed(session, made):
    rules = DivisionRules(reserve_percent=10)
    run_id = draft_run(session, made.id, rules, name="Entwurf", by=1, now=NOW).run_id
    check_run(session, run_id, by=1, now=NOW)
    sitting_id = make_sitting(session, made.id, opened=True)
    lay_run(session, sitting_id, run_id, now=NOW)
    refused("is_laid", lay_run, session, sitting_id, run_id, now=NOW)
    refused("not_agreed_yet", approve_run, session, run_id, by=2, now=NOW)
    refused("in_run", say, session, sitting_id, made.request_ids[0])
    refused("run_open", close, session, sitting_id, leaves_open=True)
    decide_run(session, sitting_id, run_id, AGREED, by=1, now=NOW)
    assert "einverstanden" in refused(
        "decided_meanwhile", decide_run, session, sitting_id, run_id, "not_agreed", by=2, now=NOW
    )
    assert money_of(session, session.get_one(Sitting, sitting_id)).left_cents == 0
    assert close(session, sitting_id, leaves_open=True) is None
    approve_run(session, run_id, by=2, now=NOW)
    assert post_run(session, run_id, by=2, now=NOW)


def test_representatives_advise_and_put_on_record_what_they_think(session, made):
    sitting_id = make_sitting(session, made.id, opened=True)
    request_id = made.request_ids[0]
    for _twice in range(2):
        comment(session, sitting_id, request_id, text="Bitte ganz.", stance=None, by=5, now=NOW)
    refused("is_commented", take_off_agenda, session, sitting_id, request_id, now=NOW)
    take_off_agenda(session, sitting_id, made.request_ids[2], now=NOW)
    refused("not_decided", comment, session, sitting_id, request_id, text="", stance="agrees", by=5, now=NOW)
    say(session, sitting_id, request_id)
    comment(session, sitting_id, request_id, text="", stance="agrees", by=5, now=NOW)
    close(session, sitting_id, leaves_open=True)
    comment(session, sitting_id, None, text="Zu wenig Zeit.", stance="disagrees", by=5, now=NOW)
    refused("is_closed", comment, session, sitting_id, None, text="Noch etwas", stance=None, by=5, now=NOW)
    assert [line.comments for line in read_agenda(session, sitting_id)] == [2, 0]


def row_of(made, sitting_id, number, **given):
    """A decision about one of the requests, as the table holds it."""
    return {
        "sitting_id": sitting_id,
        "request_id": made.request_ids[number],
        "group_id": made.group_ids[number],
        "request_version": 1,
        "outcome": "granted",
        "cents": 30_000,
        "reason": "fits",
        "words": "",
        "decided_at": NOW,
        **given,
    }


def refused_by_the_database(session, *statements):
    for each in statements:
        with pytest.raises(sa.exc.IntegrityError):
            session.execute(each)
        session.rollback()


def test_the_database_itself_refuses_a_decision_that_cannot_be(session, made):
    sitting_id = make_sitting(session, made.id, opened=True)
    first = say(session, sitting_id, made.request_ids[0])
    kim = user_id(session, make_user(session))
    declare_conflict(session, kim, made.group_ids[1], "member", now=NOW)
    session.commit()
    for wrong in (
        row_of(made, sitting_id, 0),  # a second first decision
        row_of(made, sitting_id, 1, decided_by=kim),  # is close to the group
        row_of(made, sitting_id, 1, replaces_id=first.id),  # of another request
        row_of(made, sitting_id, 1, request_version=2),
        row_of(made, sitting_id, 1, group_id=made.group_ids[2]),
        row_of(made, sitting_id, 1, cents=30_001),
    ):
        refused_by_the_database(session, sa.insert(SittingDecision).values(wrong))
    refused_by_the_database(
        session,
        sa.update(SittingDecision).values(cents=1),
        sa.update(SittingDecision).values(decided_by=7),
        sa.delete(SittingDecision),
    )


def test_what_is_closed_stays_as_it_is_until_its_time_is_over(session, made):
    sitting_id = make_sitting(session, made.id, opened=True)
    say(session, sitting_id, made.request_ids[0])
    close(session, sitting_id, leaves_open=True)
    session.commit()
    refused_by_the_database(
        session,
        sa.insert(SittingDecision).values(row_of(made, sitting_id, 1)),
        sa.update(Sitting).values(state="open", closed_at=None),
        sa.update(SittingMinutes).values(sha256="x"),
    )
    session.execute(sa.update(SittingDecision).values(decided_by=None))  # an account is erased
    session.execute(sa.delete(Sitting))  # its time is over, and everything goes with it
    assert session.scalars(sa.select(SittingDecision)).all() == []
    assert session.scalars(sa.select(GrantRequest)).all()
