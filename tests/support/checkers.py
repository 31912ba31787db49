"""People who check one application in the same moment: ``python -m tests.support.checkers URL APPLICATION BY:KIND …``.

A program of its own, and forked, for the reasons of ``bookers.py``. Prints for each what they were told: ``stored``, or
the code by which they were refused.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from typing import TYPE_CHECKING, Any

from app import create_app
from app.funding.queries.checks import read_under_check
from app.funding.services.checks import Finding, store_check
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.support.databases import config_for

if TYPE_CHECKING:
    from flask import Flask


def check(application_id: int, seen: str, by: int, kind: str) -> str:
    """Store that all is in order; answer what the person is told."""
    finding = Finding(kind, is_ok=True, words="", seen=seen, number=0)
    try:
        with transaction() as session:
            store_check(session, application_id, finding, by=by, now=clock.now())
    except RuleBroken as error:
        return error.code
    return "stored"


def at_once(app: Flask, application_id: int, seen: str, who: tuple[int, str], meet: tuple[Any, Any]) -> None:
    """Check it together with the others."""
    barrier, answers = meet
    with app.app_context():
        barrier.wait()
        answers.put(check(application_id, seen, *who))


def main(url: str, application_id: int, people: list[tuple[int, str]]) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    with app.app_context():
        under = read_under_check(db.session(), application_id)
        seen = under.seen if under else ""
        db.session.remove()
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    meet = fork.Barrier(len(people)), fork.Queue()
    started = [fork.Process(target=at_once, args=(app, application_id, seen, who, meet)) for who in people]
    for each in started:
        each.start()
    json.dump([meet[1].get(timeout=200) for _ in started], sys.stdout)
    for each in started:
        each.join(10)


if __name__ == "__main__":
    pairs = [each.split(":") for each in sys.argv[3:]]
    main(sys.argv[1], int(sys.argv[2]), [(int(by), kind) for by, kind in pairs])
