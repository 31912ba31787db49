"""Whether the contacts of a group are reminded that it is time to apply: by a link from the mail, or on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for

from app.accounts.guard import never_store, public, requires
from app.funding.services.reminders import begin_reminders, end_reminders, group_of_link
from app.funding.views.blueprint import bp
from app.funding.views.my_group import my_round
from app.groups.meetings.links import LinkOver
from app.shared import clock
from app.shared.extensions import db
from app.shared.history import LINK, act_as
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/funding/reminders/<token>/out", methods=["GET", "POST"])
@public
def funding_reminders_out(token: str) -> ResponseReturnValue:
    """End the reminders of a group: a GET asks, a POST does it at once (RFC 8058)."""
    after_this_request(never_store)
    try:
        group = group_of_link(db.session(), token)
    except LinkOver as over:
        return render_template("groups/link_over.html", over=over), over.status
    if request.method == "POST":
        act_as(LINK)
        with transaction() as session:
            end_reminders(session, group.id, now=clock.now())
    return render_template(
        "funding/overview/reminders_out.html", group=group, is_done=request.method == "POST"
    )


@bp.post("/accounts/groups/<slug>/funding/reminders")
@requires("request_funding")
def choose_reminders(slug: str) -> ResponseReturnValue:
    """Switch the reminders of a group on or off."""
    mine = my_round(slug)
    wanted = request.form.get("reminders") == "on"
    with transaction() as session:
        (begin_reminders if wanted else end_reminders)(session, mine.group.id, now=clock.now())
    done = "reminded" if wanted else "not_reminded"
    return redirect(url_for("funding.of_group", slug=slug, done=done), code=303)
