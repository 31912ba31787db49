"""Papers that come with a request: sent, shown, removed; a file that is too large is refused beside its field."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from flask import Response, redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.guard import requires
from app.funding.forms.application import form_of
from app.funding.forms.projects import PAGES
from app.funding.queries.projects import Project
from app.funding.rules.application import DECLARATIONS
from app.funding.rules.project import PEOPLE
from app.funding.services.papers import MOST_BODY_BYTES, add_paper, find_paper, remove_paper, too_large
from app.funding.views.applying import page_of
from app.funding.views.blueprint import bp
from app.funding.views.my_group import my_round
from app.funding.views.my_request import MyRequest, my_request
from app.funding.views.project_pages import project_page_of
from app.funding.views.projects import my_project
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask.typing import ResponseReturnValue

    from app.funding.models import ApplicationPaper, UseProofReceipt

    View = Callable[..., ResponseReturnValue]
MOST_NUMBER = 2**31 - 1


def takes_papers(refused: Callable[..., str]) -> Callable[[View], View]:
    """Let a guarded view be sent more than any other; what is larger still is answered by ``refused``."""

    def deco(view: View) -> View:
        @wraps(view)
        def taking(**kwargs: Any) -> ResponseReturnValue:
            request.max_content_length = MOST_BODY_BYTES
            try:
                return view(**kwargs)
            except RequestEntityTooLarge:
                return refused(too_large(), **kwargs), RequestEntityTooLarge.code

        return taking

    return deco


def sent_file() -> tuple[str, bytes] | None:
    """Answer the name and content of the file that was sent as ``paper``; None where none was."""
    sent = request.files.get("paper")
    content = sent.read() if sent is not None else b""
    return (sent.filename or "", content) if sent is not None and content else None


def as_download(found: ApplicationPaper | UseProofReceipt) -> Response:
    """Answer a file as a download under its name, with the ending of what it is."""
    response = Response(found.body, content_type=found.content_type)
    ending = ".pdf" if found.content_type.endswith("pdf") else ".jpg"
    stem = found.name.rsplit(".", 1)[0]
    response.headers.set("Content-Disposition", "attachment", filename=f"{stem}{ending}")
    return response


def _paper_refused(error: RuleBroken, slug: str, project_id: int | None = None, **_more: Any) -> str:
    if project_id is not None:
        project = my_project(slug, project_id)
        form = PAGES[PEOPLE].of(MultiDict(project.found.typed(PEOPLE)))
        form.form_errors = [*form.form_errors, error.message]
        return project_page_of(project, PEOPLE, form)
    mine = my_round(slug)
    form = form_of(DECLARATIONS, mine.round.typed(DECLARATIONS), mine.round.rules)
    form.form_errors = [*form.form_errors, error.message]
    return page_of(mine, DECLARATIONS, form)


@bp.post("/accounts/groups/<slug>/funding/papers")
@bp.post("/accounts/groups/<slug>/projects/<int:project_id>/papers")
@takes_papers(_paper_refused)
@requires("request_funding")
def send_paper(slug: str, project_id: int | None = None) -> ResponseReturnValue:
    """Add a paper to the request."""
    mine = my_request(slug, project_id)
    sent = sent_file()
    if sent is None:
        refused = RuleBroken(_("Please choose a file first."), field="paper")
        return _paper_refused(refused, slug, project_id), 400
    try:
        with transaction() as session:
            add_paper(
                session,
                mine.found,
                kind=request.form.get("kind", ""),
                name=sent[0],
                content=sent[1],
                now=clock.now(),
            )
    except RuleBroken as error:
        return _paper_refused(error, slug, project_id), 400
    return _to_papers(mine)


@bp.get("/accounts/groups/<slug>/funding/papers/<int:paper_id>")
@bp.get("/accounts/groups/<slug>/projects/<int:project_id>/papers/<int:paper_id>")
@requires("request_funding")
def paper(slug: str, paper_id: int, project_id: int | None = None) -> ResponseReturnValue:
    """Download a paper; to the list of them when it is there no more."""
    mine = my_request(slug, project_id)
    known = mine.found.row is not None
    found = find_paper(db.session(), mine.found.owner, min(paper_id, MOST_NUMBER)) if known else None
    return as_download(found) if found is not None else _to_papers(mine)


@bp.post("/accounts/groups/<slug>/funding/papers/<int:paper_id>/remove")
@bp.post("/accounts/groups/<slug>/projects/<int:project_id>/papers/<int:paper_id>/remove")
@requires("request_funding")
def take_paper_away(slug: str, paper_id: int, project_id: int | None = None) -> ResponseReturnValue:
    """Remove a paper from the request."""
    mine = my_request(slug, project_id)
    try:
        with transaction() as session:
            remove_paper(session, mine.found, min(paper_id, MOST_NUMBER), now=clock.now())
    except RuleBroken as error:
        return _paper_refused(error, slug, project_id), 409
    return _to_papers(mine)


def _to_papers(mine: MyRequest) -> ResponseReturnValue:
    page = PEOPLE if isinstance(mine.found, Project) else DECLARATIONS
    return redirect(f"{mine.page_url(page)}#papers", code=303)
