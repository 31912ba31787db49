"""One meeting, one tap: the pages behind the links in mails to a group's contact. Nobody signs in, no cookie is set.

The link itself is the right, and unguessable; a form needs no more. Only a POST does anything, as programs that check
mails follow every link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for

from app.accounts.guard import never_store, public
from app.groups.meetings.answers import cancel_linked, confirm_linked, note_linked
from app.groups.meetings.date_forms import CountForm, ReasonForm
from app.groups.meetings.links import CANCEL, LinkOver, find_linked_meeting, find_reminded_group
from app.groups.meetings.reminders import end_reminders
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db, limiter
from app.shared.history import LINK, act_as
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.groups.meetings.links import LinkedMeeting

LIMIT = "30 per minute"


@bp.get("/groups/meeting/<token>")
@public
def meeting_answer(token: str) -> ResponseReturnValue:
    """Show a meeting to the contact of its group, with what can be said of it."""
    after_this_request(never_store)
    try:
        linked = find_linked_meeting(db.session(), token, now=clock.now())
    except LinkOver as over:
        return _over(over)
    return _page(linked, reason=ReasonForm(formdata=None), count=_count_form(linked))


@bp.post("/groups/meeting/<token>")
@limiter.limit(LIMIT)
@public
def send_meeting_answer(token: str) -> ResponseReturnValue:
    """Take what the contact says: cancelled, takes place, or so many came."""
    after_this_request(never_store)
    now = clock.now()
    does = request.form.get("does", "")
    reason, count = ReasonForm(), CountForm()
    try:
        linked = find_linked_meeting(db.session(), token, now=now)
        wrong = (does == CANCEL and not reason.validate()) or (does == "count" and not count.validate())
        if not wrong:
            return _do(token, does, reason=reason.reason.data or "", count=count.count.data)
    except LinkOver as over:
        return _over(over)
    except DomainError as error:
        form = count if does == "count" else reason
        form.form_errors.append(error.message)
        linked = find_linked_meeting(db.session(), token, now=now)
    if does != "count":
        count = _count_form(linked)
    return _page(linked, reason=reason, count=count), 400


def _do(token: str, does: str, *, reason: str, count: int | None) -> ResponseReturnValue:
    """Do it, and lead back to the page, which then says how things stand."""
    now = clock.now()
    moved = request.form.get("moved", "")
    act_as(LINK)
    with transaction() as session:
        linked = find_linked_meeting(session, token, now=now)
        if does == CANCEL:
            moved = cancel_linked(session, linked, reason=reason, now=now)
        elif does == "count":
            note_linked(session, linked, count, now=now)
        else:
            confirm_linked(session, linked, moved=moved, now=now)
            if linked.meeting.is_cancelled:  # it was; as it now stands it is confirmed, too
                confirm_linked(session, find_linked_meeting(session, token, now=now), now=now)
    if does == CANCEL and linked.meeting.is_added:
        return render_template("groups/meeting_removed.html", group=linked.group, meeting=linked.meeting)
    back = url_for(
        "groups.meeting_answer",
        token=token,
        moved=moved if does == CANCEL and moved else None,
        _anchor="how-many" if does == "count" else None,
    )
    return redirect(back, code=303)


@bp.route("/groups/reminders/<token>/out", methods=["GET", "POST"])
@public
def reminders_out(token: str) -> ResponseReturnValue:
    """End the mails to a group's contact: a GET asks, a POST does it at once (RFC 8058)."""
    after_this_request(never_store)
    try:
        group = find_reminded_group(db.session(), token, now=clock.now())
    except LinkOver as over:
        return _over(over)
    if request.method == "POST":
        act_as(LINK)
        with transaction() as session:
            end_reminders(session, group.id, now=clock.now())
    return render_template("groups/reminders_out.html", group=group, is_done=request.method == "POST")


def _count_form(linked: LinkedMeeting) -> CountForm:
    known = linked.to_count.count if linked.to_count else None
    return CountForm(formdata=None, data={"count": known})


def _page(linked: LinkedMeeting, *, reason: ReasonForm, count: CountForm) -> str:
    return render_template(
        "groups/meeting_answer.html",
        linked=linked,
        group=linked.group,
        meeting=linked.meeting,
        reason_form=reason,
        count_form=count,
        wants_to_cancel=request.args.get("wish") == CANCEL,
        moved=request.args.get("moved", ""),
    )


def _over(over: LinkOver) -> ResponseReturnValue:
    """Answer a link that holds no longer with a sentence and a way on."""
    return render_template("groups/link_over.html", over=over), over.status
