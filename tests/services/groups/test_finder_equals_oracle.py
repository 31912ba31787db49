"""The finder on a database answers what looking at every group in turn answers, in the same order."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from werkzeug.datastructures import MultiDict

from app.groups import finder
from app.groups.catalogue import get_catalogue
from app.groups.forms import read_finder_request
from app.groups.rules.finder_search import Circle, Filters
from app.groups.rules.geo_search import Box
from app.groups.rules.meeting_patterns import day_number
from app.places.gazetteer import get_gazetteer
from app.shared.extensions import db
from tests.builders.finder_rows import naive_facets, naive_ids, naive_online
from tests.builders.finder_world import CITIES, TOPICS, slugs_of
from tests.builders.groups import NOW

WORDS = (
    "Depression", "krebs", "Diabtes", "Angst", "Zucker", "Köln", "Koeln", "Lichtblick", "Café", "GRÖSSE", "grosse",
    "Bürgerhaus", "Nachsorge", "Demenz Angehörige", "Depression Köln", "Straßenfest", "mut", "Halle", "Geheimgasse",
    "Verschlusssache", "Geheimfrau", "Gruppe", "burn out", "drinking", "Wut", "hören", "Niederkruechten",
)  # fmt: skip
VALUES = {
    "weekday": "1234567",
    "format": ("in_person", "online", "hybrid"),
    "status": ("open", "waiting_list", "founding"),
    "for": ("affected", "relatives"),
    "access": ("step_free", "lift"),
    "audience": ("young", "women"),
    "language": ("de", "tr", "nl", "en"),
}


def ask(world, pairs):
    with world.app.test_request_context():
        session = db.session()
        request = read_finder_request(
            MultiDict([*pairs, ("per_page", "100")]),
            gazetteer=get_gazetteer(session),
            catalogue=get_catalogue(session),
        )
        return finder.find_groups(session, request, now=NOW, with_facets=True)


def a_question(random: Random):
    """Answer a question as the address has it, and as the plain oracle reads it."""
    pairs, filters = _where(random)
    filters["values"] = {}
    for name, known in VALUES.items():
        if random.random() < 0.18:
            filters["values"][name] = tuple(random.sample(known, random.choice((1, 1, 2))))
            pairs += [(name, value) for value in filters["values"][name]]
    if random.random() < 0.25:
        filters["topics"] = tuple(random.sample(TOPICS, random.choice((1, 2))))
        pairs += [("topic", slug) for slug in filters["topics"]]
    if random.random() < 0.15:
        filters["clearinghouses"] = (random.choice(("Köln", "Berlin", "Halle")),)
    _when(random, pairs, filters)
    q = random.choice(WORDS) if random.random() < 0.5 else ""
    sort = random.choice(("distance", "relevance", "next_meeting")) if random.random() < 0.3 else ""
    return [*pairs, ("q", q), ("sort", sort)], filters, q, sort


def _where(random: Random):
    where = random.choice(("near", "point", "box", "district", "anywhere", "anywhere"))
    if where in {"near", "point"}:
        latitude, longitude, _ = random.choice(list(CITIES.values()))
        latitude, longitude = round(latitude + random.gauss(0, 0.05), 4), round(longitude, 4)
        radius = random.choice((1, 5, 25, 60, 200))
        pairs = [("lat", str(latitude)), ("lon", str(longitude)), ("radius_km", str(radius))]
        return pairs, {"circle": Circle(latitude, longitude, radius)}
    if where == "box":
        west, south = random.choice((6.0, 6.96, 11.5)), random.choice((50.0, 50.9, 51.3))
        size = random.choice((0.05, 0.5, 3))
        sides = (west, south, west + size, south + size)
        box = Box(*(round(side * 1e5) for side in sides))
        return [("bbox", ",".join(f"{side:.2f}" for side in sides))], {"box": box}
    if where == "district":
        return [("near", "Nordrhein-Westfalen")], {"districts": None}  # filled in from the gazetteer
    return [], {}


def _when(random: Random, pairs, filters):
    if random.random() < 0.2:
        first, last = random.randrange(24), random.randrange(24)
        pairs += [("time_from", f"{first:02}:00"), ("time_to", f"{last:02}:30")]
        filters["minutes"] = (first * 60, last * 60 + 30)
    if random.random() < 0.2:
        first, last = date(2026, random.randint(1, 12), 3), date(9999, 12, 31)
        pairs.append(("date_from", first.isoformat()))
        if random.random() < 0.6:
            last = date(2027, random.randint(1, 12), 9)
            pairs.append(("date_to", last.isoformat()))
        filters["days"] = (day_number(first), day_number(last))


def completed(world, filters, pairs):
    """Put in the numbers that only the database knows."""
    with world.app.app_context():
        if "districts" in filters:
            keys = get_gazetteer(db.session()).districts_of_state("05")
            filters["districts"] = frozenset(int(key) for key in keys)
        by_slug = get_catalogue(db.session()).by_slug
        filters["topics"] = tuple(by_slug[slug].id for slug in filters.get("topics", ()))
    towns = filters.get("clearinghouses", ())
    filters["clearinghouses"] = tuple(world.house_ids[town] for town in towns)
    pairs += [("clearinghouse", f"kiss-{town.lower().replace('ö', 'oe')}") for town in towns]
    return Filters(**filters)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 5))])
def test_random_questions_find_what_the_plain_look_finds(world, seed):
    random = Random(seed)
    for _ in range(25):
        pairs, parts, q, sort = a_question(random)
        filters = completed(world, parts, pairs)
        found = ask(world, pairs)
        expected = world.expected(filters, q, sort=sort)
        assert found.total == len(expected), pairs
        assert slugs_of(found.cards) == expected[:100], pairs
        said = filters if not q or q == "Gruppe" else world.with_words(filters, q)
        assert found.facets == naive_facets(world.rows, said), pairs
        assert found.online_total == naive_online(world.rows, said), pairs


def test_most_random_questions_find_something(world):
    totals = []
    random = Random(99)
    for _ in range(60):
        pairs, parts, q, _ = a_question(random)
        filters = completed(world, parts, pairs)
        totals.append(len(naive_ids(world.rows, world.with_words(filters, q))))
    assert sum(total > 0 for total in totals) > 20


def test_pages_hold_every_hit_once_in_order(world):
    everything = world.expected(Filters(circle=Circle(50.938, 6.957, 200)), "krebs")
    pages = []
    for page in range(1, 40):
        pairs = [
            ("q", "krebs"),
            ("lat", "50.938"),
            ("lon", "6.957"),
            ("radius_km", "200"),
            ("page", str(page)),
        ]
        with world.app.test_request_context():
            session = db.session()
            request = read_finder_request(
                MultiDict([*pairs, ("per_page", "3")]),
                gazetteer=get_gazetteer(session),
                catalogue=get_catalogue(session),
            )
            pages += slugs_of(finder.find_groups(session, request, now=NOW).cards)
    assert pages == everything[: 3 * 39]
    assert len(everything) > 20


def test_the_nearest_of_a_topic_are_the_first_of_the_search(world):
    with world.app.test_request_context():
        session = db.session()
        request = read_finder_request(
            MultiDict([("lat", "50.94"), ("lon", "6.96"), ("radius_km", "200"), ("topic", "krebs")]),
            gazetteer=get_gazetteer(session),
            catalogue=get_catalogue(session),
        )
        first = finder.find_groups(session, request, now=NOW).cards
        assert slugs_of(finder.find_nearest(session, request, count=7, now=NOW)) == slugs_of(first[:7])
        others = finder.find_nearest(session, request, count=7, now=NOW, without=first[2].id)
        assert slugs_of(others) == slugs_of([*first[:2], *first[3:8]])
