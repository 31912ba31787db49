"""Requests of a round as a file: taken along, and taken over, in the same shape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.forms.rounds import FileForm
from app.funding.queries.regions import rules_in
from app.funding.queries.requests import list_requests
from app.funding.rules.grant_round import SUPPLEMENTS, WITHDRAWN
from app.funding.rules.region_rules import POSTED
from app.funding.rules.request_file import read_file
from app.funding.services.request_import import import_requests
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import my_round
from app.funding.words.request_files import HEADINGS, fault_words
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.table_files import MOST_FILE_BYTES, read_table
from app.shared.tables import CSV, XLSX, Cell, table_response
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, takes_file

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.models import GrantRequest


@bp.get("/funding/rounds/<slug>/<int:year>/requests.csv", defaults={"kind": CSV})
@bp.get("/funding/rounds/<slug>/<int:year>/requests.xlsx", defaults={"kind": XLSX})
@requires("see_rounds")
def export_requests(slug: str, year: int, kind: str) -> ResponseReturnValue:
    """The requests that are not withdrawn, as the import takes them."""
    found, _region = my_round("see_rounds", slug, year)
    lines = [each for each in list_requests(db.session(), found.id) if each.request.standing != WITHDRAWN]
    rows = [_cells(line.group.slug, line.request) for line in lines]
    sums = [
        sum(cents or 0 for cents in column)
        for column in zip(*(_sums(line.request) for line in lines), strict=True)
    ]
    total: list[Cell] = [_("total"), *_euros(sums[:1]), None, *_euros(sums[1:])]
    total += [None] * (len(HEADINGS) - len(total))
    return table_response(
        kind, name=f"{slug}-{year}-requests", columns=_headings(), rows=[*rows, total] if lines else []
    )


@bp.route("/funding/rounds/<slug>/<int:year>/requests/import", methods=["GET", "POST"])
@takes_file
@requires("work_on_rounds")
def send_requests(slug: str, year: int) -> ResponseReturnValue:
    """Take a list of requests over: all of it, or nothing."""
    found, _region = my_round("work_on_rounds", slug, year)
    form, faults = FileForm(), []
    if request.method == "POST":
        try:
            sent = sent_file("file", MOST_FILE_BYTES)
            read = read_file(read_table(sent[1] if sent else b""))
            faults = fault_words(read.faults)
            if not faults:
                with transaction() as session:
                    done = import_requests(session, found.id, read.lines, now=clock.now())
                faults = fault_words(list(done.faults))
                if not faults:
                    told = f"{done.entered}-{done.changed}-{done.same}"
                    return redirect(
                        url_for("funding.requests", slug=slug, year=year, done="imported", counts=told),
                        code=303,
                    )
        except DomainError as error:
            form.file.errors = [error.message]
    return _page(slug, year, form, faults), 400 if request.method == "POST" else 200


def _page(slug: str, year: int, form: FileForm, faults: list[str]) -> str:
    found, region = my_round("work_on_rounds", slug, year)
    return render_template(
        "funding/import_requests.html",
        round=found,
        region=region,
        form=form,
        faults=faults,
        COLUMNS=_headings(),
        counts_postmark=rules_in(db.session(), region).counts == POSTED,
    )


def _headings() -> list[str]:
    return [str(each) for each in HEADINGS.values()]


def _cells(slug: str, row: GrantRequest) -> list[Cell]:
    requested, *others = _euros(_sums(row))
    supplements = _euros([row.supplements.get(kind) for kind in SUPPLEMENTS])
    return [
        slug,
        requested,
        row.members,
        *others,
        _("yes") if row.is_new else "",
        row.received_on,
        *supplements,
    ]


def _sums(row: GrantRequest) -> tuple[int | None, ...]:
    return row.requested_cents, row.expenses_cents, row.own_cents, row.others_cents


def _euros(sums: Sequence[int | None]) -> list[Decimal | None]:
    return [None if cents is None else Decimal(cents) / 100 for cents in sums]
