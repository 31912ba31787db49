"""Rounds of flat grants: those of my regions, a new one, and one with everything that belongs to it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import requires
from app.funding.forms.rounds import ExtensionForm, RoundForm
from app.funding.queries.regions import last_day_in, rules_in
from app.funding.queries.round_pages import asked, budget_of, list_rounds, run_lines
from app.funding.queries.rounds import read_round
from app.funding.queries.runs import DISCARDED, POSTED, STALE
from app.funding.queries.standings import standings_in
from app.funding.services.rounds import extend_round, new_seed, open_round
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_region, my_regions, my_round
from app.funding.words.rounds import RUN_STATES, STANDINGS
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/funding/rounds")
@requires("see_rounds")
def rounds() -> ResponseReturnValue:
    """The rounds of my regions, the newest first."""
    regions = my_regions("see_rounds")
    return render_template(
        "funding/rounds.html",
        regions=[(each, list_rounds(db.session(), each), may_in("work_on_rounds", each)) for each in regions],
        today=day_of(clock.now()),
        date_words=date_words,
        euro_words=euro_words,
    )


@bp.route("/funding/rounds/<slug>/new", methods=["GET", "POST"])
@requires("work_on_rounds")
def new_round(slug: str) -> ResponseReturnValue:
    """Open the round of a year in a region."""
    region = my_region("work_on_rounds", slug)
    now = clock.now()
    form = RoundForm() if request.method == "POST" else RoundForm(formdata=None, data=_usual(day_of(now)))
    if request.method == "POST" and form.validate():
        year = form.year.number or 0
        try:
            with transaction() as session:
                open_round(
                    session,
                    region,
                    year,
                    opens_on=form.opens_on.day,
                    seed=new_seed(region, year),
                    now=now,
                )
        except (BadInput, RuleBroken) as error:
            form.refuse(error, beside=error.field or "year")
        else:
            return redirect(url_for("funding.show_round", slug=slug, year=year, done="opened"), code=303)
    region = my_region("work_on_rounds", slug)
    rules = rules_in(db.session(), region)
    page = render_template(
        "funding/new_round.html",
        form=form,
        region=region,
        day_of_year=date_words(last_day_in(region, form.year.number or day_of(now).year + 1, rules)),
    )
    return page, 400 if request.method == "POST" else 200


@bp.get("/funding/rounds/<slug>/<int:year>")
@requires("see_rounds")
def show_round(slug: str, year: int) -> ResponseReturnValue:
    """A round: who asks, what is in the pot, and how far its runs have come."""
    return _round_page(slug, year, ExtensionForm(formdata=None))


@bp.post("/funding/rounds/<slug>/<int:year>/extension")
@requires("work_on_rounds")
def extend(slug: str, year: int) -> ResponseReturnValue:
    """Let requests of a round be in time until a later day."""
    found, _region = my_round("work_on_rounds", slug, year)
    form = ExtensionForm()
    if not form.validate():
        return _round_page(slug, year, form), 400
    try:
        with transaction() as session:
            extend_round(
                session, found.id, form.closes_on.day, reason=form.reason.data or "", now=clock.now()
            )
    except BadInput as error:
        form.refuse(error, beside=error.field or "closes_on")
        return _round_page(slug, year, form), 400
    return redirect(url_for("funding.show_round", slug=slug, year=year, done="extended"), code=303)


def _round_page(slug: str, year: int, extension: ExtensionForm) -> str:
    found, region = my_round("see_rounds", slug, year)
    session = db.session()
    state = read_round(session, found.id)
    days = standings_in(session, found)
    return render_template(
        "funding/round.html",
        round=found,
        region=region,
        state=state,
        extension=extension,
        usual_day=days.by_rule[False],
        last_day_new=days.days(is_new=True).last,
        asked=asked(session, found.id),
        budget=budget_of(session, region, year),
        runs=run_lines(session, state),
        may_work=may_in("work_on_rounds", region),
        today=day_of(clock.now()),
        STANDINGS=STANDINGS,
        RUN_STATES=RUN_STATES,
        quiet_states=(STALE, DISCARDED),
        POSTED=POSTED,
        date_words=date_words,
        euro_words=euro_words,
    )


def _usual(today: date) -> dict[str, str]:
    """Answer what most rounds are: requests for the next year from now on."""
    return {"year": str(today.year + 1), "opens_on": today.isoformat()}
