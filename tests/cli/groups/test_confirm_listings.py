"""Asking for confirmations as an operator's process does it: killed in the middle, run again, run twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.groups.jobs import keep_listings_true
from app.groups.services import register_groups
from app.shared import clock
from app.shared.outbox import OutboxMail
from tests.builders.groups import make_contact, make_draft, make_house

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parents[3]
COUNT = 60


@pytest.mark.long
def test_a_process_killed_in_the_middle_loses_no_mail_and_doubles_none(
    session: Session, database_url: str
) -> None:
    now = clock.now()
    house = make_house(session)
    drafts = [
        make_draft(
            clearinghouse_id=house,
            name=f"Gruppe {number}",
            last_confirmed_on=(now - timedelta(days=370)).date(),
            contact=make_contact(email=f"gruppe{number}@example.org"),
        )
        for number in range(COUNT)
    ]
    register_groups(session, drafts, now=now - timedelta(days=400))
    session.commit()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "once", "confirm-listings"]
    environment = {**os.environ, "DATABASE_URL": database_url}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            deadline = time.monotonic() + 180
            while _asked(session) < 5 and time.monotonic() < deadline and process.poll() is None:
                time.sleep(0.005)
        finally:
            process.kill()
    before = _asked(session)
    assert 5 <= before <= COUNT
    assert keep_listings_true(now) == COUNT - before
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode in {0, 2}
    assert keep_listings_true(now) == 0
    assert _asked(session) == COUNT


def _asked(session: Session) -> int:
    """How many groups have been asked, each once; both counts in one statement, for the other process writes on."""
    session.rollback()
    to = OutboxMail.to_address
    mails, asked = session.execute(sa.select(sa.func.count(to), sa.func.count(sa.distinct(to)))).one()
    assert mails == asked
    return int(asked)
