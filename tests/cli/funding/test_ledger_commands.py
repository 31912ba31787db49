"""What an auditor runs: the ledger recomputed by ourselves, and by a program that is not ours."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.funding.rules.ledger_accounts import CARRY, RESERVE, Account, a_group
from app.funding.rules.postings import carry_over, give_back, grant, pay, release, set_aside
from app.funding.services.ledger import post, reverse
from app.funding.services.year_end import close_year
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.contributions import AFTER, call_year, make_levy, receive_all
from tests.builders.groups import NOW
from tests.builders.ledger import LEVY_2026, YEAR, awards, because, make_pot

BEAN_CHECK = Path(sys.executable).with_name("bean-check")


@pytest.fixture
def _a_year_of_money(session):
    carried = Account(CARRY, YEAR + 1, state="09")
    with transaction() as writing:
        pot = make_pot(writing, 1_000_003)
        for act in (
            set_aside(pot, 50_001, because()),
            grant(replace(LEVY_2026, state=None), pot, 99, because()),
        ):
            post(writing, [act], now=NOW)
        post(writing, awards(pot, 20, 12_345), now=NOW)
        post(writing, [pay(pot, a_group(number), 12_345, because()) for number in range(1, 10)], now=NOW)
        post(
            writing,
            [release(pot, a_group(20), 5, because()), release(pot, a_group(19), 12_345, because())],
            now=NOW,
        )
        post(writing, [give_back(pot, a_group(3), 1_000, because(), year=YEAR + 1)], now=NOW)
        reverse(writing, "run/18", because("back", corrects="run/18"), now=NOW)
        post(writing, [carry_over(replace(pot, kind=RESERVE), carried, 50_001, because())], now=NOW)


def bean_check(text, tmp_path):
    file = tmp_path / "ledger.beancount"
    file.write_text(text, encoding="utf-8")
    return subprocess.run([BEAN_CHECK, "--no-cache", file], capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("_a_year_of_money")
def test_the_journal_is_accepted_by_beancount_and_not_with_a_cent_more(runner, tmp_path):
    assert runner.invoke(args=["funding", "verify"]).exit_code == 0
    text = runner.invoke(args=["funding", "journal"]).stdout
    assert "Expenses:Paid:Y2026:L-09:R-oberbayern:V-groups:G9 123.45 EUR" in text
    checked = bean_check(text, tmp_path)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    for right, wrong in (
        (":G9 123.45 EUR", ":G9 123.46 EUR"),
        ("Paid:Y2026:L-09:R-oberbayern:V-groups 1101.05", "Paid:Y2026:L-09:R-oberbayern:V-groups 1101.06"),
    ):
        assert right in text
        assert bean_check(text.replace(right, wrong, 1), tmp_path).returncode == 1


def test_a_ledger_with_nothing_in_it_agrees(runner, tmp_path):
    assert "0 entries on 0 accounts" in runner.invoke(args=["funding", "verify"]).stdout
    assert bean_check(runner.invoke(args=["funding", "journal"]).stdout, tmp_path).returncode == 0


FIRST_AWARD = "SELECT id FROM ledger_entry WHERE key = 'run/1'"
FORGED = {
    "ledger_line": (
        f"UPDATE ledger_line SET cents = cents * 2 WHERE entry_id = ({FIRST_AWARD})",
        "(run/1): not as it was posted",
    ),
    "ledger_entry": (
        "UPDATE ledger_entry SET reason = 'other.reason' WHERE key = 'run/2'",
        "(run/2): not as it was posted",
    ),
    "budget": (
        "UPDATE budget SET granted = granted + 1",
        "guard of Assets:Pot:Y2026:L-09:R-oberbayern:V-groups: [",
    ),
    "ledger_account": (
        "UPDATE ledger_account SET payee_id = 77 WHERE payee_id = 5",
        "its name says something else",
    ),
    "entry and lines": (
        f"DELETE FROM ledger_line WHERE entry_id = ({FIRST_AWARD}); DELETE FROM ledger_entry WHERE key = 'run/1'",
        "are not those that it sealed",
    ),
    "note": (
        "UPDATE history_entry SET facts = '{}' WHERE action = 'ledger.committed'",
        "are not those that it sealed",
    ),
}


FORGED_CALLS = {
    "another sum": ("UPDATE contribution_call SET cents = cents + 1", "is not what its entry"),
    "another day": ("UPDATE contribution_call SET due_on = '2026-12-01'", "is not what its entry"),
    "no call": ("DELETE FROM contribution_call", "calls a contribution that nobody is told of"),
    "no entry": ("UPDATE ledger_entry SET kind = 'granted' WHERE kind = 'called'", "has no entry"),
    "a late entry": (
        "UPDATE funding_year SET closed_at = '2026-02-01 09:00:00.000000' WHERE year = 2026",
        "after that year was closed",
    ),
}


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.usefixtures("_a_year_of_money")
def test_what_somebody_changes_who_can_switch_off_every_trigger_is_found(runner, session, databases, forged):
    assert_is_found(runner, session, databases, *FORGED[forged])


@pytest.mark.parametrize("forged", FORGED_CALLS)
def test_a_call_that_is_not_its_entry_is_found_and_an_entry_that_came_after_its_year(
    runner, session, databases, forged
):
    with transaction() as writing:
        make_levy(writing, {("kasse-a", "09"): 1_000})
        call_year(writing)
        receive_all(writing)
        close_year(writing, YEAR, now=AFTER)
    assert runner.invoke(args=["funding", "verify"]).exit_code == 0
    assert_is_found(runner, session, databases, *FORGED_CALLS[forged])


def assert_is_found(runner, session, databases, statements, complaint):
    session.rollback()
    with db.engine.begin() as connection:
        if databases.kind == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            for name in connection.scalars(
                sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).all():
                connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        for statement in statements.split(";"):
            connection.execute(sa.text(statement))
    found = runner.invoke(args=["funding", "verify"])
    assert found.exit_code == 1
    assert complaint in found.stderr
