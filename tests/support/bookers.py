"""Twenty processes that book the same rooms in the same moment: ``python -m tests.support.bookers URL ROOM ROOM``.

A program of its own, because only a process without threads may be forked; forked, because twenty fresh ones would
spend their time on importing. Prints, for each booker, what each of its evenings came to.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app import create_app
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import book_for_house
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.support.databases import config_for

if TYPE_CHECKING:
    from flask import Flask

BOOKERS = 20
EVENINGS = 10
START = datetime(2026, 12, 1, 18, tzinfo=UTC)


def book(room_id: int, begins: datetime, title: str) -> str:
    """Answer ``booked`` or the code of the refusal; anything else ends the process with an error."""
    try:
        with transaction() as session:
            span = Span(begins, begins + timedelta(hours=1))
            book_for_house(session, room_id, span, title=title, now=START - timedelta(days=1))
    except RuleBroken as error:
        return error.code
    return "booked"


def book_evenings(app: Flask, number: int, rooms: list[int], barrier: Any, answers: Any) -> None:
    """Book one hour on each evening, shifted by some minutes, so that hours overlap in many ways."""
    with app.app_context():
        found = []
        for evening in range(EVENINGS):
            barrier.wait()
            begins = START + timedelta(days=evening, minutes=number * 7 % 45)
            found.append(book(rooms[evening % len(rooms)], begins, f"Gruppe {number}"))
        answers.put(found)


def main(url: str, rooms: list[int]) -> None:
    """Let all of them book at once."""
    app = create_app(config_for(url))
    with app.app_context():
        for _ in range(2):  # whatever is made at first use is made before, the refusal too
            book(rooms[0], START - timedelta(hours=6), "Probe")
            book(rooms[0], START - timedelta(hours=6), "Andere Probe")
        db.session.remove()
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(BOOKERS), fork.Queue()
    bookers = [
        fork.Process(target=book_evenings, args=(app, number, rooms, barrier, answers))
        for number in range(BOOKERS)
    ]
    for booker in bookers:
        booker.start()
    found = [answers.get(timeout=100) for _ in bookers]
    for booker in bookers:
        booker.join(10)
    json.dump({"exit_codes": [booker.exitcode for booker in bookers], "answers": found}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], [int(room) for room in sys.argv[2:]])
