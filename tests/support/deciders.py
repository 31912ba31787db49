"""Processes that decide about one pot in the same moment: ``python -m tests.support.deciders URL DECIDERS``.

A program of its own, and forked, as ``together.py`` says. Each promises 7.30 € to groups of its own until
the pot refuses, then ever smaller sums down to a cent. Prints what each was told, and how long they took together.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from time import perf_counter

from app import create_app
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import commit, release
from app.funding.services.ledger import post
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.builders.ledger import POT_2026, because
from tests.support.databases import config_for
from tests.support.together import together

AMOUNTS = (730, 99, 10, 1)


def decide(number: int, step: int, cents: int) -> bool:
    """Promise so much to one group; answer whether the pot had it."""
    wanted = commit(POT_2026, a_group(1 + number), cents, because(f"decider/{number}/{step}"))
    try:
        with transaction() as session:
            post(session, [wanted], now=NOW)
    except RuleBroken as error:
        if error.code != "not_enough":
            raise
        return False
    return True


def decide_until_empty(number: int) -> tuple[int, int, float]:
    """Promise money until there is not a cent left; answer how much, in how many decisions and seconds."""
    began, promised, decisions = perf_counter(), 0, 0
    for cents in AMOUNTS:
        while decide(number, decisions, cents):
            promised += cents
            decisions += 1
        decisions += 1
    return promised, decisions, perf_counter() - began


def warm_up() -> None:
    """Afterwards what is made at first use is made, the pot as it was."""
    with transaction() as session:
        post(session, [commit(POT_2026, a_group(999), 1, because("warm/1"))], now=NOW)
        post(session, [release(POT_2026, a_group(999), 1, because("warm/2"))], now=NOW)
    decide(998, 0, 10**9)


def main(url: str, deciders: int) -> None:
    """Let all of them decide at once."""
    app = create_app(config_for(url))
    with app.app_context():
        warm_up()
    found = together(app, *(partial(decide_until_empty, number) for number in range(deciders)))
    told = {
        "promised": [promised for promised, _, _ in found],
        "decisions": sum(decisions for _, decisions, _ in found),
        "seconds": max(seconds for _, _, seconds in found),
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
