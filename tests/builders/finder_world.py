"""A few hundred groups in several cities, the same each time, and what may be known of each, worked out plainly.

One world a kind of database is made and then only read. What is disclosed is derived here from the drafts, by other
code than the application's: the answers of the finder are held against it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from app import create_app
from app.clearinghouses.services import register_clearinghouses
from app.groups.catalogue import get_catalogue
from app.groups.drafts import GroupDraft
from app.groups.rules.finder_search import Filters
from app.groups.services import register_groups
from app.groups.text import stem, words_of
from app.groups.text_query import parse_words
from app.places.gazetteer import get_gazetteer
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.clearinghouses import make_branch, make_house
from tests.builders.finder_rows import Row, naive_ids, naive_order, next_wall
from tests.builders.groups import NOW, make_contact, make_draft, make_place, random_rule
from tests.support.databases import config_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from tests.support.databases import Databases

SIZE = 400
CITIES = {
    "Köln": (50.938, 6.957, "50667"),
    "Bonn": (50.735, 7.102, "53111"),
    "Berlin": (52.517, 13.389, "10117"),
    "Halle (Saale)": (51.482, 11.970, "06108"),
    "Frankfurt am Main": (50.111, 8.682, "60311"),
    "Niederkrüchten": (51.198, 6.219, "41372"),
}
HOUSES = {"Köln": ("05315", 50.94, 6.96), "Berlin": ("11000", 52.52, 13.40), "Halle": ("15002", 51.48, 11.97)}
TOPICS = ("depression", "diabetes", "krebs", "angst", "trauer", "alkohol", "demenz", "adipositas")
NAMES = (
    "Lichtblick",
    "Neuanfang",
    "Mut tut gut",
    "Krebsnachsorge",
    "Zuckersüß",
    "Die Brücke",
    "Café Größe",
    "Aufwind",
)
TEXTS = (
    "Wir hören einander zu, ohne Ratschläge.",
    "Gespräche über Depressionen und Ängste im Alltag.",
    "Für Menschen nach einer Krebserkrankung; wir treffen uns zum Spazierengehen.",
    "Austausch für Angehörige von Menschen mit Demenz.",
    "Offener Abend bei Tee. Straßenfeste planen wir auch.",
)
ACCESS = ("step_free", "lift", "hearing_loop", "guide_dog")


@dataclass
class World:
    """An application with groups in it, and the plain facts of each by which the finder may answer."""

    app: Flask
    rows: list[Row]
    names: dict[int, frozenset[str]]
    words: dict[int, frozenset[str]]
    slugs: dict[int, str]
    drafts: dict[int, GroupDraft]
    house_ids: dict[str, int]

    def expected(self, filters: Filters, q: str = "", *, sort: str = "") -> list[str]:
        """Answer the slugs of all groups that fit, in order."""
        filters = self.with_words(filters, q)
        usual = "distance" if filters.circle else "relevance" if q else "next_meeting"
        cannot = {"distance": filters.circle is None, "relevance": not q}
        sort = usual if not sort or cannot.get(sort, False) else sort
        if sort != "relevance" or not q:
            ids = naive_order(
                self.rows, filters, by_distance=sort == "distance" and filters.circle is not None
            )
        else:
            found = naive_ids(self.rows, filters)
            hits = [row for row in self.rows if row.group_id in found]
            ids = [
                row.group_id
                for row in sorted(hits, key=lambda row: (self._rank(row, q), next_wall(row), row.group_id))
            ]
        return [self.slugs[group_id] for group_id in ids]

    def with_words(self, filters: Filters, q: str) -> Filters:
        """Answer the filters narrowed to the groups that have every word."""
        if not q:
            return filters
        ids = [
            row.group_id
            for row in self.rows
            if all(self._has(row, self.words, *word) for word in self._parsed(q))
        ]
        return replace(filters, group_ids=np.array(ids, np.int64))

    def _rank(self, row: Row, q: str) -> int:
        parsed = self._parsed(q)
        if all(self._has(row, self.names, word, is_prefix, frozenset()) for word, is_prefix, _ in parsed):
            return 0
        if all(row.topics and row.topics[0] in topics for _, _, topics in parsed):
            return 0
        return 1 if all(self._has(row, self.names, *word) for word in parsed) else 2

    def _has(
        self, row: Row, source: dict[int, frozenset[str]], word: str, is_prefix: bool, topics: frozenset[int]
    ) -> bool:
        if topics & set(row.topics):
            return True
        return any(known == word or (is_prefix and known.startswith(word)) for known in source[row.group_id])

    def _parsed(self, q: str) -> list[tuple[str, bool, frozenset[int]]]:
        with self.app.app_context():
            words = parse_words(q, get_catalogue(db.session()).words)
        return [(word.stem, word.is_prefix, word.topics) for word in words]


_worlds: dict[str, World] = {}


def get_world(databases: Databases) -> World:
    """Answer the world on a kind of database, made at the first call in each process."""
    if databases.kind not in _worlds:
        _worlds[databases.kind] = _make(databases)
    return _worlds[databases.kind]


def _make(databases: Databases) -> World:
    app = create_app(config_for(databases.template_copy()))
    with app.app_context():
        with transaction() as session:
            house_ids = dict(zip(HOUSES, register_clearinghouses(session, _houses(), NOW), strict=True))
            drafts = list(_drafts(house_ids))
            ids = register_groups(session, drafts, now=NOW)
        by_id = {
            group_id: draft for group_id, draft in zip(ids, drafts, strict=True) if draft.state == "listed"
        }
        world = World(app, [], {}, {}, _slugs(), by_id, house_ids)
        gazetteer, catalogue = get_gazetteer(db.session()), get_catalogue(db.session())
        for group_id, draft in by_id.items():
            point, words = _disclosed(draft, house_ids, gazetteer)
            words = [draft.description, draft.first_visit, *words]
            world.names[group_id] = _stems(draft.name)
            world.words[group_id] = _stems(draft.name, *words)
            world.rows.append(
                Row(
                    group_id=group_id,
                    point=point,
                    facts=_facts(draft),
                    topics=tuple(catalogue.by_slug[slug].id for slug in draft.topics),
                    clearinghouse=draft.clearinghouse_id,
                    district=0
                    if point is None
                    else int(gazetteer.districts_at([point[0] / 100_000], [point[1] / 100_000])[0]),
                    series=tuple(draft.series),
                )
            )
        db.session.remove()
    return world


def _houses() -> Iterator[Any]:
    for town, (district, latitude, longitude) in HOUSES.items():
        branch = make_branch(town=town, latitude=latitude, longitude=longitude, is_main=True)
        yield make_house(f"KISS {town}", branches=[branch], catchment=[(district, None)])


def _drafts(house_ids: dict[str, int]) -> Iterator[GroupDraft]:
    random = Random(20261123)
    for number in range(SIZE):
        town = random.choice(list(CITIES))
        latitude, longitude, postcode = CITIES[town]
        place = make_place(
            name=random.choice(("Bürgerhaus", "Gemeindesaal St. Georg", "Café Mitte")),
            street=f"Geheimgasse {number}",
            postcode=postcode,
            town=town.split(" (")[0],
            latitude=latitude + random.gauss(0, 0.06),
            longitude=longitude + random.gauss(0, 0.09),
        )
        if random.random() < 0.05:
            place = replace(place, latitude=None, longitude=None, point_quality="none")
        format_ = random.choices(("in_person", "hybrid", "online"), (6, 2, 2))[0]
        yield make_draft(
            clearinghouse_id=random.choice(list(house_ids.values())),
            name=f"{random.choice(NAMES)} {random.choice(('', town, 'am Abend'))}".strip(),
            description=random.choice(TEXTS),
            first_visit=random.choice(("", "Einfach kommen, gern mit Begleitung.")),
            topics=random.sample(TOPICS, random.choice((1, 1, 2, 3))),
            place=place if format_ != "online" or random.random() < 0.3 else None,
            disclosure=random.choices(("exact", "area", "clearinghouse"), (6, 3, 1))[0],
            format=format_,
            status=random.choice(("open", "open", "waiting_list", "founding")),
            for_affected=random.random() < 0.8,
            for_relatives=True,
            audiences=random.sample(("young", "women", "men", "older"), random.choice((0, 0, 1, 2))),
            languages=random.choice((["de"], ["de"], ["de", "en"], ["tr"], ["nl", "de"])),
            access=random.sample(ACCESS, random.randint(0, 4)),
            series=[random_rule(random) for _ in range(random.choice((0, 1, 1, 1, 2)))],
            contact=make_contact(name="Geheimfrau"),
            internal_note="Verschlusssache",
            state="listed" if random.random() < 0.95 else "paused",
        )


def _disclosed(
    draft: GroupDraft, house_ids: dict[str, int], gazetteer: Any
) -> tuple[tuple[int, int] | None, list[str]]:
    """Answer the point in 1e-5 degrees and the words of the place that anybody may know."""
    place = draft.place
    if draft.format == "online" or place is None:
        return None, []
    if place.latitude is None or place.longitude is None or draft.disclosure == "clearinghouse":
        town = next(name for name, house_id in house_ids.items() if house_id == draft.clearinghouse_id)
        _, latitude, longitude = HOUSES[town]
        return (round(latitude * 1e5), round(longitude * 1e5)), [
            gazetteer.nearest_town(latitude, longitude).name
        ]
    lat, lon = round(place.latitude * 1e5), round(place.longitude * 1e5)
    if draft.disclosure == "exact":
        return (lat, lon), [place.town, place.name]
    lat, lon = lat - lat % 5000 + 2500, lon - lon % 8000 + 4000
    return (lat, lon), [gazetteer.nearest_town(lat / 1e5, lon / 1e5).name]


def _facts(draft: GroupDraft) -> dict[str, tuple[str, ...]]:
    for_whom = (("affected", draft.for_affected), ("relatives", draft.for_relatives))
    return {
        "format": (draft.format,),
        "status": (draft.status,),
        "for": tuple(name for name, holds in for_whom if holds),
        "access": tuple(draft.access),
        "audience": tuple(draft.audiences),
        "language": tuple(draft.languages),
    }


def _slugs() -> dict[int, str]:
    import sqlalchemy as sa

    from app.groups.models import Group

    return dict(db.session.execute(sa.select(Group.id, Group.slug)).tuples().all())


def _stems(*texts: str) -> frozenset[str]:
    return frozenset(_stem(word) for text in texts for word in words_of(text))


@cache
def _stem(word: str) -> str:
    return stem(word)


def slugs_of(cards: Sequence[Any]) -> list[str]:
    """Answer the slugs of some cards or API items."""
    return [card["slug"] if isinstance(card, dict) else card.slug for card in cards]
