"""A group applies for a flat grant: where it stands, and its pages, for its contacts and the staff of its house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.change_fields import FIELDS, fields_on
from app.funding.forms.application import form_of, sent_form
from app.funding.forms.pages import PageForm, PlanPage
from app.funding.prefill import prefilled
from app.funding.queries.applications import OpenRound
from app.funding.queries.assessing import assess_application
from app.funding.rules import application as rules
from app.funding.rules.application import DECLARATIONS, MONEY, PAGES, page_of_reason, plan_of
from app.funding.rules.eligibility import FOR
from app.funding.rules.page_merge import marks_of
from app.funding.rules.region_rules import must_say_why
from app.funding.services.applications import begin, save_page
from app.funding.services.signable import TWO_SIGNATURES
from app.funding.views.blueprint import bp
from app.funding.views.my_group import Mine, my_round
from app.funding.views.notice_ways import asked_way, say_way
from app.funding.views.written import contested_fields
from app.funding.words import applications as words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from app.funding.rules.eligibility import Reason
    from app.groups.models import Group


@bp.post("/accounts/groups/<slug>/funding")
@requires("request_funding")
def begin_application(slug: str) -> ResponseReturnValue:
    """Begin the request of this round, with everything that is known already."""
    mine = my_round(slug)
    if mine.found is None:
        return to_overview(slug)
    known = prefilled(db.session(), mine.group, now=clock.now())
    with transaction() as session:
        found = begin(session, mine.group.id, mine.round.round, known, now=clock.now())
    missing = found.missing_pages()
    if len(missing) < len(PAGES):  # of last year: the overview asks what has changed
        return to_overview(slug)
    return redirect(url_for("funding.application_page", slug=slug, page=missing[0]), code=303)


@bp.route("/accounts/groups/<slug>/funding/<page>", methods=["GET", "POST"])
@requires("request_funding")
def application_page(slug: str, page: str) -> ResponseReturnValue:
    """One page: kept however it was filled in, left once it is right."""
    mine = my_round(slug)
    page = DECLARATIONS if page == "papers" else page  # where its form is sent to
    if page not in PAGES:
        raise nothing_here()
    if mine.found is None or not mine.found.may_change(page):
        return to_overview(slug)
    if request.method == "GET":
        return page_of(mine, page, form_of(page, mine.round.typed(page), mine.round.rules))
    form, typed = sent_form(page, request.form, mine.round.rules)
    if request.form.get("action") == "preview":
        form.validate()
        form.form_errors = []
        return page_of(mine, page, form, seen=request.form.get("seen", ""))
    return save(mine, page, form, typed)


@bp.post("/accounts/groups/<slug>/funding/money/sums")
@requires("request_funding")
def application_sums(slug: str) -> ResponseReturnValue:
    """What counts of the costs that are typed at this moment; nothing is stored."""
    mine = my_round(slug)
    if mine.found is None:
        return to_overview(slug)
    form, _typed = sent_form(MONEY, request.form, mine.round.rules)
    return render_template(
        "funding/apply/_sums.html", **_sums(mine.round, form), words=words, euro_words=euro_words
    )


def to_overview(slug: str, *, done: str | None = None) -> ResponseReturnValue:
    """Answer the way to where the funding of a group stands."""
    return redirect(url_for("funding.of_group", slug=slug, done=done), code=303)


def page_of(
    mine: Mine,
    page: str,
    form: PageForm,
    seen: str | None = None,
    *,
    theirs: Mapping[str, list[str]] | None = None,
    **paper: str,
) -> str:
    """Answer a page of an application; ``theirs`` is what somebody else stored in fields in the meantime.

    ``seen`` are the marks that the page was opened with, while nothing of it is stored; ``paper`` says the ``kind``
    of a paper that was refused, and its ``problem``.
    """
    found = mine.round
    more = _sums(found, form) if page == MONEY else asked_way(mine.group) if page == DECLARATIONS else {}
    asked = fields_on(page, found.change.fields) if found.change else []
    for name in asked:
        if name in form:
            form[name].flags.asked = True
    return render_template(
        f"funding/apply/{page}.html",
        group=mine.group,
        found=found,
        page=page,
        form=form,
        theirs=theirs,
        asked=asked,
        FIELDS=FIELDS,
        seen=marks_of(found.typed(page)) if seen is None else seen,
        number=PAGES.index(page) + 1,
        ids={"slug": mine.group.slug},
        PAPERS=words.PAPERS,
        **_way(mine.group, found),
        **paper,
        **more,
        **reasons(found),
    )


def _way(group: Group, found: OpenRound) -> dict[str, object]:
    """Answer the way back from a page, and the addresses of all steps."""
    steps = {page: url_for("funding.application_page", slug=group.slug, page=page) for page in PAGES}
    steps["sign"] = url_for("funding.signing", slug=group.slug)
    words = _("Funding %(year)s of %(group)s", year=found.round.year, group=group.name)
    return {"steps": steps, "home": (url_for("funding.of_group", slug=group.slug), words)}


def reasons(found: OpenRound | None) -> dict[str, object]:
    """Answer what pages show of a request: what speaks for and against it, in words, as far as it is written."""
    given: tuple[Reason, ...] = ()
    if found is not None and found.application is not None:
        ahead = {page for page in PAGES if found.values(page) is None}
        if len(ahead) < len(PAGES):  # else nothing was written yet, so nothing can be said
            given = tuple(
                each
                for each in assess_application(db.session(), found, None).reasons
                if page_of_reason(each.code, found.plan) not in ahead
                and not (ahead and each.code == TWO_SIGNATURES)
            )
    return {
        "against": [each for each in given if each.effect != FOR],
        "for_count": sum(each.effect == FOR for each in given),
        "words": words,
        "euro_words": euro_words,
        "rules": rules,
        "page_names": words.PAGE_NAMES,
    }


def save(
    mine: Mine, page: str, form: PageForm, typed: dict[str, list[str]], *, fell: bool = False
) -> ResponseReturnValue:
    """Store a page, and go on when it is right; else answer it with what is to be put right.

    ``fell`` says that signatures fell by what came with it.
    """
    slug, seen = mine.group.slug, request.form.get("seen", "")
    try:
        with transaction() as session:
            kept, fell_now = save_page(
                session,
                mine.group.id,
                mine.round.round,
                page,
                typed=typed,
                seen=seen,
                read=lambda typed: form_of(page, typed, mine.round.rules).values(),
                now=clock.now(),
            )
            if page == DECLARATIONS:
                say_way(session, mine.group)
    except RuleBroken as error:
        form.validate()
        form.form_errors = [*form.form_errors, error.message]
        return page_of(my_round(slug), page, form, seen=seen), 400
    mine, fell = my_round(slug), fell or fell_now
    form = form_of(page, kept.merged.shown, mine.round.rules)
    if kept.merged.contested:
        return page_of(mine, page, form, theirs=contested_fields(form, kept)), 409
    if form.values() is None:
        return page_of(mine, page, form), 400
    if request.form.get("action") == "paper" and not fell:
        return redirect(url_for("funding.application_page", slug=slug, page=page, _anchor="papers"), code=303)
    if request.form.get("action") == "later":
        return to_overview(slug, done="fell" if fell else "saved")
    if page == MONEY and not mine.round.plan.adds_up:
        form.form_errors = [words.plan_words(mine.round.plan)]
        return page_of(mine, page, form), 400
    return _onward(slug, page, mine.round, fell=fell)


def _sums(found: OpenRound, form: PageForm) -> dict[str, object]:
    if not isinstance(form, PlanPage):
        return {}
    was = list(form.form_errors)
    plan = plan_of(form.so_far(), found.rules)
    form.form_errors = was
    wrong = form.has_wrong_lines or bool(form.own.errors)
    asks_why = must_say_why(plan.requested_cents, found.rules) and not (form["reasons"].data or "").strip()
    return {"plan": plan, "has_wrong_lines": wrong, "asks_why": asks_why}


def _onward(slug: str, page: str, found: OpenRound, *, fell: bool) -> ResponseReturnValue:
    """Answer the way to the next page that is still to be filled in, else to what is signed."""
    if fell:
        return to_overview(slug, done="fell")
    if found.change is not None:
        return to_overview(slug, done="saved")
    later = [each for each in found.missing_pages() if PAGES.index(each) > PAGES.index(page)]
    if later:
        return redirect(url_for("funding.application_page", slug=slug, page=later[0]), code=303)
    if found.application is not None and found.application.copied_from_year:
        return to_overview(slug, done="saved")
    missing = found.missing_pages()
    if missing:
        return redirect(url_for("funding.application_page", slug=slug, page=missing[0]), code=303)
    return redirect(url_for("funding.signing", slug=slug), code=303)
