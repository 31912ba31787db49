"""Closing a house, a place it keeps or one where its groups meet: for the staff of clearing houses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.guard import requires
from app.clearinghouses.desk_house import my_house, my_houses
from app.groups.meetings import closable
from app.groups.meetings.checks import clean_reason
from app.groups.meetings.closing import close_and_tell, reopen_and_tell
from app.groups.meetings.closures import Owner, check_closing
from app.groups.meetings.concerned import Concerned, list_concerned
from app.groups.meetings.drafts import refuse
from app.groups.meetings.forms import PeriodForm
from app.groups.meetings.managed import LARGEST_ID
from app.groups.meetings.schedules import day_of
from app.groups.models import Closure
from app.groups.views.blueprint import bp
from app.groups.views.breaks import find_closure
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.clearinghouses.models import ClearingHouse

PERMISSION = "close_places"
DONE = {
    "closed": _l(
        "It is closed. Every page and calendar shows it already, and the groups concerned get a mail."
    ),
    "opened": _l("Taken back. The dates take place again, and the groups concerned get a mail."),
}


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is to be closed, in words and as an owner of closures."""

    owner: Owner
    label: str
    is_house: bool


@bp.get("/desk/closures")
@requires(PERMISSION)
def list_closed() -> ResponseReturnValue:
    """Answer what is closed now or will be, and what can be closed."""
    house = my_house(PERMISSION)
    session, q = db.session(), request.args.get("q", "")[:100]
    places = closable.list_closable(session, house.id, q=q)
    return render_template(
        "groups/manage/closures.html",
        house=house,
        houses=my_houses(PERMISSION),
        closures=closable.list_house_closures(session, house, since=day_of(clock.now())),
        places=places[: closable.MOST_SHOWN],
        count=len(places),
        q=q,
        done=str(DONE.get(request.args.get("done", ""), "")),
    )


@bp.route("/desk/closures/new", methods=["GET", "POST"])
@requires(PERMISSION)
def close_place() -> ResponseReturnValue:
    """Ask from when to when; show how many meetings of which groups are concerned; then close and tell them."""
    house = my_house(PERMISSION)
    chosen = _get_chosen(house)
    form = PeriodForm()
    concerned: list[Concerned] | None = None
    if request.method == "POST" and form.validate():
        try:
            if request.form.get("action") == "close":
                _close(chosen, form)
                return _back(house, "closed")
            concerned = _try_closing(chosen, form)
        except RuleBroken as error:
            refuse(form, error)
    return render_template(
        "groups/manage/close.html", house=house, chosen=chosen, form=form, concerned=concerned
    ), 400 if form.errors else 200


@bp.post("/desk/closures/end")
@requires(PERMISSION)
def open_place() -> ResponseReturnValue:
    """Take a closure back in one step; one that is gone already is no mistake."""
    house = my_house(PERMISSION)
    closure = find_closure(request.form.get("closure", ""))
    if closure is None:
        return _back(house, "opened")
    owner = Owner(closure.place_id, closure.clearinghouse_id, closure.group_id)
    if owner.group_id is not None or not closable.may_close(db.session(), house.id, owner):
        raise nothing_here()
    label, closure_id = _label(house, closure), closure.id
    with transaction() as session:
        reopen_and_tell(session, closure_id, place=label, now=clock.now())
    return _back(house, "opened")


def _try_closing(chosen: _Chosen, form: PeriodForm) -> list[Concerned]:
    """Answer who would be concerned, or say why it cannot be closed then; nothing is stored."""
    (first_on, last_on), session, now = form.period(), db.session(), clock.now()
    reason = clean_reason(form.reason.data or "")
    check_closing(session, chosen.owner, first_on=first_on, last_on=last_on, reason=reason, now=now)
    return list_concerned(session, chosen.owner, first_on=first_on, last_on=last_on, now=now)


def _close(chosen: _Chosen, form: PeriodForm) -> None:
    first_on, last_on = form.period()
    with transaction() as session:
        close_and_tell(
            session,
            chosen.owner,
            first_on=first_on,
            last_on=last_on,
            reason=form.reason.data or "",
            place=chosen.label,
            now=clock.now(),
        )


def _get_chosen(house: ClearingHouse) -> _Chosen:
    """Answer what is to be closed: the place of the address, else the whole house."""
    if "place" not in request.args:
        return _Chosen(Owner(clearinghouse_id=house.id), closable.whole_house(house.name), is_house=True)
    place_id = request.args.get("place", 0, type=int)
    place = closable.find_closable(db.session(), house.id, place_id) if 0 < place_id <= LARGEST_ID else None
    if place is None:
        raise nothing_here()
    return _Chosen(Owner(place_id=place.id), place.label, is_house=False)


def _label(house: ClearingHouse, closure: Closure) -> str:
    if closure.place_id is None:
        return closable.whole_house(house.name)
    place = closable.find_closable(db.session(), house.id, closure.place_id)
    return place.label if place else ""


def _back(house: ClearingHouse, done: str) -> ResponseReturnValue:
    return redirect(url_for("groups.list_closed", house=house.slug, done=done), code=303)
