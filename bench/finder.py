"""The finder's list of twenty with the exact total, question by question, inside one process."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.groups.catalogue import get_catalogue
from app.groups.finder import find_groups, find_rows
from app.groups.finder_cache import get_finder_cache
from app.groups.forms import FinderRequest, read_finder_request
from app.groups.rules.geo_search import chord_squared, unit_vector
from app.places.gazetteer import get_gazetteer
from app.shared import clock
from app.shared.extensions import db
from bench.databases import Database, application
from bench.questions import KINDS, Question, make_questions, read_vocabulary
from bench.tables import Times, heading, measure, times_line

QUESTIONS_OF_A_KIND = 100
NATIONWIDE_KM = 2_000.0
TARGETS_MS = {"sqlite": (0.3, 3.0), "postgresql": (2.0, 10.0)}


def run(database: Database) -> None:
    """Print the times of the whole answer and of the index alone, by kind of question and together."""
    app = application(database.url)
    with app.app_context():
        session = db.session()
        asked = requests_by_kind(session)
        for call in (_index_alone, _whole_answer):
            for requests in asked.values():
                measure(lambda request: _once(call, request), requests)  # noqa: B023 - used at once
        _report(database, asked)
        if database.kind == "sqlite":
            _floors(session, database, asked["near"])
        db.session.remove()
        db.engine.dispose()


def requests_by_kind(session: Session, *, count: int = QUESTIONS_OF_A_KIND) -> dict[str, list[FinderRequest]]:
    """Answer the questions of each kind as the finder understands them."""
    vocabulary = read_vocabulary(session)
    asked = {
        kind: [understood(session, each) for each in make_questions(vocabulary, kind, count=count)]
        for kind in KINDS
    }
    nationwide = asked["nationwide topic"]
    asked["nationwide topic"] = [replace(each, radius_km=NATIONWIDE_KM) for each in nationwide]
    return asked


def understood(session: Session, question: Question) -> FinderRequest:
    """Answer a question as the finder understands it.

    Raises:
        ValueError: it was not understood.
    """
    args: MultiDict[str, str] = MultiDict(question)
    request = read_finder_request(args, gazetteer=get_gazetteer(session), catalogue=get_catalogue(session))
    if request.errors:
        raise ValueError(request.errors)
    return request


def _index_alone(session: Session, request: FinderRequest) -> object:
    columns, _hits, rows, _sort = find_rows(session, request, now=clock.now())
    return columns.group_id[rows].tolist()


def _whole_answer(session: Session, request: FinderRequest) -> object:
    return find_groups(session, request, now=clock.now())


def _once(call: Callable[[Session, FinderRequest], object], request: FinderRequest) -> object:
    """Ask in a transaction of its own, as each request of the server does."""
    session = db.session()
    answer = call(session, request)
    session.rollback()
    return answer


def _report(database: Database, asked: dict[str, list[FinderRequest]]) -> None:
    median_ms, p95_ms = TARGETS_MS[database.kind]
    for title, call in (
        ("index alone: version, words, hits, exact total, order; 20 ids", _index_alone),
        ("whole answer: the same with the 20 groups as the list shows them", _whole_answer),
    ):
        heading(f"Finder, {database.kind}, {title}")
        together = Times(())
        for kind, requests in asked.items():
            times = measure(lambda request: _once(call, request), requests)  # noqa: B023 - used at once
            together = together.and_(times)
            times_line(kind, times)
        times_line(f"all, {database.kind}", together, p50_at_most=median_ms, p95_at_most=p95_ms)


def _floors(session: Session, database: Database, near: list[FinderRequest]) -> None:
    """Print what cannot be beaten: one pass over plain arrays, and twenty rows of a table by their ids."""
    heading("Floors, measured beside it")
    columns = get_finder_cache().columns(session, now=clock.now())
    placed = columns.placed
    x, y, z = columns.x[:placed], columns.y[:placed], columns.z[:placed]

    def scan(request: FinderRequest) -> list[int]:
        at = unit_vector(request.latitude or 0, request.longitude or 0)
        chord2 = (x - at[0]) ** 2 + (y - at[1]) ** 2 + (z - at[2]) ** 2
        rows = np.flatnonzero(chord2 <= chord_squared(request.radius_km))
        return rows[np.argsort(chord2[rows])[:20]].tolist()  # type: ignore[no-any-return]

    times_line("near, numpy, every group looked at", measure(scan, near))
    with sqlite3.connect(database.url.removeprefix("sqlite:///")) as connection:
        dice = random.Random(1)
        ids = [dice.sample(columns.group_id.tolist(), 20) for _ in range(100)]
        statement = f'SELECT id, slug, name, description FROM "group" WHERE id IN ({",".join("?" * 20)})'
        rows = measure(lambda some: connection.execute(statement, some).fetchall(), ids)
    times_line("20 bare rows by id, sqlite3", rows)
