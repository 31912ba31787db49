"""Processes that keep a draft or post a run at once: ``python -m tests.support.run_posters URL WHAT ID COUNT``.

A program of its own, and forked, as ``together.py`` says. WHAT is ``draft`` (ID is a round), ``post`` (a
run), or ``all``: draft, check, approve, post and pay a round, after the word ``begin``.
"""

from __future__ import annotations

import json
import sys
from functools import partial

from app import create_app
from app.funding.rules.division import DivisionRules
from app.funding.services.run_acts import approve_run, check_run, post_run
from app.funding.services.run_payments import pay_run
from app.funding.services.runs import draft_run
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.support.databases import config_for
from tests.support.programs import say
from tests.support.together import together

RULES = DivisionRules(reserve_percent=10)


def draft(round_id: int, by: int) -> tuple[int, bool]:
    """Keep the draft."""
    with transaction() as session:
        drafted = draft_run(session, round_id, RULES, name="Entwurf", by=by, now=NOW)
    return drafted.run_id, drafted.is_new


def post(run_id: int, by: int) -> bool:
    """Post the run."""
    with transaction() as session:
        return post_run(session, run_id, by=by, now=NOW)


def everything(round_id: int) -> None:
    """Bring a round from its draft to the payment, each step in a transaction of its own."""
    say("begin")
    run_id, _is_new = draft(round_id, 1)
    with transaction() as session:
        check_run(session, run_id, by=1, now=NOW)
    with transaction() as session:
        approve_run(session, run_id, by=2, now=NOW)
    post(run_id, 2)
    with transaction() as session:
        pay_run(session, run_id, now=NOW)


def main(url: str, what: str, number: int, count: int) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    if what == "all":
        with app.app_context():
            everything(number)
        return
    act = draft if what == "draft" else post
    json.dump(together(app, *(partial(act, number, by) for by in range(1, count + 1))), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
