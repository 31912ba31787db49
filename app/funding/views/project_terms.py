"""An insurer's officers say on which terms it funds projects, in each Land or everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import authorize, requires
from app.funding.forms.projects import TermsForm
from app.funding.models import Insurer, InsurerProjectTerms
from app.funding.queries.project_terms import EVERY_LAND, terms_in
from app.funding.services.project_terms import set_terms
from app.funding.views.blueprint import bp
from app.funding.words import projects as words
from app.funding.words.pots import read_names
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/funding/projects/terms/<slug>", methods=["GET", "POST"])
@requires("decide_projects")
def project_terms(slug: str) -> ResponseReturnValue:
    """Read and change the terms of an insurer, for the Land in ``state`` or, without one, for all."""
    session = db.session()
    insurer = session.scalar(sa.select(Insurer).where(Insurer.slug == slug))
    if insurer is None:
        raise nothing_here()
    authorize("decide_projects", insurer_id=insurer.id)
    asked = request.args.get("state", EVERY_LAND)
    states = read_names(session).states
    state = asked if asked in states else EVERY_LAND
    if request.method == "GET":
        terms = terms_in(session, [insurer], state)[insurer.slug]
        return _page(insurer, state, TermsForm(formdata=None, data=TermsForm.data_of(terms)))
    form = TermsForm()
    if not form.validate():
        return _page(insurer, state, form), 400
    said = _("Said by %(insurer)s", insurer=insurer.name)
    with transaction() as writing:
        set_terms(writing, insurer, state, form.terms(source=said), now=clock.now())
    return redirect(url_for("funding.project_terms", slug=slug, state=state or None, done="stored"), code=303)


def _page(insurer: Insurer, state: str, form: TermsForm) -> str:
    session, names = db.session(), read_names(db.session())
    stored = session.scalars(
        sa.select(InsurerProjectTerms).where(InsurerProjectTerms.insurer_id == insurer.id)
    ).all()
    return render_template(
        "funding/projects/terms.html",
        insurer=insurer,
        state=state,
        names=names,
        form=form,
        terms=terms_in(session, [insurer], state)[insurer.slug],
        stored={each.state_ags: each.changed_at for each in stored},
        words=words,
        date_words=date_words,
        done=request.args.get("done", ""),
    )
