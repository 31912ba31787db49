"""Processes that decide, or ask back, at once: ``python -m tests.support.institution_deciders URL ID SEEN COUNT``.

A program of its own, and forked, as ``together.py`` says. Every second one decides about the request, the
others ask back. Prints for each what it was told, or ``null`` when it was the one.
"""

from __future__ import annotations

import json
import sys
from functools import partial

from app import create_app
from app.funding.services.institution_decisions import decide_request
from app.funding.services.institution_questions import return_request
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction
from tests.builders.contributions import IN_YEAR
from tests.builders.institutions import DECIDER
from tests.support.databases import config_for
from tests.support.together import together


def decide(number: int, seen: int, which: int) -> str | None:
    """Decide, or ask back; answer what one is told."""
    by = DECIDER + which
    try:
        with transaction() as session:
            if which % 2:
                return_request(session, number, "Wofür?", seen=seen, by=by, now=IN_YEAR)
            else:
                decide_request(session, number, 100 + which, "weniger", seen=seen, by=by, now=IN_YEAR)
    except RuleBroken as error:
        return error.message
    return None


def main(url: str, number: int, seen: int, count: int) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    json.dump(together(app, *(partial(decide, number, seen, which) for which in range(count))), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
