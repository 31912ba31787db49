"""A job runs once in each period, whichever process comes first, and again when that one dies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from flask import Flask

from app.shared.errors import NotFound
from app.shared.extensions import db
from app.shared.jobs import (
    KEPT_SLOTS,
    Job,
    JobOutcome,
    JobRun,
    build_scheduler,
    init_jobs,
    list_job_states,
    list_jobs,
    run_job_once,
)
from tests.support.threads import at_once

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)
DAY = 86_400


class Work:
    """Something to do, which keeps when it was done and fails as often as told."""

    def __init__(self, *, fails: int = 0) -> None:
        self.done: list[datetime] = []
        self.fails = fails

    def __call__(self, now: datetime) -> None:
        self.done.append(now)
        if self.fails:
            self.fails -= 1
            raise ValueError("no paper\nof Anna")


def give(app: Flask, work: Work, *, period_seconds: int = 60, lease_seconds: int = 600) -> Job:
    job = Job("count", period_seconds, work, lease_seconds)
    init_jobs(app, [job])
    return job


def test_a_job_runs_once_in_each_period(app: Flask) -> None:
    work = Work()
    give(app, work)
    outcomes = [
        run_job_once(app, "count", NOW + timedelta(seconds=seconds)) for seconds in (0, 1, 29, 30, 31)
    ]
    assert outcomes == [
        JobOutcome.DONE,
        JobOutcome.NOT_DUE,
        JobOutcome.NOT_DUE,
        JobOutcome.DONE,
        JobOutcome.NOT_DUE,
    ]
    assert work.done == [NOW, NOW + timedelta(seconds=30)]


def test_by_hand_a_job_runs_even_if_it_is_done(app: Flask) -> None:
    work = Work()
    give(app, work, period_seconds=DAY)
    assert run_job_once(app, "count", NOW) is JobOutcome.DONE
    assert run_job_once(app, "count", NOW, even_if_done=True) is JobOutcome.DONE
    assert len(work.done) == 2


def test_of_many_processes_one_runs_the_job(app: Flask) -> None:
    work = Work()
    give(app, work)
    outcomes = at_once(app, *[lambda: run_job_once(app, "count", NOW)] * 6)
    assert sorted(outcomes) == ["done"] + ["not due"] * 5
    assert len(work.done) == 1


def test_a_slot_whose_process_died_is_taken_up_after_the_lease(app: Flask, session: Session) -> None:
    work = Work()
    job = give(app, work, period_seconds=DAY)
    dead = JobRun(
        job="count", slot=job.slot(NOW), owner="dead", lease_until=NOW + timedelta(minutes=10), tries=1
    )
    session.add(dead)
    session.commit()
    assert run_job_once(app, "count", NOW) is JobOutcome.NOT_DUE
    assert run_job_once(app, "count", NOW, even_if_done=True) is JobOutcome.NOT_DUE
    assert run_job_once(app, "count", NOW + timedelta(minutes=11)) is JobOutcome.DONE
    session.rollback()
    run = session.scalars(sa.select(JobRun)).one()
    session.refresh(run)
    assert (run.tries, run.owner != "dead", run.error) == (2, True, None)


def test_a_run_that_outlasts_its_period_is_not_joined_by_a_second(app: Flask) -> None:
    outcomes: list[JobOutcome] = []
    job = Job(
        "count", 60, lambda now: outcomes.append(run_job_once(app, "count", now + timedelta(seconds=90)))
    )
    init_jobs(app, [job])
    assert run_job_once(app, "count", NOW) is JobOutcome.DONE
    assert outcomes == [JobOutcome.NOT_DUE]


def test_who_has_lost_the_lease_does_not_mark_the_successors_slot_as_done(
    app: Flask, session: Session
) -> None:
    def lose(now: datetime) -> None:
        session.execute(sa.update(JobRun).values(owner="successor", lease_until=now + timedelta(hours=1)))
        session.commit()

    init_jobs(app, [Job("count", 60, lose)])
    run_job_once(app, "count", NOW)
    session.rollback()
    run = session.scalars(sa.select(JobRun)).one()
    assert (run.owner, run.done_at) == ("successor", None)


def test_a_job_that_fails_is_tried_again_and_rests_after_three_times(app: Flask, session: Session) -> None:
    work = Work(fails=9)
    job = give(app, work, period_seconds=DAY)
    outcomes = [run_job_once(app, "count", NOW + timedelta(minutes=minute)) for minute in range(5)]
    assert outcomes == [JobOutcome.FAILED] * 3 + [JobOutcome.NOT_DUE] * 2
    (state,) = list_job_states(session, jobs=[job], now=NOW)
    assert state.last_error == "ValueError: no paper"  # only its first line: later ones may name people
    assert state.last_done_at is None
    assert state.next_run_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert run_job_once(app, "count", NOW + timedelta(minutes=6), even_if_done=True) is JobOutcome.FAILED
    assert run_job_once(app, "count", NOW + timedelta(days=1)) is JobOutcome.FAILED


def test_a_job_that_failed_and_then_works_is_done(app: Flask, session: Session) -> None:
    job = give(app, Work(fails=1))
    assert run_job_once(app, "count", NOW) is JobOutcome.FAILED
    assert run_job_once(app, "count", NOW + timedelta(seconds=20)) is JobOutcome.DONE
    (state,) = list_job_states(session, jobs=[job], now=NOW + timedelta(seconds=20))
    assert state.last_error is None
    assert state.last_done_at is not None
    assert state.next_run_at == NOW + timedelta(seconds=30)


def test_a_job_that_never_ran_is_due_now(app: Flask, session: Session) -> None:
    job = give(app, Work())
    (state,) = list_job_states(session, jobs=[job], now=NOW)
    assert (state.last_done_at, state.next_run_at, state.last_error) == (None, NOW, None)


def test_slots_long_past_are_forgotten(app: Flask, session: Session) -> None:
    job = give(app, Work())
    old = job.slot(NOW) - KEPT_SLOTS - 1
    session.add(
        JobRun(job="count", slot=old, owner="x", lease_until=NOW - timedelta(days=1), tries=1, done_at=NOW)
    )
    session.add(
        JobRun(job="other", slot=old, owner="x", lease_until=NOW - timedelta(days=1), tries=1, done_at=NOW)
    )
    session.commit()
    assert run_job_once(app, "count", NOW) is JobOutcome.DONE
    session.rollback()
    left = session.execute(sa.select(JobRun.job, JobRun.slot)).all()
    assert sorted(tuple(row) for row in left) == [("count", job.slot(NOW)), ("other", old)]


def test_the_scheduler_asks_at_least_every_minute_and_at_once_after_its_start(app: Flask) -> None:
    init_jobs(app, [Job("often", 10, Work()), Job("daily", DAY, Work())])
    scheduled = {job.id: job for job in build_scheduler(app).get_jobs()}
    assert {name: job.trigger.interval.total_seconds() for name, job in scheduled.items()} == {
        "often": 10,
        "daily": 60,
    }
    scheduled["daily"].func(*scheduled["daily"].args)
    assert len(app.extensions["jobs"]["daily"].run.done) == 1


def test_a_database_that_is_away_does_not_end_the_scheduler(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path / 'no' / 'such' / 'folder'}"
    db.init_app(app)
    work = Work()
    give(app, work)
    (scheduled,) = build_scheduler(app).get_jobs()
    scheduled.func(*scheduled.args)
    assert work.done == []


def test_an_unknown_job_is_told_what_jobs_there_are(app: Flask) -> None:
    give(app, Work())
    with pytest.raises(NotFound, match="There are: count"):
        run_job_once(app, "cuont", NOW)


def test_a_job_named_twice_or_without_a_period_is_a_mistake(app: Flask) -> None:
    job = Job("count", 60, Work())
    with pytest.raises(ValueError, match="count"):
        init_jobs(app, [job, job])
    with pytest.raises(ValueError, match="never"):
        init_jobs(app, [Job("never", 0, Work())])


def test_the_application_delivers_mails_every_minute(app: Flask) -> None:
    assert {job.name: job.period_seconds for job in list_jobs(app)}["deliver-mails"] == 60
