"""Processes that build a batch of the same awards at once: ``python -m tests.support.payers URL ROUND COUNT``.

A program of its own, and forked, for the reasons of ``bookers.py``.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from typing import TYPE_CHECKING, Any

from app import create_app
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.payments import make_batch
from tests.support.databases import config_for

if TYPE_CHECKING:
    from flask import Flask


def at_once(app: Flask, round_id: int, meet: tuple[Any, Any]) -> None:
    """Build a batch together with the others; tell its number, or why there is none."""
    barrier, answers = meet
    with app.app_context():
        barrier.wait()
        try:
            with transaction() as session:
                answers.put(make_batch(session, round_id))
        except RuleBroken as error:
            answers.put(error.code)


def main(url: str, round_id: int, count: int) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    with app.app_context():
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(count), fork.Queue()
    started = [
        fork.Process(target=at_once, args=(app, round_id, (barrier, answers))) for _each in range(count)
    ]
    for each in started:
        each.start()
    json.dump([answers.get(timeout=200) for _each in started], sys.stdout)
    for each in started:
        each.join(10)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
