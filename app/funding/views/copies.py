"""An application as PDF: the copy of what was submitted, and the form that two people sign by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, url_for

from app.accounts.guard import never_store, public, requires
from app.funding.documents.application_copy import print_copy, print_form
from app.funding.services.signing import find_linked, obstacles
from app.funding.views.applying import to_overview
from app.funding.views.blueprint import bp
from app.funding.views.group_overview import overview
from app.funding.views.my_group import my_round
from app.groups.meetings.links import LinkOver
from app.shared.extensions import db
from app.shared.pdf import NotPrintable, pdf_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/accounts/groups/<slug>/funding/form.pdf")
@requires("request_funding")
def form_to_sign(slug: str) -> ResponseReturnValue:
    """The request as a form that two people sign by hand, once everything is filled in."""
    mine = my_round(slug)
    if mine.found is None or not mine.found.is_open or obstacles(db.session(), mine.found):
        return redirect(url_for("funding.signing", slug=slug), code=303)
    try:
        body = print_form(mine.found)
    except NotPrintable as error:
        return overview(mine, problem=error), error.status
    return pdf_response(body, f"antrag-{mine.found.round.year}-{slug}")


@bp.get("/accounts/groups/<slug>/funding/copy.pdf")
@requires("request_funding")
def copy_of_application(slug: str) -> ResponseReturnValue:
    """The copy of what was submitted, for the group's own folder."""
    mine = my_round(slug)
    try:
        body = print_copy(mine.found) if mine.found is not None else None
    except NotPrintable as error:
        return overview(mine, problem=error), error.status
    return to_overview(slug) if body is None else pdf_response(body, f"antrag-{mine.round.written.number}")


@bp.get("/funding/sign/<token>/copy.pdf")
@public
def linked_copy(token: str) -> ResponseReturnValue:
    """The same for whoever signed by a link."""
    after_this_request(never_store)
    try:
        found = find_linked(db.session(), token).found
        body = print_copy(found)
    except LinkOver as over:
        return render_template("groups/link_over.html", over=over), over.status
    except NotPrintable:
        return redirect(url_for("funding.sign_application", token=token), code=303)
    if body is None:
        return redirect(url_for("funding.sign_application", token=token), code=303)
    return pdf_response(body, f"antrag-{found.written.number}")
