"""The ledger of the money: what can be posted, what is refused, and what stays as it is whoever tries."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.funding.models import Budget, LedgerAccount, LedgerEntry, LedgerLine
from app.funding.queries.balances import get_budget
from app.funding.queries.entries import find_posting
from app.funding.queries.verifying import Verified, verify
from app.funding.rules.ledger_accounts import CARRY, RESERVE, RETURNED, Account, a_group
from app.funding.rules.postings import carry_over, commit, give_back, grant, pay, release, set_aside
from app.funding.services.ledger import post, reverse
from app.shared.database_roles import grant_rights
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.history import HistoryEntry
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.builders.ledger import LEVY_2026, POT_2026, YEAR, awards, because, make_pot
from tests.support.databases import config_for


@pytest.fixture
def pot(session):
    with transaction() as writing:
        return make_pot(writing, 100_000)


def do(*postings):
    with transaction() as writing:
        return post(writing, postings, now=NOW)


def guard(session, account=POT_2026):
    session.rollback()
    found = get_budget(session, account)
    return (found.granted, found.committed, found.paid)


def test_money_goes_from_levy_to_pot_to_group_and_back_and_everything_agrees(session, pot):
    do(set_aside(pot, 10_000, because()))
    assert guard(session) == (90_000, 0, 0)
    do(commit(pot, a_group(7), 60_000, because()))
    do(release(pot, a_group(7), 5_000, because()))
    do(pay(pot, a_group(7), 50_000, because()))
    assert guard(session) == (90_000, 55_000, 50_000)
    do(give_back(pot, a_group(7), 20_000, because(), year=YEAR + 1))
    assert guard(session) == (70_000, 35_000, 30_000)
    returned, carried = replace(pot, kind=RETURNED, year=YEAR + 1), Account(CARRY, YEAR + 1, state="09")
    next_pot = replace(pot, year=YEAR + 1)
    do(carry_over(pot, carried, 35_000, because()))
    do(carry_over(replace(pot, kind=RESERVE), carried, 10_000, because()))
    do(grant(carried, next_pot, 45_000, because()), grant(returned, next_pot, 20_000, because()))
    assert guard(session) == (35_000, 35_000, 30_000)
    assert guard(session, next_pot) == (65_000, 0, 0)
    assert guard(session, carried) == guard(session, returned) == (0, 0, 0)
    assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (lambda pot: commit(pot, a_group(8), 40_001, because()), "400,00"),
        (lambda pot: set_aside(pot, 40_001, because()), "400,00"),
        (lambda pot: commit(replace(pot, region="nowhere"), a_group(8), 1, because()), "0,00"),
        (lambda pot: pay(pot, a_group(7), 50_001, because()), "500,00"),
        (lambda pot: pay(pot, a_group(8), 1, because()), "0,00"),
        (lambda pot: release(pot, a_group(7), 50_001, because()), "500,00"),
        (lambda pot: give_back(pot, a_group(7), 10_001, because(), year=YEAR), "100,00"),
    ],
)
def test_more_than_there_is_is_refused_with_what_there_is_and_nothing_is_posted(session, pot, wanted, left):
    do(commit(pot, a_group(7), 60_000, because()))
    do(pay(pot, a_group(7), 10_000, because()))
    before = guard(session)
    with pytest.raises(RuleBroken) as refused:
        do(wanted(pot))
    assert refused.value.code == "not_enough"
    assert f"{left}\N{NO-BREAK SPACE}€" in refused.value.message
    assert guard(session) == before
    assert verify(session) == Verified(entries=3, accounts=4, faults=())


def test_thousands_are_posted_at_once_or_none_and_are_one_note(session, pot):
    with pytest.raises(RuleBroken):
        do(*awards(pot, 101, 1_000))
    assert guard(session) == (100_000, 0, 0)
    do(*awards(pot, 100, 1_000))
    assert guard(session) == (100_000, 100_000, 0)
    note = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "ledger.committed")).one()
    assert note.facts["entries"] == 100
    assert set(session.scalars(sa.select(LedgerEntry.history_id).where(LedgerEntry.kind == "committed"))) == {
        note.id
    }


def test_the_same_key_answers_the_first_entry_and_refuses_other_contents(session, pot):
    first = do(*awards(pot, 3, 1_000))
    again = do(*awards(pot, 3, 1_000))
    assert (first.is_new, again.is_new, again.entry_ids) == (True, False, first.entry_ids)
    for other in (awards(pot, 3, 1_001), awards(pot, 4, 1_000), awards(pot, 1, 999)):
        with pytest.raises(RuleBroken) as refused:
            do(*other)
        assert refused.value.code == "key_used"
    assert guard(session) == (100_000, 3_000, 0)


def test_an_entry_is_reversed_once_and_not_when_its_money_has_gone_further(session, pot):
    do(*awards(pot, 2, 1_000))
    do(pay(pot, a_group(1), 400, because("paid")))
    with transaction() as writing:
        assert reverse(writing, "run/2", because("back"), now=NOW).is_new
        assert not reverse(writing, "run/2", because("back"), now=NOW).is_new
    for key, code in (("run/2", "reversed_already"), ("run/1", "not_enough"), ("back", "is_reversal")):
        with pytest.raises(RuleBroken) as refused, transaction() as writing:
            reverse(writing, key, because(), now=NOW)
        assert refused.value.code == code
    with pytest.raises(BadInput), transaction() as writing:
        reverse(writing, "no/such", because(), now=NOW)
    assert guard(session) == (100_000, 1_000, 400)
    assert verify(session).faults == ()


def test_a_correction_names_the_entry_of_the_closed_year_and_counts_in_the_open_one(session, pot):
    do(commit(pot, a_group(7), 1_000, because("old")))
    with transaction() as writing:
        reverse(writing, "old", because("new", corrects="old", year=YEAR + 1), now=NOW)
    entry = find_posting(session, "new")
    assert (entry.year, entry.corrects, entry.reverses) == (YEAR + 1, "old", "old")
    with pytest.raises(BadInput):
        do(commit(pot, a_group(7), 1_000, because(corrects="no/such")))


def test_an_insurer_that_is_not_there_is_named(session, pot):
    with pytest.raises(BadInput, match="aok-nirgends"):
        do(grant(replace(LEVY_2026, insurer="aok-nirgends"), pot, 1, because()))


@pytest.mark.parametrize("model", [LedgerAccount, LedgerEntry, LedgerLine, Budget])
def test_nobody_changes_or_deletes_what_is_in_the_ledger(session, databases, pot, model):
    changes = [sa.delete(model)]
    if model is not Budget or databases.kind == "postgresql":
        column = next(column for column in model.__table__.c if not column.primary_key)
        changes.append(sa.update(model).values({column.name: column}))
    if databases.kind == "postgresql":
        changes.append(sa.text(f"TRUNCATE {model.__tablename__} CASCADE"))
    elif model is LedgerEntry:
        changes.append(sa.text("INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry"))
    elif model is LedgerLine:
        changes.append(sa.text("INSERT OR REPLACE INTO ledger_line SELECT * FROM ledger_line"))
    for change in changes:
        with (
            pytest.raises(IntegrityError, match=r"the ledger is never changed|an entry is never added to"),
            transaction(),
        ):
            session.execute(change)
    assert verify(session).faults == ()


@pytest.mark.parametrize("cents", [(), (5,), (5, -4)], ids=["no line", "one line", "not zero"])
def test_the_database_itself_refuses_an_entry_that_does_not_balance(session, pot, cents):
    accounts = session.scalars(sa.select(LedgerAccount.id).order_by(LedgerAccount.id)).all()
    seen = session.scalars(sa.select(LedgerEntry)).one()
    row = {"id": 99, "key": "x", "kind": "granted", "reason": "x", "facts": {}, "year": YEAR, "digest": ""}
    row |= {"posted_at": NOW, "history_id": seen.history_id}

    def slip_in():
        with transaction():
            for account, each in zip(accounts, cents, strict=False):
                session.execute(sa.insert(LedgerLine).values(entry_id=99, account_id=account, cents=each))
            session.execute(sa.insert(LedgerEntry).values(**row))

    with pytest.raises(IntegrityError, match="ck_ledger_entry_balanced"):
        slip_in()


def test_the_database_itself_refuses_a_line_for_an_entry_that_is_there_or_never_comes(session, pot):
    do(set_aside(pot, 10, because()))
    seen = session.scalar(sa.select(sa.func.min(LedgerEntry.id)))
    account = session.scalars(sa.select(LedgerAccount.id).where(LedgerAccount.kind == "reserve")).one()
    with pytest.raises(IntegrityError, match="an entry is never added to"), transaction():
        session.execute(sa.insert(LedgerLine).values(entry_id=seen, account_id=account, cents=5))
    with pytest.raises(IntegrityError), transaction():
        session.execute(sa.insert(LedgerLine).values(entry_id=99, account_id=account, cents=5))
    assert guard(session) == (99_990, 0, 0)


@pytest.fixture
def _as_the_application(app, session):
    """Afterwards the session acts as the application's own role, whose rights are those of an installation."""
    config = replace(
        config_for("postgresql+psycopg://ledger_tester@/any"),
        migration_database_url="postgresql+psycopg://app@/any",
    )
    with db.engine.begin() as connection:
        connection.execute(sa.text("CREATE ROLE ledger_tester"))
        grant_rights(connection, config, db.metadata)
    session.connection().execute(sa.text("SET ROLE ledger_tester"))
    yield
    session.rollback()
    session.execute(sa.text("RESET ROLE"))
    session.rollback()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP OWNED BY ledger_tester; DROP ROLE ledger_tester"))


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("pot", "_as_the_application")
def test_the_applications_own_role_can_post_and_may_do_nothing_else_with_the_ledger(session):
    with session.begin_nested():
        post(session, awards(POT_2026, 3, 1_000), now=NOW)
    for model in (LedgerAccount, LedgerEntry, LedgerLine, Budget):
        name = model.__tablename__
        column = next(column.name for column in model.__table__.c if not column.primary_key)
        for change in (
            f"UPDATE {name} SET {column} = {column}",
            f"DELETE FROM {name}",
            f"TRUNCATE {name} CASCADE",
        ):
            with (
                pytest.raises(ProgrammingError, match=f"permission denied for table {name}"),
                session.begin_nested(),
            ):
                session.execute(sa.text(change))
    assert verify(session).faults == ()
