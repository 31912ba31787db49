"""The proof of a project: handed in by its group, accepted or asked about by an officer of an insurer that gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from app.accounts.guard import get_person, requires
from app.funding.forms.institutions import QuestionForm
from app.funding.forms.pages import sent_page
from app.funding.forms.project_proof import ProjectProofForm
from app.funding.rules.project_proof import QUESTIONED, by_kind, project_proof_due
from app.funding.services.project_proofs import check_project_proof, submit_project_proof
from app.funding.views.blueprint import bp
from app.funding.views.project_inbox import my_share, share_page
from app.funding.views.projects import my_project
from app.funding.words.applications import COSTS, OTHERS
from app.groups.listings.forms import number_of
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.forms.pages import PageForm
    from app.funding.queries.projects import Project


@bp.route("/accounts/groups/<slug>/projects/<int:project_id>/proof", methods=["GET", "POST"])
@requires("request_funding")
def project_proof(slug: str, project_id: int) -> ResponseReturnValue:
    """Hand in what the money for a project was used for, or answer what was asked about that."""
    found = my_project(slug, project_id).found
    proof = found.proof
    if request.method == "GET":
        if not found.can_be_proven or (proof is not None and proof.state != QUESTIONED):
            return redirect(url_for("funding.project", slug=slug, project_id=project_id), code=303)
        form = ProjectProofForm.of(MultiDict(proof.answers["typed"] if proof else {}))
        if proof is None and isinstance(form, ProjectProofForm):
            form.begin_with(found)
        return _proof_page(found, form)
    form, typed = sent_page(ProjectProofForm, request.form)
    values = form.values()
    if request.form.get("action") == "preview":
        form.form_errors = []
        return _proof_page(found, form)
    if values is None:
        return _proof_page(found, form), 400
    try:
        with transaction() as session:
            submit_project_proof(
                session,
                project_id,
                typed=typed,
                values=values,
                seen=number_of(request.form.get("seen")),
                by=get_person().id,
                now=clock.now(),
            )
    except BadInput as error:
        form[error.field or "remaining"].errors = [error.message]
        return _proof_page(my_project(slug, project_id).found, form), 400
    except RuleBroken as error:
        form.form_errors = [*form.form_errors, error.message]
        return _proof_page(my_project(slug, project_id).found, form), 409
    return redirect(url_for("funding.project", slug=slug, project_id=project_id, done="proof"), code=303)


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


def _proof_page(found: Project, form: PageForm) -> str:
    ends_on = found.project.ends_on
    return render_template(
        "funding/projects/proof.html",
        group=found.group,
        found=found,
        form=form,
        seen=request.form.get("seen") or (found.proof.version if found.proof else 0),
        due_on=project_proof_due(ends_on) if ends_on else None,
        COSTS=COSTS,
        OTHERS=OTHERS,
        by_kind=by_kind,
        euro_words=euro_words,
    )
