"""Letters to be posted, by region or, for houses and organisations, by Land: printed, in the post, come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.documents.notices import print_for_window
from app.funding.forms.notices import PostedForm, ReturnedForm
from app.funding.queries.letters import (
    Where,
    get_letter,
    posted_in_region,
    posted_in_states,
    read_letters,
    waiting_letters,
)
from app.funding.services.letters import post_letters, take_back_letter
from app.funding.views.blueprint import bp
from app.funding.views.institutions import decided_states
from app.funding.views.my_rounds import my_region
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.pdf import join_for_printer, pdf_response
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

AT_ONCE = 200
"""So many letters are printed and posted together; the next come once these are in the post."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where somebody posts letters: which they are, what it is called, and its address."""

    where: Where
    title: str
    endpoint: str
    slug: str | None = None

    def url(self, part: str = "", **more: str) -> str:
        """Answer the address of a part of it."""
        known: dict[str, Any] = {"slug": self.slug} if self.slug else {}
        return url_for(f"funding.{self.endpoint}{part}", **(known | more))


@bp.get("/funding/regions/<slug>/letters")
@requires("work_on_rounds")
def region_letters(slug: str) -> ResponseReturnValue:
    """The letters of a region that wait to be posted, and those that came back."""
    return _page(_of_region(slug))


@bp.post("/funding/regions/<slug>/letters")
@requires("work_on_rounds")
def region_letters_posted(slug: str) -> ResponseReturnValue:
    """Note that the letters that are ticked are in the post."""
    return _posted(_of_region(slug))


@bp.post("/funding/regions/<slug>/letters/returned")
@requires("work_on_rounds")
def region_letters_returned(slug: str) -> ResponseReturnValue:
    """Note that a letter came back, and where it is to go instead."""
    return _returned(_of_region(slug))


@bp.get("/funding/regions/<slug>/letters.pdf")
@requires("work_on_rounds")
def region_letters_file(slug: str) -> ResponseReturnValue:
    """The letters that are to be printed, one after the other."""
    return _file(_of_region(slug))


@bp.get("/funding/institutions/letters")
@requires("decide_institutions")
def institution_letters() -> ResponseReturnValue:
    """The letters to houses and organisations that wait to be posted, and those that came back."""
    return _page(_of_institutions())


@bp.post("/funding/institutions/letters")
@requires("decide_institutions")
def institution_letters_posted() -> ResponseReturnValue:
    """Note that the letters that are ticked are in the post."""
    return _posted(_of_institutions())


@bp.post("/funding/institutions/letters/returned")
@requires("decide_institutions")
def institution_letters_returned() -> ResponseReturnValue:
    """Note that a letter came back, and where it is to go instead."""
    return _returned(_of_institutions())


@bp.get("/funding/institutions/letters.pdf")
@requires("decide_institutions")
def institution_letters_file() -> ResponseReturnValue:
    """The letters that are to be printed, one after the other."""
    return _file(_of_institutions())


def _of_region(slug: str) -> Room:
    region = my_region("work_on_rounds", slug)
    title = _("Letters in %(region)s", region=region.name)
    return Room(posted_in_region(region.id), title, "region_letters", slug)


def _of_institutions() -> Room:
    title = _("Letters to houses and organisations")
    return Room(posted_in_states(decided_states()), title, "institution_letters")


def _page(
    room: Room,
    *,
    posted: PostedForm | None = None,
    returned: ReturnedForm | None = None,
    ticked: list[str] | None = None,
) -> str:
    waiting = waiting_letters(db.session(), room.where)
    letters = read_letters(db.session(), waiting[:AT_ONCE])
    today = day_of(clock.now()).isoformat()
    number = request.args.get("number", "")[:60]
    return render_template(
        "funding/notices/letters.html",
        room=room,
        count=len(waiting),
        letters=letters,
        back=sum(each.dispatch.is_out for each in letters),
        ticked={each.key for each in letters} if ticked is None else set(ticked),
        posted=posted or PostedForm(None, data={"day": today}),
        returned=returned or ReturnedForm(None, prefix="returned", data={"day": today, "number": number}),
        done=request.args.get("done", ""),
    )


def _posted(room: Room) -> ResponseReturnValue:
    form, ticked = PostedForm(), request.form.getlist("letter")
    if not form.validate():
        return _page(room, posted=form, ticked=ticked), 400
    try:
        with transaction() as session:
            waiting = read_letters(session, waiting_letters(session, room.where)[:AT_ONCE])
            chosen = [each for each in waiting if each.key in ticked and each.has_address]
            post_letters(session, chosen, day=form.day.day, by=get_person().id, now=clock.now())
    except BadInput as error:
        form.refuse(error)
        return _page(room, posted=form, ticked=ticked), 400
    return redirect(room.url(done="posted" if chosen else "none"), code=303)


def _returned(room: Room) -> ResponseReturnValue:
    form = ReturnedForm(request.form, prefix="returned")
    if not form.validate():
        return _page(room, returned=form), 400
    try:
        with transaction() as session:
            letter = get_letter(session, room.where, form.number.data or "")
            take_back_letter(
                session,
                letter,
                day=form.day.day,
                address=form.address.data or "",
                by=get_person().id,
                now=clock.now(),
            )
    except BadInput as error:
        form.refuse(error)
        return _page(room, returned=form), 400
    return redirect(room.url(done="returned"), code=303)


def _file(room: Room) -> ResponseReturnValue:
    waiting = read_letters(db.session(), waiting_letters(db.session(), room.where)[:AT_ONCE])
    letters = [each for each in waiting if each.has_address]
    if not letters:
        return redirect(room.url(), code=303)
    return pdf_response(
        join_for_printer(print_for_window(each.notice, each.to) for each in letters), "letters"
    )
