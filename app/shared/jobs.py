"""Work that is done every so often, by whichever process comes first, once for each period.

Time is cut into slots, the whole periods since 1970; a slot of a job is claimed in the database before the job runs.
A claim is a lease: when the process dies, another one takes the slot up after the lease has ended. So a job may run
twice, never not at all, and must do no harm when it does. A job that fails is tried again within its slot.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy.orm import Mapped, mapped_column

from app.shared import clock
from app.shared.database import insert_into
from app.shared.errors import NotFound
from app.shared.extensions import db
from app.shared.history import JOB, act_as
from app.shared.privacy import NO_PERSONAL_DATA
from app.shared.revision import OutOfStep
from app.shared.transactions import transaction, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.shared.database import Base as Model
else:
    Model = db.Model

MAX_TRIES = 3
"""How often a job that fails is tried within one slot."""
KEPT_SLOTS = 50
"""How many past slots of a job are remembered."""
LOOK_EVERY_SECONDS = 60
"""How often the scheduler asks whether a slot is open; a job with a shorter period is asked as often as it is due."""
logger = logging.getLogger("wirkreis.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done once in every period.

    ``run(now)`` is called inside an application context and commits what it does; it must be safe to run twice.
    ``lease_seconds`` is longer than a run takes, or a second run may begin beside it; and no longer than the job
    may rest after a process has died in the middle of it.
    """

    name: str
    period_seconds: int
    run: Callable[[datetime], object]
    lease_seconds: int = 600

    def slot(self, now: datetime) -> int:
        """Answer the number of the period that this moment lies in."""
        return int(now.timestamp()) // self.period_seconds

    def slot_starts_at(self, slot: int) -> datetime:
        """Answer the moment, in UTC, when the period of this number begins."""
        return datetime.fromtimestamp(slot * self.period_seconds, UTC)


class JobRun(Model):
    """One slot of a job: who has it, until when, and whether it is done."""

    __tablename__ = "job_run"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    job: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    owner: Mapped[str]
    lease_until: Mapped[datetime]
    done_at: Mapped[datetime | None]
    tries: Mapped[int]
    error: Mapped[str | None]


class JobOutcome(StrEnum):
    """What came of an attempt to run a job."""

    DONE = "done"
    FAILED = "failed"
    NOT_DUE = "not due"
    """The slot is done, in other hands, or has failed too often."""


@dataclass(frozen=True, slots=True)
class JobState:
    """What is known of a job: its last slot with its fault if any, and when it is next due."""

    job: Job
    last_done_at: datetime | None
    next_run_at: datetime
    last_error: str | None


def init_jobs(app: Flask, jobs: Iterable[Job]) -> None:
    """Afterwards the application knows these jobs, by name.

    Raises:
        ValueError: a name is given twice, or a period is not at least one second.
    """
    by_name: dict[str, Job] = {}
    for job in jobs:
        if job.name in by_name or job.period_seconds < 1:
            raise ValueError(f"The job {job.name!r} is given twice or has no period.")
        by_name[job.name] = job
    app.extensions["jobs"] = by_name


def list_jobs(app: Flask) -> list[Job]:
    """Answer the application's jobs in the order of their names."""
    return sorted(app.extensions["jobs"].values(), key=lambda job: job.name)


def run_job_once(app: Flask, name: str, now: datetime, *, even_if_done: bool = False) -> JobOutcome:
    """Afterwards the job has run for the slot of this moment, unless that slot is not to be had.

    Args:
        app: the application.
        name: the job's.
        now: the present moment.
        even_if_done: run a slot that is done or has failed too often once more, as a person does by hand.

    Raises:
        NotFound: there is no such job.
    """
    job: Job | None = app.extensions["jobs"].get(name)
    if job is None:
        names = ", ".join(known.name for known in list_jobs(app))
        raise NotFound(f"There is no job named {name}. There are: {names}.")
    with app.app_context():
        owner = secrets.token_hex(8)  # not the process id, which another machine may have too
        if not _claim(job, owner=owner, now=now, even_if_done=even_if_done):
            return JobOutcome.NOT_DUE
        return _run(job, owner=owner, now=now)


def list_job_states(session: Session, *, jobs: Sequence[Job], now: datetime) -> list[JobState]:
    """Answer what is known of each job, in the order given."""
    runs: dict[str, list[JobRun]] = {job.name: [] for job in jobs}
    for run in session.scalars(
        sa.select(JobRun).where(JobRun.job.in_(runs)).order_by(JobRun.job, JobRun.slot.desc())
    ):
        runs[run.job].append(run)
    return [_state(job, runs[job.name], now=now) for job in jobs]


def build_scheduler(app: Flask) -> BlockingScheduler:
    """Answer a scheduler that runs the application's jobs once started; it keeps nothing, the database does."""
    jobs = list_jobs(app)
    scheduler = BlockingScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=UTC,
    )
    for job in jobs:
        scheduler.add_job(
            _run_scheduled,
            "interval",
            seconds=min(job.period_seconds, LOOK_EVERY_SECONDS),
            args=(app, job.name),
            id=job.name,
            next_run_time=clock.now(),
        )
    return scheduler


def _run_scheduled(app: Flask, name: str) -> None:
    """Run a job if its slot is open; a database that is away or being migrated is logged, and asked again later."""
    try:
        run_job_once(app, name, clock.now())
    except (sa.exc.SQLAlchemyError, OutOfStep) as error:
        logger.error("job not claimed", extra={"facts": {"job": name, "error": _describe(error)}})  # noqa: TRY400


def _claim(job: Job, *, owner: str, now: datetime, even_if_done: bool) -> bool:
    """Whether the slot of this moment is ours now; afterwards it is nobody else's until the lease ends."""
    with transaction() as session:
        other_slot_runs = sa.exists().where(
            JobRun.job == job.name,
            JobRun.slot != job.slot(now),
            JobRun.done_at.is_(None),
            JobRun.lease_until >= now,
        )
        if session.scalar(sa.select(other_slot_runs)):
            return False  # a run that outlasts its period is not joined by a second one
        new = insert_into(session, JobRun).values(
            job=job.name,
            slot=job.slot(now),
            owner=owner,
            lease_until=now + timedelta(seconds=job.lease_seconds),
            tries=1,
        )
        is_free = sa.and_(JobRun.done_at.is_(None), JobRun.lease_until < now)
        is_open = sa.and_(is_free, JobRun.tries < MAX_TRIES)
        claim = new.on_conflict_do_update(
            index_elements=[JobRun.job, JobRun.slot],
            set_={
                "owner": new.excluded.owner,
                "lease_until": new.excluded.lease_until,
                "tries": JobRun.tries + 1,
                "done_at": None,
                "error": None,
            },
            where=sa.or_(is_free, JobRun.done_at.is_not(None)) if even_if_done else is_open,
        ).returning(JobRun.tries)
        return session.execute(claim).first() is not None


def _run(job: Job, *, owner: str, now: datetime) -> JobOutcome:
    """Run a job whose slot is ours, and note how it ended."""
    started = time.monotonic()
    error: str | None = None
    act_as(JOB)
    try:
        whole(job.run)(now)
    except Exception as fault:  # whatever a job does wrong, the others go on and a person can read of it
        error = _describe(fault)
        logger.error("job failed", exc_info=True, extra={"facts": {"job": job.name}})  # noqa: G201
    ended_at = now + timedelta(seconds=time.monotonic() - started)
    with transaction() as session:
        ours = (JobRun.job == job.name, JobRun.slot == job.slot(now), JobRun.owner == owner)
        note = (
            sa.update(JobRun)
            .where(*ours, JobRun.done_at.is_(None))
            .values(done_at=None if error else ended_at, lease_until=ended_at, error=error)
            .execution_options(synchronize_session=False)
        )
        if not session.execute(note.returning(JobRun.slot)).all():
            logger.warning("job outlasted its lease", extra={"facts": {"job": job.name}})
        forgotten = sa.delete(JobRun).where(JobRun.job == job.name, JobRun.slot < job.slot(now) - KEPT_SLOTS)
        session.execute(forgotten.execution_options(synchronize_session=False))
    return JobOutcome.FAILED if error else JobOutcome.DONE


def _state(job: Job, runs: Sequence[JobRun], *, now: datetime) -> JobState:
    """Answer what the runs of a job, the latest slot first, say of it."""
    slot = job.slot(now)
    present = next((run for run in runs if run.slot == slot), None)
    is_over = present is not None and (present.done_at is not None or present.tries >= MAX_TRIES)
    if is_over:
        next_run_at = job.slot_starts_at(slot + 1)
    else:
        next_run_at = max(now, present.lease_until) if present is not None else now
    return JobState(
        job=job,
        last_done_at=max((run.done_at for run in runs if run.done_at is not None), default=None),
        next_run_at=next_run_at,
        last_error=runs[0].error if runs else None,
    )


def _describe(fault: Exception) -> str:
    """Answer the kind of fault and the first line of what it says; later lines may hold values of a row."""
    return f"{type(fault).__name__}: {(str(fault).splitlines() or [''])[0]}"[:500]
