"""A group proves what it used its grant for: one page with its sums, and receipts by telephone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.forms.proofs import PaperForm, ProofForm, sent_proof
from app.funding.iban import read_iban
from app.funding.models import RegionAccount
from app.funding.queries.proofs import acts_of_proof, items_of, receipts_of
from app.funding.queries.reclaims import claim_of_group, interest_of, letter_of, plan_of_claim
from app.funding.rules.reclaim import LEGAL_BASES
from app.funding.rules.reclaim_letter import claim_number
from app.funding.services.papers import MOST_BYTES
from app.funding.services.proof_receipts import add_receipt, find_receipt, remove_receipt
from app.funding.services.proofs import ProofChanged, begin_proof, save_proof, submit_proof
from app.funding.views.blueprint import bp
from app.funding.views.my_proof import MyProof, my_proof, to_proof
from app.funding.views.papers import MOST_NUMBER
from app.funding.words import proofs as words
from app.funding.words.applications import COSTS
from app.groups.listings.forms import number_of
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.pdf import pdf_response
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, sent_file_response, takes_file

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/accounts/groups/<slug>/funding/proof/<int:year>", methods=["GET", "POST"])
@takes_file
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
    found = (
        find_receipt(db.session(), {"proof_id": proof.id}, min(receipt_id, MOST_NUMBER)) if proof else None
    )
    if found is None:
        return to_proof(slug, year)
    return sent_file_response(found.name, found.content_type, found.body)


@bp.get("/accounts/groups/<slug>/funding/proof/<int:year>/letter.pdf")
@requires("request_funding")
def my_claim_letter(slug: str, year: int) -> ResponseReturnValue:
    """The letter about what has to be given back; to the proof while there is none."""
    mine = my_proof(slug, year)
    claim = claim_of_group(db.session(), mine.line.round.id, mine.group.id, on=day_of(clock.now()))
    letter = letter_of(db.session(), claim.reclaim.id) if claim else None
    return (
        to_proof(slug, year)
        if letter is None
        else pdf_response(letter.body, f"erstattung-{letter.reclaim_id}")
    )


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
        return _page(my_proof(slug, year), form, problem=changed.message), 409
    except RuleBroken as error:
        mine = my_proof(slug, year)
        if not mine.is_writable:
            return _shown(mine, conflict=True)
        if error.field == "paper":
            return _page(mine, form, receipt_error=error.message), 400
        form.refuse(error)
        return _page(mine, form), 400
    if done is None:
        return _page(my_proof(slug, year), form), 400
    return to_proof(slug, year, done=done)


def _act(proof_id: int, action: str, *, is_right: bool, by: int, paper_on: Any) -> str | None:
    """Answer what was done with a stored proof; None when it is not right and cannot be sent.

    A receipt that was chosen is added, whichever button was pressed.
    """
    now, sent = clock.now(), sent_file("paper", MOST_BYTES)
    if sent is not None:
        with transaction() as session:
            add_receipt(session, {"proof_id": proof_id}, name=sent[0], content=sent[1], now=now)
    if action == "receipt":
        if sent is None:
            raise RuleBroken(_("Please choose a file first."), field="paper")
        return "receipt"
    if action.startswith("remove-"):
        with transaction() as session:
            remove_receipt(session, {"proof_id": proof_id}, min(number_of(action[7:]), MOST_NUMBER), now=now)
        return "removed"
    if action != "submit":
        return "saved"
    if not is_right:
        return None
    with transaction() as session:
        submit_proof(session, proof_id, by=by, now=now, paper_on=paper_on)
    return "submitted"


def _page(mine: MyProof, form: ProofForm, *, receipt_error: str = "", problem: str = "") -> str:
    session, proof = db.session(), mine.line.proof
    today = day_of(clock.now())
    return render_template(
        "funding/proofs/write.html",
        form=form,
        paper=PaperForm(formdata=None),
        problem=problem,
        receipt_error=receipt_error,
        receipts=receipts_of(session, proof_id=proof.id) if proof else (),
        receipt_url=partial(url_for, "funding.my_receipt", slug=mine.group.slug, year=mine.line.round.year),
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
    region = mine.line.region
    account = session.get(RegionAccount, region.id)
    page = render_template(
        "funding/proofs/shown.html",
        proof=proof,
        conflict=conflict,
        items=items_of(session, proof.id) if proof else (),
        receipts=receipts_of(session, proof_id=proof.id) if proof else (),
        claim=claim,
        plan=plan_of_claim(session, claim, on=today) if claim else None,
        interest=interest_of(session, claim, on=today) if claim else 0,
        account=account,
        iban=read_iban(account.iban).spaced if account else "",
        reference=claim_number(region.slug, mine.line.round.year, claim.reclaim.id) if claim else "",
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
    return {"use": use, "kept": kept, "has_wrong_lines": wrong, "not_counted": form.not_counted_cents()}
