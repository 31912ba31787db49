"""Where the funding of a group stands: what comes next, its request, its proofs and notices; withdrawing a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from app.accounts.guard import requires
from app.funding.change_fields import FIELDS
from app.funding.forms.checks import AnswerForm
from app.funding.pages.group_steps import steps_of_group
from app.funding.queries.assessing import arrival_in_time, arrival_on, is_in_disease_list
from app.funding.queries.direct_notices import list_direct_notices
from app.funding.queries.notices import lines_of_group, office_of
from app.funding.queries.outcomes import award_of, entered_cents, paid_to
from app.funding.queries.projects import list_projects, next_of_project
from app.funding.queries.proofs import granted_to
from app.funding.queries.proofs import lines_of_group as list_proofs
from app.funding.queries.timelines import years_of
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.project_timeline import NOBODY
from app.funding.rules.timeline import DECIDED, PAID, SUBMITTED
from app.funding.services.applications import withdraw
from app.funding.services.reminders import wants_reminders
from app.funding.views.applying import reasons, to_overview
from app.funding.views.blueprint import bp
from app.funding.views.my_group import Mine, my_round
from app.funding.views.notice_ways import way_facts
from app.funding.words import timelines as timeline_words
from app.funding.words.notices import KIND_NAMES, state_words
from app.funding.words.proofs import STATES_OF_GROUP, due_words
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.shared.errors import DomainError


@bp.get("/accounts/groups/<slug>/funding")
@requires("request_funding")
def of_group(slug: str) -> ResponseReturnValue:
    """Where the funding of a group stands, what it has written, and what happens next."""
    return overview(my_round(slug))


@bp.post("/accounts/groups/<slug>/funding/withdraw")
@requires("request_funding")
def withdraw_application(slug: str) -> ResponseReturnValue:
    """Withdraw what was submitted; it can be changed and signed again."""
    mine = my_round(slug)
    if mine.found is None:
        return to_overview(slug)
    try:
        with transaction() as session:
            withdraw(session, mine.group.id, mine.round.round, now=clock.now())
    except RuleBroken as error:
        return overview(my_round(slug), problem=error), 409
    return to_overview(slug, done="withdrawn")


def overview(mine: Mine, *, problem: DomainError | None = None, answer: AnswerForm | None = None) -> str:
    """Answer the page of where the funding of a group stands."""
    session, found, now = db.session(), mine.found, clock.now()
    award = award_of(session, mine.group.id, found.round.id) if found else None
    if found and award is not None:
        award = granted_to(session, found.round.id, mine.group.id)
    paid = paid_to(session, mine.group.id, found.region, found.round.year) if found else 0
    application = found.application if found else None
    today = day_of(now)
    years = years_of(session, mine.group.id, found, now=now)
    notices = lines_of_group(session, mine.group.id)
    return render_template(
        "funding/apply/overview.html",
        group=mine.group,
        found=found,
        problem=problem,
        earlier=[each for each in years if found is None or each.year != found.round.year],
        steps=steps_of_group(mine.group.slug, years, notices, today=today),
        timeline_words=timeline_words,
        line=next((each.timeline for each in years if found and each.year == found.round.year), None),
        notes={
            SUBMITTED: application.number if application and application.number else "",
            DECIDED: euro_words(award) if award is not None else "",
            PAID: euro_words(paid) if paid else "",
        },
        award=award,
        entered=entered_cents(session, mine.group.id, found.round.id) if found and not application else 0,
        is_reminded=wants_reminders(session, mine.group.id),
        is_listed_topic=is_in_disease_list(session, mine.group.id),
        is_over=found is not None and found.last_day < today,
        notices=notices,
        office=office_of(session, found.region.id) if found else None,
        decisions=list_direct_notices(session, a_group(mine.group.id)),
        proofs=[(line, due_words(line, today)) for line in list_proofs(session, mine.group.id)],
        projects=[
            (each, ahead)
            for each in list_projects(session, mine.group.id)
            if (ahead := next_of_project(each)).who != NOBODY
        ],
        PROOF_STATES=STATES_OF_GROUP,
        KIND_NAMES=KIND_NAMES,
        state_words=state_words,
        done=request.args.get("done", ""),
        answer=answer or AnswerForm(formdata=None),
        FIELDS=FIELDS,
        standing=arrival_in_time(found, arrival_on(found, today)) if found else "",
        **way_facts(mine.group),
        **reasons(found),
    )
