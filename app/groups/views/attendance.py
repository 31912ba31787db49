"""How many came, and when the contact is reminded: pages of those who look after a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import authorize, requires
from app.groups.meetings.attendance import LOOK_BACK, attendance_of, list_past_meetings, note_attendance
from app.groups.meetings.date_forms import RemindersForm, read_counts
from app.groups.meetings.own_groups import OwnGroup, get_own_group
from app.groups.meetings.reminders import set_reminders
from app.groups.meetings.schedules import day_of
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.groups.meetings.date_forms import ReadCounts


@bp.get("/accounts/groups/<slug>/attendance")
@requires("manage_meetings")
def attendance(slug: str) -> ResponseReturnValue:
    """The meetings of the last twelve months with a field for how many came, and the figures of two years."""
    return _attendance_page(_own_group(slug))


@bp.post("/accounts/groups/<slug>/attendance")
@requires("manage_meetings")
def send_attendance(slug: str) -> ResponseReturnValue:
    """Note all numbers together, or none when one of them cannot be."""
    group = _own_group(slug)
    now = clock.now()
    past = list_past_meetings(db.session(), group.schedule, now=now)
    read = read_counts(request.form, [each.key for each in past])
    if read.errors:
        return _attendance_page(group, read), 400
    with transaction() as session:
        note_attendance(session, _own_group(slug).schedule, read.counts, now=now)
    return redirect(url_for("groups.attendance", slug=slug, saved=1), code=303)


@bp.get("/accounts/groups/<slug>/reminders")
@requires("manage_meetings")
def reminders(slug: str) -> ResponseReturnValue:
    """When the contact of a group gets mails before its meetings."""
    group = _own_group(slug)
    chosen = {"hours": str(group.row.reminder_hours or ""), "after_break": group.row.reminds_after_break}
    return _reminders_page(group, RemindersForm(formdata=None, data=chosen))


@bp.post("/accounts/groups/<slug>/reminders")
@requires("manage_meetings")
def send_reminders(slug: str) -> ResponseReturnValue:
    """Change that."""
    group = _own_group(slug)
    form = RemindersForm()
    if not form.validate():
        return _reminders_page(group, form), 400
    now = clock.now()
    with transaction() as session:
        hours = int(form.hours.data) if form.hours.data else None
        set_reminders(session, group.id, hours=hours, after_break=form.after_break.data, now=now)
    return redirect(url_for("groups.reminders", slug=slug, saved=1), code=303)


def _own_group(slug: str) -> OwnGroup:
    """Answer the group, if whoever is signed in looks after it."""
    today = day_of(clock.now())
    group = get_own_group(db.session(), slug, span=(today - 2 * LOOK_BACK, today))
    authorize("manage_meetings", group_id=group.id, clearinghouse_id=group.row.clearinghouse_id)
    return group


def _attendance_page(group: OwnGroup, read: ReadCounts | None = None) -> str:
    session, now = db.session(), clock.now()
    year = day_of(now).year
    return render_template(
        "groups/attendance.html",
        group=group,
        past=list_past_meetings(session, group.schedule, now=now),
        read=read,
        figures={each: attendance_of(session, group.id, each, now=now) for each in (year, year - 1)},
        is_saved=read is None and "saved" in request.args,
    )


def _reminders_page(group: OwnGroup, form: RemindersForm) -> str:
    return render_template(
        "groups/reminders.html",
        group=group,
        form=form,
        is_saved=request.method == "GET" and "saved" in request.args,
    )
