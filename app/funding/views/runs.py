"""Runs: a division is kept as a draft, and its record with everything that anybody needs to recompute it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.guard import get_person, requires
from app.funding.forms.division import fields_of
from app.funding.forms.rounds import DiscardForm, RunForm
from app.funding.models import AllocationLine, AllocationRun, FundingRegion, GrantRound
from app.funding.queries.office_waiting import list_to_check
from app.funding.queries.regions import rules_in
from app.funding.queries.requests import NamedGroup, groups_by_id, matching, same_names
from app.funding.queries.round_pages import names_of, noted
from app.funding.queries.rounds import read_round
from app.funding.queries.runs import (
    DISCARDED,
    POSTED,
    acts_of,
    changed_since,
    input_of,
    lines_of,
    output_of,
    state_of,
)
from app.funding.queries.sitting_runs import sitting_of_run
from app.funding.rules.division import DivisionRules, Tier
from app.funding.services.run_acts import refused
from app.funding.services.run_payments import unpaid
from app.funding.services.runs import draft_run
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_round, my_run
from app.funding.words.explanations import rule_words, teller
from app.funding.words.rounds import DISCARDS, RUN_STATES
from app.funding.words.sittings import RUN_OUTCOMES
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.groups.text import fold
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.languages import DEFAULT_LANGUAGE, current_language
from app.shared.money import euro_words
from app.shared.tables import CSV, XLSX, Cell, table_response
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ON_A_PAGE = 50
_MOST_DIFFERING = 20


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line of a run and the group it is about; a group that is gone for good has no slug."""

    line: AllocationLine
    group: NamedGroup


@bp.route("/funding/rounds/<slug>/<int:year>/runs/new", methods=["GET", "POST"])
@requires("work_on_rounds")
def new_run(slug: str, year: int) -> ResponseReturnValue:
    """Divide the pot of a round by a rule and keep the result as a draft."""
    found, region = my_round("work_on_rounds", slug, year)
    now = clock.now()
    form = (
        RunForm()
        if request.method == "POST"
        else RunForm(request.args or MultiDict(fields_of(_usual(region))))
    )
    if request.method == "POST" and form.validate():
        name = (form.name.data or "").strip() or _("Draft of %(day)s", day=date_words(day_of(now)))
        try:
            with transaction() as session:
                drafted = draft_run(
                    session, found.id, form.to_rules(), name=name, by=get_person().id, now=now
                )
        except RuleBroken as error:
            form.refuse(error)
        else:
            done = "drafted" if drafted.is_new else "same"
            return redirect(url_for("funding.show_run", run_id=drafted.run_id, done=done), code=303)
    found, region = my_round("work_on_rounds", slug, year)
    page = render_template(
        "funding/new_run.html",
        round=found,
        region=region,
        form=form,
        state=read_round(db.session(), found.id),
        unchecked=_unchecked(found, region),
        euro_words=euro_words,
    )
    return page, 400 if request.method == "POST" else 200


@bp.get("/funding/runs/<int:run_id>")
@requires("see_rounds")
def show_run(run_id: int) -> ResponseReturnValue:
    """The record of a run."""
    my_run("see_rounds", run_id)
    return run_page(run_id)


@bp.get("/funding/runs/<int:run_id>/awards.csv", defaults={"kind": CSV})
@bp.get("/funding/runs/<int:run_id>/awards.xlsx", defaults={"kind": XLSX})
@requires("see_rounds")
def export_run(run_id: int, kind: str) -> ResponseReturnValue:
    """Every group with its sum and the reason, as a file for a spreadsheet."""
    run, found, region = my_run("see_rounds", run_id)
    columns = [
        _("Group"),
        _("Address"),
        _("Requested"),
        _("At most possible"),
        _("Had before"),
        _("Award"),
        _("Why"),
    ]
    tell = _teller(run)
    rows: list[list[Cell]] = [
        [each.group.name, each.group.slug, *map(_euros, _sums(each.line)), tell(each.line)]
        for each in _named_lines(run_id)
    ]
    return table_response(kind, name=f"{region.slug}-{found.year}-run-{run_id}", columns=columns, rows=rows)


@bp.get("/funding/runs/<int:run_id>/input", defaults={"which": "input"})
@bp.get("/funding/runs/<int:run_id>/result", defaults={"which": "result"})
@requires("see_rounds")
def run_text(run_id: int, which: str) -> ResponseReturnValue:
    """The very bytes that are hashed: everything that went in, or came out."""
    run, _found, _region = my_run("see_rounds", run_id)
    text = input_of(db.session(), run_id) if which == "input" else output_of(db.session(), run)
    response = Response(text.encode(), content_type="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"run-{run_id}-{which}.json")
    return response


def run_page(
    run_id: int,
    *,
    problem: str = "",
    faults: list[tuple[int | None, Any, Any]] | None = None,
    discard_form: DiscardForm | None = None,
) -> str:
    """Answer the page of a run, with what stood in the way of what somebody wanted to do with it."""
    run, found, region = my_run("see_rounds", run_id)
    everything = _named_lines(run_id)
    names = {each.group.id: each.group.name for each in everything}
    return render_template(
        "funding/run.html",
        run=run,
        round=found,
        region=region,
        me=get_person().id,
        may_work=may_in("work_on_rounds", region),
        may_approve=may_in("approve_runs", region),
        may_pay=may_in("pay_awards", region),
        rule=rule_words(run.rules),
        why=_teller(run),
        problem=problem,
        unchecked=_unchecked(found, region),
        faults=[(names.get(number or 0, ""), *rest) for number, *rest in faults or []][:_MOST_DIFFERING],
        discard_form=discard_form or DiscardForm(formdata=None),
        of_sitting=sitting_of_run(db.session(), run_id),
        RUN_OUTCOMES=RUN_OUTCOMES,
        date_words=date_words,
        RUN_STATES=RUN_STATES,
        day_words=lambda moment: date_words(day_of(moment)),
        euro_words=euro_words,
        **_how_far(run, names),
        **_shown_lines(run_id, everything),
    )


def _how_far(run: AllocationRun, names: Mapping[int, str]) -> dict[str, Any]:
    """Answer what was done with a run, by whom, and what has changed of its round since."""
    session = db.session()
    acts = acts_of(session, run.id)
    how_far = state_of(acts)
    is_open = how_far not in (POSTED, DISCARDED)
    changed = changed_since(session, run) if is_open else None
    differing = list(changed.requests.items())[:_MOST_DIFFERING] if changed else []
    new = groups_by_id(session, [number for number, _both in differing if number not in names])
    due = unpaid(session, run) if how_far == POSTED else {}
    given_up = noted(session, "run.discarded", run.id) if how_far == DISCARDED else None
    return {
        "acts": acts,
        "how_far": how_far,
        "is_open": is_open,
        "changed": changed,
        "changed_words": refused(changed).message if changed else "",
        "differing": [
            (names.get(number) or new[number].name, before, after) for number, (before, after) in differing
        ],
        "people": names_of(session, {run.drafted_by, *(act.done_by for act in acts.values())}),
        "due_cents": sum(due.values()),
        "due_count": len(due),
        "given_up_for": DISCARDS.get(str(given_up.facts.get("given_up_for"))) if given_up else None,
    }


def _shown_lines(run_id: int, everything: list[NamedLine]) -> dict[str, Any]:
    """Answer the lines that are looked for, a page of them, and the sums of all."""
    q = request.args.get("q", "")[:100]
    wanted = {each.id for each in matching((line.group for line in everything), q)}
    lines = [each for each in everything if each.group.id in wanted]
    pages = max(1, -(-len(lines) // ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return {
        "lines": lines[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        "count": len(lines),
        "doubled": same_names(each.group for each in everything),
        "without": sum(not each.line.award_cents for each in everything),
        "requested_cents": sum(each.line.requested_cents for each in everything),
        "has_before": any(each.line.before_cents for each in everything),
        "page": page,
        "pages": pages,
        "page_url": lambda number: (
            url_for("funding.show_run", run_id=run_id, q=q or None, page=number) + "#groups"
        ),
        "q": q,
    }


def _unchecked(found: GrantRound, region: FundingRegion) -> int:
    """Answer how many requests of a round wait for a check; once a run is posted, they are decided unchecked."""
    waiting = list_to_check(db.session(), {region.id: region})
    return sum(each.count for each in waiting if each.year == found.year)


def _usual(region: FundingRegion) -> DivisionRules:
    """Answer the rule that a draft begins with: what groups get at most by their size, as the region has it."""
    tiers = tuple(Tier(members, cents) for members, cents in rules_in(db.session(), region).tiers)
    return DivisionRules(tiers=tiers) if tiers else DivisionRules()


def _teller(run: AllocationRun) -> Any:
    """Answer what says the reasons of a line: the German sentence as it was stored, else its steps."""
    if current_language() == DEFAULT_LANGUAGE:
        return lambda line: line.sentence
    tell = teller(is_weighted=run.rules["is_weighted"])
    return lambda line: tell(line.steps)


def _named_lines(run_id: int) -> list[NamedLine]:
    lines = lines_of(db.session(), run_id)
    groups = groups_by_id(db.session(), [line.group_id for line in lines])
    named = [
        NamedLine(line, groups.get(line.group_id) or NamedGroup(line.group_id, "", str(line.group_id)))
        for line in lines
    ]
    return sorted(named, key=lambda each: (fold(each.group.name), each.group.id))


def _sums(line: AllocationLine) -> tuple[int, int, int, int]:
    return line.requested_cents, line.cap_cents, line.before_cents, line.award_cents


def _euros(cents: int) -> Decimal:
    return Decimal(cents) / 100
