"""People who check one application in the same moment: ``python -m tests.support.checkers URL APPLICATION BY:KIND …``.

A program of its own, and forked, as ``together.py`` says. Prints for each what they were told: ``stored``, or
the code by which they were refused.
"""

from __future__ import annotations

import json
import sys
from functools import partial

from app import create_app
from app.funding.queries.checks import read_under_check
from app.funding.services.checks import Finding, store_check
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.support.databases import config_for
from tests.support.together import together


def check(application_id: int, seen: str, by: int, kind: str) -> str:
    """Store that all is in order; answer what the person is told."""
    finding = Finding(kind, is_ok=True, words="", seen=seen, number=0)
    try:
        with transaction() as session:
            store_check(session, application_id, finding, by=by, now=clock.now())
    except RuleBroken as error:
        return error.code
    return "stored"


def main(url: str, application_id: int, people: list[tuple[int, str]]) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    with app.app_context():
        under = read_under_check(db.session(), application_id)
    seen = under.seen if under else ""
    json.dump(together(app, *(partial(check, application_id, seen, *who) for who in people)), sys.stdout)


if __name__ == "__main__":
    pairs = [each.split(":") for each in sys.argv[3:]]
    main(sys.argv[1], int(sys.argv[2]), [(int(by), kind) for by, kind in pairs])
