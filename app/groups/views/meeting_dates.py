"""Single dates of a group: one is cancelled, moved, added, or all that is taken back; a small page for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import render_template, request

from app.accounts.guard import requires
from app.groups.meetings.checks import duration_between
from app.groups.meetings.drafts import place_arguments, place_data, refuse
from app.groups.meetings.forms import CancelForm, MoveForm
from app.groups.meetings.managed import ManagedGroup, find_place
from app.groups.meetings.schedules import Stored
from app.groups.meetings.services import add_date, cancel_date, move_date, undo_change
from app.groups.rules.recurrence import occurrence_on
from app.groups.rules.schedule import Meeting, meetings
from app.groups.views.blueprint import bp
from app.groups.views.managing import back_to_meetings, get_managed
from app.shared import clock
from app.shared.errors import NotFound, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MARGIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Date:
    """A date that something is to be decided for, as it stands now."""

    group: ManagedGroup
    stored: Stored
    on: date
    meeting: Meeting


@bp.route(
    "/accounts/groups/<slug>/meetings/<int:series_id>/dates/<day>/cancel",
    methods=["GET", "POST"],
)
@requires("manage_meetings")
def cancel_meeting(slug: str, series_id: int, day: str) -> ResponseReturnValue:
    """Ask whether a date is not to take place, and why; or note that it does not."""
    chosen = _find_date(get_managed(slug), series_id, day)
    if chosen is None:
        return back_to_meetings(slug, "gone")
    form = CancelForm(data={"reason": chosen.meeting.note})
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                cancel_date(session, series_id, chosen.on, reason=form.reason.data or "", now=clock.now())
            return back_to_meetings(slug, "cancelled")
        except NotFound:
            return back_to_meetings(slug, "gone")
        except RuleBroken as error:
            refuse(form, error)
    page = render_template("groups/manage/cancel.html", chosen=chosen, group=chosen.group, form=form)
    return page, 400 if form.errors else 200


@bp.route(
    "/accounts/groups/<slug>/meetings/<int:series_id>/dates/<day>/move",
    methods=["GET", "POST"],
)
@requires("manage_meetings")
def move_meeting(slug: str, series_id: int, day: str) -> ResponseReturnValue:
    """Ask when and where a date takes place instead; or move it there."""
    chosen = _find_date(get_managed(slug), series_id, day)
    if chosen is None:
        return back_to_meetings(slug, "gone")
    form = MoveForm(data=_move_data(chosen))
    if request.method == "POST" and form.validate():
        try:
            arguments = _arguments(form, chosen.stored)
            with transaction() as session:
                move_date(session, series_id, chosen.on, **arguments, now=clock.now())
            return back_to_meetings(slug, "moved")
        except NotFound:
            return back_to_meetings(slug, "gone")
        except RuleBroken as error:
            refuse(form, error)
    page = render_template("groups/manage/move.html", chosen=chosen, group=chosen.group, form=form)
    return page, 400 if form.errors else 200


@bp.post("/accounts/groups/<slug>/meetings/<int:series_id>/dates/<day>/undo")
@requires("manage_meetings")
def undo_meeting(slug: str, series_id: int, day: str) -> ResponseReturnValue:
    """Take back what was decided for a date; where nothing was, nothing happens."""
    group = get_managed(slug)
    on = _day(day)
    if on is None or group.series(series_id) is None:
        return back_to_meetings(slug, "gone")
    with transaction() as session:
        undo_change(session, series_id, on, now=clock.now())
    return back_to_meetings(slug, "undone")


@bp.route("/accounts/groups/<slug>/meetings/<int:series_id>/add", methods=["GET", "POST"])
@requires("manage_meetings")
def add_meeting(slug: str, series_id: int) -> ResponseReturnValue:
    """Ask for one more date of a series; or add it."""
    group = get_managed(slug)
    stored = group.series(series_id)
    if stored is None:
        return back_to_meetings(slug, "gone")
    form = MoveForm(data=_times(stored))
    if request.method == "POST" and form.validate():
        try:
            arguments = _arguments(form, stored)
            with transaction() as session:
                add_date(session, series_id, **arguments, now=clock.now())
            return back_to_meetings(slug, "more")
        except RuleBroken as error:
            refuse(form, error)
    page = render_template("groups/manage/add.html", group=group, stored=stored, form=form)
    return page, 400 if form.errors else 200


def _find_date(group: ManagedGroup, series_id: int, day: str) -> _Date | None:
    """Answer a date of the series that can be decided for: of its rule, and not over."""
    stored, on = group.series(series_id), _day(day)
    if stored is None or on is None:
        return None
    series = stored.series
    usual = occurrence_on(series.rule, on).starts_at.astimezone(UTC)
    moved_to = next((change.new_on for change in series.changes if change.on == on and change.new_on), on)
    start, end = sorted((usual, usual + (moved_to - on)))
    found = meetings([series], start=start - MARGIN, end=end + MARGIN)
    meeting = next((each for each in found if each.on == on and not each.is_added), None)
    if meeting is None or meeting.ends_at.astimezone(UTC) < clock.now():
        return None
    return _Date(group, stored, on, meeting)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1950 <= day.year <= 2100 else None


def _times(stored: Stored) -> dict[str, Any]:
    """Answer the times of a series, and its place where that is not the group's."""
    rule = stored.series.rule
    return {"starts_at": rule.starts_at_local, "ends_at": _end(rule.starts_at_local, rule.duration_minutes)}


def _move_data(chosen: _Date) -> dict[str, Any]:
    """Answer how the date stands now."""
    meeting = chosen.meeting
    is_usual = meeting.place == chosen.stored.series.place
    return {
        "new_on": meeting.starts_at.date(),
        "starts_at": meeting.starts_at.time(),
        "ends_at": meeting.ends_at.time(),
        "reason": meeting.note if meeting.moved_from else "",
        **place_data(None if is_usual else find_place(db.session(), meeting.place)),
    }


def _end(start: time, minutes: int) -> time:
    return (datetime.combine(date(2024, 1, 1), start, tzinfo=UTC) + timedelta(minutes=minutes)).time()


def _arguments(form: MoveForm, stored: Stored) -> dict[str, Any]:
    """Answer day, time and place as services take them; what is as ever is left out.

    Raises:
        RuleBroken: the end lies before the beginning.
    """
    rule = stored.series.rule
    duration = duration_between(form.starts_at.data, form.ends_at.data)
    usual = (rule.starts_at_local, rule.duration_minutes)
    is_usual = (form.starts_at.data, duration) == usual
    return {
        "new_on": form.new_on.data,
        "starts_at_local": None if is_usual else form.starts_at.data,
        "duration_minutes": None if is_usual else duration,
        "reason": form.reason.data or "",
        **place_arguments(form, stored=None),
    }
