"""Papers that come with an application: sent, shown, removed; a file that is too large is refused beside its field."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.guard import requires
from app.funding.forms.application import form_of, sent_form
from app.funding.rules.application import DECLARATIONS
from app.funding.services.papers import MOST_BODY_BYTES, add_paper, find_paper, remove_paper, too_large
from app.funding.views.applying import page_of, reasons, save, to_overview
from app.funding.views.blueprint import bp
from app.funding.views.my_group import my_round
from app.funding.views.typing import keeps_typed
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    View = Callable[..., ResponseReturnValue]


def takes_papers(refused: Callable[[str, RuleBroken], str]) -> Callable[[View], View]:
    """Let a guarded view be sent more than any other; what is larger still is answered by ``refused``."""

    def deco(view: View) -> View:
        @wraps(view)
        def taking(slug: str, **more: int) -> ResponseReturnValue:
            request.max_content_length = MOST_BODY_BYTES
            try:
                return view(slug, **more)
            except RequestEntityTooLarge:
                return refused(slug, too_large()), RequestEntityTooLarge.code

        return taking

    return deco


def sent_file() -> tuple[str, bytes] | None:
    """Answer the name and content of the file that was sent as ``paper``; None where none was."""
    sent = request.files.get("paper")
    content = sent.read() if sent is not None else b""
    return (sent.filename or "", content) if sent is not None and content else None


def _paper_refused(slug: str, error: RuleBroken) -> str:
    mine = my_round(slug)
    if mine.found is None or mine.found.application is None:
        return render_template(
            "funding/apply/overview.html", group=mine.group, found=None, problem=error, **reasons(None)
        )
    try:
        seen, kind = request.form.get("seen"), request.form.get("kind", "")
        form = sent_form(DECLARATIONS, request.form, mine.round.rules)[0]
    except RequestEntityTooLarge:  # nothing of it was read
        seen, kind = None, ""
        form = form_of(DECLARATIONS, mine.round.typed(DECLARATIONS), mine.round.rules)
    return page_of(mine, DECLARATIONS, form, seen, problem=error.message, kind=kind)


@bp.post("/accounts/groups/<slug>/funding/papers")
@takes_papers(_paper_refused)
@keeps_typed
@requires("request_funding")
def send_paper(slug: str) -> ResponseReturnValue:
    """Store the declarations, and add the paper that came with them."""
    mine = my_round(slug)
    if mine.found is None or not mine.found.may_change(DECLARATIONS):
        return to_overview(slug)
    sent = sent_file()
    if sent is None and request.form.get("action", "paper") == "paper":
        return _paper_refused(slug, RuleBroken(_("Please choose a file first."), field="paper")), 400
    fell = False
    if sent is not None:
        try:
            with transaction() as session:
                fell = add_paper(
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
    return save(mine, DECLARATIONS, *sent_form(DECLARATIONS, request.form, mine.round.rules), fell=fell)


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
@takes_papers(_paper_refused)
@requires("request_funding")
def take_paper_away(slug: str, paper_id: int) -> ResponseReturnValue:
    """Remove a paper from the application, and store the declarations that stand beside it."""
    mine = my_round(slug)
    if mine.found is None:
        return to_overview(slug)
    try:
        with transaction() as session:
            fell = remove_paper(
                session, mine.group.id, mine.round.round, min(paper_id, 2**31 - 1), now=clock.now()
            )
    except RuleBroken as error:
        return _paper_refused(slug, error), 409
    return save(mine, DECLARATIONS, *sent_form(DECLARATIONS, request.form, mine.round.rules), fell=fell)


def _to_papers(slug: str) -> ResponseReturnValue:
    address = url_for("funding.application_page", slug=slug, page=DECLARATIONS)
    return redirect(f"{address}#papers", code=303)
