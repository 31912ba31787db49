"""Processes that act on a sitting at once: ``python -m tests.support.sitters URL WHAT SITTING COUNT``.

A program of its own, and forked, for the reasons of ``bookers.py``. WHAT is ``decide`` (each of them about every
request of the agenda, for its own sum, while another lowers the pot), ``close``, or ``alone``: close the sitting after
the word ``begin``.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from typing import TYPE_CHECKING, Any

from app import create_app
from app.funding.models import Sitting
from app.funding.queries.rounds import pot_of
from app.funding.queries.sittings import read_agenda, round_of
from app.funding.rules.postings import Because, set_aside
from app.funding.rules.sittings import PART, Decision
from app.funding.services.ledger import post
from app.funding.services.sitting_closing import close_sitting
from app.funding.services.sitting_decisions import Seen, decide
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.support.databases import config_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

LOWERED_CENTS = 60_000
STEPS = 20


def tried(act: Callable[[], Any]) -> Any:
    """Answer what came of it, or the code of the refusal."""
    try:
        return act()
    except RuleBroken as error:
        return error.code


def decide_all(sitting_id: int, by: int) -> list[Any]:
    """Decide about every request as if nobody had."""
    lines = [(line.request.id, line.request.version) for line in read_agenda(db.session(), sitting_id)]

    def once(request_id: int, version: int) -> str:
        part = Decision(PART, 10_000 + by, "costs")
        with transaction() as session:
            decide(session, sitting_id, request_id, part, words="", seen=Seen(version), by=by, now=NOW)
        return "done"

    return [tried(lambda row=row: once(*row)) for row in lines]  # type: ignore[misc]


def lower(sitting_id: int) -> list[Any]:
    """Hold money back, in small steps."""
    found, region = round_of(db.session(), db.session().get_one(Sitting, sitting_id))
    pot = pot_of(region, found.year)

    def once(step: int) -> str:
        with transaction() as session:
            because = Because(f"test/lower/{step}", "test.wanted")
            post(session, [set_aside(pot, LOWERED_CENTS // STEPS, because)], now=NOW)
        return "lowered"

    return [tried(lambda step=step: once(step)) for step in range(STEPS)]  # type: ignore[misc]


def close(sitting_id: int, by: int) -> list[Any]:
    """Close the sitting."""

    def once() -> int | None:
        with transaction() as session:
            return close_sitting(session, sitting_id, leaves_open=True, by=by, now=NOW)

    return [tried(once)]


def at_once(app: Flask, what: str, number: int, by: int, meet: tuple[Any, Any]) -> None:
    """Do it together with the others; the last of those who decide lowers the pot instead."""
    barrier, answers = meet
    with app.app_context():
        barrier.wait()
        if what == "close":
            answers.put(close(number, by))
        else:
            answers.put(lower(number) if by == barrier.parties else decide_all(number, by))


def main(url: str, what: str, number: int, count: int) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    if what == "alone":
        with app.app_context():
            sys.stdout.write("begin\n")
            sys.stdout.flush()
            close(number, 1)
        return
    with app.app_context():
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(count), fork.Queue()
    started = [
        fork.Process(target=at_once, args=(app, what, number, by, (barrier, answers)))
        for by in range(1, count + 1)
    ]
    for each in started:
        each.start()
    json.dump([answers.get(timeout=200) for _ in started], sys.stdout)
    for each in started:
        each.join(10)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
