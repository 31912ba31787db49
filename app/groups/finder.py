"""The finder's use cases: a question answered with groups, numbers and the facts of one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from flask_babel import gettext as _

from app.clearinghouses import queries as house_queries
from app.groups import queries
from app.groups.catalogue import TopicCatalogue, get_catalogue
from app.groups.finder_cache import get_finder_cache
from app.groups.forms import FinderRequest
from app.groups.rules import clusters, meeting_patterns
from app.groups.rules.finder_columns import Columns, Ints
from app.groups.rules.finder_search import (
    NO_CHORD2,
    Circle,
    Filters,
    Hits,
    count,
    distances_km,
    nearest,
    order_rows,
    search,
)
from app.groups.rules.geo_search import NO_CELL, Box, box_around, chord_squared, cover_tokens
from app.groups.rules.meeting_patterns import day_number
from app.groups.text_query import Dialect, Word, expression, parse_words
from app.places.gazetteer import get_gazetteer
from app.shared.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the answer to a question.

    Attributes:
        cards: the groups of this page, in order.
        total: how many match in all.
        online_total: matching online groups beside those near the place.
        facets: facet → value → how many would match; empty when not asked for.
        sort: the order used.
    """

    cards: list[queries.GroupCard]
    total: int
    online_total: int
    facets: dict[str, dict[str, int]]
    sort: str


@dataclass(frozen=True, slots=True)
class MapView:
    """What the map shows of a viewport: the box widened to whole cells, its total, clusters and single groups."""

    box: Box
    zoom: int
    total: int
    clusters: list[clusters.Cluster]
    groups: dict[int, queries.MapGroup]


def find_groups(
    session: Session, request: FinderRequest, *, now: datetime, with_facets: bool = False
) -> Found:
    """Answer one page of the groups that fit, with the exact total.

    Raises:
        BadInput: the request has errors; the first is told.
    """
    columns, hits, rows, sort = find_rows(session, request, now=now, with_facets=with_facets)
    cards = cards_of(session, columns, rows, request=request, now=now)
    return Found(cards, hits.total, hits.online_total, dict(hits.facets), sort)


def find_rows(
    session: Session, request: FinderRequest, *, now: datetime, with_facets: bool = False
) -> tuple[Columns, Hits, Ints, str]:
    """Answer the arrays, all hits, the rows of the page asked for in their order, and the order used.

    Raises:
        BadInput: the request has errors; the first is told.
    """
    columns, words, filters = _understood(session, request, now=now)
    hits = search(columns, filters, with_facets=with_facets)
    sort = request.sort or _default_sort(request, words)
    if (sort == "distance" and hits.chord2 is None) or (sort == "relevance" and not words):
        sort = _default_sort(request, words)  # there is nothing to measure by
    offset = (request.page - 1) * request.per_page
    rows = hits.rows[:0]
    if offset < hits.total:
        rank = _rank(session, columns, hits, sort, words)
        rows = order_rows(columns, hits.rows, rank, offset=offset, limit=request.per_page)
    return columns, hits, rows, sort


def count_groups(session: Session, request: FinderRequest, *, now: datetime) -> int:
    """Answer how many groups fit."""
    columns, _, filters = _understood(session, request, now=now)
    return count(columns, filters)


def look_up_words(session: Session, requests: Iterable[FinderRequest], *, now: datetime) -> None:
    """Afterwards the words of some questions are known, all of them looked up at once."""
    columns = get_finder_cache().columns(session, now=now)
    asked = dict.fromkeys(
        _expression(session, request, words) for request in requests if (words := _words(session, request))
    )
    if asked:
        get_finder_cache().ids_by_words(session, columns, list(asked))


def count_within(
    session: Session, request: FinderRequest, radii_km: Sequence[float], *, now: datetime
) -> list[int]:
    """Answer how many groups fit within each of some radii, at the price of the widest."""
    if not radii_km:
        return []
    columns, _, filters = _understood(session, replace(request, radius_km=max(radii_km)), now=now)
    hits = search(columns, filters)
    if hits.chord2 is None:
        return [hits.total] * len(radii_km)
    # What has no place counts at any distance: it is among the hits only when online groups are asked for.
    return [int((~(hits.chord2 > chord_squared(radius))).sum()) for radius in radii_km]


def find_nearest(
    session: Session, request: FinderRequest, *, count: int, now: datetime, without: int | None = None
) -> list[queries.GroupCard]:
    """Answer the nearest groups that fit, without counting the rest."""
    columns, _, filters = _understood(session, request, now=now)
    rows = nearest(columns, filters, count=count + 1)
    rows = rows[columns.group_id[rows] != (without or 0)][:count]
    return cards_of(session, columns, rows, request=request, now=now)


def view_map(session: Session, request: FinderRequest, *, zoom: int, now: datetime) -> MapView:
    """Answer the exact clusters of a viewport, every filter applied.

    Raises:
        BadInput: no box was given, or the request has errors.
    """
    refuse_errors(request)
    if request.box is None:
        raise BadInput(
            _(
                "Please give bbox as west,south,east,north in degrees, west before east and south before north."
            ),
            code="bad_bbox",
            field="bbox",
        )
    box, level = clusters.widen(request.box, zoom)
    cache = get_finder_cache()
    columns = cache.columns(session, now=now)
    if _is_plain(request):
        topic = request.topics[0].id if request.topics else None
        grid = cache.grid(columns, zoom=level, topic=topic)
    else:
        filters = _understood(session, replace(request, box=box), now=now)[2]
        rows = search(columns, filters).rows
        grid = clusters.gather(columns, rows[rows < columns.placed], level)
    found = grid.within(box)
    single_ids = {
        cluster.row: int(columns.group_id[cluster.row]) for cluster in found if cluster.row is not None
    }
    by_id = cache.map_groups(session, columns, list(single_ids.values()))
    # Withdrawn between the arrays and the names: it is counted this once, and named no more.
    groups = {row: by_id[group_id] for row, group_id in single_ids.items() if group_id in by_id}
    return MapView(box, level, sum(cluster.count for cluster in found), found, groups)


def cards_of(
    session: Session, columns: Columns, rows: Ints, *, request: FinderRequest, now: datetime
) -> list[queries.GroupCard]:
    """Answer what a list shows of some rows, in their order."""
    distances: Sequence[float | None] = [None] * len(rows)
    if request.latitude is not None and request.longitude is not None:
        distances = distances_km(columns, rows, request.latitude, request.longitude)
    ids = columns.group_id[rows].tolist()
    kept = get_finder_cache().cards(columns)
    return queries.list_cards(
        session, ids, distances=dict(zip(ids, distances, strict=True)), now=now, kept=kept
    )


def refuse_errors(request: FinderRequest) -> None:
    """Return quietly when the request was understood.

    Raises:
        BadInput: it was not; the first mistake is told.
    """
    for name, message in request.errors.items():
        raise BadInput(message, code="unknown_topic" if name == "topic" else f"bad_{name}", field=name)


def _understood(
    session: Session, request: FinderRequest, *, now: datetime
) -> tuple[Columns, tuple[Word, ...], Filters]:
    """Answer the arrays as of now, the words that count, and the question in the numbers of the arrays.

    Raises:
        BadInput: the request has errors; the first is told.
    """
    refuse_errors(request)
    columns = get_finder_cache().columns(session, now=now)
    words = _words(session, request)
    return columns, words, _filters(session, columns, request, words)


def _is_plain(request: FinderRequest) -> bool:
    """Whether nothing but perhaps one topic is asked for: then the grids made before serve."""
    moments = (request.minute_from, request.minute_to, request.date_from, request.date_to)
    others = (request.q, request.near, request.values, request.houses)
    return not any(others) and set(moments) == {None} and not request.has_point and len(request.topics) <= 1


def _words(session: Session, request: FinderRequest) -> tuple[Word, ...]:
    if not request.q:
        return ()
    catalogue: TopicCatalogue = get_catalogue(session)
    return parse_words(request.q, catalogue.words)


def _filters(session: Session, columns: Columns, request: FinderRequest, words: tuple[Word, ...]) -> Filters:
    """Answer the question in the numbers of the arrays."""
    circle = None
    if request.latitude is not None and request.longitude is not None:
        circle = Circle(request.latitude, request.longitude, request.radius_km)
    minutes = None
    if request.minute_from is not None or request.minute_to is not None:
        minutes = (request.minute_from or 0, request.minute_to or 24 * 60)  # until 00:00 is until midnight
    days = None
    if request.date_from is not None or request.date_to is not None:
        days = (
            columns.as_of // 1440 if request.date_from is None else day_number(request.date_from),
            meeting_patterns.OPEN_END if request.date_to is None else day_number(request.date_to),
        )
    return Filters(
        circle=circle,
        box=request.box,
        districts=_districts(session, request),
        values=request.values,
        topics=tuple(topic.id for topic in request.topics),
        clearinghouses=_house_ids(session, request.houses),
        minutes=minutes,
        days=days,
        group_ids=_ids_by_words(session, columns, request, words) if words else None,
    )


def _districts(session: Session, request: FinderRequest) -> frozenset[int] | None:
    place = request.place
    if place is None or not place.is_area:
        return None
    if place.kind == "district":
        return frozenset({int(place.district_ags or 0)})
    return frozenset(int(ags) for ags in get_gazetteer(session).districts_of_state(place.state_ags))


def _house_ids(session: Session, slugs: tuple[str, ...]) -> tuple[int, ...]:
    """Answer the ids of the houses.

    Raises:
        BadInput: one of them is unknown.
    """
    if not slugs:
        return ()
    ids = house_queries.ids_by_slug(session, slugs)
    unknown = [slug for slug in slugs if slug not in ids]
    if unknown:
        raise BadInput(
            _("We do not know this clearing house. The directory lists all of them."),
            code="unknown_clearinghouse",
            field="clearinghouse",
        )
    return tuple(ids[slug] for slug in slugs)


def _ids_by_words(
    session: Session, columns: Columns, request: FinderRequest, words: tuple[Word, ...]
) -> Ints:
    """Ask the inverted index."""
    asked = _expression(session, request, words)
    return get_finder_cache().ids_by_words(session, columns, [asked])[0]


def _expression(session: Session, request: FinderRequest, words: tuple[Word, ...]) -> str:
    """Answer what to look up; near a point or in a box only the cells there and groups without a place."""
    box = request.box
    if request.latitude is not None and request.longitude is not None:
        box = box_around(request.latitude, request.longitude, request.radius_km)
    cells = cover_tokens(box) if box is not None else []
    return expression(words, _dialect(session), cells=[*cells, NO_CELL] if cells else [])


def _dialect(session: Session) -> Dialect:
    return Dialect(is_sqlite=session.get_bind().dialect.name == "sqlite")


def _default_sort(request: FinderRequest, words: tuple[Word, ...]) -> str:
    if request.has_point:
        return "distance"
    return "relevance" if words else "next_meeting"


def _rank(session: Session, columns: Columns, hits: Hits, sort: str, words: tuple[Word, ...]) -> np.ndarray:
    """Answer the rank of each hit, smaller is better; equal ranks come by next meeting."""
    if sort == "distance" and hits.chord2 is not None:
        return np.where(np.isnan(hits.chord2), NO_CHORD2, hits.chord2)  # those without a place come last
    if sort == "relevance" and words:
        return _relevance(session, columns, hits.rows, words)
    return columns.next_at[hits.rows]


def _relevance(session: Session, columns: Columns, rows: Ints, words: tuple[Word, ...]) -> Ints:
    """Answer how well each hit fits the words, 0 is best.

    0: every word is in the name, or every word stands for the main topic; 1: every word is in the name or stands for
    one of the topics; 2: some are only in the description.
    """
    dialect = _dialect(session)
    rank = np.full(len(columns), 2)
    asked = [expression(words, dialect, field=field) for field in ("nt", "n")]
    for ids, value in zip(get_finder_cache().ids_by_words(session, columns, asked), (1, 0), strict=True):
        rank[columns.positions(ids)] = value
    rank = rank[rows]
    is_main = np.ones(len(rows), bool)
    for word in words:
        is_main &= np.isin(columns.topics[0][rows], list(word.topics))
    rank[is_main] = 0
    return rank
