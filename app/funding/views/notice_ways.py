"""How notices reach somebody: agreed to and withdrawn by those who act for them, at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from app.accounts.guard import get_person, requires
from app.clearinghouses.desk_house import my_house
from app.funding.forms.notices import WayForm
from app.funding.queries.notice_ways import newest_ways, ways_of
from app.funding.rules.ledger_accounts import HOUSE, ORGANISATION, Payee, a_group
from app.funding.services.notice_ways import choose_way
from app.funding.views.blueprint import bp
from app.funding.views.my_group import my_group
from app.funding.views.my_organisation import my_organisation
from app.funding.words.notice_ways import MAIL, POST, WAY_WORDS, WAYS
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.groups.models import Group


@bp.route("/accounts/groups/<slug>/funding/notices", methods=["GET", "POST"])
@requires("request_funding")
def group_notice_way(slug: str) -> ResponseReturnValue:
    """How notices reach a group."""
    group = my_group(slug)
    return _page(a_group(group.id), group.name, url_for("funding.of_group", slug=slug))


@bp.route("/desk/funding/notices", methods=["GET", "POST"])
@requires("apply_for_house")
def house_notice_way() -> ResponseReturnValue:
    """How notices reach a house."""
    house = my_house("apply_for_house")
    back_url = url_for("funding.house_funding", house=house.slug)
    return _page(Payee(HOUSE, house.id), house.name, back_url)


@bp.route("/funding/organisation/notices", methods=["GET", "POST"])
@requires("apply_for_organisation")
def organisation_notice_way() -> ResponseReturnValue:
    """How notices reach an organisation."""
    own = my_organisation()
    back_url = url_for("funding.organisation_funding", organisation=own.slug)
    return _page(Payee(ORGANISATION, own.id), own.name, back_url)


def way_facts(group: Group) -> dict[str, Any]:
    """Answer what pages of a group need that show how notices reach it."""
    way = newest_ways(db.session(), [a_group(group.id)]).get(a_group(group.id))
    return {"way": way, **WAY_WORDS}


def asked_way(group: Group) -> dict[str, Any]:
    """Answer what a page of another form needs that asks how notices reach a group; as it was sent, if it was."""
    facts = way_facts(group)
    known = MAIL if facts["way"] and facts["way"].is_electronic else POST
    chosen, seen = request.form.get("notice_way", known), request.form.get("notice_way_seen", known)
    return {"seen_way": seen, "chosen_way": chosen, **facts}


def say_way(session: Session, group: Group) -> None:
    """Afterwards notices reach a group as that page says, if whoever sent it has changed the answer."""
    chosen = request.form.get("notice_way", "")
    if chosen in WAYS and chosen != request.form.get("notice_way_seen", ""):
        choose_way(
            session, a_group(group.id), is_electronic=chosen == MAIL, by=get_person().id, now=clock.now()
        )


def _page(payee: Payee, name: str, back_url: str) -> ResponseReturnValue:
    ways = ways_of(db.session(), payee)
    way = ways[0] if ways else None
    status = 200
    if request.method == "GET":
        known = {"way": MAIL if way and way.is_electronic else POST, "address": way.address if way else ""}
        form = WayForm(None, data=known)
    else:
        form, status = WayForm(), 400
        if form.validate():
            try:
                with transaction() as session:
                    choose_way(
                        session,
                        payee,
                        is_electronic=form.way.data == MAIL,
                        address=form.address.data or "",
                        by=get_person().id,
                        now=clock.now(),
                    )
            except BadInput as error:
                form.refuse(error)
            else:
                return redirect(f"{back_url}{'&' if '?' in back_url else '?'}done=way", code=303)
    page = render_template(
        "funding/notices/way.html",
        name=name,
        back_url=back_url,
        kind=payee.kind,
        form=form,
        ways=ways,
        **WAY_WORDS,
    )
    return page, status
