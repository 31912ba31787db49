"""Officers of two insurers who decide about projects they share: ``python -m tests.support.project_deciders URL FILE``.

FILE holds, as JSON, for each process the (share, officer) pairs that it decides, one after the other. A program of its
own, and forked, for the reasons of ``bookers.py``. Prints what each decision was told.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import create_app
from app.funding.rules.project import AGREED
from app.funding.services.project_deciding import decide
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.support.databases import config_for

if TYPE_CHECKING:
    from flask import Flask


def decide_all(app: Flask, work: list[tuple[int, int]], barrier: Any, answers: Any) -> None:
    """Agree to one share after the other; answer what followed, or the code of the refusal."""
    with app.app_context():
        barrier.wait()
        told = []
        for share_id, officer_id in work:
            try:
                with transaction() as session:
                    told.append(decide(session, share_id, AGREED, seen=1, by=officer_id, now=clock.now()))
            except RuleBroken as error:
                told.append(error.code)
        answers.put(told)


def main(url: str, path: str) -> None:
    """Let all of them decide at once."""
    works = json.loads(Path(path).read_text(encoding="utf-8"))
    app = create_app(config_for(url))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(len(works)), fork.Queue()
    started = [fork.Process(target=decide_all, args=(app, work, barrier, answers)) for work in works]
    for each in started:
        each.start()
    found = [answers.get(timeout=200) for _ in started]
    for each in started:
        each.join(10)
    json.dump({"exit_codes": [each.exitcode for each in started], "told": found}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
