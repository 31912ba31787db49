"""Processes that close a year in the same moment as others promise its money: ``python -m tests.support.closers URL
CLOSERS DECIDERS``.

Each decider promises a euro after the other until the year is closed or the pot empty. Prints what each was told.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import Any

from app import create_app
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import commit
from app.funding.services.ledger import post
from app.funding.services.year_end import close_year
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction
from tests.builders.contributions import AFTER, GROUPS_2026, YEAR
from tests.builders.ledger import because
from tests.support.databases import config_for
from tests.support.together import FORK, together

BEFORE_CLOSING = 5
"""Somebody has promised so often before anybody closes."""


def close() -> str:
    """Close the year; answer what one is told."""
    try:
        with transaction() as session:
            close_year(session, YEAR, now=AFTER)
    except RuleBroken as error:
        return error.code
    return "closed"


def decide(number: int, begun: Any) -> tuple[str, int, str]:
    """Promise money until it is refused; answer how often it was promised, and why no longer."""
    for step in range(100_000):
        wanted = commit(GROUPS_2026, a_group(1 + number), 100, because(f"d/{number}/{step}"))
        try:
            with transaction() as session:
                post(session, [wanted], now=AFTER)
        except RuleBroken as error:
            return "decider", step, error.code
        if step == BEFORE_CLOSING:
            begun.set()
    return "decider", step, "never"


def close_after(begun: Any) -> tuple[str, int, str]:
    """Close the year once some promises are through."""
    begun.wait(timeout=60)
    return "closer", 0, close()


def main(url: str, closers: int, deciders: int) -> None:
    """Let all of them work at once."""
    app = create_app(config_for(url))
    begun = FORK.Event()
    if not deciders:
        begun.set()
    deciding = [partial(decide, closers + number, begun) for number in range(deciders)]
    json.dump(together(app, *[partial(close_after, begun)] * closers, *deciding), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
