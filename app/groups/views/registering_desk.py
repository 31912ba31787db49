"""Staff enter a group from its paper form: the same questions on one page, with the consents as they were signed."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.emails import page_url
from app.accounts.guard import get_person, requires
from app.accounts.keys import make_key
from app.clearinghouses.desk_house import my_house
from app.clearinghouses.queries import houses_by_id
from app.groups.listing_columns import columns_of, refuse
from app.groups.meetings.schedules import WALL_CLOCK, day_of
from app.groups.registration.forms import CHECK, CONTACT, FOR_WHOM, TOPIC, WHEN, PaperForm, form_of
from app.groups.registration.sending import register_from_paper
from app.groups.registration.whole import Whole, group_draft
from app.groups.views.blueprint import bp
from app.groups.views.registration_pages import topic_names
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.clearinghouses.queries import HouseRow

NOON = time(12)


@bp.route("/desk/groups/new", methods=["GET", "POST"])
@requires("register_groups")
def register_from_desk() -> ResponseReturnValue:
    """The paper form on one page; the group waits for review like any other."""
    house_id = my_house("register_groups").id
    house = houses_by_id(db.session(), [house_id])[house_id]
    if request.method == "GET":
        return _page(house, PaperForm(formdata=None), key=make_key())
    form, key = PaperForm(), request.form.get("key", "")
    if not form.validate():
        return _page(house, form, key=key, status=400)
    forms = Whole(dict.fromkeys((TOPIC, FOR_WHOM, WHEN, CONTACT), form) | {CHECK: form_of(CHECK, {})})
    consents, signed_on = form.consents.data or [], form.signed_on.data or day_of(clock.now())
    draft = group_draft(
        columns_of(form),
        forms=forms,
        clearinghouse_id=house.id,
        consents=consents,
        consented_at=min(datetime.combine(signed_on, NOON, WALL_CLOCK), clock.now()),
        now=clock.now(),
    )
    try:
        with transaction() as session:
            register_from_paper(
                session,
                key or make_key(),
                draft,
                house=house,
                consents=consents,
                inviter=get_person(),
                url_of=lambda token: page_url(f"/accounts/invitations/{token}"),
                now=clock.now(),
            )
    except DomainError as error:
        refuse(form, error)
        return _page(house, form, key=key, status=error.status)
    return redirect(url_for("groups.register_from_desk", house=house.slug, done=1), code=303)


def _page(house: HouseRow, form: PaperForm, *, key: str, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "groups/register/desk.html",
        house=house,
        form=form,
        key=key,
        topic_names=topic_names(),
        done="done" in request.args and request.method == "GET",
    )
    return page, status
