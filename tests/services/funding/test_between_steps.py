"""What happens between two steps: a group closes, a contact leaves, a mail comes back, a year ends, a day is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.accounts.erasing import erase_account
from app.accounts.models import RoleGrant, User
from app.funding.models import (
    AllocationLine,
    ApplicationSignature,
    BankLine,
    GrantRequest,
    GrantRound,
    LedgerEntry,
    Notice,
    PaymentBatch,
)
from app.funding.queries.letters import waiting_letters
from app.funding.queries.notices import deadlines_of, line_of
from app.funding.queries.payables import list_payables
from app.funding.queries.sittings import read_agenda
from app.funding.queries.verifying import verify
from app.funding.rules.dispatch import OPENED
from app.funding.rules.division import DivisionRules
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.sittings import FITS, GRANTED, Decision
from app.funding.services.notice_acts import did
from app.funding.services.notice_sending import mail_portion, to_mail
from app.funding.services.payment_batches import drop_batch
from app.funding.services.requests import change_request
from app.funding.services.run_acts import approve_run, check_run, post_run
from app.funding.services.run_payments import pay_run
from app.funding.services.runs import draft_run
from app.funding.services.signing import Signer, ask_to_sign, sign, token_of
from app.funding.services.sitting_decisions import Seen, decide
from app.groups.upkeep.services import close_group, reopen_group
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.history_seals import verify as verify_history
from app.shared.outbox import OutboxMail
from tests.builders.accounts import make_user
from tests.builders.applications import make_round as make_open_round
from tests.builders.applications import write
from tests.builders.groups import NOW, make_contact, make_group
from tests.builders.notices import consent_to_mail, make_all, make_posted, post_all
from tests.builders.payments import make_awards, make_batch, release
from tests.builders.rounds import fill_pot, make_request, make_round
from tests.builders.sittings import make_sitting

BERLIN = ZoneInfo("Europe/Berlin")


def refused(act, *given, **named):
    with pytest.raises(RuleBroken) as refusal:
        act(*given, **named)
    return refusal.value.code


@pytest.mark.long
def test_the_clock_of_the_server_decides_about_the_last_moment_and_it_is_written_down(session):
    make_open_round(session)
    standings = []
    for number, moment in enumerate((timedelta(microseconds=-1), timedelta(0))):
        contact = make_contact(email="kim@example.org")
        group = make_group(session, name=f"Gruppe {number}", now=clock.now(), contact=contact)
        found = write(session, group)
        two = [Signer("Kim Sommer", "kim@example.org"), Signer("Jo Winter", "jo@example.org")]
        ask_to_sign(session, found, two, now=clock.now())
        midnight = datetime.combine(found.last_day + timedelta(days=1), time(), tzinfo=BERLIN)
        for each in session.scalars(
            sa.select(ApplicationSignature).where(ApplicationSignature.group_id == group)
        ):
            sign(session, token_of(each), now=(midnight + moment).astimezone(UTC))
        standings.append(
            session.scalars(sa.select(GrantRequest.standing).where(GrantRequest.group_id == group)).one()
        )
    assert standings[0] in ("in_time", "extended")
    assert standings[1] == "late"


def test_a_group_that_closes_after_it_asked_is_granted_and_paid_nothing_until_somebody_looks(session):
    made = make_round(session, [50_000], pot_cents=50_000)
    sitting = make_sitting(session, made.id, opened=True)
    close_group(session, made.group_ids[0], reason="done", now=NOW)
    (line,) = read_agenda(session, sitting)
    given = {"words": "", "seen": Seen(line.request.version), "by": 1, "now": NOW}
    granted = Decision(GRANTED, 50_000, FITS)
    assert refused(decide, session, sitting, line.request.id, granted, **given) == "group_gone"
    reopen_group(session, made.group_ids[0], now=NOW)
    assert decide(session, sitting, line.request.id, granted, **given).cents == 50_000


def test_a_group_that_closes_after_the_decision_is_not_paid_and_others_are(session):
    awarded = make_awards(session, [50_000, 30_000])
    batch = make_batch(session, awarded.made.id, most_cents=50_000)
    gone = awarded.made.group_ids[0]
    close_group(session, gone, reason="done", now=NOW)
    assert refused(release, session, batch) == "group_gone"
    assert pay_run(session, awarded.run_id, now=NOW) == 1
    drop_batch(session, batch, now=NOW)
    found = session.get_one(GrantRound, awarded.made.id)
    held = [(each.group_id, each.held) for each in list_payables(session, found, on=NOW.date())]
    assert held == [(gone, "gone")]
    assert pay_run(session, awarded.run_id, now=NOW) == 0
    assert verify(session).faults == ()


def test_of_a_mail_that_came_back_no_time_runs_and_its_letter_is_printed(session):
    made = make_round(session, [50_000, 50_000], pot_cents=100_000)
    one, other = made.group_ids
    for group_id in (one, other):
        make_user(session, "group_contact", group=group_id)
        consent_to_mail(session, a_group(group_id))
    told = make_all(session, make_posted(session, made))
    run_id = told[one].run_id
    # A contact who leaves between request and notice: the letter goes on paper.
    session.execute(sa.delete(RoleGrant).where(RoleGrant.group_id == other))
    assert mail_portion(session, to_mail(session, run_id), now=NOW) == 1
    waiting = partial(waiting_letters, session, {Notice: Notice.run_id == run_id})
    assert waiting() == [(Notice, told[other].id)]
    assert deadlines_of(session, line_of(session, told[one].id)).sent_on == NOW.date()

    mail = session.scalars(sa.select(OutboxMail).where(OutboxMail.purpose == "notice")).one()
    empty = dict.fromkeys(("to_address", "subject", "body_text", "body_html", "next_try_at", "reply_to"))
    session.execute(
        sa.update(OutboxMail).where(OutboxMail.id == mail.id).values(**empty, sent_at=NOW, bounced_at=NOW)
    )
    session.expire_all()
    line = line_of(session, told[one].id)
    assert (line.dispatch.is_out, line.dispatch.is_back, deadlines_of(session, line)) == (True, True, None)
    assert waiting() == [(Notice, told[one].id), (Notice, told[other].id)]
    later = NOW + timedelta(days=9)
    with session.begin_nested() as tried:
        did(session, session.get_one(Notice, told[one].id), OPENED, now=later)
        read = deadlines_of(session, line_of(session, told[one].id))
        assert read.sent_on == read.served_on == later.date()  # § 37 (2a) SGB X: the day of retrieval
        tried.rollback()
    assert post_all(session, run_id, [told[one].id], now=later) == 1
    sent = deadlines_of(session, line_of(session, told[one].id))
    assert sent.sent_on == later.date() < sent.served_on
    assert waiting() == [(Notice, told[other].id)]


def test_a_run_that_goes_over_new_year_is_of_its_round_and_who_came_late_waits_for_the_second(session):
    made = make_round(session, [50_000, 50_000], pot_cents=80_000)
    late = make_request(30_000, received_on=date(2027, 2, 1))
    change_request(session, made.request_ids[1], late, version=1, now=NOW)
    eve, morning = (
        datetime(2027, 12, 31, 22, 59, 59, tzinfo=UTC),
        datetime(2027, 12, 31, 23, 0, 1, tzinfo=UTC),
    )
    first = draft_run(session, made.id, DivisionRules(), name="Silvester", by=1, now=eve).run_id
    assert check_run(session, first, by=1, now=eve) == []
    approve_run(session, first, by=2, now=morning)
    assert post_run(session, first, by=2, now=morning)
    assert not post_run(session, first, by=2, now=morning)
    change_request(session, made.request_ids[1], late, version=2, extension="illness", now=morning)
    fill_pot(session, made.region, 1_000, key="second")
    summer = datetime(2028, 3, 26, 1, 30, tzinfo=UTC)  # an hour that the clocks leave out
    second = draft_run(session, made.id, DivisionRules(), name="Zweite", by=1, now=summer).run_id
    check_run(session, second, by=1, now=summer)
    approve_run(session, second, by=2, now=summer)
    assert post_run(session, second, by=2, now=summer)
    lines = session.execute(
        sa.select(AllocationLine.run_id, AllocationLine.group_id, AllocationLine.award_cents).where(
            AllocationLine.award_cents > 0
        )
    )
    one, other = made.group_ids
    assert set(lines.tuples()) == {(first, one, 50_000), (second, one, 50_000), (second, other, 30_000)}
    keys = session.scalars(sa.select(LedgerEntry.key).where(LedgerEntry.kind == "committed")).all()
    assert sorted(keys) == sorted([f"run/{first}/{one}", f"run/{second}/{other}"])
    assert verify(session).faults == ()


def test_who_decided_and_is_erased_leaves_a_number_and_every_hash_as_it_was(session):
    email = make_user(session, "finance", name="Kim Sommer")
    user = session.scalars(sa.select(User.id).where(User.email == email)).one()
    made = make_round(session, [50_000], pot_cents=50_000)
    run = draft_run(session, made.id, DivisionRules(), name="Sitzung", by=7_777, now=NOW).run_id
    check_run(session, run, by=7_777, now=NOW)
    approve_run(session, run, by=user, now=NOW)
    post_run(session, run, by=user, now=NOW)
    erase_account(session, user, now=NOW + timedelta(minutes=1))
    session.flush()
    assert session.scalar(sa.select(User.name).where(User.id == user)) in (None, "")
    assert verify(session).faults == ()
    assert verify_history(session).faults == ()


def test_a_batch_stays_when_who_made_and_who_released_it_are_erased(session):
    awarded = make_awards(session, [50_000])
    batch = make_batch(session, awarded.made.id)
    release(session, batch)
    row = session.get_one(PaymentBatch, batch)
    made_by, released_by = row.made_by, row.released_by
    for number in (made_by, released_by):
        if session.get(User, number) is None:
            session.add(
                User(
                    id=number,
                    email=f"finanzen-{number}@example.org",
                    name="Kim",
                    language="de",
                    created_at=NOW,
                )
            )
    session.flush()
    for number in (made_by, released_by):
        erase_account(session, number, now=NOW + timedelta(minutes=1))
    session.expire_all()
    assert (row.made_by, row.released_by, row.state) == (made_by, released_by, "released")
    assert session.get_one(User, made_by).name == ""


def test_orders_that_only_the_bank_knows_stop_every_release_until_somebody_has_looked(session):
    awarded = make_awards(session, [50_000])
    batch = make_batch(session, awarded.made.id)
    line = BankLine(
        mark="x",
        kind="executed",
        cents=50_000,
        end_to_end_id="WK27-0123456789ab-1",
        outcome="unmatched",
        read_at=NOW,
    )
    session.add(line)
    session.flush()
    assert refused(release, session, batch) == "unknown_orders"
    line.outcome = "settled"
    release(session, batch)
