"""Scheduled work, for administrators: when each job ran last, when it runs next, and what went wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import current_app, render_template

from app.accounts.guard import requires
from app.desk.views.blueprint import bp
from app.groups.presentation import moment_words
from app.shared import clock
from app.shared.extensions import db
from app.shared.jobs import LOOK_EVERY_SECONDS, JobState, list_job_states, list_jobs

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

WALL_CLOCK = ZoneInfo("Europe/Berlin")


@bp.get("/desk/jobs")
@requires("see_jobs")
def jobs() -> ResponseReturnValue:
    """Each job with its last and next run; those that failed first."""
    now = clock.now()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    states = list_job_states(db.session(), jobs=list_jobs(app), now=now)
    return render_template(
        "desk/jobs.html",
        states=sorted(states, key=lambda state: (state.last_error is None, state.job.name)),
        late={state.job.name for state in states if _is_late(state, now)},
        words=_words,
    )


def _is_late(state: JobState, now: datetime) -> bool:
    """Whether a job has missed a whole period: no process runs the jobs, or it is stuck."""
    patience = timedelta(seconds=2 * max(state.job.period_seconds, LOOK_EVERY_SECONDS))
    return state.last_done_at is not None and now - state.last_done_at > patience


def _words(moment: datetime) -> str:
    return moment_words(moment.astimezone(WALL_CLOCK))
