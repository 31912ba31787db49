"""Expenses of a proof as a file: taken along, and taken over, in the same shape; what is wrong is said cell by cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.forms.proofs import typed_of
from app.funding.forms.rounds import FileForm
from app.funding.rules.application import MOST_TYPED_CENTS
from app.funding.rules.counted_costs import COST_KINDS
from app.funding.rules.proof_file import Expense, read_expenses
from app.funding.services.proofs import begin_proof, take_over_list
from app.funding.views.blueprint import bp
from app.funding.views.my_proof import MyProof, my_proof, to_proof
from app.funding.words.applications import COSTS
from app.funding.words.proofs import fault_words, kinds_by_name
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.table_files import MOST_FILE_BYTES, read_table
from app.shared.tables import CSV, XLSX, Cell, table_response
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, takes_file

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/accounts/groups/<slug>/funding/proof/<int:year>/list.csv", defaults={"kind": CSV})
@bp.get("/accounts/groups/<slug>/funding/proof/<int:year>/list.xlsx", defaults={"kind": XLSX})
@requires("request_funding")
def export_expenses(slug: str, year: int, kind: str) -> ResponseReturnValue:
    """The expenses as they are typed now, as the import takes them."""
    mine = my_proof(slug, year)
    form = mine.form()
    form.validate()
    rows: list[list[Cell]] = [
        [
            str(COSTS[each["kind"]]),
            date.fromisoformat(each["day"]),
            each["what"],
            Decimal(each["cents"]) / 100,
        ]
        for each in form.read_items
    ]
    return table_response(
        kind,
        name=f"{slug}-{year}-{_('expenses')}",
        columns=(_("kind"), _("day"), _("what for"), _("euros")),
        rows=rows,
    )


@bp.route("/accounts/groups/<slug>/funding/proof/<int:year>/list", methods=["GET", "POST"])
@takes_file
@requires("request_funding")
def send_expenses(slug: str, year: int) -> ResponseReturnValue:
    """Take a list of expenses over in place of those that are typed: all of it, or nothing."""
    mine = my_proof(slug, year)
    if not mine.is_writable:
        return to_proof(slug, year)
    form = FileForm()
    faults: list[str] = []
    if request.method == "POST":
        try:
            sent = sent_file("file", MOST_FILE_BYTES)
            read = read_expenses(
                read_table(sent[1] if sent else b""),
                kinds_by_name(),
                year=mine.line.round.year,
                most_cents=MOST_TYPED_CENTS,
            )
            faults = fault_words(read.faults)
            if not faults:
                _take_over(mine, read.expenses)
                return to_proof(slug, year, done="listed")
        except DomainError as error:
            form.file.errors = [error.message]
    return _page(my_proof(slug, year), form, faults), 400 if request.method == "POST" else 200


def _take_over(mine: MyProof, expenses: list[Expense]) -> None:
    typed = typed_of(expenses)
    now = clock.now()
    with transaction() as session:
        proof_id = begin_proof(session, mine.line.region, mine.line.round, mine.group.id, now=now)
        take_over_list(session, proof_id, typed, now=now)


def _page(mine: MyProof, form: FileForm, faults: list[str]) -> str:
    return render_template(
        "funding/proofs/list.html",
        group=mine.group,
        line=mine.line,
        form=form,
        faults=faults,
        kinds=[str(COSTS[kind]) for kind in COST_KINDS],
        back=url_for("funding.write_proof", slug=mine.group.slug, year=mine.line.round.year),
    )
