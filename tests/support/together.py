"""Processes that do something in the same moment, each with a connection of its own."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any

from app.shared.extensions import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

FORK = multiprocessing.get_context("fork")
"""Fresh processes would spend their time on importing; only a program of its own, without threads, may be forked."""


def together(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Let a process do each act, all in the same moment; answer what they answered, in the order of the acts."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    barrier, answers = FORK.Barrier(len(acts)), FORK.Queue()

    def begin(number: int, act: Callable[[], Any]) -> None:
        with app.test_request_context():
            db.session().connection()  # who opens a connection only now comes late
            db.session().rollback()
            barrier.wait()
            answers.put((number, act()))

    started = [FORK.Process(target=begin, args=each) for each in enumerate(acts)]
    try:
        for each in started:
            each.start()
        told = dict(answers.get(timeout=200) for _each in started)
        for each in started:
            each.join(10)
        assert {each.exitcode for each in started} == {0}
    finally:
        for each in started:
            each.kill()
    return [told[number] for number in range(len(acts))]
