"""The pages of a project, one by one: each kept however it was filled in, left once it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.guard import requires
from app.funding.forms.pages import PageForm, sent_page
from app.funding.forms.projects import PAGES, MoneyPage
from app.funding.rules import project as rules
from app.funding.rules.page_merge import Typed, marks_of
from app.funding.services.projects import save_project_page
from app.funding.views.blueprint import bp
from app.funding.views.projects import Mine, my_project, project_reasons
from app.funding.views.written import contested_fields
from app.funding.words import projects as words
from app.funding.words.applications import PAPERS
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/accounts/groups/<slug>/projects/<int:project_id>/<page>", methods=["GET", "POST"])
@requires("request_funding")
def project_page(slug: str, project_id: int, page: str) -> ResponseReturnValue:
    """One page: kept however it was filled in, left once it is right."""
    mine = my_project(slug, project_id)
    page = rules.PEOPLE if page == "papers" else page  # where its form is sent to
    if page not in PAGES:
        raise nothing_here()
    if not mine.found.is_open:
        return redirect(url_for("funding.project", slug=slug, project_id=project_id), code=303)
    known = _known(mine, page)
    if request.method == "GET":
        return project_page_of(mine, page, PAGES[page].of(MultiDict(mine.found.typed(page)), **known))
    form, typed = sent_page(PAGES[page], request.form, **known)
    if request.form.get("action") == "preview":
        form.validate()
        return project_page_of(mine, page, form, seen=request.form.get("seen", ""))
    return save_project(mine, page, form, typed)


@bp.post("/accounts/groups/<slug>/projects/<int:project_id>/money/sums")
@requires("request_funding")
def project_sums(slug: str, project_id: int) -> ResponseReturnValue:
    """How the plan stands as it is typed at this moment; nothing is stored."""
    mine = my_project(slug, project_id)
    form, _typed = sent_page(MoneyPage, request.form, **_known(mine, rules.MONEY))
    return render_template(
        "funding/projects/_sums.html", **_sums(form), names=mine.names, words=words, euro_words=euro_words
    )


def project_page_of(
    mine: Mine,
    page: str,
    form: PageForm,
    seen: str | None = None,
    *,
    theirs: Mapping[str, list[str]] | None = None,
    **paper: str,
) -> str:
    """Answer a page of a project; ``theirs`` is what somebody else stored in fields in the meantime.

    ``seen`` are the marks that the page was opened with, while nothing of it is stored; ``paper`` says the ``kind``
    of a paper that was refused, and its ``problem``.
    """
    found = mine.found
    ids: dict[str, Any] = {"slug": found.group.slug, "project_id": found.project.id}
    steps = {each: url_for("funding.project_page", page=each, **ids) for each in rules.PAGES}
    steps["sign"] = url_for("funding.signing", **ids)
    name = found.title or _("New project")
    return render_template(
        f"funding/projects/{page}.html",
        group=found.group,
        found=found,
        page=page,
        form=form,
        theirs=theirs,
        seen=marks_of(found.typed(page)) if seen is None else seen,
        number=rules.PAGES.index(page) + 1,
        steps=steps,
        home=(url_for("funding.project", **ids), name),
        names=mine.names,
        payers=mine.payers,
        ids=ids,
        PAPERS=PAPERS,
        **paper,
        **(_sums(form) if page == rules.MONEY else {}),
        **project_reasons(mine),
    )


def save_project(
    mine: Mine, page: str, form: PageForm, typed: dict[str, list[str]], *, fell: bool = False
) -> ResponseReturnValue:
    """Store a page, and go on when it is right; else answer it with what is to be put right.

    ``fell`` says that signatures fell by what came with it.
    """
    slug, project_id, seen = mine.found.group.slug, mine.found.project.id, request.form.get("seen", "")
    known = _known(mine, page)

    def read(texts: Typed) -> Mapping[str, Any] | None:
        return PAGES[page].of(MultiDict(texts), **known).values()

    try:
        with transaction() as session:
            kept, fell_now = save_project_page(
                session, project_id, page, typed=typed, seen=seen, read=read, now=clock.now()
            )
    except RuleBroken as error:
        form.validate()
        form.form_errors = [*form.form_errors, error.message]
        return project_page_of(my_project(slug, project_id), page, form, seen=seen), 400
    mine, fell = my_project(slug, project_id), fell or fell_now
    form = PAGES[page].of(MultiDict(kept.merged.shown), **known)
    if kept.merged.contested:
        return project_page_of(mine, page, form, theirs=contested_fields(form, kept)), 409
    if form.values() is None:
        return project_page_of(mine, page, form), 400
    ids: dict[str, Any] = {"slug": slug, "project_id": project_id}
    missing = mine.found.missing_pages()
    if request.form.get("action") == "paper" and not fell:
        address = url_for("funding.project_page", **ids, page=page, _anchor="papers")
        return redirect(address, code=303)
    if fell or request.form.get("action") == "later":
        done = "fell" if fell else "saved"
        return redirect(url_for("funding.project", **ids, done=done), code=303)
    if not missing:
        return redirect(url_for("funding.signing", **ids), code=303)
    later = [each for each in missing if rules.PAGES.index(each) > rules.PAGES.index(page)]
    next_page = (later or missing)[0]
    address = url_for("funding.project_page", slug=slug, project_id=project_id, page=next_page)
    return redirect(address, code=303)


def _known(mine: Mine, page: str) -> dict[str, Any]:
    return {"payers": mine.names} if page == rules.MONEY else {}


def _sums(form: PageForm) -> dict[str, object]:
    if not isinstance(form, MoneyPage):
        return {}
    was = list(form.form_errors)
    plan = rules.plan_of(form.so_far())
    form.form_errors = was
    return {"plan": plan, "has_wrong_lines": form.has_wrong_lines or bool(form.own.errors)}
