"""The map's data: clusters of a viewport, their weight on the wire, an edit, and the index made anew."""

from __future__ import annotations

import gzip
import math
import random
from collections import defaultdict
from dataclasses import replace
from time import perf_counter

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.groups.finder import count_groups, view_map
from app.groups.finder_cache import FinderCache, get_finder_cache
from app.groups.forms import FinderRequest
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.rules.geo_search import Box, to_e5
from app.groups.search_index import rebuild_index
from app.groups.services import change_group
from app.shared import clock
from app.shared.extensions import db
from app.shared.transactions import transaction
from bench.databases import Database, application
from bench.finder import understood
from bench.questions import Question, Vocabulary, make_questions, read_vocabulary
from bench.tables import Times, heading, measure, times_line, value_line

WIDTH, HEIGHT = 1280, 800
ZOOMS = range(5, 16)
VIEWPORTS = 600
FILTERED_KINDS = (
    "day",
    "format",
    "access",
    "word",
    "two words, day",
    "day, format, access",
    "topic, day, access",
)
CITIES = ((52.52, 13.405), (48.137, 11.575), (53.55, 9.99), (50.94, 6.96), (51.45, 7.01))
MAX_BYTES = 6_000
View = tuple[FinderRequest, int]


def run(database: Database) -> None:
    """Print what the map costs; the database is left as it was found."""
    app = application(database.url)
    with app.app_context():
        session = db.session()
        heading(f"Map, {database.kind}: clusters of a viewport of {WIDTH} by {HEIGHT}, zoom 5 to 15")
        _first_load(session)
        _viewports(session)
        _edit(session)
        _rebuild()
        db.session.remove()
        if database.kind == "sqlite":
            _weights(app)
        db.session.remove()
        db.engine.dispose()


def viewport(latitude: float, longitude: float, zoom: int) -> Box:
    """Answer the box that a browser shows around a point on a Web-Mercator map of 256-pixel tiles."""
    size = 256 * 2**zoom
    x = (longitude + 180) / 360 * size
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * size

    def latitude_at(pixel: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * pixel / size))))

    return Box(
        to_e5(max(-180.0, (x - WIDTH / 2) / size * 360 - 180)),
        to_e5(latitude_at(min(size, y + HEIGHT / 2))),
        to_e5(min(180.0, (x + WIDTH / 2) / size * 360 - 180)),
        to_e5(latitude_at(max(0, y - HEIGHT / 2))),
    )


def _first_load(session: Session) -> None:
    """Print how long a process needs before its first answer."""
    began = perf_counter()
    FinderCache().columns(session, now=clock.now())
    value_line("first load of the arrays by a process", perf_counter() - began, unit="s")


def _viewports(session: Session) -> None:
    """Print the times of viewports without filter, by topic, and with every other filter."""
    vocabulary = read_vocabulary(session)
    dice = random.Random("viewports")
    plain = [_view(session, vocabulary, dice, {}) for _ in range(VIEWPORTS * 2 // 3)]
    topics = make_questions(vocabulary, "topic", count=VIEWPORTS // 3)
    by_topic = [_view(session, vocabulary, dice, question) for question in topics]
    both = [*plain, *by_topic]
    dice.shuffle(both)

    def look(view: View) -> None:
        view_map(session, view[0], zoom=view[1], now=clock.now())
        session.rollback()

    times_line("first time: grids are still made", measure(look, both), p95_at_most=0)
    times_line("without filter", measure(look, plain), p95_at_most=1)
    times_line("by topic", measure(look, by_topic), p95_at_most=1)
    together = Times(())
    for kind in FILTERED_KINDS:
        questions = make_questions(vocabulary, kind, count=VIEWPORTS // len(FILTERED_KINDS))
        times = measure(look, [_view(session, vocabulary, dice, question) for question in questions])
        together = together.and_(times)
        times_line(f"by {kind}", times)
    times_line("by any other filter, together", together, p95_at_most=10)


def _view(session: Session, vocabulary: Vocabulary, dice: random.Random, question: Question) -> View:
    _place, latitude, longitude = dice.choices(vocabulary.places, vocabulary.place_weights)[0]
    zoom = dice.choice(ZOOMS)
    return replace(understood(session, question), box=viewport(latitude, longitude, zoom)), zoom


def _edit(session: Session) -> None:
    """Print how long after an edit the list, the totals and the clusters are right; then take it back."""
    now = clock.now()
    group = session.execute(
        sa.select(Group.id, Group.status).where(Group.is_listed).order_by(Group.id.desc()).limit(1)
    ).one()
    whole = FinderRequest(values={"status": ("founding",)}, box=Box(0, 4_000_000, 2_000_000, 6_000_000))
    everywhere = replace(whole, box=None)
    before = count_groups(session, everywhere, now=now)
    other = "open" if group.status == "founding" else "founding"
    began = perf_counter()
    with transaction() as writer:
        change_group(writer, group.id, now=now, status=other)
    stored = perf_counter()
    after = count_groups(session, everywhere, now=now)
    view_map(session, replace(whole, values={}), zoom=6, now=now)
    ended = perf_counter()
    if abs(after - before) != 1:
        raise RuntimeError(f"The total after an edit is {after}; before it was {before}.")
    value_line("an edit, stored", (stored - began) * 1000, unit="ms")
    value_line("first right total and clusters after it", (ended - stored) * 1000, unit="ms")
    with transaction() as writer:
        change_group(writer, group.id, now=now, status=group.status)


def _rebuild() -> None:
    """Print how long the whole index takes."""
    began = perf_counter()
    with transaction() as session:
        count = rebuild_index(session, today=day_of(clock.now()))
    seconds = perf_counter() - began
    value_line(f"index of {count} groups made anew", seconds, unit="s", at_most=15)


def _weights(app: Flask) -> None:
    """Print the largest answers on the wire: every zoom, cities and countryside, whole and by topic."""
    client = app.test_client()
    largest: dict[int, int] = defaultdict(int)
    plain: dict[int, int] = defaultdict(int)
    dice = random.Random("weights")
    with app.app_context():
        vocabulary = read_vocabulary(db.session())
        get_finder_cache().columns(db.session(), now=clock.now())
        places = [each[1:] for each in dice.choices(vocabulary.places, vocabulary.place_weights, k=25)]
        topics = ["", *dice.choices(vocabulary.topics, vocabulary.topic_weights, k=3)]
    for zoom in range(21):
        for latitude, longitude in [*CITIES, *places]:
            box = viewport(latitude, longitude, zoom)
            for topic in topics:
                asked = {"bbox": ",".join(f"{side / 1e5:.5f}" for side in box), "zoom": str(zoom)}
                answer = client.get(
                    "/groups/map.json", query_string=asked | ({"topic": topic} if topic else {})
                )
                if answer.status_code != 200:
                    raise RuntimeError(answer.get_data(as_text=True))
                largest[zoom] = max(largest[zoom], len(gzip.compress(answer.data, 6)))
                plain[zoom] = max(plain[zoom], len(answer.data))
    value_line("largest answer, plain", max(plain.values()) / 1000, unit="kB")
    worst = max(largest, key=lambda zoom: largest[zoom])
    name = f"largest answer, gzipped, names included (zoom {worst})"
    value_line(name, largest[worst] / 1000, unit="kB", at_most=MAX_BYTES / 1000)
    print("by zoom, bytes gzipped: " + "  ".join(f"{zoom}: {size}" for zoom, size in sorted(largest.items())))
