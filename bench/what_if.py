"""The page on which rules are tried: two drafts for a whole region, with last year's result beside them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from app import create_app
from app.factory import warm_up
from app.funding.models import FundingRegion
from app.funding.queries.rounds import pot_of
from app.funding.rules.division import DivisionRules, Tier
from app.funding.rules.ledger_accounts import LEVY, Account
from app.funding.rules.postings import Because, grant
from app.funding.services.ledger import post
from app.funding.services.rounds import open_round
from app.funding.services.run_acts import approve_run, check_run, post_run
from app.funding.services.runs import draft_run
from app.groups.demo.drafts import demo_groups
from app.groups.services import register_groups
from app.shared.extensions import db
from app.shared.transactions import transaction
from bench.tables import heading, measure, missed, times_line
from tests.builders.accounts import make_user
from tests.builders.funding import make_insurer, make_region
from tests.builders.groups import NOW, make_house
from tests.builders.rounds import make_many_requests
from tests.support.browser import Browser
from tests.support.databases import PostgresqlDatabases, SqliteDatabases, config_for
from tests.support.signed_in import sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

SIZES = (3_000, 5_000)
REPEATS = 15
YEAR = 2027
DRAFTS = {
    "a.money": "2.000.000",
    "a.reserve_percent": "5",
    "a.tier-0-maximum": "600",
    "a.tier-1-members": "20",
    "a.tier-1-maximum": "1000",
    "b.money": "2.000.000",
    "b.is_weighted": "y",
    "b.tier-0-weight": "2",
    "b.tier-1-members": "20",
    "b.tier-1-weight": "3",
    "b.unit": "10",
}


def run() -> None:
    """Print how long the page takes, on both kinds of database, as the tests have them."""
    for kind in ("sqlite", "postgresql"):
        heading(f"What if, {kind}")
        databases = SqliteDatabases() if kind == "sqlite" else PostgresqlDatabases()
        try:
            _run_on(databases.template_copy())
        finally:
            databases.close()


def _run_on(url: str) -> None:
    app = create_app(config_for(url))
    with app.app_context():
        with transaction() as session:
            _make_rounds(session)
            email = make_user(session, "finance")
        warm_up(app)  # as the server does
        client = app.test_client()
        sign_in(Browser(client), email)
        for size in SIZES:
            path = f"/funding/rounds/region-of-{size}/{YEAR}/what-if?{urlencode(DRAFTS)}"
            _ask(client, path)
            times = measure(lambda _, path=path: _ask(client, path), range(REPEATS))
            times_line(f"two drafts for {size} groups", times, p95_at_most=1_000)
        db.session.remove()
        db.engine.dispose()


def _ask(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        missed.append(f"{path} answered {answer.status}")


def _make_rounds(session: Session) -> None:
    """Store a region of each size, with a round of last year that is posted, and one of this year."""
    make_house(session)
    drafts = demo_groups(session, count=max(SIZES), random_seed=1, today=NOW.date())
    group_ids = register_groups(session, drafts, now=NOW)
    insurer = make_insurer(session, "kasse")
    for size in SIZES:
        region_id = make_region(session, f"region-of-{size}", lead_insurer=insurer)
        region = session.get_one(FundingRegion, region_id)
        for year in (YEAR - 1, YEAR):
            opened = open_round(
                session,
                region,
                year,
                opens_on=date(2026, 11, 1),
                closes_on=date(2027, 1, 31),
                seed=f"{size}/{year}",
                now=NOW,
            )
            asked = make_many_requests(session, opened.id, group_ids[:size], random_seed=year)
            levy = Account(LEVY, year, insurer="kasse", state=region.state_ags)
            because = Because(f"bench/{size}/{year}", "bench.wanted")
            post(session, [grant(levy, pot_of(region, year), asked * 3 // 5, because)], now=NOW)
            if year < YEAR:
                _post(session, opened.id)


def _post(session: Session, round_id: int) -> None:
    rules = DivisionRules(reserve_percent=5, tiers=(Tier(1, 60_000), Tier(20, 100_000)))
    run_id = draft_run(session, round_id, rules, name="last", by=1, now=NOW).run_id
    check_run(session, run_id, by=1, now=NOW)
    approve_run(session, run_id, by=2, now=NOW)
    post_run(session, run_id, by=2, now=NOW)
