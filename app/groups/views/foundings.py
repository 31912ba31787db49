"""One founding, for the staff of the house that called it: meeting, invitations, checklist, group, end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.guard import authorize, requires
from app.clearinghouses.desk_house import my_house
from app.clearinghouses.models import ClearingHouse
from app.groups.catalogue import get_catalogue
from app.groups.interest.checklist import list_steps, next_step, save_steps
from app.groups.interest.forms import CallForm, EndForm, ReadSteps, read_steps
from app.groups.interest.foundings import (
    call_meeting,
    end_founding,
    invite,
    link_group,
    list_candidates,
    start_founding,
    turnout,
)
from app.groups.interest.regions import district_words, districts_of_house
from app.groups.meetings.closable import list_closable
from app.groups.meetings.drafts import refuse
from app.groups.meetings.managed import LARGEST_ID
from app.groups.meetings.schedules import WALL_CLOCK, day_of
from app.groups.models import Founding, Group
from app.groups.views.blueprint import bp
from app.groups.views.interest_desk import PERMISSION
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

DONE = {
    "started": _l("The founding has begun. The first thing is a meeting: enter below when and where."),
    "called": _l("The meeting is entered. Now invite the people of the list."),
    "invited": _l("The invitations are on their way, each as a mail of its own."),
    "saved": _l("The checklist is saved."),
    "linked": _l("The group is noted."),
}


@bp.post("/desk/foundings")
@requires(PERMISSION)
def begin_founding() -> ResponseReturnValue:
    """Begin a founding on a topic in a district of the house; where one is under way, lead back to the people."""
    house = my_house(PERMISSION)
    topic = get_catalogue(db.session()).by_slug.get(request.form.get("topic", ""))
    district = request.form.get("district", "")
    if topic is None or district not in districts_of_house(db.session(), house.id):
        return redirect(url_for("groups.list_interest", house=house.slug), code=303)
    house_id, slug, topic_id = house.id, house.slug, topic.id
    try:
        with transaction() as session:
            founding_id = start_founding(session, house_id, topic_id, district, now=clock.now())
    except RuleBroken:
        back = url_for("groups.interested_people", house=slug, topic=topic.slug, district=district)
        return redirect(back, code=303)
    return _back(founding_id, "started")


@bp.get("/desk/foundings/<int:founding_id>")
@requires(PERMISSION)
def show_founding(founding_id: int) -> ResponseReturnValue:
    """Answer how far a founding is."""
    return _page(_get(founding_id))


@bp.post("/desk/foundings/<int:founding_id>/meeting")
@requires(PERMISSION)
def call_founding_meeting(founding_id: int) -> ResponseReturnValue:
    """Enter when and where the founding meeting is."""
    founding = _get(founding_id)
    form = _call_form(founding)
    draft = form.read()
    if draft is not None:
        try:
            with transaction() as session:
                call_meeting(session, _locked(founding_id), draft, now=clock.now())
            return _back(founding_id, "called")
        except RuleBroken as error:
            refuse(form, error)
    return _page(_get(founding_id), call=form), 400


@bp.post("/desk/foundings/<int:founding_id>/invite")
@requires(PERMISSION)
def invite_to_founding(founding_id: int) -> ResponseReturnValue:
    """Invite everybody of the list who was not invited to this meeting yet."""
    _get(founding_id)
    try:
        with transaction() as session:
            invite(session, _locked(founding_id), now=clock.now())
    except RuleBroken as error:
        return _page(_get(founding_id), problem=error.message), 400
    return _back(founding_id, "invited")


@bp.post("/desk/foundings/<int:founding_id>/steps")
@requires(PERMISSION)
def save_founding_steps(founding_id: int) -> ResponseReturnValue:
    """Save who does each step, and when it was done."""
    _get(founding_id)
    steps, now = list_steps(db.session(), founding_id), clock.now()
    read = read_steps(request.form, steps, today=day_of(now))
    if read.errors:
        return _page(_get(founding_id), read=read), 400
    try:
        with transaction() as session:
            save_steps(session, _locked(founding_id), read.saved, now=now)
    except RuleBroken as error:
        return _page(_get(founding_id), problem=error.message), 400
    return _back(founding_id, "saved", anchor="steps")


@bp.post("/desk/foundings/<int:founding_id>/group")
@requires(PERMISSION)
def link_founded_group(founding_id: int) -> ResponseReturnValue:
    """Note which group came of it."""
    _get(founding_id)
    try:
        with transaction() as session:
            group_id = request.form.get("group", 0, type=int)
            link_group(session, _locked(founding_id), group_id, now=clock.now())
    except RuleBroken as error:
        return _page(_get(founding_id), problem=error.message), 400
    return _back(founding_id, "linked", anchor="group")


@bp.post("/desk/foundings/<int:founding_id>/end")
@requires(PERMISSION)
def end_this_founding(founding_id: int) -> ResponseReturnValue:
    """End a founding: founded, or given up with a reason."""
    house = _house_slug(_get(founding_id))
    form = EndForm()
    if form.validate():
        try:
            with transaction() as session:
                end_founding(
                    session,
                    _locked(founding_id),
                    state=form.state.data,
                    reason=" ".join((form.reason.data or "").split()),
                    now=clock.now(),
                )
            return redirect(url_for("groups.list_interest", house=house, done="ended"), code=303)
        except RuleBroken as error:
            refuse(form, error)
    return _page(_get(founding_id), end=form), 400


def _page(
    founding: Founding,
    *,
    call: CallForm | None = None,
    end: EndForm | None = None,
    read: ReadSteps | None = None,
    problem: str = "",
) -> str:
    session, now = db.session(), clock.now()
    steps = list_steps(session, founding.id)
    topic = get_catalogue(session).by_id[founding.topic_id]
    return render_template(
        "groups/interest/founding.html",
        founding=founding,
        house_slug=_house_slug(founding),
        topic=topic,
        district=district_words(session, [founding.district_ags])[founding.district_ags],
        meeting_at=founding.meeting_at.astimezone(WALL_CLOCK) if founding.meeting_at else None,
        is_to_come=founding.meeting_at is not None and founding.meeting_at > now,
        turnout=turnout(session, founding, now=now),
        steps=steps,
        done_count=sum(step.done_on is not None for step in steps),
        next_step=next_step(steps),
        read=read,
        group=session.get(Group, founding.group_id) if founding.group_id else None,
        registration_url=f"{request.script_root}/groups/new?topic={topic.slug}&status=founding",
        candidates=list_candidates(session, founding),
        call=call or _call_form(founding, is_fresh=True),
        end=end or EndForm(formdata=None),
        today=day_of(now),
        problem=problem,
        done=str(DONE.get(request.args.get("done", ""), "")),
    )


def _call_form(founding: Founding, *, is_fresh: bool = False) -> CallForm:
    """Answer the form of the meeting: as it was sent, or filled in with what is known."""
    labels = [place.label for place in list_closable(db.session(), founding.clearinghouse_id) if place.is_own]
    given: dict[str, Any] = {}
    if is_fresh:
        is_own = founding.meeting_place in labels
        at = founding.meeting_at.astimezone(WALL_CLOCK) if founding.meeting_at else None
        given = {
            "formdata": None,
            "data": {
                "on": at.date() if at else None,
                "at": at.time() if at else None,
                "house_place": founding.meeting_place if is_own else "",
                "place": "" if is_own else founding.meeting_place,
                "moderator": founding.moderator,
            },
        }
    form = CallForm(**given)
    form.offer_places(labels)
    return form


def _get(founding_id: int) -> Founding:
    """Answer a founding of a house of whoever is signed in.

    Raises:
        NotFound: there is none, or it is another house's.
    """
    founding = db.session().get(Founding, founding_id) if founding_id <= LARGEST_ID else None
    if founding is None:
        raise nothing_here()
    authorize(PERMISSION, clearinghouse_id=founding.clearinghouse_id)
    return founding


def _locked(founding_id: int) -> Founding:
    """Answer the founding for a change: two who change it go one after the other."""
    return db.session().get_one(Founding, founding_id, with_for_update=True, populate_existing=True)


def _house_slug(founding: Founding) -> str:
    return db.session().get_one(ClearingHouse, founding.clearinghouse_id).slug


def _back(founding_id: int, done: str, *, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(
        url_for("groups.show_founding", founding_id=founding_id, done=done, _anchor=anchor), code=303
    )
