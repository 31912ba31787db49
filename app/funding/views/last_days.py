"""A group gets a later last day before it has submitted: looked up by its name in a round."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import get_person, requires
from app.funding.forms.checks import MoreTimeForm
from app.funding.queries.applications import read_round_of
from app.funding.queries.checks import list_extensions_of_round, names_of
from app.funding.queries.requests import groups_by_id, groups_of_region, matching
from app.funding.services.deadlines import extend_deadline
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import my_round
from app.groups.listings.labels import when_words
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.models import GrantRound
    from app.funding.queries.requests import NamedGroup

_MOST_FOUND = 20


@bp.route("/funding/rounds/<slug>/<int:year>/last-days", methods=["GET", "POST"])
@requires("check_sums")
def last_days(slug: str, year: int) -> ResponseReturnValue:
    """Which groups have longer, and a form for another one."""
    found, region = my_round("check_sums", slug, year)
    known = groups_of_region(db.session(), region.id, now=clock.now())
    chosen = next((each for each in known if each.slug == request.values.get("group")), None)
    form = MoreTimeForm(formdata=request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = _move(chosen, found, form)
        if status == 303:
            return redirect(url_for("funding.last_days", slug=slug, year=year, done="moved"), code=303)
    session, (found, region) = db.session(), my_round("check_sums", slug, year)
    extensions = list_extensions_of_round(session, found.id)
    q = request.args.get("q", "")[:100]
    hits = matching(known, q) if q.strip() else []
    page = render_template(
        "funding/checks/last_days.html",
        round=found,
        region=region,
        group=chosen,
        last_day=read_round_of(session, chosen.id, found).last_day if chosen else None,
        form=form,
        q=q,
        groups=hits[:_MOST_FOUND],
        count=len(hits),
        extensions=extensions,
        group_names={
            number: each.name
            for number, each in groups_by_id(session, {each.group_id for each in extensions}).items()
        },
        names=names_of(session, [each.extended_by for each in extensions]),
        when_words=when_words,
    )
    return page, status


def _move(chosen: NamedGroup | None, found: GrantRound, form: MoreTimeForm) -> int:
    """Move the last day; answer the status: 303 when it is moved, else why not stands in the form."""
    day = form.due_on.data
    if chosen is None or not form.validate() or day is None:
        return 400
    try:
        with transaction() as session:
            extend_deadline(
                session,
                chosen.id,
                found,
                day,
                form.words.data or "",
                seen_day=seen_day(),
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        form.refuse(error)
        return 400 if error.field in form else 409
    return 303


def seen_day() -> date:
    """Answer the last day that a page has shown; one that can never be when somebody has changed it."""
    try:
        return date.fromisoformat(request.form.get("seen_day", ""))
    except ValueError:
        return date.min
