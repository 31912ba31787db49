"""Papers that come with a request: sent, shown, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.forms.application import sent_form
from app.funding.forms.pages import sent_page
from app.funding.forms.projects import PAGES
from app.funding.rules.application import DECLARATIONS
from app.funding.rules.project import PEOPLE
from app.funding.services.papers import MOST_BYTES, add_paper, find_paper, remove_paper
from app.funding.views.applying import page_of, save
from app.funding.views.blueprint import bp
from app.funding.views.my_group import my_round
from app.funding.views.my_request import MyRequest, my_request
from app.funding.views.project_pages import project_page_of, save_project
from app.funding.views.projects import my_project
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, sent_file_response, takes_file

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_NUMBER = 2**31 - 1


def _paper_refused(error: RuleBroken, slug: str, project_id: int | None = None) -> str:
    seen, kind = request.form.get("seen"), request.form.get("kind", "")
    if project_id is not None:
        form = sent_page(PAGES[PEOPLE], request.form)[0]
        return project_page_of(
            my_project(slug, project_id), PEOPLE, form, seen, problem=error.message, kind=kind
        )
    mine = my_round(slug)
    declared = sent_form(DECLARATIONS, request.form, mine.round.rules)[0]
    return page_of(mine, DECLARATIONS, declared, seen, problem=error.message, kind=kind)


@bp.post("/accounts/groups/<slug>/funding/papers")
@bp.post("/accounts/groups/<slug>/projects/<int:project_id>/papers")
@takes_file
@requires("request_funding")
def send_paper(slug: str, project_id: int | None = None) -> ResponseReturnValue:
    """Store the declarations, and add the paper that came with them."""
    mine = my_request(slug, project_id)
    if not mine.found.may_change(mine.paper_page):
        return mine.to_home()
    fell = False
    try:
        sent = sent_file("paper", MOST_BYTES)
        if sent is None and request.form.get("action", "paper") == "paper":
            refused = RuleBroken(_("Please choose a file first."), field="paper")
            return _paper_refused(refused, slug, project_id), 400
        if sent is not None:
            kind = request.form.get("kind", "")
            with transaction() as session:
                fell = add_paper(
                    session, mine.found, kind=kind, name=sent[0], content=sent[1], now=clock.now()
                )
    except RuleBroken as error:
        return _paper_refused(error, slug, project_id), 400
    return _save(slug, project_id, fell=fell)


@bp.get("/accounts/groups/<slug>/funding/papers/<int:paper_id>")
@bp.get("/accounts/groups/<slug>/projects/<int:project_id>/papers/<int:paper_id>")
@requires("request_funding")
def paper(slug: str, paper_id: int, project_id: int | None = None) -> ResponseReturnValue:
    """Download a paper; to the list of them when it is there no more."""
    mine = my_request(slug, project_id)
    known = mine.found.row is not None
    found = find_paper(db.session(), mine.found.owner, min(paper_id, MOST_NUMBER)) if known else None
    if found is None:  # somebody has removed it
        return _to_papers(mine)
    return sent_file_response(found.name, found.content_type, found.body)


@bp.post("/accounts/groups/<slug>/funding/papers/<int:paper_id>/remove")
@bp.post("/accounts/groups/<slug>/projects/<int:project_id>/papers/<int:paper_id>/remove")
@takes_file
@requires("request_funding")
def take_paper_away(slug: str, paper_id: int, project_id: int | None = None) -> ResponseReturnValue:
    """Remove a paper from the request, and store the declarations that stand beside it."""
    mine = my_request(slug, project_id)
    try:
        with transaction() as session:
            fell = remove_paper(session, mine.found, min(paper_id, MOST_NUMBER), now=clock.now())
    except RuleBroken as error:
        return _paper_refused(error, slug, project_id), 409
    return _save(slug, project_id, fell=fell) if "seen" in request.form else _to_papers(mine)


def _save(slug: str, project_id: int | None, *, fell: bool) -> ResponseReturnValue:
    """Store what stands beside the papers."""
    if project_id is not None:
        project = my_project(slug, project_id)
        return save_project(project, PEOPLE, *sent_page(PAGES[PEOPLE], request.form), fell=fell)
    flat = my_round(slug)
    return save(flat, DECLARATIONS, *sent_form(DECLARATIONS, request.form, flat.round.rules), fell=fell)


def _to_papers(mine: MyRequest) -> ResponseReturnValue:
    return redirect(f"{mine.page_url(mine.paper_page)}#papers", code=303)
