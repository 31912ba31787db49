"""What a round would give by other rules: several drafts side by side, all of them in the address, nothing stored."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for

from app.accounts.guard import requires
from app.funding.forms.division import fields_of
from app.funding.models import GrantRound
from app.funding.pages.comparing_files import TABLE_NAMES, TABLES
from app.funding.pages.group_rows import LESS, ORDERS, chosen, group_rows
from app.funding.pages.trials import COPY, LETTERS, REMOVE, Trial, with_copy, without
from app.funding.pages.what_if import Comparison, compare
from app.funding.rules.division import told
from app.funding.rules.grant_round import SUPPLEMENTS
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_round
from app.funding.words.comparing import WORDS
from app.funding.words.explanations import KINDS, teller
from app.shared.extensions import db
from app.shared.languages import current_language
from app.shared.tables import CSV, XLSX, table_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

ON_A_PAGE = 50
PLACE = "/funding/rounds/<slug>/<int:year>/what-if"


@bp.get(PLACE)
@requires("see_rounds")
def what_if(slug: str, year: int) -> ResponseReturnValue:
    """Show the drafts of the address, with what each gives to whom."""
    found, region = my_round("see_rounds", slug, year)
    changed = _copied_or_removed()
    if changed is not None:
        url = url_for("funding.what_if", slug=slug, year=year)
        return redirect(f"{url}?{urlencode(changed)}", code=303)
    comparison = _compare(found)
    is_right = all(each.division is not None for each in comparison.trials)
    page = render_template(
        "funding/what_if.html",
        **_names(comparison),
        **_list(comparison),
        may_work=may_in("work_on_rounds", region),
        supplement_names=[KINDS[kind] for kind in SUPPLEMENTS],
    )
    return page, 200 if is_right else 400


@bp.get(f"{PLACE}/groups.csv", defaults={"which": "groups", "kind": CSV})
@bp.get(f"{PLACE}/groups.xlsx", defaults={"which": "groups", "kind": XLSX})
@bp.get(f"{PLACE}/sums.csv", defaults={"which": "sums", "kind": CSV})
@bp.get(f"{PLACE}/sums.xlsx", defaults={"which": "sums", "kind": XLSX})
@bp.get(f"{PLACE}/figures.csv", defaults={"which": "figures", "kind": CSV})
@bp.get(f"{PLACE}/figures.xlsx", defaults={"which": "figures", "kind": XLSX})
@requires("see_rounds")
def export_what_if(slug: str, year: int, which: str, kind: str) -> ResponseReturnValue:
    """The drafts of the address as a file: every group, the sums of all kinds of groups, or the figures."""
    found, _region = my_round("see_rounds", slug, year)
    columns, rows = TABLES[which](_compare(found))
    return table_response(kind, name=f"{slug}-{year}-{which}", columns=columns, rows=rows)


def _compare(found: GrantRound) -> Comparison:
    return compare(db.session(), found, request.args, language=current_language())


def _copied_or_removed() -> dict[str, str] | None:
    """Answer the address with one draft more or less, when that is what was pressed."""
    if COPY in request.args:
        return with_copy(request.args, request.args[COPY])
    return without(request.args, request.args[REMOVE]) if REMOVE in request.args else None


def _names(comparison: Comparison) -> dict[str, Any]:
    """Answer what the page shows of the drafts, and ways to others."""
    trials, place, address = comparison.trials, _place(comparison), _address(comparison)

    def with_change(trial: Trial, **changed: str) -> str:
        others = {name: value for name, value in address.items() if name[0] != trial.letter}
        return url_for("funding.what_if", **place, **others | trial.address(**changed))

    def keep(trial: Trial) -> str:
        numbers: dict[str, Any] = fields_of(trial.form.to_rules())
        return url_for("funding.new_run", **place, **numbers)

    return {
        **WORDS,
        "it": comparison,
        "region": comparison.state.region,
        "year": comparison.state.year,
        "place": place,
        "may_copy": len(trials) < len(LETTERS),
        "whys": {each.letter: _reasons(each) for each in trials if each.has_result},
        "with_change": with_change,
        "keep": keep,
        "files": [
            (
                TABLE_NAMES[which],
                [
                    (
                        kind.upper(),
                        url_for("funding.export_what_if", **place, **address, which=which, kind=kind),
                    )
                    for kind in (CSV, XLSX)
                ],
            )
            for which in TABLES
        ],
    }


def _list(comparison: Comparison) -> dict[str, Any]:
    """Answer the part of the list of groups that is asked for."""
    words, order = request.args.get("q", "").strip()[:100], request.args.get("sort", LESS)
    rows = chosen(
        group_rows(comparison.state.requests, comparison.askers, comparison.drafts), words=words, order=order
    )
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    address = _place(comparison) | _address(comparison) | {"q": words, "sort": order}

    def page_url(number: int) -> str:
        return url_for("funding.what_if", **address, page=number, _anchor="groups")

    return {
        "rows": rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        "count": len(rows),
        "q": words,
        "order": order if order in ORDERS else LESS,
        "page": page,
        "pages": pages,
        "page_url": page_url,
    }


def _place(comparison: Comparison) -> dict[str, Any]:
    return {"slug": comparison.state.region.slug, "year": comparison.state.year}


def _address(comparison: Comparison) -> dict[str, Any]:
    """Answer the parameters of all drafts."""
    return dict(chain.from_iterable(each.address().items() for each in comparison.trials))


def _reasons(trial: Trial) -> Callable[[int], str]:
    """Answer a function that says why a group gets its sum in a draft."""
    say = teller(is_weighted=trial.form.to_rules().is_weighted)
    lines = {line.request.group_id: line for line in trial.division.lines} if trial.division else {}
    return lambda group_id: say(told(lines[group_id].steps))
