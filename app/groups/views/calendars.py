"""The calendars that people download or subscribe to: of a group, and of whatever the finder can be asked."""

from __future__ import annotations

import re

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.guard import public
from app.clearinghouses import queries as house_queries
from app.groups import finder_page
from app.groups.asking import asked_of_finder
from app.groups.forms import FinderRequest
from app.groups.labels import facet_labels
from app.groups.meetings.calendar_file import CalendarFile, calendar_file
from app.groups.meetings.calendar_groups import calendar_of_group, calendar_of_question, get_place_name
from app.groups.upkeep.queries import find_former
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.languages import current_language, language_url

_PLACE_ID = re.compile(r"[1-9]\d{0,8}\Z", re.ASCII)


@bp.get("/groups/<slug>/calendar.ics")
@public
def calendar(slug: str) -> ResponseReturnValue:
    """Answer the dates of a group as a calendar file; of one that goes on as part of another, that one's."""
    former = find_former(db.session(), slug)
    if former is not None and former.into_slug:
        return redirect(url_for("groups.calendar", slug=former.into_slug), code=301)
    group, wanted = calendar_of_group(db.session(), slug, now=clock.now())
    page = _public_url("/groups")
    file = calendar_file([group], wanted, name=group.name, url=f"{page}/{slug}", groups_url=page)
    return _answer(file, filename=slug)


@bp.get("/groups/calendar.ics")
@public
def feed() -> ResponseReturnValue:
    """Answer all dates that fit the finder's question as a calendar file, at one place if it is named."""
    session, asked = db.session(), asked_of_finder()
    place_id = _place_id()
    name = _name(asked, place_id)
    groups, wanted = calendar_of_question(session, asked, place_id=place_id, now=clock.now())
    page = _public_url("/groups")
    query = finder_page.calendar_query()
    file = calendar_file(groups, wanted, name=name, url=f"{page}?{query}" if query else page, groups_url=page)
    return _answer(file, filename=_("self-help-groups"))


def _answer(file: CalendarFile, *, filename: str) -> Response:
    """Answer the file, or that it has not changed.

    Only the ETag tells that: nobody keeps the moment at which a group left a question, or holidays were loaded anew.
    """
    response = Response(file.content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}.ics"'
    response.last_modified = file.changed_at
    response.add_etag()
    if request.if_none_match:
        response.make_conditional(request)
    return response


def _public_url(path: str) -> str:
    public_url: str = current_app.config["WIRKREIS"].public_url
    return public_url + language_url(current_language(), path)


def _place_id() -> int | None:
    """Answer the id of the place asked for.

    Raises:
        BadInput: it is no number.
    """
    text = request.args.get("place", "").strip()
    if not text:
        return None
    if not _PLACE_ID.match(text):
        raise BadInput(
            _("Please name the meeting place by its number, as its link on a group's page does."),
            code="bad_place",
            field="place",
        )
    return int(text)


def _name(asked: FinderRequest, place_id: int | None) -> str:
    """Answer the name of the calendar: what, where, of which house."""
    labels = facet_labels(current_language())
    chosen = [labels[facet][value] for facet, values in asked.values.items() for value in values]
    houses = house_queries.names_by_slug(db.session(), asked.houses)
    place = [] if place_id is None else [get_place_name(db.session(), place_id)]
    parts = [finder_page.searched_words(asked), *place, *houses.values(), *chosen]
    said = ", ".join(part for part in parts if part)
    return _("Self-help groups: %(what)s", what=said) if said else _("Self-help groups")
