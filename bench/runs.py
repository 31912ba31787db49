"""A round of 5,000 groups: divided, explained, hashed and kept as a draft, checked, posted, paid and told."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import create_app
from app.funding.models import FundingRegion, GrantRequest
from app.funding.notice_portions import make_notices
from app.funding.queries.verifying import verify
from app.funding.rules.division import DivisionRules, Tier
from app.funding.services.notices import order_notices, set_office
from app.funding.services.run_acts import approve_run, check_run, post_run
from app.funding.services.run_payments import pay_run
from app.funding.services.runs import draft_run
from app.groups.models import Group
from app.shared.extensions import db
from app.shared.transactions import transaction
from bench.tables import heading, missed, value_line
from tests.builders.groups import NOW, make_group
from tests.builders.notices import OFFICE
from tests.builders.rounds import make_round
from tests.support.databases import PostgresqlDatabases, SqliteDatabases, config_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

GROUPS = 5_000
MOST_SECONDS = 3
MOST_SECONDS_OF_NOTICES = 120
RULES = DivisionRules(reserve_percent=5, tiers=(Tier(1, 75_000), Tier(20, 125_000), Tier(50, 200_000)))


def run() -> None:
    """Print what a run costs on both kinds of database, as the tests have them."""
    for kind in ("sqlite", "postgresql"):
        heading(f"Runs, {kind}")
        databases = SqliteDatabases() if kind == "sqlite" else PostgresqlDatabases()
        try:
            with create_app(config_for(databases.template_copy())).app_context():
                _run(_store())
                db.session.remove()
                db.engine.dispose()
        finally:
            databases.close()


def _run(round_id: int) -> None:
    steps: dict[str, Callable[[Session, int], object]] = {
        "checked: divided anew from the stored input": lambda session, run: check_run(
            session, run, by=1, now=NOW
        ),
        "approved": lambda session, run: approve_run(session, run, by=2, now=NOW),
        "posted": lambda session, run: post_run(session, run, by=2, now=NOW),
        "paid": lambda session, run: pay_run(session, run, now=NOW),
    }
    began = perf_counter()
    with transaction() as session:
        run_id = draft_run(session, round_id, RULES, name="Entwurf", by=1, now=NOW).run_id
    taken = {"drafted: divided, explained, hashed, stored": perf_counter() - began}
    for name, step in steps.items():
        began = perf_counter()
        with transaction() as session:
            step(session, run_id)
        taken[name] = perf_counter() - began
    for name, seconds in taken.items():
        value_line(f"{GROUPS} awards {name}", seconds, unit="s")
    together = taken["drafted: divided, explained, hashed, stored"] + taken["posted"]
    value_line(f"{GROUPS} awards drafted and posted", together, unit="s", at_most=MOST_SECONDS)
    _make_notices(run_id)
    began = perf_counter()
    faults = verify(db.session()).faults
    value_line("verified with the ledger", perf_counter() - began, unit="s")
    if faults:
        missed.append(f"runs and ledger do not agree: {faults[0]}")


def _make_notices(run_id: int) -> None:
    """Print how long the letters of all groups take, in one process."""
    with transaction() as session:
        set_office(session, session.scalars(sa.select(FundingRegion)).one(), OFFICE, now=NOW)
        order_notices(session, run_id, by=1, now=NOW)
    began = perf_counter()
    made = make_notices(run_id, now=NOW)
    value_line(
        f"{made} notices as letters", perf_counter() - began, unit="s", at_most=MOST_SECONDS_OF_NOTICES
    )


def _store() -> int:
    """Store a round with a request of each of so many groups; answer its number."""
    with transaction() as session:
        made = make_round(session, pot_cents=GROUPS * 50_000)
        first = session.get_one(Group, make_group(session))
        columns = [column for column in Group.__table__.columns if column.name not in ("id", "slug")]
        like = {column.name: getattr(first, column.key) for column in columns}
        session.execute(
            sa.insert(Group), [{**like, "slug": f"gruppe-{number}"} for number in range(1, GROUPS)]
        )
        rows = [
            {
                "round_id": made.id,
                "group_id": group_id,
                "requested_cents": 20_000 + group_id * 7919 % 150_000,
                "expenses_cents": None,
                "supplements": {},
                "members": 1 + group_id % 70,
                "standing": "in_time",
                "received_on": NOW.date(),
                "version": 1,
                "updated_at": NOW,
            }
            for group_id in session.scalars(sa.select(Group.id))
        ]
        session.execute(sa.insert(GrantRequest), rows)
        return made.id
