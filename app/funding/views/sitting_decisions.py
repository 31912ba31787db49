"""What is said and decided in a sitting: about one request, about many as proposed, about a run; and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.forms.sittings import CommentForm, DecisionForm, ProposedForm
from app.funding.queries import sittings as found_sittings
from app.funding.queries.checks import read_under_check
from app.funding.queries.round_pages import names_of
from app.funding.rules.euros import euro_text
from app.funding.rules.sittings import GRANTED, OPEN, PART
from app.funding.services.conflicts import refuse_conflicted
from app.funding.services.sitting_comments import comment
from app.funding.services.sitting_decisions import decide, decide_as_proposed
from app.funding.views.blueprint import bp
from app.funding.views.my_sittings import may_sit, my_sitting
from app.funding.views.sittings import WORDS, sitting_page
from app.funding.words.applications import EFFECTS, reason_words
from app.funding.words.checks import CHECKS, RESULTS
from app.funding.words.sittings import when_words
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
        form.refuse(error)
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
    return sitting_page(sitting_id, results=sorted(results, key=lambda each: each.decision is not None))


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
        form.refuse(error, beside=error.field or "text")
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
        checks=_checks(line),
        CHECKS=CHECKS,
        RESULTS=RESULTS,
        next_open=_next_open(sitting_id, request_id),
        EFFECTS=EFFECTS,
        reason_words=reason_words,
        words=WORDS,
        when_words=when_words,
        date_words=date_words,
        euro_words=euro_words,
    )


def _checks(line: AgendaLine) -> dict[str, bool] | None:
    """Answer how the checks of an application ended; None for what came without one."""
    under = read_under_check(db.session(), line.application_id) if line.application_id else None
    return under.results if under else None


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
    values |= {"outcome": shown.outcome, "reason": "" if shown.outcome == GRANTED else shown.reason}
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
