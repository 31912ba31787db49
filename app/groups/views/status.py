"""The state of a group for those who look after it: confirmed when, pausing, closed; and what they can do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.guard import authorize, get_person, requires
from app.accounts.rules.permissions import Scope, may
from app.groups import queries
from app.groups.departures import foresee_departure
from app.groups.labels import LIFE_LABELS
from app.groups.meetings.drafts import refuse
from app.groups.rules.life import HIDDEN, LISTED
from app.groups.upkeep.forms import ClosingForm, PauseForm
from app.groups.upkeep.listed_facts import hidden_facts, listed_facts
from app.groups.upkeep.queries import OwnState, find_own_state
from app.groups.upkeep.services import (
    close_group,
    confirm_group,
    pause_group,
    reopen_group,
    resume_group,
)
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from app.groups.models import Group

DONE = {
    "confirmed": _l("Confirmed. The page of the group shows it already."),
    "paused": _l("The group pauses. It is no longer in the search, and its page says so."),
    "resumed": _l("The group is listed again. Please check its dates."),
    "closed": _l(
        "The group is closed. Its page says so, its dates have ended, and those concerned get a mail."
    ),
    "reopened": _l("The group is listed again. Its old series have ended; please enter when it meets now."),
    "merged": _l("The groups are one now. The old page and calendar lead to it."),
    "wrong": _l("That was not possible: the group is in another state by now. This is how it stands."),
}
"""What was done → what the page says of it, and what happens next."""


@bp.get("/accounts/groups/<slug>/status")
@requires("manage_group_life")
def group_status(slug: str) -> ResponseReturnValue:
    """Answer the state of a group, what is listed, and what can be done."""
    own, session = _get_own(slug), db.session()
    page = queries.get_group_page(session, slug, now=clock.now()) if own.group.is_listed else None
    return render_template(
        "groups/manage/status.html",
        own=own,
        group=own.group,
        state_words=LIFE_LABELS[own.group.state],
        rows=listed_facts(page) if page else [],
        hidden=hidden_facts(own.group, page) if page else [],
        is_staff=_is_staff(own.group),
        done=str(DONE.get(request.args.get("done", ""), "")),
        done_kind="warning" if request.args.get("done") == "wrong" else "success",
    )


@bp.post("/accounts/groups/<slug>/status/confirm")
@requires("manage_group_life")
def confirm_status(slug: str) -> ResponseReturnValue:
    """Confirm the listing; for staff, who do it by telephone, the way leads back to their list."""
    own = _get_own(slug)
    is_by_telephone = _is_staff(own.group)
    done = _do(
        lambda: confirm_group(db.session(), own.group.id, now=clock.now(), by_telephone=is_by_telephone),
        "confirmed",
    )
    if request.form.get("from") == "list" and is_by_telephone:
        return redirect(
            url_for("groups.list_unconfirmed", house=request.form.get("house"), done=done), code=303
        )
    return _back(slug, done)


@bp.route("/accounts/groups/<slug>/status/pause", methods=["GET", "POST"])
@requires("manage_group_life")
def pause(slug: str) -> ResponseReturnValue:
    """Ask until when, or let the group pause."""
    own = _get_own(slug)
    if own.group.state not in {LISTED, *HIDDEN}:
        return _back(slug, "wrong")
    form = PauseForm(data={"resumes_on": own.absence.resumes_on if own.absence else None})
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                pause_group(session, own.group.id, resumes_on=form.resumes_on.data, now=clock.now())
            return _back(slug, "paused")
        except RuleBroken as error:
            own = _get_own(slug)
            refuse(form, error)
    return render_template(
        "groups/manage/pause.html", group=own.group, form=form
    ), 400 if form.errors else 200


@bp.post("/accounts/groups/<slug>/status/resume")
@requires("manage_group_life")
def resume(slug: str) -> ResponseReturnValue:
    """List the group again."""
    own = _get_own(slug)
    return _back(slug, _do(lambda: resume_group(db.session(), own.group.id, now=clock.now()), "resumed"))


@bp.route("/accounts/groups/<slug>/status/close", methods=["GET", "POST"])
@requires("manage_group_life")
def close_for_good(slug: str) -> ResponseReturnValue:
    """Ask why, say what will happen, or close the group."""
    own = _get_own(slug)
    if own.group.state not in {LISTED, *HIDDEN}:
        return _back(slug, "wrong")
    form = ClosingForm()
    if request.method == "POST" and form.validate():
        tells_house = not _is_staff(own.group)
        group_id, reason = own.group.id, form.reason.data or ""
        try:
            with transaction() as session:
                close_group(session, group_id, reason=reason, now=clock.now(), tells_house=tells_house)
            return _back(slug, "closed")
        except RuleBroken as error:
            own = _get_own(slug)
            refuse(form, error)
    return render_template(
        "groups/manage/close_group.html",
        group=own.group,
        form=form,
        foreseen=foresee_departure(db.session(), own.group.id, now=clock.now()),
    ), 400 if form.errors else 200


@bp.post("/accounts/groups/<slug>/status/reopen")
@requires("work_at_desk")
def reopen_closed(slug: str) -> ResponseReturnValue:
    """List a closed group again; for the staff of its house."""
    own = _get_own(slug)
    authorize("work_at_desk", clearinghouse_id=own.group.clearinghouse_id)
    return _back(slug, _do(lambda: reopen_group(db.session(), own.group.id, now=clock.now()), "reopened"))


def _do(change: Callable[[], None], done: str) -> str:
    """Do it in a transaction; answer what the page then says, also when somebody else was quicker."""
    try:
        with transaction():
            change()
    except RuleBroken:
        return "wrong"
    return done


def _get_own(slug: str) -> OwnState:
    """Answer the state of a group, if whoever is signed in may change it.

    Raises:
        NotFound: there is none, or they may not.
    """
    own = find_own_state(db.session(), slug, now=clock.now())
    if own is None:
        raise nothing_here()
    authorize("manage_group_life", group_id=own.group.id, clearinghouse_id=own.group.clearinghouse_id)
    return own


def _is_staff(group: Group) -> bool:
    """Whether whoever is signed in works for the house of the group."""
    return may(get_person().actor, "work_at_desk", Scope(clearinghouse_id=group.clearinghouse_id))


def _back(slug: str, done: str) -> ResponseReturnValue:
    return redirect(url_for("groups.group_status", slug=slug, done=done), code=303)
