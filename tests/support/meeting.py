"""Processes that meet at one database, or that are killed over it: ``python -m tests.support.meeting URL JOB``.

A program of its own, and forked, for the reasons of ``bookers.py``. JOB is JSON: ``works``, a list of acts, each done
by a process of its own, all in the same moment; or ``alone``, one act, between the words ``begin`` and ``done``. An
act is the name of a function of ``meeting_acts.py`` and what it is given.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError

from app import create_app
from app.shared.errors import DomainError
from app.shared.extensions import db
from tests.support import meeting_acts
from tests.support.databases import config_for
from tests.support.tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

Act = tuple[str, dict[str, Any]]


def meet(url: str, *acts: Act) -> list[Any]:
    """Let a process do each act, all in the same moment; answer what each was told, in the order of the acts."""
    command = [sys.executable, "-m", "tests.support.meeting", url, json.dumps({"works": acts})]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        try:
            out, err = started.communicate(timeout=240)
        finally:
            started.kill()
    assert started.returncode == 0, err
    told: list[Any] = json.loads(out)
    return told


def kill_during(url: str, act: Act, *, after_seconds: float) -> bool:
    """Let a process do the act and kill it so many seconds after its beginning; answer whether it was done before."""
    command = [sys.executable, "-m", "tests.support.meeting", url, json.dumps({"alone": act})]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        try:
            assert started.stdout.readline() == "begin\n"
            time.sleep(after_seconds)
        finally:
            started.kill()
        return "done" in started.stdout.read()


def _do(act: Sequence[Any]) -> Any:
    """Do an act; answer what it answers, or the code of the refusal."""
    name, given = act
    try:
        return getattr(meeting_acts, name)(**given)
    except DomainError as error:
        return error.code
    except OperationalError as error:
        return type(error.orig).__name__


def _at_once(app: Flask, number: int, act: Sequence[Any], meeting: tuple[Any, Any]) -> None:
    barrier, answers = meeting
    with app.test_request_context():
        db.session().connection()  # who opens a connection only now comes late
        db.session().rollback()
        barrier.wait()
        answers.put((number, _do(act)))


def main(url: str, job: dict[str, Any]) -> None:
    """Do the job."""
    app = create_app(config_for(url))
    if "alone" in job:
        with app.test_request_context():
            sys.stdout.write("begin\n")
            sys.stdout.flush()
            _do(job["alone"])
            sys.stdout.write("done\n")
        return
    with app.app_context():
        db.engine.dispose()
    works = job["works"]
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(len(works)), fork.Queue()
    started = [
        fork.Process(target=_at_once, args=(app, number, act, (barrier, answers)))
        for number, act in enumerate(works)
    ]
    try:
        for each in started:
            each.start()
        told = dict(answers.get(timeout=120) for _each in started)
        json.dump([told[number] for number in range(len(works))], sys.stdout)
        for each in started:
            each.join(10)
    finally:
        for each in started:
            each.kill()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
