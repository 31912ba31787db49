"""A million groups: the list alone and list with total, beside the same with a hundred thousand in the same run.

The index of a seeded database is copied nine times over, each group moved a little, through the same records and
words that the services write. The twenty rows that a list shows are read by their ids however many there are: only
what may grow with the number of groups is measured.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
from sqlalchemy.orm import Session

from app.groups.finder import find_rows
from app.groups.finder_cache import get_finder_cache
from app.groups.forms import FinderRequest
from app.groups.rules.finder_columns import ENTRY, NO_PLACE
from app.groups.rules.finder_search import Circle, Filters, nearest
from app.groups.rules.geo_search import NO_CELL, cell_tokens
from app.shared import clock
from app.shared.extensions import db
from bench.databases import FOLDER, Database, application, database
from bench.finder import requests_by_kind
from bench.tables import Times, heading, measure, times_line, value_line

BASE = 100_000
COPIES = 9
CHUNK = 5_000
SCATTER_E5 = 2_000
PAGE = 20
LIST_KINDS = ("near", "near, topic", "near, topic, day, access", "nationwide topic")
MAX_LIST_RATIO, MAX_TOTAL_RATIO = 1.5, 5.0
Call = Callable[[Session, FinderRequest], object]


def run() -> None:
    """Print both sizes and their ratios."""
    with database("sqlite", groups=BASE) as base:
        few = _times(base.url, BASE)
        many = _times(_enlarged(base), BASE * (COPIES + 1))
    heading("A million groups : a hundred thousand")
    for name, most in (("list alone", MAX_LIST_RATIO), ("list and total", MAX_TOTAL_RATIO)):
        value_line(f"{name}, median", many[name].p50 / few[name].p50, unit="×", at_most=most)
        value_line(f"{name}, p95", many[name].p95 / few[name].p95, unit="×")


def _times(url: str, groups: int) -> dict[str, Times]:
    """Print and answer the times of both questions."""
    heading(f"Finder, sqlite, {groups} groups, index alone")
    found = {}
    app = application(url)
    with app.app_context():
        session = db.session()
        asked = requests_by_kind(session)
        began = perf_counter()
        get_finder_cache().columns(session, now=clock.now())
        value_line("first load of the arrays by a process", perf_counter() - began, unit="s")
        for name, call, kinds in (
            ("list alone", _list_alone, LIST_KINDS),
            ("list and total", _list_and_total, tuple(asked)),
        ):
            together = Times(())
            for kind in kinds:
                measure(lambda request: _once(call, request), asked[kind])  # noqa: B023 - used at once
                times = measure(lambda request: _once(call, request), asked[kind])  # noqa: B023
                together = together.and_(times)
                times_line(f"{name}: {kind}", times)
            times_line(name, together)
            found[name] = together
        db.session.remove()
        db.engine.dispose()
    return found


def _once(call: Call, request: FinderRequest) -> None:
    session = db.session()
    call(session, request)
    session.rollback()


def _list_alone(session: Session, request: FinderRequest) -> object:
    columns = get_finder_cache().columns(session, now=clock.now())
    circle = Circle(request.latitude or 0, request.longitude or 0, request.radius_km)
    topics = tuple(topic.id for topic in request.topics)
    return nearest(columns, Filters(circle=circle, values=request.values, topics=topics), count=PAGE)


def _list_and_total(session: Session, request: FinderRequest) -> object:
    return find_rows(session, request, now=clock.now())


def _enlarged(base: Database) -> str:
    """Answer the address of the large database, made when it is not there yet."""
    source = Path(base.url.removeprefix("sqlite:///"))
    folder = FOLDER / f"large-{source.parent.name}"
    target = folder / "groups.sqlite3"
    if not target.exists():
        for old in FOLDER.glob("large-*"):
            shutil.rmtree(old)
        folder.mkdir()
        making = folder / "making.sqlite3"
        with sqlite3.connect(source) as connection:
            connection.execute("VACUUM INTO ?", (str(making),))
        with sqlite3.connect(making) as connection:
            connection.executescript("PRAGMA journal_mode=off; PRAGMA synchronous=off;")
            for number in range(1, COPIES + 1):
                print(f"copy {number} of {COPIES}", flush=True)
                _copy(connection, number)
            connection.execute("UPDATE finder_state SET version = version + 1")
        making.rename(target)
    return f"sqlite:///{target}"


def _copy(connection: sqlite3.Connection, number: int) -> None:
    """Add all groups of the base once more, moved a little."""
    dice = np.random.default_rng(number)
    shift = number * BASE * 2  # ids of a seeded database may have gaps
    for rows in _chunks(connection, most=BASE * 2):
        entries = np.frombuffer(b"".join(facts for _, facts, _, _ in rows), ENTRY).copy()
        placed = entries["lat_e5"] != NO_PLACE
        for side in ("lat_e5", "lon_e5"):
            entries[side] += np.where(placed, dice.integers(-SCATTER_E5, SCATTER_E5, len(entries)), 0).astype(
                "i4"
            )
        entries["group_id"] += shift
        connection.executemany(
            "INSERT INTO finder_entry (group_id, version, facts, meetings) VALUES (?, 0, ?, ?)",
            ((int(e["group_id"]), e.tobytes(), row[2]) for e, row in zip(entries, rows, strict=True)),
        )
        connection.executemany(
            "INSERT INTO group_text (group_id, tokens) VALUES (?, ?)",
            ((int(e["group_id"]), _moved(row[3], e)) for e, row in zip(entries, rows, strict=True)),
        )


def _chunks(connection: sqlite3.Connection, *, most: int) -> Iterator[list[tuple[int, bytes, bytes, str]]]:
    """Yield the entries and words of the base, some thousand groups at a time."""
    last = 0
    while rows := connection.execute(
        "SELECT group_id, facts, meetings, tokens FROM finder_entry JOIN group_text USING (group_id)"
        " WHERE facts IS NOT NULL AND group_id > ? AND group_id < ? ORDER BY group_id LIMIT ?",
        (last, most, CHUNK),
    ).fetchall():
        yield rows
        last = rows[-1][0]


def _moved(tokens: str, entry: np.void) -> str:
    """Answer the words with the cells of the new place."""
    words = [token for token in tokens.split() if not token.startswith("c")]
    is_placed = entry["lat_e5"] != NO_PLACE
    cells = cell_tokens(int(entry["lat_e5"]), int(entry["lon_e5"])) if is_placed else [NO_CELL]
    return " ".join([*words, *cells])
