"""Twenty processes that book the same rooms in the same moment: ``python -m tests.support.bookers URL ROOM ROOM``.

A program of its own, and forked, as ``together.py`` says. Prints, for each booker, what each of its evenings came to.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from app import create_app
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import book_for_house
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction
from tests.support.databases import config_for
from tests.support.together import FORK, together

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


def book_evenings(number: int, rooms: list[int], evenings: Any) -> list[str]:
    """Book one hour on each evening, shifted by some minutes, so that hours overlap in many ways."""
    found = []
    for evening in range(EVENINGS):
        evenings.wait()
        begins = START + timedelta(days=evening, minutes=number * 7 % 45)
        found.append(book(rooms[evening % len(rooms)], begins, f"Gruppe {number}"))
    return found


def main(url: str, rooms: list[int]) -> None:
    """Let all of them book at once."""
    app = create_app(config_for(url))
    with app.app_context():
        for _ in range(2):  # whatever is made at first use is made before, the refusal too
            book(rooms[0], START - timedelta(hours=6), "Probe")
            book(rooms[0], START - timedelta(hours=6), "Andere Probe")
    evenings = FORK.Barrier(BOOKERS)
    acts = [partial(book_evenings, number, rooms, evenings) for number in range(BOOKERS)]
    json.dump(together(app, *acts), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], [int(room) for room in sys.argv[2:]])
