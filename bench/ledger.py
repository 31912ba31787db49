"""The ledger: a round of awards posted at once, and many who decide about one pot in the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from app import create_app
from app.funding.queries.verifying import verify
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import Because, commit, pay
from app.funding.services.ledger import post
from app.shared.extensions import db
from app.shared.transactions import transaction
from bench.tables import Times, heading, missed, times_line, value_line
from config import ROOT
from tests.builders.groups import NOW
from tests.builders.ledger import POT_2026, make_pot
from tests.support.databases import PostgresqlDatabases, SqliteDatabases, config_for

if TYPE_CHECKING:
    from collections.abc import Iterator

AWARDS = 5_000
ROUNDS = 3
DECIDERS = 40
POT_CENTS = 100_000


def run() -> None:
    """Print what posting and deciding cost on both kinds of database, as the tests have them."""
    for kind in ("sqlite", "postgresql"):
        _run_on(kind)


def _run_on(kind: str) -> None:
    heading(f"Ledger, {kind}")
    databases = SqliteDatabases() if kind == "sqlite" else PostgresqlDatabases()
    try:
        with _application(databases.template_copy(), pot_cents=AWARDS * ROUNDS * 100_000):
            _post_rounds()
        url = databases.template_copy()
        with _application(url, pot_cents=POT_CENTS):
            pass
        _decide_at_once(url)
    finally:
        databases.close()


@contextmanager
def _application(url: str, *, pot_cents: int) -> Iterator[None]:
    with create_app(config_for(url)).app_context():
        with transaction() as session:
            make_pot(session, pot_cents)
        yield
        db.session.remove()
        db.engine.dispose()


def _post_rounds() -> None:
    promised, paid = [], []
    for number in range(ROUNDS):
        for act, times in ((commit, promised), (pay, paid)):
            key = f"{act.__name__}/{number}"
            acts = [
                act(
                    POT_2026,
                    a_group(group),
                    65_432,
                    Because(f"{key}/{group}", "round.award", {"level_cents": 65_432}),
                )
                for group in range(1, AWARDS + 1)
            ]
            began = perf_counter()
            with transaction() as session:
                post(session, acts, now=NOW)
            times.append(perf_counter() - began)
    times_line(
        f"{AWARDS} awards promised at once, with their accounts", Times(promised[:1]), p50_at_most=3_000
    )
    times_line(f"{AWARDS} awards promised at once, accounts there", Times(promised[1:]), p50_at_most=3_000)
    times_line(f"{AWARDS} awards paid at once", Times(paid), p50_at_most=3_000)
    began = perf_counter()
    faults = verify(db.session()).faults
    value_line(f"verifying {2 * ROUNDS * AWARDS} entries", perf_counter() - began, unit="s")
    if faults:
        missed.append(f"the ledger does not agree: {faults[0]}")


def _decide_at_once(url: str) -> None:
    command = [sys.executable, "-m", "tests.support.deciders", url, str(DECIDERS)]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    decided = told["decisions"] / told["seconds"]
    value_line(f"{DECIDERS} deciders on one pot: decisions", decided, unit="a second", at_least=50)
    if sum(told["promised"]) != POT_CENTS:
        missed.append(f"{sum(told['promised'])} cents promised of {POT_CENTS}")
