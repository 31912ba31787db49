"""The calendar of deadlines: a month of it as a page, all of it as a file that calendar programs ask for."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from flask import Response, after_this_request, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, never_store, public, requires
from app.accounts.rules.permissions import may_somewhere
from app.funding.queries.concerns import concern_of
from app.funding.queries.deadlines import list_deadlines, list_overdue
from app.funding.rules.deadline_calendar import gathered, month_from, month_of
from app.funding.services.deadline_feed import owner_of, renew_feed, token_of
from app.funding.views.blueprint import bp
from app.funding.words import deadlines as deadline_words
from app.groups.meetings.links import LinkOver
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.extensions import db, limiter
from app.shared.languages import speaking
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

AHEAD = timedelta(days=430)
BACK = timedelta(days=31)
LIMIT = "30 per minute"


@bp.get("/funding/calendar")
@requires("be_signed_in")
def deadlines() -> ResponseReturnValue:
    """A month of deadlines, only of what somebody has to do with; and the next one, when the month has none."""
    session, today = db.session(), day_of(clock.now())
    asked = request.args.get("month", "").strip()
    month = month_from(asked) or month_of(today)
    concern = concern_of(session, get_person().actor)
    raw = list_deadlines(session, concern, month.first, month.end, today=today)
    overdue = list_overdue(session, concern, today=today) if month == month_of(today) else []
    found = gathered(each for each in raw if each not in overdue)
    ahead = (
        [] if found else gathered(list_deadlines(session, concern, month.end, month.end + AHEAD, today=today))
    )
    page = render_template(
        "funding/overview/calendar.html",
        month=month,
        days=[(day, list(of_day)) for day, of_day in groupby(found, key=lambda each: each.on)],
        overdue=overdue,
        ahead=ahead[0] if ahead else None,
        refused=bool(asked) and month.text != asked,
        today=today,
        words=deadline_words,
        month_of=month_of,
        date_words=date_words,
        token=token_of(session, get_person()),
        sees_funding=may_somewhere(get_person().actor, "see_funding"),
    )
    return page, 400 if asked and month.text != asked else 200


@bp.post("/funding/calendar/feed")
@requires("be_signed_in")
def renew_calendar() -> ResponseReturnValue:
    """Make an address for a calendar program; one from before is over."""
    with transaction() as session:
        renew_feed(session, get_person(), now=clock.now())
    return redirect(url_for("funding.deadlines", done="renewed", _anchor="subscribe"), code=303)


@bp.get("/funding/calendar/<token>/deadlines.ics")
@limiter.limit(LIMIT)
@public
def deadline_calendar(token: str) -> ResponseReturnValue:
    """Everything from a month ago to more than a year ahead, in the language of whose calendar it is."""
    after_this_request(never_store)
    session, today = db.session(), day_of(clock.now())
    try:
        person = owner_of(session, token)
    except LinkOver as over:
        return render_template("groups/link_over.html", over=over), over.status
    concern = concern_of(session, person.actor)
    found = gathered(list_deadlines(session, concern, today - BACK, today + AHEAD, today=today))
    with speaking(person.language):
        content = deadline_words.deadline_file(found, public_url=current_app.config["WIRKREIS"].public_url)
        name = _("deadlines-of-funding")
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    response.add_etag()
    return response.make_conditional(request)
