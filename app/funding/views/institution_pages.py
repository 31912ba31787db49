"""What the pages of a request have in common, whoever fills them in: its house, or the funding side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.guard import get_person
from app.clearinghouses.queries import houses_by_id
from app.funding.forms.institutions import MoneyPage, ProofForm, kept_of, page_form
from app.funding.forms.pages import PageForm
from app.funding.queries.balances import balance_of
from app.funding.queries.institution_figures import count_figures, figures_from
from app.funding.queries.institutions import (
    Found,
    acts_of,
    assess,
    find_request,
    paid_account,
    requests_of,
    returned_cents,
)
from app.funding.queries.round_pages import names_of
from app.funding.rules import institutions as rules
from app.funding.rules.eligibility import FOR, Reason
from app.funding.rules.ledger_accounts import HOUSE
from app.funding.services.institution_notices import is_untold, notices_of
from app.funding.services.institution_proofs import submit_proof
from app.funding.services.institutions import ChangedMeanwhile, figures_of, save_page, submit_request
from app.funding.words import institutions as words
from app.funding.words.applications import EFFECTS
from app.funding.words.notices import KIND_NAMES, state_words
from app.funding.words.pots import read_names
from app.groups.listings.forms import number_of
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import DomainError, RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@dataclass(frozen=True, slots=True)
class Ways:
    """The addresses of somebody's pages about a request: of the funding side, or, with a start, of who asks."""

    overview: str
    page: str
    proof: str
    start: str = ""
    decision: str = ""

    @property
    def is_own(self) -> bool:
        """Whether they are those of whoever asks."""
        return bool(self.start)

    def to_overview(self, found: Found, *, done: str | None = None) -> ResponseReturnValue:
        """Answer the way to how a request stands."""
        return redirect(url_for(self.overview, institution_id=found.request.id, done=done), code=303)


def get_found(institution_id: int) -> Found:
    """Answer a request.

    Raises:
        NotFound: there is none.
    """
    found = find_request(db.session(), institution_id) if institution_id < 2**31 else None
    if found is None:
        raise nothing_here()
    return found


def years_left(requests: Sequence[Found]) -> list[int]:
    """Answer the years for which nothing was begun yet, the next one first."""
    this = day_of(clock.now()).year
    begun = {each.request.year for each in requests}
    return [year for year in (this + 1, this) if year not in begun]


def page_view(found: Found, page: str, ways: Ways) -> ResponseReturnValue:
    """Answer a page of a request: kept however it was filled in, left once it is right."""
    if page not in found.pages:
        raise nothing_here()
    if not found.is_open:
        return ways.to_overview(found)
    if request.method == "GET":
        return _page(found, page, page_form(found.kind, page, MultiDict(found.typed(page))), ways)
    form = page_form(found.kind, page, request.form)
    typed = kept_of(form, request.form)
    form = page_form(found.kind, page, MultiDict(typed))
    values = form.values()
    try:
        with transaction() as session:
            save_page(
                session,
                found.request.id,
                page,
                typed=typed,
                values=values,
                seen=number_of(request.form.get("seen")) or 0,
                by=get_person().id,
                now=clock.now(),
            )
    except ChangedMeanwhile as changed:
        theirs = _difference(form, typed, changed.found.typed(page))
        return _page(get_found(found.request.id), page, form, ways, theirs=theirs), 409
    except RuleBroken as error:
        form.form_errors = [*form.form_errors, error.message]
        return _page(get_found(found.request.id), page, form, ways), 400
    found = get_found(found.request.id)
    if values is None:
        return _page(found, page, form, ways), 400
    missing = found.missing_pages()
    later = [each for each in missing if found.pages.index(each) > found.pages.index(page)] or missing
    if request.form.get("action") == "later" or not later:
        return ways.to_overview(found, done="saved")
    return redirect(url_for(ways.page, institution_id=found.request.id, page=later[0]), code=303)


def submit_view(found: Found) -> RuleBroken | None:
    """Submit a request as it was seen; answer why not, when it cannot be."""
    try:
        with transaction() as session:
            submit_request(
                session,
                found.request.id,
                seen=number_of(request.form.get("seen")) or 0,
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        return error
    return None


def proof_view(found: Found, ways: Ways) -> ResponseReturnValue:
    """Answer the page on which a grant is proven."""
    granted, proof = found.request.granted_cents, found.proof
    if not granted or found.taken_back is not None or (proof and proof.state != "questioned"):
        return ways.to_overview(found)
    if request.method == "GET":
        kept = proof.answers["typed"] if proof else {}
        return _proof_page(found, ProofForm.of(MultiDict(kept)), ways)
    typed = kept_of(ProofForm.of(request.form), request.form)
    form = ProofForm.of(MultiDict(typed))
    values = form.values()
    if values is None:
        return _proof_page(found, form, ways), 400
    try:
        with transaction() as session:
            submit_proof(
                session,
                found.request.id,
                typed=typed,
                values=values,
                seen=number_of(request.form.get("seen")) or 0,
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        form.form_errors = [*form.form_errors, error.message]
        return _proof_page(get_found(found.request.id), form, ways), 409
    return ways.to_overview(found, done="proof")


def overview_facts(found: Found, ways: Ways, *, problem: DomainError | None = None) -> dict[str, Any]:
    """Answer what a page shows of how a request stands."""
    session, now = db.session(), clock.now()
    acts = acts_of(session, found.request.id)
    people = names_of(session, {each.done_by for each in acts})
    account = paid_account(session, found)
    return {
        **_common(found, ways),
        "problem": problem,
        "done": request.args.get("done", ""),
        "acts": [
            (words.act_words(each, people.get(each.done_by) or _("Somebody")), each.words)
            for each in reversed(acts)
        ],
        "question": next((each.words for each in reversed(acts) if each.act == "returned"), ""),
        "proof_question": next((each.words for each in reversed(acts) if each.act == "proof_questioned"), ""),
        "decision": next((each.words for each in reversed(acts) if each.act == "decided"), ""),
        "writers": {each.done_by for each in acts if each.act in ("begun", "changed", "submitted")},
        "figures": _figures(found),
        "notices": [(each, state_words(each)) for each in notices_of(session, found)],
        "is_untold": is_untold(session, found),
        "KIND_NAMES": KIND_NAMES,
        "paid": balance_of(session, account) if account else 0,
        "account": account,
        "returned": returned_cents(session, found),
        "proof_plan": rules.plan_of(
            {name: cents for name, cents in found.proof.answers["values"].items() if name != "report"}
        )
        if found.proof
        else None,
        "proof_figures": [figures_from(row) for row in found.proof.figures["years"]] if found.proof else [],
        "today": day_of(now),
    }


def _page(
    found: Found,
    page: str,
    form: PageForm,
    ways: Ways,
    *,
    theirs: list[tuple[str, str]] | None = None,
) -> str:
    plan = form.so_far() if isinstance(form, MoneyPage) and request.method == "GET" else None
    return render_template(
        f"funding/institutions/{page}.html",
        page=page,
        form=form,
        theirs=theirs,
        seen=found.page_version(page),
        number=found.pages.index(page) + 1,
        figures=_figures(found) if page == rules.FIGURES else [],
        districts=_districts(found) if page == rules.STAFF else [],
        inhabitants_before=_inhabitants_before(found) if page == rules.STAFF else None,
        plan=plan,
        **_common(found, ways),
    )


def _proof_page(found: Found, form: ProofForm, ways: Ways) -> str:
    figures = []
    if found.kind == HOUSE:
        year = found.request.year
        figures = [
            count_figures(db.session(), found.request.payee.id, each, now=clock.now())
            for each in (year, year - 1)
        ]
    return render_template(
        "funding/institutions/proof.html",
        form=form,
        seen=found.proof.version if found.proof else 0,
        figures=figures,
        proof_question=next(
            (
                each.words
                for each in reversed(acts_of(db.session(), found.request.id))
                if each.act == "proof_questioned"
            ),
            "",
        ),
        **_common(found, ways),
    )


def _districts(found: Found) -> list[str]:
    """Answer what a house is responsible for, in words."""
    payee = found.request.payee
    houses = houses_by_id(db.session(), [payee.id] if payee.kind == HOUSE else [])
    return [each.in_words for house in houses.values() for each in house.districts]


def _inhabitants_before(found: Found) -> tuple[str, int] | None:
    """Answer how many inhabitants were written in the last request before this one, and the year of it."""
    for each in requests_of(db.session(), found.request.payee):
        count = (each.values(rules.STAFF) or {}).get("inhabitants")
        if each.request.year < found.request.year and count:
            return format_decimal(count), each.request.year
    return None


def _common(found: Found, ways: Ways) -> dict[str, Any]:
    given = _reasons(found)
    return {
        "found": found,
        "ways": ways,
        "names": read_names(db.session()),
        "against": [each for each in given if each.effect != FOR],
        "for_count": sum(each.effect == FOR for each in given),
        "words": words,
        "EFFECTS": EFFECTS,
        "rules": rules,
        "euro_words": euro_words,
        "date_words": date_words,
    }


def _reasons(found: Found) -> list[Reason]:
    """Answer the reasons as they are now, or frozen since the request was submitted."""
    frozen = found.request.assessment
    if frozen and not found.is_open:
        return [Reason(row["code"], row["effect"], row["source"]) for row in frozen["reasons"]]
    return list(assess(db.session(), found, today=day_of(clock.now())).reasons)


def _figures(found: Found) -> list[Any]:
    """Answer what was counted: now, or on the day the request was submitted."""
    frozen = found.request.figures
    rows = (
        frozen["years"] if frozen and not found.is_open else figures_of(db.session(), found, now=clock.now())
    )
    return [figures_from(row) for row in rows]


def _difference(
    form: PageForm, mine: dict[str, list[str]], theirs: dict[str, list[str]]
) -> list[tuple[str, str]]:
    return [
        (str(form[name].label.text), ", ".join(text for text in theirs.get(name, []) if text) or _("(empty)"))
        for name in {**mine, **theirs}
        if mine.get(name, []) != theirs.get(name, []) and name in form
    ]
