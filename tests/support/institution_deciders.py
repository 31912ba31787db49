"""Processes that decide, or ask back, at once: ``python -m tests.support.institution_deciders URL ID SEEN COUNT``.

A program of its own, and forked, for the reasons of ``bookers.py``. Every second one decides about the request, the
others ask back. Prints for each what it was told, or ``null`` when it was the one.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from typing import TYPE_CHECKING, Any

from app import create_app
from app.funding.services.institution_decisions import decide_request
from app.funding.services.institution_questions import return_request
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.contributions import IN_YEAR
from tests.builders.institutions import DECIDER
from tests.support.databases import config_for

if TYPE_CHECKING:
    from flask import Flask


def at_once(app: Flask, number: int, seen: int, which: int, meet: tuple[Any, Any]) -> None:
    """Do it together with the others."""
    barrier, answers = meet
    by = DECIDER + which
    with app.app_context():
        barrier.wait()
        try:
            with transaction() as session:
                if which % 2:
                    return_request(session, number, "Wofür?", seen=seen, by=by, now=IN_YEAR)
                else:
                    decide_request(session, number, 100 + which, "weniger", seen=seen, by=by, now=IN_YEAR)
        except RuleBroken as error:
            answers.put(error.message)
        else:
            answers.put(None)


def main(url: str, number: int, seen: int, count: int) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    with app.app_context():
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(count), fork.Queue()
    started = [
        fork.Process(target=at_once, args=(app, number, seen, which, (barrier, answers)))
        for which in range(count)
    ]
    for each in started:
        each.start()
    json.dump([answers.get(timeout=200) for _ in started], sys.stdout)
    for each in started:
        each.join(10)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
