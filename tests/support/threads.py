"""Threads that do something in the same moment, each with a session of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, Any

from app.shared.errors import RuleBroken
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session


def at_once(app: Flask, *works: Callable[[], Any]) -> list[Any]:
    """Answer what came of each, in their order."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait(timeout=20)
            return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def acts_at_once(app: Flask, *acts: Callable[[Session], Any]) -> list[Any]:
    """Answer what came of each, in a transaction of its own, or the code of the refusal."""
    return at_once(app, *(partial(_tried, act) for act in acts))


def _tried(act: Callable[[Session], Any]) -> Any:
    try:
        with transaction() as session:
            return act(session)
    except RuleBroken as error:
        return error.code
