"""What is said and decided in a sitting: about one request, about many as proposed, about a run; and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.application_words import EFFECTS, reason_words
from app.funding.forms.sittings import ClosingForm, CommentForm, DecisionForm, ProposedForm
from app.funding.models import SittingMinutes
from app.funding.queries import sittings as found_sittings
from app.funding.queries.round_pages import names_of
from app.funding.rules.euros import euro_text
from app.funding.rules.sittings import AGREED, NOT_AGREED, OPEN, PART
from app.funding.services.conflicts import refuse_conflicted
from app.funding.services.sitting_closing import close_sitting, draft_again
from app.funding.services.sitting_comments import comment
from app.funding.services.sitting_decisions import decide, decide_as_proposed
from app.funding.services.sitting_runs import decide_run, lay_run
from app.funding.sitting_words import when_words
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import my_run
from app.funding.views.my_sittings import may_sit, my_sitting
from app.funding.views.sittings import WORDS, sitting_page
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.queries.sittings import AgendaLine


@bp.get("/funding/sittings/<int:sitting_id>/requests/<int:grant_request_id>")
@requires("see_sittings")
def sitting_request(sitting_id: int, grant_request_id: int) -> ResponseReturnValue:
    """A request on the agenda: figures, what speaks for and against it, advice, decision."""
    return _request_page(sitting_id, grant_request_id)


@bp.post("/funding/sittings/<int:sitting_id>/requests/<int:grant_request_id>")
@requires("decide_in_sittings")
def decide_request(sitting_id: int, grant_request_id: int) -> ResponseReturnValue:
    """Enter what the sitting decides about a request, and go on to the next one."""
    my_sitting("decide_in_sittings", sitting_id)
    form = DecisionForm()
    if not form.validate():
        return _request_page(sitting_id, grant_request_id, form=form), 400
    try:
        with transaction() as session:
            decide(
                session,
                sitting_id,
                grant_request_id,
                form.wanted,
                words=form.told,
                seen=form.seen,
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        if error.field:
            form[error.field].errors = [error.message]
        else:
            form.form_errors.append(error.message)
        return _request_page(sitting_id, grant_request_id, form=form, is_refused=True), error.status
    after = _next_open(sitting_id, grant_request_id)
    if after is None:
        return _back(sitting_id, "decided")
    return redirect(
        url_for(
            "funding.sitting_request",
            sitting_id=sitting_id,
            grant_request_id=after,
            done="decided",
            _anchor="decide",
        ),
        code=303,
    )


@bp.post("/funding/sittings/<int:sitting_id>/proposed")
@requires("decide_in_sittings")
def decide_proposed(sitting_id: int) -> ResponseReturnValue:
    """Decide many requests as proposed; each line says what became of it."""
    my_sitting("decide_in_sittings", sitting_id)
    form = ProposedForm()
    if not form.validate():
        return sitting_page(sitting_id, proposed_form=form), 400
    chosen = request.form.getlist("chosen", type=int)
    if request.form.get("which") == "all":
        agenda = found_sittings.read_agenda(db.session(), sitting_id)
        chosen = [line.request.id for line in agenda if line.is_open]
    if not chosen:
        problem = _("Please tick the requests that are to be decided as proposed.")
        return sitting_page(sitting_id, problem=problem, proposed_form=form), 400
    try:
        with transaction() as session:
            results = decide_as_proposed(
                session,
                sitting_id,
                chosen,
                most_cents=form.most.cents,
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        return sitting_page(sitting_id, problem=error.message, proposed_form=form), error.status
    return sitting_page(sitting_id, results=results)


@bp.post("/funding/sittings/<int:sitting_id>/comments")
@requires("comment_in_sittings")
def comment_sitting(sitting_id: int) -> ResponseReturnValue:
    """Say something about the whole sitting."""
    my_sitting("comment_in_sittings", sitting_id)
    form = CommentForm()
    problem = _comment(sitting_id, None, form)
    if problem:
        return sitting_page(sitting_id, comment_form=form), problem
    return _back(sitting_id, "commented")


@bp.post("/funding/sittings/<int:sitting_id>/requests/<int:grant_request_id>/comments")
@requires("comment_in_sittings")
def comment_request(sitting_id: int, grant_request_id: int) -> ResponseReturnValue:
    """Say something about a request."""
    my_sitting("comment_in_sittings", sitting_id)
    form = CommentForm()
    problem = _comment(sitting_id, grant_request_id, form)
    if problem:
        return _request_page(sitting_id, grant_request_id, comment_form=form), problem
    return redirect(
        url_for(
            "funding.sitting_request",
            sitting_id=sitting_id,
            grant_request_id=grant_request_id,
            done="commented",
        ),
        code=303,
    )


@bp.post("/funding/sittings/<int:sitting_id>/runs")
@requires("hold_sittings")
def lay_before(sitting_id: int) -> ResponseReturnValue:
    """Put a draft of a division on the agenda."""
    my_sitting("hold_sittings", sitting_id)
    run_id = request.form.get("run", 0, type=int)
    if not run_id:
        return sitting_page(sitting_id, problem=_("Please choose a draft.")), 400
    my_run("see_rounds", run_id)
    try:
        with transaction() as session:
            lay_run(session, sitting_id, run_id, now=clock.now())
    except RuleBroken as error:
        return sitting_page(sitting_id, problem=error.message), error.status
    return _back(sitting_id, "laid")


@bp.post("/funding/sittings/<int:sitting_id>/runs/<int:run_id>")
@requires("decide_in_sittings")
def decide_laid_run(sitting_id: int, run_id: int) -> ResponseReturnValue:
    """Enter whether the sitting agrees to a division as a whole."""
    sitting, _found, _region = my_sitting("decide_in_sittings", sitting_id)
    outcome = request.form.get("outcome", "")
    if run_id not in {laid.run_id for laid, _run in found_sittings.runs_of(db.session(), sitting.id)}:
        raise nothing_here()
    if outcome not in (AGREED, NOT_AGREED):
        return sitting_page(sitting_id, problem=_("Please choose whether it was agreed to.")), 400
    try:
        with transaction() as session:
            decide_run(session, sitting_id, run_id, outcome, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return sitting_page(sitting_id, problem=error.message), error.status
    return _back(sitting_id, "run-decided")


@bp.post("/funding/sittings/<int:sitting_id>/close")
@requires("hold_sittings")
def close(sitting_id: int) -> ResponseReturnValue:
    """Close the sitting: its decisions become a draft, its minutes a file."""
    my_sitting("hold_sittings", sitting_id)
    form = ClosingForm()
    try:
        with transaction() as session:
            close_sitting(
                session,
                sitting_id,
                leaves_open=bool(form.leaves_open.data),
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        if error.field:
            form[error.field].errors = [error.message]
            return sitting_page(sitting_id, closing_form=form), error.status
        return sitting_page(sitting_id, problem=error.message, closing_form=form), error.status
    return _back(sitting_id, "closed")


@bp.post("/funding/sittings/<int:sitting_id>/draft")
@requires("hold_sittings")
def draft_sitting_again(sitting_id: int) -> ResponseReturnValue:
    """Make a new draft of what a closed sitting decided."""
    my_sitting("hold_sittings", sitting_id)
    try:
        with transaction() as session:
            draft_again(session, sitting_id, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return sitting_page(sitting_id, problem=error.message), error.status
    return _back(sitting_id, "drafted")


@bp.get("/funding/sittings/<int:sitting_id>/minutes.pdf")
@requires("see_sittings")
def minutes(sitting_id: int) -> ResponseReturnValue:
    """The minutes of a closed sitting, the very file that was kept."""
    sitting, _found, _region = my_sitting("see_sittings", sitting_id)
    kept = db.session().get(SittingMinutes, sitting_id)
    if kept is None:
        return sitting_page(sitting_id, problem=_("There are no minutes before the sitting is closed.")), 409
    response = Response(kept.body, content_type="application/pdf")
    response.headers.set(
        "Content-Disposition", "inline", filename=f"minutes-{sitting.held_on}-{sitting.id}.pdf"
    )
    return response


def _comment(sitting_id: int, request_id: int | None, form: CommentForm) -> int:
    """Store what a representative says; answer 0, or the status of what is wrong with it."""
    if not form.validate():
        return 400
    try:
        with transaction() as session:
            comment(
                session,
                sitting_id,
                request_id,
                text=form.told,
                stance=form.stance.data or None,
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        if error.field:
            form[error.field].errors = [error.message]
        else:
            form.text.errors = [error.message]
        return error.status
    return 0


def _request_page(
    sitting_id: int,
    request_id: int,
    *,
    form: DecisionForm | None = None,
    comment_form: CommentForm | None = None,
    is_refused: bool = False,
) -> str:
    sitting, found, region = my_sitting("see_sittings", sitting_id)
    session = db.session()
    line = next(iter(found_sittings.read_agenda(session, sitting_id, request_id)), None)
    if line is None:
        raise nothing_here()
    if form is None:
        form = DecisionForm(formdata=None, data=_values(line))
    elif is_refused:  # what is on the page from now on has been seen
        form.version.data, form.decision.data = map(str, _seen(line))
    comments = [
        each for each in found_sittings.comments_of(session, sitting_id) if each.request_id == request_id
    ]
    history = found_sittings.history_of(session, sitting_id, request_id)
    by = {each.written_by for each in comments} | {each.decided_by for each in history}
    return render_template(
        "funding/sittings/request.html",
        sitting=sitting,
        round=found,
        region=region,
        line=line,
        row=line.request,
        form=form,
        comment_form=comment_form or CommentForm(formdata=None),
        comments=comments,
        history=history,
        people=names_of(session, {number for number in by if number is not None}),
        money=found_sittings.money_of(session, sitting),
        may_decide=sitting.state == OPEN and may_sit("decide_in_sittings", region, found.year),
        may_comment=may_sit("comment_in_sittings", region, found.year),
        may_hold=may_sit("hold_sittings", region, found.year),
        conflict=_conflict(line),
        next_open=_next_open(sitting_id, request_id),
        EFFECTS=EFFECTS,
        reason_words=reason_words,
        words=WORDS,
        when_words=when_words,
        date_words=date_words,
        euro_words=euro_words,
    )


def _conflict(line: AgendaLine) -> str:
    """Answer why whoever is signed in must not decide about this group; empty when they may."""
    try:
        refuse_conflicted(db.session(), get_person().id, [line.group.id], now=clock.now())
    except RuleBroken as error:
        return error.message
    return ""


def _seen(line: AgendaLine) -> tuple[int, int]:
    return line.request.version, line.decision.id if line.decision else 0


def _values(line: AgendaLine) -> dict[str, Any]:
    """Answer what the form of a request begins with: what was decided, else what is proposed."""
    version, decision = map(str, _seen(line))
    shown = line.decision if line.holds else line.proposal()
    values = {"version": version, "decision": decision}
    if shown is None:
        return values
    values |= {"outcome": shown.outcome, "reason": shown.reason}
    values["cents"] = euro_text(shown.cents) if shown.outcome == PART else ""
    values["words"] = line.decision.words if line.decision and line.holds else ""
    return values


def _next_open(sitting_id: int, request_id: int) -> int | None:
    """Answer the next open request of the agenda behind this one, else the first there is."""
    agenda = found_sittings.read_agenda(db.session(), sitting_id)
    at = next((number for number, line in enumerate(agenda) if line.request.id == request_id), -1)
    waiting = [line for line in (*agenda[at + 1 :], *agenda[:at]) if line.is_open]
    return waiting[0].request.id if waiting else None


def _back(sitting_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("funding.show_sitting", sitting_id=sitting_id, done=done), code=303)
