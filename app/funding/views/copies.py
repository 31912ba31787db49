"""A request as PDF: the copy of what was submitted, and the form that two people sign by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, url_for

from app.accounts.guard import never_store, public, requires
from app.funding.documents.application_copy import print_copy, print_form
from app.funding.queries.projects import Project
from app.funding.services.signable import obstacles
from app.funding.services.signing import find_linked
from app.funding.views.blueprint import bp
from app.funding.views.group_overview import overview
from app.funding.views.my_group import my_round
from app.funding.views.my_request import MyRequest, my_request
from app.funding.views.projects import my_project, project_overview
from app.groups.meetings.links import LinkOver
from app.shared import clock
from app.shared.extensions import db
from app.shared.pdf import NotPrintable, pdf_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/accounts/groups/<slug>/funding/form.pdf")
@bp.get("/accounts/groups/<slug>/projects/<int:project_id>/form.pdf")
@requires("request_funding")
def form_to_sign(slug: str, project_id: int | None = None) -> ResponseReturnValue:
    """The request as a form that two people sign by hand, once everything is filled in."""
    mine = my_request(slug, project_id)
    if not mine.found.is_open or obstacles(db.session(), mine.found, now=clock.now()):
        return redirect(mine.url("signing"), code=303)
    try:
        body = print_form(mine.found, mine.names)
    except NotPrintable as error:
        return _not_printable(mine, error)
    name = f"projekt-{project_id}" if project_id is not None else str(mine.found.year)
    return pdf_response(body, f"antrag-{name}-{slug}")


@bp.get("/accounts/groups/<slug>/funding/copy.pdf")
@bp.get("/accounts/groups/<slug>/projects/<int:project_id>/copy.pdf")
@requires("request_funding")
def copy_of_application(slug: str, project_id: int | None = None) -> ResponseReturnValue:
    """The copy of what was submitted, for the group's own folder."""
    mine = my_request(slug, project_id)
    try:
        body = print_copy(mine.found)
    except NotPrintable as error:
        return _not_printable(mine, error)
    return mine.to_home() if body is None else pdf_response(body, f"antrag-{mine.found.written.number}")


def _not_printable(mine: MyRequest, error: NotPrintable) -> ResponseReturnValue:
    if isinstance(mine.found, Project):
        page = project_overview(my_project(mine.found.group.slug, mine.found.project.id), problem=error)
    else:
        page = overview(my_round(mine.found.group.slug), problem=error)
    return page, error.status


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
