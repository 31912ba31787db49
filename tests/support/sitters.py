"""Processes that act on a sitting at once: ``python -m tests.support.sitters URL WHAT SITTING COUNT``.

A program of its own, and forked, as ``together.py`` says. WHAT is ``decide`` (each of them about every
request of the agenda, for its own sum, while another lowers the pot), ``close``, or ``alone``: close the sitting after
the word ``begin``.
"""

from __future__ import annotations

import json
import sys
from functools import partial
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
from tests.support.programs import say
from tests.support.together import together

if TYPE_CHECKING:
    from collections.abc import Callable


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


def main(url: str, what: str, number: int, count: int) -> None:
    """Let all of them begin at once; the last of those who decide lowers the pot instead."""
    app = create_app(config_for(url))
    if what == "alone":
        with app.app_context():
            say("begin")
            close(number, 1)
        return
    act = close if what == "close" else decide_all
    acts = [partial(act, number, by) for by in range(1, count + 1)]
    if what == "decide":
        acts[-1] = partial(lower, number)
    json.dump(together(app, *acts), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
