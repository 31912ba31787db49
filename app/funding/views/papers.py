"""Papers that come with an application: sent, shown, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.forms.application import form_of
from app.funding.rules.application import DECLARATIONS
from app.funding.services.papers import MOST_BYTES, add_paper, find_paper, remove_paper
from app.funding.views.applying import page_of, reasons, to_overview
from app.funding.views.blueprint import bp
from app.funding.views.my_group import my_round
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, takes_file

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def _paper_refused(slug: str, error: RuleBroken) -> str:
    mine = my_round(slug)
    if mine.found is None or mine.found.application is None:
        return render_template(
            "funding/apply/overview.html", group=mine.group, found=None, problem=error, **reasons(None)
        )
    form = form_of(DECLARATIONS, mine.round.typed(DECLARATIONS), mine.round.rules)
    form.form_errors = [*form.form_errors, error.message]
    return page_of(mine, DECLARATIONS, form)


@bp.post("/accounts/groups/<slug>/funding/papers")
@takes_file
@requires("request_funding")
def send_paper(slug: str) -> ResponseReturnValue:
    """Add a paper to the application."""
    mine = my_round(slug)
    if mine.found is None:
        return to_overview(slug)
    try:
        sent = sent_file("paper", MOST_BYTES)
        if sent is None:
            return _paper_refused(slug, RuleBroken(_("Please choose a file first."), field="paper")), 400
        with transaction() as session:
            add_paper(
                session,
                mine.group.id,
                mine.round.round,
                kind=request.form.get("kind", ""),
                name=sent[0],
                content=sent[1],
                now=clock.now(),
            )
    except RuleBroken as error:
        return _paper_refused(slug, error), 400
    return _to_papers(slug)


@bp.get("/accounts/groups/<slug>/funding/papers/<int:paper_id>")
@requires("request_funding")
def paper(slug: str, paper_id: int) -> ResponseReturnValue:
    """Download a paper; to the list of them when it is there no more."""
    mine = my_round(slug)
    found = find_paper(db.session(), mine.group.id, min(paper_id, 2**31 - 1))
    if found is None:  # somebody has removed it
        return _to_papers(slug)
    response = Response(found.body, content_type=found.content_type)
    ending = ".pdf" if found.content_type.endswith("pdf") else ".jpg"
    stem = found.name.rsplit(".", 1)[0]
    response.headers.set("Content-Disposition", "attachment", filename=f"{stem}{ending}")
    return response


@bp.post("/accounts/groups/<slug>/funding/papers/<int:paper_id>/remove")
@requires("request_funding")
def take_paper_away(slug: str, paper_id: int) -> ResponseReturnValue:
    """Remove a paper from the application."""
    mine = my_round(slug)
    if mine.found is None:
        return to_overview(slug)
    try:
        with transaction() as session:
            remove_paper(session, mine.group.id, mine.round.round, min(paper_id, 2**31 - 1), now=clock.now())
    except RuleBroken as error:
        return _paper_refused(slug, error), 409
    return _to_papers(slug)


def _to_papers(slug: str) -> ResponseReturnValue:
    address = url_for("funding.application_page", slug=slug, page=DECLARATIONS)
    return redirect(f"{address}#papers", code=303)
