"""The proof of a project: handed in by its group, accepted or asked about by an officer of an insurer that gave."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.guard import get_person, requires
from app.funding.forms.institutions import QuestionForm
from app.funding.forms.pages import sent_page
from app.funding.forms.project_proof import ProjectProofForm
from app.funding.queries.proofs import receipts_of
from app.funding.rules.page_merge import marks_of
from app.funding.rules.project_proof import PROOF, QUESTIONED, by_kind, project_proof_due
from app.funding.services.papers import MOST_BYTES
from app.funding.services.project_proofs import check_project_proof, keep_project_proof, submit_project_proof
from app.funding.services.proof_receipts import add_receipt, find_receipt, remove_receipt
from app.funding.views.blueprint import bp
from app.funding.views.papers import MOST_NUMBER
from app.funding.views.project_inbox import my_share, share_page
from app.funding.views.projects import my_project
from app.funding.words.applications import COSTS, OTHERS
from app.groups.listings.forms import number_of
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, sent_file_response, takes_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from flask.typing import ResponseReturnValue

    from app.funding.forms.pages import PageForm
    from app.funding.queries.projects import Project


@bp.route("/accounts/groups/<slug>/projects/<int:project_id>/proof", methods=["GET", "POST"])
@takes_file
@requires("request_funding")
def project_proof(slug: str, project_id: int) -> ResponseReturnValue:
    """Write what the money for a project was used for, with receipts, and hand it in."""
    found = my_project(slug, project_id).found
    if request.method == "GET":
        if not found.can_be_proven or (found.proof is not None and found.proof.state != QUESTIONED):
            return redirect(url_for("funding.project", slug=slug, project_id=project_id), code=303)
        return _proof_page(found, _kept_form(found))
    form, typed = sent_page(ProjectProofForm, request.form)
    values = form.values()
    if request.form.get("action") == "preview":
        form.form_errors = []
        return _proof_page(found, form, sent=request.form)
    try:
        done = _store(project_id, typed, values)
    except (BadInput, RuleBroken) as error:
        return _refused(my_project(slug, project_id).found, form, error)
    if done is None:
        return _proof_page(my_project(slug, project_id).found, form, sent=_seen()), 400
    page = "project" if done == "proof" else "project_proof"
    return redirect(url_for(f"funding.{page}", slug=slug, project_id=project_id, done=done), code=303)


def _store(project_id: int, typed: dict[str, list[str]], values: Mapping[str, Any] | None) -> str | None:
    """Keep what was typed, then do what the button says; None when that is not right and cannot be handed in."""
    owner, now, action = {"project_id": project_id}, clock.now(), request.form.get("action", "")
    with transaction() as session:
        marks = request.form.get("marks", "")
        keep_project_proof(session, project_id, typed=typed, marks=marks, now=now)
    sent = sent_file("paper", MOST_BYTES)
    if sent is not None:
        with transaction() as session:
            add_receipt(session, owner, name=sent[0], content=sent[1], now=now)
    if action == "later":
        return "later"
    if action == "receipt":
        if sent is None:
            raise RuleBroken(_("Please choose a file first."), field="paper")
        return "receipt"
    if action.startswith("remove-"):
        with transaction() as session:
            remove_receipt(session, owner, min(number_of(action[7:]), MOST_NUMBER), now=now)
        return "remove"
    if values is None:
        return None
    seen = number_of(request.form.get("seen"))
    with transaction() as session:
        submit_project_proof(
            session, project_id, typed=typed, values=values, seen=seen, by=get_person().id, now=now
        )
    return "proof"


def _refused(found: Project, form: PageForm, error: BadInput | RuleBroken) -> ResponseReturnValue:
    if error.field == "paper":
        return _proof_page(found, form, receipt_error=error.message, sent=_seen()), 400
    if isinstance(error, BadInput):
        form.refuse(error, beside=error.field or "remaining")
        return _proof_page(found, form, sent=_seen()), 400
    form.form_errors = [*form.form_errors, error.message]
    return _proof_page(found, form, sent=_seen()), 409


def _seen() -> dict[str, str]:
    """Answer which version of the proof was read; the fields are kept, so their marks are those of now."""
    return {"seen": request.form.get("seen", "")}


@bp.get("/accounts/groups/<slug>/projects/<int:project_id>/receipts/<int:receipt_id>")
@requires("request_funding")
def project_receipt(slug: str, project_id: int, receipt_id: int) -> ResponseReturnValue:
    """Download a receipt; to the project when it is there no more."""
    my_project(slug, project_id)
    found = find_receipt(db.session(), {"project_id": project_id}, min(receipt_id, MOST_NUMBER))
    if found is None:
        return redirect(url_for("funding.project", slug=slug, project_id=project_id), code=303)
    return sent_file_response(found.name, found.content_type, found.body)


@bp.get("/funding/projects/shares/<int:share_id>/receipts/<int:receipt_id>")
@requires("decide_projects")
def share_receipt(share_id: int, receipt_id: int) -> ResponseReturnValue:
    """Download a receipt of a project; back to it when it is there no more, or is not handed in yet."""
    found, _share = my_share(share_id)
    owner = {"project_id": found.project.id}
    receipt = find_receipt(db.session(), owner, min(receipt_id, MOST_NUMBER)) if found.proof else None
    if receipt is None:
        return redirect(url_for("funding.project_share", share_id=share_id), code=303)
    return sent_file_response(receipt.name, receipt.content_type, receipt.body)


@bp.post("/funding/projects/shares/<int:share_id>/proof")
@requires("decide_projects")
def check_share_proof(share_id: int) -> ResponseReturnValue:
    """Accept the proof of a project, or ask about it."""
    my_share(share_id)
    form = QuestionForm(request.form, prefix="proof")
    accepts = request.form.get("action") == "accept"
    if not form.validate():
        return share_page(*my_share(share_id), check=form), 400
    try:
        with transaction() as session:
            check_project_proof(
                session,
                share_id,
                form.words.data or "",
                accepts=accepts,
                seen=number_of(form.seen.data),
                by=get_person().id,
                now=clock.now(),
            )
    except (BadInput, RuleBroken) as error:
        if isinstance(error, BadInput):
            form.refuse(error)
            return share_page(*my_share(share_id), check=form), 400
        return share_page(*my_share(share_id), check=form, problem=error), error.status
    done = "accepted" if accepts else "questioned"
    return redirect(url_for("funding.project_share", share_id=share_id, done=done), code=303)


def _kept_form(found: Project) -> PageForm:
    """Answer the form with what was typed so far, else with a line for everything that was planned."""
    typed = found.typed(PROOF) or (found.proof.answers["typed"] if found.proof else {})
    form = ProjectProofForm.of(MultiDict(typed))
    if not typed and isinstance(form, ProjectProofForm):
        form.begin_with(found)
    return form


def _proof_page(
    found: Project, form: PageForm, *, receipt_error: str = "", sent: Mapping[str, str] | None = None
) -> str:
    ends_on = found.project.ends_on
    return render_template(
        "funding/projects/proof.html",
        group=found.group,
        found=found,
        form=form,
        seen=(sent or {}).get("seen") or (found.proof.version if found.proof else 0),
        marks=(sent or {}).get("marks") or marks_of(found.typed(PROOF)),
        receipts=receipts_of(db.session(), project_id=found.project.id),
        receipt_error=receipt_error,
        receipt_url=partial(
            url_for, "funding.project_receipt", slug=found.group.slug, project_id=found.project.id
        ),
        done=request.args.get("done", ""),
        due_on=project_proof_due(ends_on) if ends_on else None,
        COSTS=COSTS,
        OTHERS=OTHERS,
        by_kind=by_kind,
        euro_words=euro_words,
    )
