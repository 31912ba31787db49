"""Who did what: for the head of a clearing house, for the staff per group, for the administration of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from app.accounts import history_reading, places
from app.accounts.forms import HistoryForm
from app.accounts.guard import authorize, get_person, requires
from app.accounts.history_reading import Wanted
from app.accounts.places import NETWORK, Place
from app.accounts.rules.permissions import CLEARINGHOUSE, DESK_LEAD, GROUP
from app.accounts.views.blueprint import bp
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.history_words import known_words, sentence_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_ENDPOINTS = {
    GROUP: "accounts.group_history",
    CLEARINGHOUSE: "accounts.house_history",
    None: "accounts.network_history",
}


@bp.get("/desk/history")
@requires("read_history")
def desk_history() -> ResponseReturnValue:
    """Lead to the history of the own clearing house; whoever leads several chooses."""
    grants = get_person().actor.grants
    ids = {grant.clearinghouse_id for grant in grants if grant.role == DESK_LEAD and grant.clearinghouse_id}
    houses = places.houses_by_name(db.session(), ids)
    if not houses:
        return redirect(url_for("accounts.network_history"), code=303)
    if len(houses) == 1:
        return redirect(url_for("accounts.house_history", slug=houses[0].slug), code=303)
    return render_template("accounts/desk_history.html", houses=houses)


@bp.get("/accounts/clearinghouses/<slug>/history")
@requires("read_history")
def house_history(slug: str) -> ResponseReturnValue:
    """What was done in a clearing house and to its groups."""
    place = places.find_house(db.session(), slug=slug)
    if place is None:
        raise nothing_here()
    authorize("read_history", clearinghouse_id=place.id)
    return _page(place)


@bp.get("/accounts/groups/<slug>/history")
@requires("read_group_history")
def group_history(slug: str) -> ResponseReturnValue:
    """What was done to a group."""
    place = places.find_group(db.session(), slug=slug)
    if place is None:
        raise nothing_here()
    authorize("read_group_history", group_id=place.id, clearinghouse_id=place.clearinghouse_id)
    return _page(place)


@bp.get("/accounts/network/history")
@requires("read_network_history")
def network_history() -> ResponseReturnValue:
    """What was done anywhere."""
    return _page(NETWORK)


def _page(place: Place) -> ResponseReturnValue:
    session = db.session()
    groups = history_reading.list_groups_of(session, place) if place.kind == CLEARINGHOUSE else []
    form = HistoryForm(
        groups=[(str(each.id), each.name) for each in groups],
        people=[(str(number), name) for number, name in history_reading.list_people(session, place)],
        kinds=[(kind, str(name)) for kind, name in known_words().kinds.items()],
        formdata=request.args,
    )
    is_right = form.validate()
    wanted = Wanted(*form.wanted()) if is_right else Wanted()
    page = request.args.get("page", "1")
    read = history_reading.read_history(
        session, place, wanted, page=int(page) if page.isdecimal() and page.isascii() and len(page) < 7 else 1
    )
    filters: dict[str, Any] = {
        name: request.args[name] for name in ("group", "person", "kind", "day") if request.args.get(name)
    }
    body = render_template(
        "accounts/history.html",
        place=place,
        form=form,
        read=read,
        is_filtered=bool(filters),
        own_url=url_for(_ENDPOINTS[place.kind], slug=place.slug or None),
        url_of_page=lambda number: url_for(
            _ENDPOINTS[place.kind], slug=place.slug or None, page=number, **filters
        ),
        sentence_of=sentence_of,
    )
    return body, 200 if is_right else 400
