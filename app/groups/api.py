"""The machine interface of the groups package: the finder, one group, its meetings, topics, and the map's data."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.guard import public
from app.groups import finder, queries
from app.groups.asking import asked_of_finder
from app.groups.catalogue import get_catalogue
from app.groups.meetings.shown import ShownSchedule
from app.groups.meetings.words import cause_words, remark_words
from app.groups.presentation import group_item
from app.groups.rules import clusters
from app.groups.rules.geo_search import Box
from app.groups.rules.life import HIDDEN
from app.groups.rules.listing import EXACT, DisclosedPlace
from app.groups.rules.schedule import Meeting
from app.groups.upkeep.queries import find_former
from app.shared import clock
from app.shared.api_shape import GEOJSON_TYPE, collection, json_answer
from app.shared.errors import BadInput, Gone, NotFound
from app.shared.extensions import db

bp = Blueprint("groups_api", __name__)

E5 = 100_000
MAX_MEETING_DAYS = 500
LOCAL = ZoneInfo("Europe/Berlin")
_ZOOM = re.compile(r"\d{1,2}(\.\d{1,6})?\Z", re.ASCII)


@bp.get("/api/v1/groups")
@public
def list_groups() -> Response:
    """Answer the groups that fit, nearest or best first, with the exact total."""
    asked = asked_of_finder()
    found = finder.find_groups(db.session(), asked, now=clock.now())
    more: dict[str, Any] = {"online_total": found.online_total, "sort": found.sort}
    if asked.place is not None:
        more["place"] = asked.place.as_item()
        more["alternatives"] = [place.as_item() for place in asked.alternatives]
    is_last = asked.page * asked.per_page >= found.total
    return collection(
        [group_item(card) for card in found.cards],
        total=found.total,
        next_url=None if is_last else _page_url(asked.page + 1),
        **more,
    )


@bp.get("/api/v1/groups/<slug>")
@public
def show_group(slug: str) -> ResponseReturnValue:
    """Answer one group with what may be known of it."""
    try:
        page = queries.get_group_page(db.session(), slug, now=clock.now())
    except NotFound:
        return _former(slug, "groups_api.show_group")
    contact = page.contact
    return json_answer(
        {
            **group_item(page.card),
            "first_visit": page.first_visit,
            "website": page.website,
            "place": _address(page.card.place),
            "contact": {
                "way": contact.way,
                "name": contact.name,
                "phone": contact.phone,
                "email": contact.email,
            },
            "next_meetings": [
                each.starts_at.isoformat() for each in page.next_meetings if not each.is_cancelled
            ],
        }
    )


@bp.get("/api/v1/groups/<slug>/meetings")
@public
def list_meetings(slug: str) -> ResponseReturnValue:
    """Answer every meeting that starts in [from, to), at most 500 days, all at once."""
    start, end = _window()
    days = (start.astimezone(LOCAL).date() - timedelta(days=1), end.astimezone(LOCAL).date())
    try:
        page = queries.get_group_page(db.session(), slug, now=clock.now(), span=days)
    except NotFound:
        return _former(slug, "groups_api.list_meetings")
    items = [_meeting(page.schedule, meeting) for meeting in page.schedule.between(start, end)]
    return collection(items, total=len(items))


def _former(slug: str, endpoint: str) -> ResponseReturnValue:
    """Answer the way to the group as part of which one goes on.

    Raises:
        Gone: the group has closed.
        NotFound: it was never listed, pauses, or is asleep.
    """
    former = find_former(db.session(), slug)
    if former is not None and former.into_slug:
        args = request.args.to_dict(flat=False)
        return redirect(url_for(endpoint, slug=former.into_slug, **args), code=301)  # type: ignore[arg-type]
    if former is not None and former.state not in HIDDEN:
        raise Gone(_("This group no longer exists."), code="group_closed")
    raise queries.unknown_group()


def _meeting(shown: ShownSchedule, meeting: Meeting) -> dict[str, Any]:
    """Answer one date, also one that does not take place; its note says why, or what is unusual."""
    where = shown.where(meeting)
    return {
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "cancelled": meeting.is_cancelled,
        "moved_from": meeting.moved_from.isoformat() if meeting.moved_from else None,
        "format": meeting.format,
        "place": _address(where.place),
        "note": cause_words(meeting) or remark_words(meeting),
        "link": where.link or None,
    }


@bp.get("/api/v1/topics")
@public
def list_topics() -> Response:
    """Answer all topics with their names and synonyms in every language."""
    catalogue = get_catalogue(db.session())
    sectors = {area.slug: area.sector for area in catalogue.areas}
    items = [
        {
            "slug": topic.slug,
            "names": topic.names,
            "synonyms": topic.synonyms,
            "sector": sectors[topic.area_slug],
            "area": topic.area_slug,
            "disease_area": topic.disease_area_slug,
            "rare": topic.is_rare,
            "related": topic.related,
        }
        for topic in catalogue.topics
    ]
    return collection(items, total=len(items))


@bp.get("/groups/map.json")
@public
def map_json() -> Response:
    """Answer the exact clusters and single groups of a viewport as GeoJSON."""
    asked = asked_of_finder()
    zoom = request.args.get("zoom", "6").strip()
    if not _ZOOM.match(zoom) or float(zoom) > clusters.MAX_ZOOM:
        raise BadInput(_("Please give zoom as a number from 0 to 20."), code="bad_zoom", field="zoom")
    view = finder.view_map(db.session(), asked, zoom=int(float(zoom)), now=clock.now())
    return json_answer(
        {
            "type": "FeatureCollection",
            "bbox": _bbox(view.box),
            "total": view.total,
            "zoom": view.zoom,
            "features": [_feature(view, cluster) for cluster in view.clusters],
        },
        content_type=GEOJSON_TYPE,
    )


def _address(place: DisclosedPlace | None) -> dict[str, str] | None:
    """Answer the address of an exact place; None when it is not to be known."""
    if place is None or place.precision != EXACT:
        return None
    return {"name": place.name, "street": place.street, "postcode": place.postcode, "town": place.town}


def _feature(view: finder.MapView, cluster: clusters.Cluster) -> dict[str, Any]:
    """Answer a cluster or a single group as a GeoJSON feature (names of supercluster)."""
    group = None if cluster.row is None else view.groups.get(cluster.row)
    properties: dict[str, Any]
    if group is None:
        properties = {"cluster": True, "cluster_id": cluster.cell, "point_count": cluster.count}
    else:
        properties = {"slug": group.slug, "name": group.name}
        if group.precision != EXACT:
            properties["precision"] = group.precision
    point = {"type": "Point", "coordinates": [cluster.longitude, cluster.latitude]}
    return {"type": "Feature", "geometry": point, "properties": properties}


def _bbox(box: Box) -> list[float]:
    """Answer a box in degrees, without what its outermost cells hold beyond the globe."""
    sides = (
        max(box.west, -180 * E5),
        max(box.south, -90 * E5),
        min(box.east, 180 * E5),
        min(box.north, 90 * E5),
    )
    return [side / E5 for side in sides]


def _page_url(page: int) -> str:
    """Answer the address of another page of the same question."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.base_url}?{urlencode([*pairs, ('page', str(page))])}"


def _window() -> tuple[datetime, datetime]:
    """Answer [from, to); from today for 60 days when left out.

    Raises:
        BadInput: a date cannot be read, or the window is reversed or longer than 500 days.
    """
    today = clock.now().astimezone(LOCAL).date()
    start = _moment("from", today)
    end = _moment("to", start.astimezone(LOCAL).date() + timedelta(days=60))
    if end <= start:
        raise BadInput(_("Please let “to” lie after “from”."), code="bad_to", field="to")
    if end - start > timedelta(days=MAX_MEETING_DAYS, hours=2):
        message = _("Please ask for at most %(count)s days at once.", count=MAX_MEETING_DAYS)
        raise BadInput(message, code="bad_to", field="to")
    return start, end


def _moment(name: str, default: date) -> datetime:
    """Answer a date (its beginning in Germany) or a moment from the address; a moment without zone is German."""
    text = request.args.get(name, "").strip().replace(" ", "+")
    try:
        if not text:
            return datetime.combine(default, time(0), tzinfo=LOCAL)
        if len(text) == 10:
            moment = datetime.combine(date.fromisoformat(text), time(0), tzinfo=LOCAL)
        else:
            moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
        moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = _(
            "Please write “%(name)s” as a date (2026-11-24) or a moment (2026-11-24T19:00:00+01:00).",
            name=name,
        )
        raise BadInput(message, code=f"bad_{name}", field=name) from error
    if not 1970 <= moment.year <= 2200:
        raise BadInput(_("Please stay between the years 1970 and 2200."), code=f"bad_{name}", field=name)
    return moment
