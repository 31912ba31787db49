"""The bank's files: read here, and what of them fitted no payment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.bank_file import read_bank_file
from app.funding.services.bank_import import import_lines, list_open_lines, settle_line
from app.funding.services.payment_results import CONTRADICTS, KNOWN, MATCHED, UNMATCHED
from app.funding.views.blueprint import bp
from app.funding.words.payments import LINE_KINDS, LINE_OUTCOMES
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction
from app.shared.uploads import MOST_KEPT_BYTES, sent_file, takes_file

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_TOLD = (MATCHED, KNOWN, UNMATCHED, CONTRADICTS)


@bp.get("/funding/payments/bank")
@requires("pay_awards")
def bank_files() -> ResponseReturnValue:
    """Where the bank's files are sent, and the lines that somebody has to look at."""
    return _page()


@bp.post("/funding/payments/bank")
@takes_file
@requires("pay_awards")
def read_file_of_bank() -> ResponseReturnValue:
    """Read a file: each line once, however often it is sent."""
    try:
        sent = sent_file("file", MOST_KEPT_BYTES)
        if sent is None:
            return _page(_("Please choose a file first.")), 400
        lines = read_bank_file(sent[1])
    except RuleBroken as error:
        return _page(error.message), 400
    except ValueError:
        return _page(
            _("This is none of the files that are read here: pain.002, camt.053 or camt.054, as XML.")
        ), 400
    try:
        with transaction() as session:
            outcomes = import_lines(session, lines, now=clock.now())
    except RuleBroken as error:
        return _page(error.message), error.status
    told = "-".join(str(outcomes[each]) for each in _TOLD)
    return redirect(url_for("funding.bank_files", done="read", counts=told), code=303)


@bp.post("/funding/payments/bank/settled")
@requires("pay_awards")
def settle_bank_line() -> ResponseReturnValue:
    """Say that somebody has looked at a line that fitted nothing."""
    number = request.form.get("line", type=int)
    if number is None or not 0 < number < 2**31:
        return _page(_("Please choose a line.")), 400
    with transaction() as session:
        settle_line(session, number, now=clock.now())
    return redirect(url_for("funding.bank_files", done="settled"), code=303)


def _page(problem: str = "") -> str:
    counts = request.args.get("counts", "").split("-")
    numbers = [int(each) for each in counts if each.isascii() and each.isdigit() and len(each) < 8]
    return render_template(
        "funding/bank_files.html",
        problem=problem,
        counts=dict(zip(_TOLD, numbers, strict=True)) if len(numbers) == len(_TOLD) else None,
        lines=list_open_lines(db.session()),
        LINE_KINDS=LINE_KINDS,
        LINE_OUTCOMES=LINE_OUTCOMES,
        euro_words=euro_words,
        date_words=date_words,
    )
