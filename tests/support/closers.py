"""Processes that close a year in the same moment as others promise its money: ``python -m tests.support.closers URL
CLOSERS DECIDERS``.

Each decider promises a euro after the other until the year is closed or the pot empty. Prints what each was told.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from typing import TYPE_CHECKING, Any

from app import create_app
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import commit
from app.funding.services.ledger import post
from app.funding.services.year_end import close_year
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.contributions import AFTER, GROUPS_2026, YEAR
from tests.builders.ledger import because
from tests.support.databases import config_for

if TYPE_CHECKING:
    from flask import Flask

BEFORE_CLOSING = 5
"""So many promises are through before anybody closes."""


def close() -> str:
    """Close the year; answer what one is told."""
    try:
        with transaction() as session:
            close_year(session, YEAR, now=AFTER)
    except RuleBroken as error:
        return error.code
    return "closed"


def decide(number: int, begun: Any) -> tuple[int, str]:
    """Promise money until it is refused; answer how often it was promised, and why no longer."""
    for step in range(100_000):
        wanted = commit(GROUPS_2026, a_group(1 + number), 100, because(f"d/{number}/{step}"))
        try:
            with transaction() as session:
                post(session, [wanted], now=AFTER)
        except RuleBroken as error:
            return step, error.code
        begun.release()
    return step, "never"


def work(app: Flask, number: int, closers: int, begun: Any, answers: Any) -> None:
    """Do the part of one process."""
    with app.app_context():
        if number >= closers:
            answers.put(("decider", *decide(number, begun)))
            return
        for _each in range(BEFORE_CLOSING):
            begun.acquire(timeout=60)
        answers.put(("closer", 0, close()))


def main(url: str, closers: int, deciders: int) -> None:
    """Let all of them work at once."""
    app = create_app(config_for(url))
    with app.app_context():
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    begun, answers = fork.Semaphore(0 if deciders else closers * BEFORE_CLOSING), fork.Queue()
    started = [
        fork.Process(target=work, args=(app, number, closers, begun, answers))
        for number in range(closers + deciders)
    ]
    for each in started:
        each.start()
    found = [answers.get(timeout=200) for _ in started]
    for each in started:
        each.join(10)
    json.dump({"exit_codes": [each.exitcode for each in started], "told": found}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
