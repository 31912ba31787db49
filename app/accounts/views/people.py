"""Who has access to a group, a clearing house or the network: see, invite, remove, leave."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from app.accounts import people, places
from app.accounts.emails import page_url
from app.accounts.forms import InviteForm, NetworkInviteForm
from app.accounts.guard import authorize, get_person, requires
from app.accounts.labels import ROLE_NAMES
from app.accounts.places import NETWORK, Place
from app.accounts.rules.permissions import (
    CLEARINGHOUSE,
    GROUP,
    ROLE_SCOPES,
    ROLES_FOR,
    Scope,
    may,
)
from app.accounts.views.blueprint import bp
from app.accounts.views.limits import limited, this_session
from app.accounts.views.own_account import too_often
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

INVITE_LIMIT = "30 per 10 minutes"
_ENDPOINTS = {
    GROUP: "accounts.group_people",
    CLEARINGHOUSE: "accounts.house_people",
    None: "accounts.network_people",
}
_PERMISSIONS = {
    GROUP: "manage_group_people",
    CLEARINGHOUSE: "manage_house_people",
    None: "manage_network_people",
}
NETWORK_ROLES = tuple(role for role, kind in ROLE_SCOPES.items() if kind not in {GROUP, CLEARINGHOUSE})
"""The roles that the administration gives: for an insurer, a funding region, a Land, or the whole network."""


@bp.get("/accounts/groups/<slug>/people")
@requires("manage_group_people")
def group_people(slug: str) -> ResponseReturnValue:
    """Who looks after a group."""
    return _people_page(_group(slug))


@bp.post("/accounts/groups/<slug>/people")
@requires("manage_group_people")
@limited(INVITE_LIMIT, by=this_session, page=too_often)
def change_group_people(slug: str) -> ResponseReturnValue:
    """Invite a contact, or take an invitation back."""
    return _invite_or_withdraw(_group(slug))


@bp.route("/accounts/groups/<slug>/people/remove", methods=["GET", "POST"])
@requires("manage_group_people")
def remove_group_person(slug: str) -> ResponseReturnValue:
    """Ask whether a contact is to be removed, and do so."""
    return _remove(_group(slug))


@bp.get("/accounts/clearinghouses/<slug>/people")
@requires("see_house_people")
def house_people(slug: str) -> ResponseReturnValue:
    """Who works in a clearing house, and which of its groups have no contact."""
    return _people_page(_house(slug, "see_house_people"))


@bp.post("/accounts/clearinghouses/<slug>/people")
@requires("manage_house_people")
@limited(INVITE_LIMIT, by=this_session, page=too_often)
def change_house_people(slug: str) -> ResponseReturnValue:
    """Invite somebody to the staff, or take an invitation back."""
    return _invite_or_withdraw(_house(slug, "manage_house_people"))


@bp.route("/accounts/clearinghouses/<slug>/people/remove", methods=["GET", "POST"])
@requires("manage_house_people")
def remove_house_person(slug: str) -> ResponseReturnValue:
    """Ask whether somebody of the staff is to be removed, and do so."""
    return _remove(_house(slug, "manage_house_people"))


@bp.get("/accounts/network/people")
@requires("manage_network_people")
def network_people() -> ResponseReturnValue:
    """Who has a role that is for no group and no house; with a slug or id, on to the people of a group or a house."""
    wanted = request.args.get("of", "").strip()
    if wanted:
        place = places.find_group(db.session(), slug=wanted) or places.find_house(db.session(), slug=wanted)
        if place is not None:
            return redirect(_url(place), code=303)
    return _people_page(NETWORK, unknown=wanted)


@bp.post("/accounts/network/people")
@requires("manage_network_people")
@limited(INVITE_LIMIT, by=this_session, page=too_often)
def change_network_people() -> ResponseReturnValue:
    """Invite somebody to such a role, or take an invitation back."""
    return _invite_or_withdraw(NETWORK)


@bp.route("/accounts/network/people/remove", methods=["GET", "POST"])
@requires("manage_network_people")
def remove_network_person() -> ResponseReturnValue:
    """Ask whether somebody is to lose such a role, and do so."""
    return _remove(NETWORK)


@bp.get("/desk/people")
@requires("see_house_people")
def desk_people() -> ResponseReturnValue:
    """Lead to the people of the own clearing house; whoever works for several chooses."""
    ids = {grant.clearinghouse_id for grant in get_person().actor.grants if grant.clearinghouse_id}
    houses = places.houses_by_name(db.session(), ids)
    if not houses:
        return redirect(url_for("accounts.network_people"), code=303)
    if len(houses) == 1:
        return redirect(_url(houses[0]), code=303)
    return render_template("accounts/desk_people.html", houses=houses)


@bp.route("/accounts/leave", methods=["GET", "POST"])
@requires("be_signed_in")
def leave() -> ResponseReturnValue:
    """Ask whether somebody wants to give up a role of theirs, and do so."""
    person = get_person()
    place = people.find_place_of_grant(db.session(), person.id, _number("grant"))
    if place is None:
        return redirect(url_for("accounts.start"), code=303)
    return _remove(place)


def _group(slug: str) -> Place:
    place = places.find_group(db.session(), slug=slug)
    if place is None:
        raise nothing_here()
    authorize("manage_group_people", group_id=place.id, clearinghouse_id=place.clearinghouse_id)
    return place


def _house(slug: str, permission: str) -> Place:
    place = places.find_house(db.session(), slug=slug)
    if place is None:
        raise nothing_here()
    authorize(permission, clearinghouse_id=place.id)
    return place


def _people_page(place: Place, form: InviteForm | None = None, *, unknown: str = "") -> str:
    person, now = get_person(), clock.now()
    group_id = place.id if place.kind == GROUP else None
    is_house = place.kind == CLEARINGHOUSE and place.id is not None
    return render_template(
        "accounts/people.html",
        place=place,
        own_url=_url(place),
        form=form or _invite_form(place, formdata=None),
        members=people.list_members(db.session(), place),
        invitations=people.list_invitations(db.session(), place, now=now),
        may_manage=may(person.actor, _PERMISSIONS[place.kind], Scope(group_id, place.clearinghouse_id)),
        groups=places.list_groups(db.session(), place.id or 0) if is_house else [],
        role_names=ROLE_NAMES,
        unknown=unknown,
        done=request.args.get("done", "") if request.method == "GET" else "",
    )


def _invite_form(place: Place, **given: Any) -> InviteForm:
    """Answer the form for those who may be invited to a place."""
    if place.kind is not None:
        return InviteForm(ROLES_FOR[place.kind], **given)
    named = chain.from_iterable(places.list_named(db.session(), kind) for kind in places.OF_NETWORK)
    return NetworkInviteForm(NETWORK_ROLES, places=list(named), **given)


def _invite_or_withdraw(place: Place) -> ResponseReturnValue:
    if "withdraw" in request.form:
        with transaction() as session:
            people.withdraw_invitation(session, place, _number("withdraw"), now=clock.now())
        return redirect(_url(place, done="withdrawn"), code=303)
    form = _invite_form(place)
    if not form.validate():
        return _people_page(place, form), 400
    try:
        with transaction() as session:
            people.invite(
                session,
                form.place() if isinstance(form, NetworkInviteForm) else place,
                email=form.email.data,
                role=form.role.data if "role" in form else ROLES_FOR[place.kind][0],
                inviter=get_person(),
                url_of=lambda key: page_url(f"/accounts/invitations/{key}"),
                now=clock.now(),
            )
    except DomainError as error:
        form.refuse(error)
        return _people_page(place, form), error.status
    return redirect(_url(place, done="invited"), code=303)


def _remove(place: Place) -> ResponseReturnValue:
    """Ask first; the button on that page comes back here."""
    person = get_person()
    member = people.find_member(db.session(), place, _number("grant"))
    if member is None:
        return redirect(_url(place), code=303)
    is_self = member.user_id == person.id
    if request.method == "GET":
        return render_template(
            "accounts/remove_person.html",
            place=place,
            member=member,
            role_name=ROLE_NAMES[member.role],
            is_self=is_self,
            is_last=people.is_last_contact(db.session(), place, member),
            back=url_for("accounts.start") if is_self else _url(place),
        )
    with transaction() as session:
        people.remove_member(session, place, member, now=clock.now())
    if is_self:
        return redirect(url_for("accounts.start", left=1), code=303)
    return redirect(_url(place, done="removed"), code=303)


def _url(place: Place, *, done: str | None = None) -> str:
    endpoint = _ENDPOINTS.get(place.kind)
    if endpoint is None:  # an insurer, a region or a Land has no list of its own
        return url_for("accounts.network_people", done=done)
    return url_for(endpoint, slug=place.slug or None, done=done)


def _number(name: str) -> int:
    """Answer a number that was sent as part of the address or the form; 0, which no row has, for anything else."""
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
