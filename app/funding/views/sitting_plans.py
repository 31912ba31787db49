"""Sittings in lists, and their plan: mine, those of a round, a new one, another day or place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import requires
from app.funding.forms.sittings import SittingForm
from app.funding.queries import sittings as found_sittings
from app.funding.queries.regions import working_day_in
from app.funding.rules.sittings import CLOSED
from app.funding.services.sittings import change_sitting, plan_sitting
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_round
from app.funding.views.my_sittings import my_sitting, my_sittings
from app.funding.words.sittings import STATES
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_AHEAD = timedelta(days=28)


@bp.get("/funding/sittings")
@requires("see_sittings")
def sittings() -> ResponseReturnValue:
    """The sittings that I may see, those that are still to come first."""
    mine = my_sittings()
    return render_template(
        "funding/sittings/mine.html",
        coming=[each for each in reversed(mine) if each[0].state != CLOSED],
        closed=[each for each in mine if each[0].state == CLOSED],
        STATES=STATES,
        date_words=date_words,
    )


@bp.get("/funding/rounds/<slug>/<int:year>/sittings")
@requires("see_rounds")
def round_sittings(slug: str, year: int) -> ResponseReturnValue:
    """The sittings of a round."""
    found, region = my_round("see_rounds", slug, year)
    session = db.session()
    lines = found_sittings.sittings_of(session, found.id)
    return render_template(
        "funding/sittings/of_round.html",
        round=found,
        region=region,
        lines=lines,
        waiting=len(found_sittings.candidates(session, found.id)),
        may_hold=may_in("hold_sittings", region),
        STATES=STATES,
        date_words=date_words,
    )


@bp.route("/funding/rounds/<slug>/<int:year>/sittings/new", methods=["GET", "POST"])
@requires("hold_sittings")
def new_sitting(slug: str, year: int) -> ResponseReturnValue:
    """Plan a sitting; everything that waits for a decision is on its agenda at once."""
    found, region = my_round("hold_sittings", slug, year)
    now = clock.now()
    usual = {
        "held_on": working_day_in(region, day_of(now) + _AHEAD).isoformat(),
        "begins": "10:00",
        "quorum": "2",
    }
    form = SittingForm() if request.method == "POST" else SittingForm(formdata=None, data=usual)
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                sitting_id = plan_sitting(session, found.id, form.draft, now=now).id
        except RuleBroken as error:
            form.refuse(error, beside=error.field or "held_on")
        else:
            return redirect(url_for("funding.show_sitting", sitting_id=sitting_id, done="planned"), code=303)
    found, region = my_round("hold_sittings", slug, year)
    page = render_template("funding/sittings/edit.html", form=form, round=found, region=region, sitting=None)
    return page, 400 if request.method == "POST" else 200


@bp.route("/funding/sittings/<int:sitting_id>/edit", methods=["GET", "POST"])
@requires("hold_sittings")
def edit_sitting(sitting_id: int) -> ResponseReturnValue:
    """Change when and where a sitting is."""
    sitting, found, region = my_sitting("hold_sittings", sitting_id)
    values = {
        **{name: getattr(sitting, name) for name in ("begins", "place", "link")},
        "held_on": sitting.held_on.isoformat(),
        "quorum": str(sitting.quorum),
    }
    form = SittingForm() if request.method == "POST" else SittingForm(formdata=None, data=values)
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                with transaction() as session:
                    change_sitting(session, sitting_id, form.draft, now=clock.now())
            except RuleBroken as error:
                form.form_errors.append(error.message)
                status = error.status
            else:
                return redirect(
                    url_for("funding.show_sitting", sitting_id=sitting_id, done="changed"), code=303
                )
    sitting, found, region = my_sitting("hold_sittings", sitting_id)
    return render_template(
        "funding/sittings/edit.html", form=form, round=found, region=region, sitting=sitting
    ), status
