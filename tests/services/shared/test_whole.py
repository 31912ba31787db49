"""What others at the database have stopped begins again as a whole, and not for ever."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from app.accounts.models import User
from app.shared import clock
from app.shared.extensions import db
from app.shared.jobs import Job, JobOutcome, JobRun, init_jobs, run_job_once
from app.shared.transactions import TRIES, transaction, whole
from tests.builders.accounts import make_user

DEADLOCK = sa.text("DO $$ BEGIN RAISE EXCEPTION 'two waited' USING ERRCODE = 'deadlock_detected'; END $$")


@whole
def write(session, tries, *, stopped, first=lambda: None):
    tries.append(1)
    first()
    with transaction() as writing:
        writing.execute(sa.update(User).values(name=User.name + "x"))
        if len(tries) <= stopped:
            writing.execute(DEADLOCK)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_unit_is_begun_again_three_times_at_most_and_only_while_nothing_of_it_is_stored(app, session):
    make_user(session, name="Kim")
    session.commit()
    names = sa.select(User.name)

    def store():
        with transaction() as writing:
            writing.execute(sa.update(User).values(name=User.name + "y"))

    write(session, served := [], stopped=TRIES - 1)
    assert (len(served), session.scalar(names)) == (TRIES, "Kimx"), "once, however often it was tried"
    with pytest.raises(OperationalError):
        write(session, never := [], stopped=99)
    assert (len(never), session.scalar(names)) == (TRIES, "Kimx")
    with pytest.raises(OperationalError):
        write(session, stored := [], stopped=1, first=store)
    assert (len(stored), session.scalar(names)) == (1, "Kimxy"), "what is stored is not done twice"
    session.rollback()
    runs = []
    init_jobs(app, [Job("written", 60, lambda _now: write.__wrapped__(session, runs, stopped=1))])
    assert run_job_once(app, "written", clock.now()) is JobOutcome.DONE
    assert len(runs) == 2


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_who_finds_the_file_locked_gets_in_once_it_is_free_and_a_lasting_refusal_is_raised(
    session, database_url
):
    make_user(session, name="Kim", email="kim@example.org")
    session.commit()
    db.session.connection().exec_driver_sql("PRAGMA busy_timeout=1")
    session.rollback()
    other = sqlite3.connect(sa.make_url(database_url).database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    tries = []
    write(session, tries, stopped=0, first=lambda: other.commit() if len(tries) == 2 else None)
    other.close()
    assert (len(tries), session.scalar(sa.select(User.name))) == (2, "Kimx")
    tries.clear()

    @whole
    def same():
        tries.append(1)
        with transaction() as writing:
            row = {"job": "a", "slot": 1, "owner": "", "lease_until": clock.now(), "tries": 0}
            writing.execute(sa.insert(JobRun).values([row, row]))

    with pytest.raises(IntegrityError):
        same()
    assert len(tries) == TRIES
