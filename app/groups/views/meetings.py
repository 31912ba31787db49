"""The dates of a group for those who look after it: an overview, and the form of a series with its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from app.accounts.guard import requires
from app.groups.drafts import PlaceDraft, SeriesDraft
from app.groups.meetings.drafts import data_of, draft_of, refuse
from app.groups.meetings.forms import SeriesForm
from app.groups.meetings.managed import (
    DATES_SHOWN,
    ManagedGroup,
    find_place,
    find_series,
    holidays_at,
    postcode_of,
)
from app.groups.meetings.preview import NEW, Preview, preview_series
from app.groups.meetings.schedules import Stored, day_of
from app.groups.meetings.services import add_series, change_series, end_series, lock_group
from app.groups.models import Group, MeetingSeries
from app.groups.rules.schedule import IN_PERSON, ONLINE
from app.groups.views.blueprint import bp
from app.groups.views.managing import back_to_meetings, done_words, get_managed
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.engine import Row

MOST_DATES_SHOWN = 60
ZONES = (
    "Europe/Berlin",
    "Europe/Vienna",
    "Europe/Zurich",
    "Europe/Amsterdam",
    "Europe/Brussels",
    "Europe/Luxembourg",
    "Europe/Paris",
    "Europe/Warsaw",
    "Europe/Prague",
    "Europe/Copenhagen",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Athens",
    "Europe/Istanbul",
    "Europe/Kyiv",
)
"""Offered in the form; every other IANA name may be typed."""


@bp.get("/accounts/groups/<slug>/meetings", endpoint="manage_meetings")
@requires("manage_meetings")
def overview(slug: str) -> ResponseReturnValue:
    """Answer the series of a group, its next dates with what can be done about each, and its breaks."""
    group = get_managed(slug)
    shows_more = "more" in request.args
    count = MOST_DATES_SHOWN if shows_more else DATES_SHOWN
    upcoming = group.upcoming(now=clock.now(), count=count)
    has_more = not shows_more and sum(not each.is_cancelled for each in upcoming) == count
    return render_template(
        "groups/manage/meetings.html",
        group=group,
        upcoming=upcoming,
        more_url=url_for("groups.manage_meetings", slug=slug, more=1) if has_more else "",
        holidays=holidays_at(db.session(), postcode_of(group.row, None, group.row.format)),
        done=done_words(),
    )


@bp.route("/accounts/groups/<slug>/meetings/new", methods=["GET", "POST"])
@requires("manage_meetings")
def new_series(slug: str) -> ResponseReturnValue:
    """Answer the form of a new series, preview what was typed, or store it."""
    return _series(get_managed(slug), None)


@bp.route("/accounts/groups/<slug>/meetings/<int:series_id>", methods=["GET", "POST"])
@requires("manage_meetings")
def edit_series(slug: str, series_id: int) -> ResponseReturnValue:
    """Answer the form of a series, preview what was typed, or store it."""
    group = get_managed(slug)
    return _series(group, _get_series(group, series_id))


@bp.post("/accounts/groups/<slug>/meetings/preview")
@requires("manage_meetings")
def preview(slug: str) -> ResponseReturnValue:
    """Answer the part of the form's page that shows what was typed, for a script that asks while somebody types."""
    group = get_managed(slug)
    series = find_series(db.session(), group.row.id, request.form.get("series", NEW, type=int))
    form = SeriesForm()
    shown = _preview(group, series, _draft(form, group, series))
    typed = [error for field in form for error in field.errors if _is_typed(field)]
    return render_template("groups/manage/_preview.html", preview=shown, problems=typed)


@bp.route("/accounts/groups/<slug>/meetings/<int:series_id>/end", methods=["GET", "POST"])
@requires("manage_meetings")
def end(slug: str, series_id: int) -> ResponseReturnValue:
    """Ask whether a series is to end, or end it; ending what has gone already is no mistake."""
    group = get_managed(slug)
    series = find_series(db.session(), group.row.id, series_id)
    if request.method == "GET":
        stored = group.series(series_id)
        if stored is None:
            return back_to_meetings(slug, "gone")
        return render_template("groups/manage/end.html", group=group, stored=stored)
    if series is not None:
        with transaction() as session:
            end_series(session, series_id, now=clock.now())
    return back_to_meetings(slug, "ended")


def _series(group: ManagedGroup, series: MeetingSeries | None) -> ResponseReturnValue:
    """Answer the page of a series' form, or the way back once it is stored."""
    form = SeriesForm(data=_data(group, series))
    draft = _draft(form, group, series) if request.method == "POST" else None
    if draft is not None and request.form.get("action") != "preview":
        series_id = None if series is None else series.id
        try:
            return _store(group, series_id, draft)
        except RuleBroken as error:
            refuse(form, error)
    status = 400 if request.method == "POST" and form.errors else 200
    return _form_page(group, series, form, draft), status


def _store(group: ManagedGroup, series_id: int | None, draft: SeriesDraft) -> ResponseReturnValue:
    now = clock.now()
    if series_id is not None:
        with transaction() as session:
            change_series(session, series_id, draft, now=now)
        return back_to_meetings(group.row.slug, "changed")
    with transaction() as session:
        lock_group(session, group.row.id)
        # Pressed twice, or sent again after a slow answer: the series is there.
        there = get_managed(group.row.slug)
        if not any(_is_same(each, draft, there) for each in there.schedule.stored):
            add_series(session, group.row.id, draft, now=now)
    return back_to_meetings(group.row.slug, "added")


def _is_same(stored: Stored, draft: SeriesDraft, group: ManagedGroup) -> bool:
    """Whether a series is just as drafted: when, how and where."""
    series, row = stored.series, group.row
    is_online = draft.format == ONLINE
    drafted = draft.place or PlaceDraft(row.place_name, row.street, row.postcode, row.town)
    place = group.schedule.places.get(series.place or 0)
    return (
        (series.rule, series.format) == (draft.rule, draft.format)
        and stored.where_note == ("" if is_online else draft.where_note.strip())
        and series.online_link == ("" if draft.format == IN_PERSON else draft.online_link.strip())
        and (is_online or (place is not None and _address(place) == _address(drafted)))
    )


def _address(place: PlaceDraft | Row[Any]) -> tuple[str, str, str, str]:
    return place.name, place.street, place.postcode, place.town


def _draft(form: SeriesForm, group: ManagedGroup, series: MeetingSeries | None) -> SeriesDraft | None:
    session = db.session()
    place = find_place(session, None if series is None else series.place_id)
    return draft_of(form, group=session.get_one(Group, group.row.id), stored=place, now=clock.now())


def _preview(group: ManagedGroup, series: MeetingSeries | None, draft: SeriesDraft | None) -> Preview | None:
    if draft is None:
        return None
    replaces = NEW if series is None else series.id
    return preview_series(db.session(), group, draft, now=clock.now(), replaces=replaces)


def _data(group: ManagedGroup, series: MeetingSeries | None) -> dict[str, Any]:
    """Answer what the form shows before anything is typed."""
    if series is not None:
        return data_of(series, find_place(db.session(), series.place_id))
    return {"first_on": day_of(clock.now()), "format": group.row.format}


def _form_page(
    group: ManagedGroup, series: MeetingSeries | None, form: SeriesForm, draft: SeriesDraft | None
) -> str:
    place = find_place(db.session(), None if series is None else series.place_id)
    return render_template(
        "groups/manage/series.html",
        group=group,
        series=series,
        form=form,
        preview=_preview(group, series, draft),
        problems=[error for field in form for error in field.errors],
        holidays=holidays_at(db.session(), postcode_of(group.row, place, form.format.data)),
        zones=ZONES,
        has_group_place=group.row.place_id is not None,
    )


def _get_series(group: ManagedGroup, series_id: int) -> MeetingSeries:
    series = find_series(db.session(), group.row.id, series_id)
    if series is None:
        raise nothing_here()
    return series


def _is_typed(field: Any) -> bool:
    """Whether something stands in a field; what is still empty is not wrong yet."""
    return any(str(value).strip() for value in field.raw_data or ())
