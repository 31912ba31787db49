"""Processes that meet at one database, or that are killed over it: ``python -m tests.support.meeting URL JOB``.

A program of its own, and forked, as ``together.py`` says. JOB is JSON: ``works``, a list of acts, each done
by a process of its own, all in the same moment; or ``alone``, one act, between the words ``begin`` and ``done``. An
act is the name of a function of ``meeting_acts.py`` and what it is given.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError

from app import create_app
from app.shared.errors import DomainError
from tests.support import meeting_acts
from tests.support.databases import config_for
from tests.support.programs import killed_meanwhile, say, told_by
from tests.support.together import together

if TYPE_CHECKING:
    from collections.abc import Sequence


Act = tuple[str, dict[str, Any]]


def meet(url: str, *acts: Act) -> list[Any]:
    """Let a process do each act, all in the same moment; answer what each was told, in the order of the acts."""
    told: list[Any] = told_by("meeting", url, json.dumps({"works": acts}))
    return told


def kill_during(url: str, act: Act, *, after_seconds: float) -> bool:
    """Let a process do the act and kill it so many seconds after its beginning; answer whether it was done before."""
    return killed_meanwhile("meeting", url, json.dumps({"alone": act}), after_seconds=after_seconds)


def _do(act: Sequence[Any]) -> Any:
    """Do an act; answer what it answers, or the code of the refusal."""
    name, given = act
    try:
        return getattr(meeting_acts, name)(**given)
    except DomainError as error:
        return error.code
    except OperationalError as error:
        return type(error.orig).__name__


def main(url: str, job: dict[str, Any]) -> None:
    """Do the job."""
    app = create_app(config_for(url))
    if "alone" in job:
        with app.test_request_context():
            say("begin")
            _do(job["alone"])
            say("done")
        return
    json.dump(together(app, *(partial(_do, act) for act in job["works"])), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
