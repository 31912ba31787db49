"""The list of groups that staff phone: nobody has confirmed them, they have no address, or they are asleep."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.guard import authorize, requires
from app.clearinghouses.desk_house import my_house, my_houses
from app.groups.upkeep.calls import note_call_about
from app.groups.upkeep.forms import CallForm
from app.groups.upkeep.queries import ASLEEP, LONG_PAUSE, TO_PHONE, find_group, list_unconfirmed
from app.groups.views.blueprint import bp
from app.groups.views.status import DONE
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.clearinghouses.models import ClearingHouse

ON_A_PAGE = 50
NOTED = {"noted": _l("Noted. Everybody in your house can read it in this list.")}


@bp.get("/desk/groups/unconfirmed", endpoint="list_unconfirmed")
@requires("work_at_desk")
def unconfirmed() -> ResponseReturnValue:
    """Answer whom to phone, the longest waiting first."""
    return _page(my_house("work_at_desk"), CallForm(formdata=None))


@bp.post("/desk/groups/<slug>/call")
@requires("work_at_desk")
def note_call(slug: str) -> ResponseReturnValue:
    """Note what came of a call."""
    group = find_group(db.session(), slug)
    if group is None:
        raise nothing_here()
    authorize("work_at_desk", clearinghouse_id=group.clearinghouse_id)
    house = next(each for each in my_houses("work_at_desk") if each.id == group.clearinghouse_id)
    form = CallForm()
    if not form.validate():
        return _page(house, form, typed_for=slug), 400
    group_id, house_slug = group.id, house.slug
    with transaction() as session:
        note_call_about(session, group_id, form.note.data or "", now=clock.now())
    page = request.args.get("page", None, type=int)
    url = url_for(
        "groups.list_unconfirmed", house=house_slug, page=page, done="noted", _anchor=f"group-{group_id}"
    )
    return redirect(url, code=303)


def _page(house: ClearingHouse, form: CallForm, *, typed_for: str = "") -> str:
    lines = list_unconfirmed(db.session(), house.id, now=clock.now())
    pages = max(1, ceil(len(lines) / ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    done = request.args.get("done", "")
    return render_template(
        "groups/manage/unconfirmed.html",
        house=house,
        houses=my_houses("work_at_desk"),
        lines=lines[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        count=len(lines),
        headings={
            TO_PHONE: _("To call"),
            LONG_PAUSE: _("Pausing for more than a year"),
            ASLEEP: _("Asleep, no longer shown"),
        },
        page=page,
        pages=pages,
        page_url=_page_url(house),
        form=form,
        typed_for=typed_for,
        done=str({**DONE, **NOTED}.get(done, "")),
        done_kind="warning" if done == "wrong" else "success",
    )


def _page_url(house: ClearingHouse) -> Any:
    slug = house.slug
    return lambda number: url_for("groups.list_unconfirmed", house=slug, page=number)
