"""A group proves what it used its grant for: one page with its sums, and receipts by telephone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.guard import authorize, get_person, requires
from app.accounts.rules.permissions import Scope, may
from app.funding.forms.proofs import PaperForm, ProofForm, sent_proof
from app.funding.models import ReclaimLetter, UseProofReceipt
from app.funding.queries.proofs import (
    ProofLine,
    acts_of_proof,
    granted_to,
    items_of,
    lines_of_group,
    receipts_of,
)
from app.funding.queries.reclaims import claim_of_group, interest_of, letter_of, plan_of_claim
from app.funding.queries.regions import rules_in
from app.funding.rules.proof import QUESTIONS, WRITABLE, kind_of_proof
from app.funding.rules.reclaim import LEGAL_BASES, REVOKED
from app.funding.services.papers import MOST_BODY_BYTES, too_large
from app.funding.services.proof_receipts import add_receipt, find_receipt, remove_receipt
from app.funding.services.proofs import ProofChanged, begin_proof, save_proof, submit_proof
from app.funding.views.blueprint import bp
from app.funding.words import proofs as words
from app.funding.words.applications import COSTS
from app.groups.listings.forms import number_of
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue


@dataclass(frozen=True, slots=True)
class MyProof:
    """The proof of a group that somebody may write, and whether staff of its house write it from paper."""

    group: Group
    line: ProofLine
    is_staff: bool

    @property
    def kind(self) -> str:
        """In which form it is written."""
        if self.line.proof is not None:
            return self.line.proof.kind
        granted = granted_to(db.session(), self.line.round.id, self.group.id) or self.line.kept.cents
        return kind_of_proof(granted, rules_in(db.session(), self.line.region))

    @property
    def has_question(self) -> bool:
        """Whether the office has asked something."""
        return self.line.stand.state == QUESTIONS

    @property
    def is_writable(self) -> bool:
        """Whether the group can write: not of a grant that was revoked, for all of it comes back."""
        if self.line.stand.state not in WRITABLE:
            return False
        claim = claim_of_group(db.session(), self.line.round.id, self.group.id, on=day_of(clock.now()))
        return claim is None or claim.reclaim.cause != REVOKED

    def form(self, typed: dict[str, list[str]] | None = None) -> ProofForm:
        """Answer the form of what is stored, or of what was typed."""
        stored = self.line.proof.answers.get("typed", {}) if self.line.proof else {}
        sent = MultiDict(stored if typed is None else typed)
        return ProofForm(sent, year=self.line.round.year, kind=self.kind, has_question=self.has_question)


def my_proof(slug: str, year: int) -> MyProof:
    """Answer the proof of a group for a year.

    Raises:
        NotFound: there is nothing to prove, or they may not.
    """
    session = db.session()
    group = session.scalar(sa.select(Group).where(Group.slug == slug))
    if group is None:
        raise nothing_here()
    authorize("request_funding", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    line = next((each for each in lines_of_group(session, group.id) if each.round.year == year), None)
    if line is None:
        raise nothing_here()
    is_staff = may(get_person().actor, "work_at_desk", Scope(clearinghouse_id=group.clearinghouse_id))
    return MyProof(group, line, is_staff)


def _takes_receipts(
    view: Callable[[str, int], ResponseReturnValue],
) -> Callable[[str, int], ResponseReturnValue]:
    """Let a guarded view be sent more than any other; what is larger still is refused beside the field."""

    @wraps(view)
    def taking(slug: str, year: int) -> ResponseReturnValue:
        request.max_content_length = MOST_BODY_BYTES
        try:
            return view(slug, year)
        except RequestEntityTooLarge:
            mine = my_proof(slug, year)
            return _page(mine, mine.form(), receipt_error=too_large().message), RequestEntityTooLarge.code

    return taking


@bp.route("/accounts/groups/<slug>/funding/proof/<int:year>", methods=["GET", "POST"])
@_takes_receipts
@requires("request_funding")
def write_proof(slug: str, year: int) -> ResponseReturnValue:
    """Write the proof: kept however it is filled in, receipts with it, sent once it is right."""
    mine = my_proof(slug, year)
    if not mine.is_writable:
        return _shown(mine, conflict=request.method == "POST")
    if request.method == "GET":
        return _page(mine, mine.form())
    form, typed = sent_proof(
        request.form, year=mine.line.round.year, kind=mine.kind, has_question=mine.has_question
    )
    if request.form.get("action") == "preview":
        return _page(mine, form)
    return _store(mine, form, typed)


@bp.post("/accounts/groups/<slug>/funding/proof/<int:year>/sums")
@requires("request_funding")
def proof_sums(slug: str, year: int) -> ResponseReturnValue:
    """What adds up of what is typed at this moment; nothing is stored."""
    mine = my_proof(slug, year)
    form, _typed = sent_proof(
        request.form, year=mine.line.round.year, kind=mine.kind, has_question=mine.has_question
    )
    return render_template("funding/proofs/_sums.html", **_sums(mine, form), euro_words=euro_words)


@bp.get("/accounts/groups/<slug>/funding/proof/<int:year>/receipts/<int:receipt_id>")
@requires("request_funding")
def my_receipt(slug: str, year: int, receipt_id: int) -> ResponseReturnValue:
    """Download a receipt; to the proof when it is there no more."""
    mine = my_proof(slug, year)
    proof = mine.line.proof
    found = find_receipt(db.session(), proof.id, min(receipt_id, 2**31 - 1)) if proof else None
    if found is None:
        return to_proof(slug, year)
    return receipt_response(found)


@bp.get("/accounts/groups/<slug>/funding/proof/<int:year>/letter.pdf")
@requires("request_funding")
def my_claim_letter(slug: str, year: int) -> ResponseReturnValue:
    """The letter about what has to be given back; to the proof while there is none."""
    mine = my_proof(slug, year)
    claim = claim_of_group(db.session(), mine.line.round.id, mine.group.id, on=day_of(clock.now()))
    letter = letter_of(db.session(), claim.reclaim.id) if claim else None
    return to_proof(slug, year) if letter is None else reclaim_letter_response(letter)


def reclaim_letter_response(letter: ReclaimLetter) -> Response:
    """Answer the kept file of a letter about a claim."""
    response = Response(letter.body, content_type="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"erstattung-{letter.reclaim_id}.pdf")
    return response


def receipt_response(found: UseProofReceipt) -> Response:
    """Answer a receipt as a file."""
    response = Response(found.body, content_type=found.content_type)
    ending = ".pdf" if found.content_type.endswith("pdf") else ".jpg"
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{found.name.rsplit('.', 1)[0]}{ending}"
    )
    return response


def to_proof(slug: str, year: int, *, done: str | None = None) -> ResponseReturnValue:
    """Answer the way to the proof."""
    return redirect(url_for("funding.write_proof", slug=slug, year=year, done=done), code=303)


def _store(mine: MyProof, form: ProofForm, typed: dict[str, list[str]]) -> ResponseReturnValue:
    """Store what was typed, then do what the button says."""
    values, action = form.values(), request.form.get("action", "")
    slug, year, now = mine.group.slug, mine.line.round.year, clock.now()
    group_id, by = mine.group.id, get_person().id
    paper = PaperForm()
    paper_on = paper.received_on.data if mine.is_staff and paper.validate() else None
    try:
        with transaction() as session:
            proof_id = begin_proof(session, mine.line.region, mine.line.round, group_id, now=now)
            seen = number_of(request.form.get("seen"))
            save_proof(session, proof_id, typed=typed, values=values, seen=seen, now=now)
        done = _act(proof_id, action, is_right=values is not None, by=by, paper_on=paper_on)
    except ProofChanged as changed:
        return _page(my_proof(slug, year), form, theirs=True, problem=changed.message), 409
    except RuleBroken as error:
        mine = my_proof(slug, year)
        if not mine.is_writable:
            return _shown(mine, conflict=True)
        if error.field == "paper":
            return _page(mine, form, receipt_error=error.message), 400
        _place(form, error)
        return _page(mine, form), 400
    if done is None:
        return _page(my_proof(slug, year), form), 400
    return to_proof(slug, year, done=done)


def _act(proof_id: int, action: str, *, is_right: bool, by: int, paper_on: Any) -> str | None:
    """Answer what was done with a stored proof; None when it is not right and cannot be sent."""
    now = clock.now()
    if action == "receipt":
        sent = request.files.get("paper")
        content = sent.read() if sent is not None else b""
        if sent is None or not content:
            raise RuleBroken(_("Please choose a file first."), field="paper")
        with transaction() as session:
            add_receipt(session, proof_id, name=sent.filename or "", content=content, now=now)
        return "receipt"
    if action.startswith("remove-"):
        with transaction() as session:
            remove_receipt(session, proof_id, min(number_of(action[7:]), 2**31 - 1), now=now)
        return "removed"
    if action != "submit":
        return "saved"
    if not is_right:
        return None
    with transaction() as session:
        submit_proof(session, proof_id, by=by, now=now, paper_on=paper_on)
    return "submitted"


def _page(
    mine: MyProof, form: ProofForm, *, receipt_error: str = "", theirs: bool = False, problem: str = ""
) -> str:
    session, proof = db.session(), mine.line.proof
    today = day_of(clock.now())
    return render_template(
        "funding/proofs/write.html",
        form=form,
        paper=PaperForm(formdata=None),
        theirs=proof.answers.get("typed", {}) if theirs and proof else None,
        problem=problem,
        receipt_error=receipt_error,
        receipts=receipts_of(session, proof.id) if proof else (),
        seen=proof.version if proof else 0,
        COSTS=COSTS,
        **_common(mine, today),
        **_sums(mine, form),
    )


def _shown(mine: MyProof, *, conflict: bool) -> ResponseReturnValue:
    """Answer the page of a proof that is with the office or decided; to a POST that came too late, as a conflict."""
    session, proof = db.session(), mine.line.proof
    today = day_of(clock.now())
    claim = claim_of_group(session, mine.line.round.id, mine.group.id, on=today)
    page = render_template(
        "funding/proofs/shown.html",
        proof=proof,
        conflict=conflict,
        items=items_of(session, proof.id) if proof else (),
        receipts=receipts_of(session, proof.id) if proof else (),
        claim=claim,
        plan=plan_of_claim(session, claim, on=today) if claim else None,
        interest=interest_of(session, claim, on=today) if claim else 0,
        COSTS=COSTS,
        LEGAL_BASES=LEGAL_BASES,
        **_common(mine, today),
    )
    return page, 409 if conflict else 200


def _common(mine: MyProof, today: Any) -> dict[str, Any]:
    proof = mine.line.proof
    return {
        "group": mine.group,
        "line": mine.line,
        "kind": mine.kind,
        "is_staff": mine.is_staff,
        "acts": acts_of_proof(db.session(), proof.id) if proof else (),
        "done": request.args.get("done", ""),
        "words": words,
        "due": words.due_words(mine.line, today),
        "is_overdue": mine.line.stand.is_overdue(today),
        "euro_words": euro_words,
        "date_words": date_words,
        "day_words": lambda moment: date_words(day_of(moment)),
    }


def _sums(mine: MyProof, form: ProofForm) -> dict[str, Any]:
    was, kept = [*form.form_errors], mine.line.kept
    errors = {name: list(field.errors) for name, field in form._fields.items()}
    use = form.use(max(0, kept.cents))
    wrong = form.has_wrong_lines()
    for name, field in form._fields.items():  # adding up says nothing about what is not finished yet
        field.errors = errors[name]
    form.form_errors = was
    return {"use": use, "kept": kept, "has_wrong_lines": wrong}


def _place(form: ProofForm, error: RuleBroken) -> None:
    field = form._fields.get(error.field or "")
    if field is None:
        form.form_errors = [*form.form_errors, error.message]
    else:
        field.errors = [*field.errors, error.message]
