"""The start page, the finder with its list and map, and the same list for paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.guard import public
from app.clearinghouses import queries as house_queries
from app.clearinghouses.presentation import HouseCard, card_of
from app.clearinghouses.services import Responsible
from app.groups import finder, finder_page, queries
from app.groups.asking import asked_of_finder
from app.groups.catalogue import get_catalogue
from app.groups.finder_cache import WALL_CLOCK
from app.groups.forms import PAGE_SIZE, FinderRequest, readable
from app.groups.interest.shown import ShownInterest
from app.groups.kept_answers import find_answer, keep_answer
from app.groups.labels import facet_labels
from app.groups.meetings.calendar_groups import MOST_GROUPS
from app.groups.models import Topic
from app.groups.text_query import parse_words
from app.groups.views.blueprint import bp
from app.groups.ways_on import WaysOn, find_interest, find_responsible, find_ways_on
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.languages import current_language
from app.shared.transactions import reading

MAX_PRINTED = 500
RELATED_SHOWN = 5
ToAsk = tuple[Responsible | None, list[HouseCard], tuple[ShownInterest, ...]]
"""What a page without groups shows besides: who is responsible, cards of houses, and interest in what is asked for."""


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """Answer the start page."""
    return render_template("groups/start.html", total=queries.count_listed(db.session()))


@bp.get("/groups", endpoint="finder")
@public
def find() -> ResponseReturnValue:
    """Answer the finder: what was understood, the groups, the map, and always a way on."""
    session, now = reading(), clock.now()
    kept = find_answer(session, now=now)
    if kept is not None and (kept.to_ask is None or kept.to_ask == _to_ask(kept.asked, now=now)):
        return Response(kept.page, content_type="text/html; charset=utf-8")
    asked = asked_of_finder()
    found, asked = _find(asked, now=now)
    to_ask = _to_ask(asked, now=now) if found.total == 0 and not asked.errors else None
    page = render_template("groups/finder.html", **_page_parts(asked, found, to_ask, now=now))
    keep_answer(session, page, asked, found, to_ask=to_ask, now=now)
    return page, 400 if asked.errors else 200


@bp.get("/groups/print")
@public
def print_list() -> ResponseReturnValue:
    """Answer exactly the filtered list, all of it up to 500 groups, for paper."""
    asked = replace(asked_of_finder(), page=1, per_page=MAX_PRINTED)
    now = clock.now()
    found, asked = _find(asked, now=now)
    return render_template(
        "groups/print.html",
        asked=asked,
        found=found,
        searched=finder_page.searched_words(asked),
        chips=finder_page.chips(asked, house_names=_house_names(asked)),
        labels=facet_labels(current_language()),
        reach_by_id=queries.ways_to_reach(db.session(), [card.id for card in found.cards]),
        printed_at=now.astimezone(WALL_CLOCK),
        most=MAX_PRINTED,
        args_query=request.query_string.decode("utf-8", "replace"),
    ), 400 if asked.errors else 200


def _find(asked: FinderRequest, *, now: datetime) -> tuple[finder.Found, FinderRequest]:
    """Answer the groups; a question that could not be understood finds none and keeps its sentence."""
    nothing = finder.Found([], 0, 0, {}, "")
    if asked.errors:
        return nothing, asked
    try:
        return finder.find_groups(db.session(), asked, now=now, with_facets=True), asked
    except BadInput as error:
        return nothing, replace(asked, errors={error.field or "q": error.message})


def _page_parts(
    asked: FinderRequest, found: finder.Found, to_ask: ToAsk | None, *, now: datetime
) -> dict[str, Any]:
    """Answer everything the page shows."""
    topics = _topics_meant(asked)
    catalogue = get_catalogue(db.session())
    return {
        "asked": asked,
        "found": found,
        "first": (asked.page - 1) * PAGE_SIZE + 1,
        "pages": -(-found.total // PAGE_SIZE),
        "filters": finder_page.facet_filters(asked, found.facets) if not asked.errors else [],
        "quick_days": finder_page.quick_days(asked, today=clock.now().astimezone(WALL_CLOCK).date()),
        "chips": finder_page.chips(asked, house_names=_house_names(asked)),
        "labels": facet_labels(current_language()),
        "searched": finder_page.searched_words(asked),
        "map_query": finder_page.map_query(),
        "related": catalogue.related(topics)[:RELATED_SHOWN],
        "page_of": finder_page,
        "most_in_calendar": MOST_GROUPS,
        "args": readable(request.args),
        "args_query": request.query_string.decode("utf-8", "replace"),
        "ways": _ways_on(asked, to_ask, now=now) if to_ask else None,
        "house_cards": to_ask[1] if to_ask else [],
    }


def _to_ask(asked: FinderRequest, *, now: datetime) -> ToAsk:
    """Answer who is responsible for the place asked about, the cards of the houses to ask, and the interest there."""
    responsible = find_responsible(db.session(), asked)
    houses = responsible.houses if responsible else []
    if responsible and responsible.nearest is not None:
        houses = [responsible.nearest]
    interest = find_interest(db.session(), asked, _topics_meant(asked), now=now)
    return responsible, [card_of(house, now) for house in houses[:3]], interest


def _ways_on(asked: FinderRequest, to_ask: ToAsk, *, now: datetime) -> WaysOn:
    responsible, _cards, interest = to_ask
    return find_ways_on(db.session(), asked, responsible=responsible, interest=interest, now=now)


def _topics_meant(asked: FinderRequest) -> list[Topic]:
    """Answer the topics chosen and those that the words stand for."""
    catalogue = get_catalogue(db.session())
    meant = list(asked.topics)
    for word in parse_words(asked.q, catalogue.words) if asked.q else ():
        meant += [catalogue.by_id[topic_id] for topic_id in sorted(word.topics)]
    return meant


def _house_names(asked: FinderRequest) -> dict[str, str]:
    """Answer the names of the clearing houses chosen."""
    return house_queries.names_by_slug(db.session(), asked.houses)
