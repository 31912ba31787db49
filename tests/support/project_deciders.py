"""Officers of two insurers who decide about projects: ``python -m tests.support.project_deciders URL WORKS``.

WORKS holds, as JSON, for each process the (share, officer) pairs that it decides, one after the other. A program of its
own, and forked, as ``together.py`` says. Prints what each decision was told.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import Any

from app import create_app
from app.funding.rules.project import AGREED
from app.funding.services.project_deciding import decide
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction
from tests.support.databases import config_for
from tests.support.together import together


def decide_all(work: list[tuple[int, int]]) -> list[Any]:
    """Agree to one share after the other; answer what followed, or the code of the refusal."""
    told: list[Any] = []
    for share_id, officer_id in work:
        try:
            with transaction() as session:
                told.append(decide(session, share_id, AGREED, seen=1, by=officer_id, now=clock.now()))
        except RuleBroken as error:
            told.append(error.code)
    return told


def main(url: str, works: list[list[tuple[int, int]]]) -> None:
    """Let all of them decide at once."""
    app = create_app(config_for(url))
    json.dump(together(app, *(partial(decide_all, work) for work in works)), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
