"""Sittings: mine, those of a round, one with its agenda; and what the funding office does to hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from app.accounts.guard import requires
from app.funding.forms.sittings import ClosingForm, CommentForm, PresenceForm, ProposedForm
from app.funding.models import Sitting, SittingMinutes
from app.funding.queries import sittings as found_sittings
from app.funding.queries.requests import matching, same_names
from app.funding.queries.round_pages import names_of, run_lines
from app.funding.queries.rounds import read_round
from app.funding.queries.runs import DISCARDED, POSTED, STALE, acts_of, changed_since
from app.funding.queries.sitting_runs import runs_of
from app.funding.rules.sittings import CLOSED, DECIDES
from app.funding.services import sittings as acts
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in
from app.funding.views.my_sittings import may_sit, my_sitting
from app.funding.words.rounds import STANDINGS
from app.funding.words.sittings import (
    OUTCOMES,
    PRESENT_AS,
    REASON_WORDS,
    RUN_OUTCOMES,
    STANCES,
    STATES,
    decision_words,
    when_words,
)
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.funding.queries.sittings import AgendaLine
    from app.funding.services.sitting_decisions import Result

ON_A_PAGE = 50
SHOWN = ("open", "decided")
"""What of an agenda can be shown alone."""


@bp.get("/funding/sittings/<int:sitting_id>")
@requires("see_sittings")
def show_sitting(sitting_id: int) -> ResponseReturnValue:
    """A sitting: its agenda, the money, who is there, what was said."""
    return sitting_page(sitting_id)


@bp.post("/funding/sittings/<int:sitting_id>/agenda")
@requires("hold_sittings")
def fill_agenda(sitting_id: int) -> ResponseReturnValue:
    """Put everything on the agenda that waits for a decision."""
    return _act(sitting_id, "filled", lambda session: acts.fill_agenda(session, sitting_id, now=clock.now()))


@bp.post("/funding/sittings/<int:sitting_id>/requests/<int:grant_request_id>/off")
@requires("hold_sittings")
def take_off(sitting_id: int, grant_request_id: int) -> ResponseReturnValue:
    """Take a request off the agenda."""
    return _act(
        sitting_id,
        "taken-off",
        lambda session: acts.take_off_agenda(session, sitting_id, grant_request_id, now=clock.now()),
    )


@bp.post("/funding/sittings/<int:sitting_id>/papers")
@requires("hold_sittings")
def send_papers(sitting_id: int) -> ResponseReturnValue:
    """Mail the way to the papers to all who decide or advise."""
    return _act(sitting_id, "papers", lambda session: acts.send_papers(session, sitting_id, now=clock.now()))


@bp.post("/funding/sittings/<int:sitting_id>/open")
@requires("hold_sittings")
def open_sitting(sitting_id: int) -> ResponseReturnValue:
    """Open it: from now on decisions can be entered."""
    return _act(sitting_id, "opened", lambda session: acts.open_sitting(session, sitting_id, now=clock.now()))


@bp.post("/funding/sittings/<int:sitting_id>/presence")
@requires("hold_sittings")
def note_presence(sitting_id: int) -> ResponseReturnValue:
    """Note that somebody is there."""
    my_sitting("hold_sittings", sitting_id)
    form = PresenceForm()
    if not form.validate():
        return sitting_page(sitting_id, presence_form=form), 400
    return _act(
        sitting_id,
        "present",
        lambda session: acts.note_presence(session, sitting_id, **form.told, now=clock.now()),
    )


@bp.post("/funding/sittings/<int:sitting_id>/presence/end")
@requires("hold_sittings")
def take_presence_back(sitting_id: int) -> ResponseReturnValue:
    """Take back that somebody is there."""
    who = request.form.get("presence", 0, type=int)
    return _act(
        sitting_id,
        "not-present",
        lambda session: acts.take_presence_back(session, sitting_id, who, now=clock.now()),
    )


def sitting_page(
    sitting_id: int,
    *,
    problem: str = "",
    results: Sequence[Result] = (),
    **forms: PresenceForm | ProposedForm | CommentForm | ClosingForm,
) -> str:
    """Answer the page of a sitting, with what stood in the way of what somebody wanted to do."""
    sitting, found, region = my_sitting("see_sittings", sitting_id)
    session = db.session()
    agenda = found_sittings.read_agenda(session, sitting_id)
    present = found_sittings.present_at(session, sitting_id)
    comments = found_sittings.comments_of(session, sitting_id)
    runs = runs_of(session, sitting_id)
    empty: dict[str, Any] = {
        "presence_form": PresenceForm(formdata=None),
        "proposed_form": ProposedForm(formdata=None),
        "comment_form": CommentForm(formdata=None),
        "closing_form": ClosingForm(formdata=None),
    }
    may = {
        name: may_sit(name, region, found.year)
        for name in ("hold_sittings", "decide_in_sittings", "comment_in_sittings")
    }
    return render_template(
        "funding/sittings/sitting.html",
        sitting=sitting,
        round=found,
        region=region,
        problem=problem,
        results=results,
        may=may,
        sees_round=may_in("see_rounds", region),
        money=found_sittings.money_of(session, sitting),
        present=present,
        deciding=sum(each.present_as == DECIDES for each in present),
        comments=[each for each in comments if each.request_id is None],
        people=names_of(session, _named(comments, runs, sitting)),
        runs=runs,
        drafts=_drafts(session, sitting) if may["hold_sittings"] and sitting.state != CLOSED else [],
        may_draft_again=sitting.state == CLOSED and may["hold_sittings"] and _is_over(session, runs),
        minutes=session.get(SittingMinutes, sitting_id),
        next_open=next((line.request.id for line in agenda if line.is_open), None),
        words=WORDS,
        date_words=date_words,
        when_words=when_words,
        euro_words=euro_words,
        **_shown(sitting_id, agenda),
        **(empty | forms),
    )


WORDS = {
    "STATES": STATES,
    "OUTCOMES": OUTCOMES,
    "PRESENT_AS": PRESENT_AS,
    "REASONS": REASON_WORDS,
    "RUN_OUTCOMES": RUN_OUTCOMES,
    "STANCES": STANCES,
    "STANDINGS": STANDINGS,
    "decision": decision_words,
}
"""What pages of sittings call things."""


def _act(sitting_id: int, done: str, act: Callable[[Session], object]) -> ResponseReturnValue:
    my_sitting("hold_sittings", sitting_id)
    try:
        with transaction() as session:
            act(session)
    except RuleBroken as error:
        return sitting_page(sitting_id, problem=error.message), error.status
    where = "present" if done in ("present", "not-present") else None
    address = url_for("funding.show_sitting", sitting_id=sitting_id, done=done, _anchor=where)
    return redirect(address, code=303)


def _named(comments: Sequence[Any], runs: Sequence[Any], sitting: Sitting) -> set[int]:
    by = {each.written_by for each in comments} | {laid.decided_by for laid, _run in runs}
    return {number for number in by | {sitting.closed_by} if number is not None}


def _drafts(session: Session, sitting: Sitting) -> list[tuple[int, str]]:
    """Answer the drafts of the round that can be laid before the sitting."""
    known = {laid.run_id for laid, _run in runs_of(session, sitting.id)}
    return [
        (line.run.id, line.run.name)
        for line in run_lines(session, read_round(session, sitting.round_id))
        if line.state not in (POSTED, DISCARDED, STALE) and line.run.id not in known
    ]


def _is_over(session: Session, runs: Sequence[Any]) -> bool:
    """Whether what was decided has a run, and none of them can still be posted, or was."""
    made = [run for laid, run in runs if laid.kind == "made"]
    return bool(made) and all(
        POSTED not in (done := acts_of(session, run.id))
        and (DISCARDED in done or changed_since(session, run))
        for run in made
    )


def _shown(sitting_id: int, agenda: Sequence[AgendaLine]) -> dict[str, Any]:
    """Answer the lines that are looked for, a page of them, and how many are decided."""
    q, show = request.args.get("q", "")[:100], request.args.get("show", "")
    show = show if show in SHOWN else ""
    wanted = {each.id for each in matching((line.group for line in agenda), q)}
    lines = [
        line for line in agenda if line.group.id in wanted and (not show or line.is_open == (show == "open"))
    ]
    pages = max(1, -(-len(lines) // ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return {
        "lines": lines[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        "count": len(lines),
        "doubled": same_names(line.group for line in agenda),
        "items": len(agenda),
        "open_count": sum(line.is_open for line in agenda),
        "decided_count": sum(line.holds for line in agenda),
        "asked_cents": sum(line.request.requested_cents for line in agenda if not line.is_withdrawn),
        "q": q,
        "show": show,
        "page": page,
        "pages": pages,
        "page_url": lambda number: (
            url_for(
                "funding.show_sitting", sitting_id=sitting_id, q=q or None, show=show or None, page=number
            )
            + "#agenda"
        ),
    }
