"""The start page, the finder with its list and map, and the same list for paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.guard import public
from app.clearinghouses import queries as house_queries
from app.clearinghouses.presentation import card_of
from app.groups import finder, finder_page, queries
from app.groups.asking import asked_of_finder
from app.groups.calendar_groups import MOST_GROUPS
from app.groups.catalogue import get_catalogue
from app.groups.finder_cache import WALL_CLOCK
from app.groups.forms import PAGE_SIZE, FinderRequest, readable
from app.groups.labels import facet_labels
from app.groups.models import Topic
from app.groups.text_query import parse_words
from app.groups.views.blueprint import bp
from app.groups.ways_on import find_ways_on
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.languages import current_language

MAX_PRINTED = 500
RELATED_SHOWN = 5


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """Answer the start page."""
    return render_template("groups/start.html", total=queries.count_listed(db.session()))


@bp.get("/groups", endpoint="finder")
@public
def find() -> ResponseReturnValue:
    """Answer the finder: what was understood, the groups, the map, and always a way on."""
    asked = asked_of_finder()
    found, asked = _find(asked)
    page = _page_parts(asked, found)
    return render_template("groups/finder.html", **page), 400 if asked.errors else 200


@bp.get("/groups/print")
@public
def print_list() -> ResponseReturnValue:
    """Answer exactly the filtered list, all of it up to 500 groups, for paper."""
    asked = replace(asked_of_finder(), page=1, per_page=MAX_PRINTED)
    found, asked = _find(asked)
    return render_template(
        "groups/print.html",
        asked=asked,
        found=found,
        searched=finder_page.searched_words(asked),
        chips=finder_page.chips(asked, house_names=_house_names(asked)),
        labels=facet_labels(current_language()),
        reach_by_id=queries.ways_to_reach(db.session(), [card.id for card in found.cards]),
        printed_at=clock.now().astimezone(WALL_CLOCK),
        most=MAX_PRINTED,
        args_query=request.query_string.decode("utf-8", "replace"),
    ), 400 if asked.errors else 200


def _find(asked: FinderRequest) -> tuple[finder.Found, FinderRequest]:
    """Answer the groups; a question that could not be understood finds none and keeps its sentence."""
    nothing = finder.Found([], 0, 0, {}, "")
    if asked.errors:
        return nothing, asked
    try:
        return finder.find_groups(db.session(), asked, now=clock.now(), with_facets=True), asked
    except BadInput as error:
        return nothing, replace(asked, errors={error.field or "q": error.message})


def _page_parts(asked: FinderRequest, found: finder.Found) -> dict[str, Any]:
    """Answer everything the page shows."""
    topics = _topics_meant(asked)
    catalogue = get_catalogue(db.session())
    return {
        "asked": asked,
        "found": found,
        "first": (asked.page - 1) * PAGE_SIZE + 1,
        "pages": -(-found.total // PAGE_SIZE),
        "filters": finder_page.facet_filters(asked, found.facets) if not asked.errors else [],
        "chips": finder_page.chips(asked, house_names=_house_names(asked)),
        "labels": facet_labels(current_language()),
        "searched": finder_page.searched_words(asked),
        "map_query": finder_page.map_query(),
        "related": catalogue.related(topics)[:RELATED_SHOWN],
        "page_of": finder_page,
        "most_in_calendar": MOST_GROUPS,
        "args": readable(request.args),
        "args_query": request.query_string.decode("utf-8", "replace"),
        **(_ways_on(asked) if found.total == 0 and not asked.errors else {"ways": None, "house_cards": []}),
    }


def _ways_on(asked: FinderRequest) -> dict[str, Any]:
    """Answer what helps when nothing was found, and the cards of the houses to ask."""
    now = clock.now()
    ways = find_ways_on(db.session(), asked, now=now)
    houses = ways.responsible.houses if ways.responsible else []
    if ways.responsible and ways.responsible.nearest is not None:
        houses = [ways.responsible.nearest]
    return {"ways": ways, "house_cards": [card_of(house, now) for house in houses[:3]]}


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
