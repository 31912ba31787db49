"""Checking applications: the queue, and one application beside what is known of it; after a check comes the next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.change_fields import FIELDS
from app.funding.forms.checks import AskForm, CheckForm, MoreTimeForm
from app.funding.pages.last_year import attendance_beside, compare_with_last
from app.funding.queries.check_queue import with_shares
from app.funding.queries.checks import UnderCheck, list_change_extensions, list_deadline_extensions, names_of
from app.funding.queries.conflicts import conflicts_of
from app.funding.queries.duplicates import list_alike
from app.funding.queries.outcomes import award_of
from app.funding.rules import application as rules
from app.funding.rules.application import SUBMITTED
from app.funding.rules.checks import KINDS, STATES, open_to, state_of
from app.funding.rules.eligibility import FOR, Reason
from app.funding.services.checks import Finding, store_check
from app.funding.services.papers import find_paper
from app.funding.views.blueprint import bp
from app.funding.views.check_scope import ALL, MINE, Filters, my_check, my_kinds, my_lines, next_after
from app.funding.views.papers import MOST_NUMBER
from app.funding.words import applications as words
from app.funding.words import checks as check_words
from app.funding.words.conflicts import DECLARED, WHY
from app.funding.words.regions import COUNTS
from app.funding.words.rounds import STANDINGS
from app.groups.listings.forms import number_of
from app.groups.listings.labels import when_words
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction
from app.shared.uploads import sent_file_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.shared.visitor_forms import VisitorForm

ON_A_PAGE = 50
DAYS_TO_ANSWER = 14


@bp.get("/funding/checks")
@requires("check_applications")
def checks() -> ResponseReturnValue:
    """What waits to be checked, the oldest first."""
    filters = Filters.read(request.args)
    lines = my_lines(filters)
    shown = [each for each in lines if each.fits(filters)]
    pages = max(1, -(-len(shown) // ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    counts = {MINE: sum(each.is_mine for each in lines), ALL: len(lines)}
    counts |= {state: sum(each.line.state == state for each in lines) for state in STATES}
    on_page = shown[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    with_others = with_shares(db.session(), [each.line for each in on_page])
    return render_template(
        "funding/checks/queue.html",
        lines=on_page,
        shares={each.application.id: each.shares for each in with_others},
        count=len(shown),
        counts=counts,
        filters=filters,
        page=page,
        pages=pages,
        page_url=lambda number: url_for("funding.checks", page=number, **filters.arguments()),
        words=words,
        check_words=check_words,
        STANDINGS=STANDINGS,
        KINDS=KINDS,
        euro_words=euro_words,
    )


@bp.route("/funding/checks/<int:application_id>", methods=["GET", "POST"])
@requires("check_applications")
def check_application(application_id: int) -> ResponseReturnValue:
    """One application; a POST stores what was found, and the next one opens."""
    under = my_check(application_id)
    if request.method == "GET":
        return check_page(under)
    kind, given = request.form.get("kind", ""), request.form
    if kind not in my_kinds(under):
        return check_page(under, problem=RuleBroken(_("Please say what you have checked."))), 400
    form = CheckForm(prefix=kind)
    finding = Finding(
        kind,
        given.get("result") == "ok",
        form.words.data or "",
        given.get("seen", ""),
        number_of(given.get("number")),
    )
    try:
        with transaction() as session:
            store_check(session, application_id, finding, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        if error.field is None:
            return check_page(my_check(application_id), problem=error, **{kind: form}), 409
        form.words.errors = [error.message]
        return check_page(my_check(application_id), **{kind: form}), 400
    filters = Filters.read(request.args)
    following = next_after(my_lines(filters), filters, application_id)
    if following is None:
        return redirect(url_for("funding.checks", done=kind, **filters.arguments()), code=303)
    address = url_for(
        "funding.check_application",
        application_id=following,
        done=kind,
        last=application_id,
        _anchor="application",
        **filters.arguments(),
    )
    return redirect(address, code=303)


@bp.get("/funding/checks/<int:application_id>/papers/<int:paper_id>")
@requires("check_applications")
def checked_paper(application_id: int, paper_id: int) -> ResponseReturnValue:
    """Download a paper of an application; back to it when it is there no more."""
    my_check(application_id)
    found = find_paper(db.session(), {"application_id": application_id}, min(paper_id, MOST_NUMBER))
    if found is None:
        return redirect(url_for("funding.check_application", application_id=application_id), code=303)
    return sent_file_response(found.name, found.content_type, found.body)


def check_page(under: UnderCheck, *, problem: RuleBroken | None = None, **typed: VisitorForm) -> str:
    """Answer the page of an application; ``typed`` are the forms that were not right, by their names."""
    session, found, now = db.session(), under.found, clock.now()
    me, today, application = get_person().id, day_of(now), under.application
    change = found.change
    extensions = list_deadline_extensions(session, found.round.id, found.group.id)
    moved = list_change_extensions(session, [each.id for each in under.changes])
    people = [each.checked_by for each in under.checks] + [each.asked_by for each in under.changes]
    people += [each.extended_by for each in extensions] + [each.extended_by for each in moved]
    latest = under.latest
    kinds = open_to(
        my_kinds(under), {kind: each.checked_by for kind, each in latest.items()}, under.results, me
    )
    forms = {
        "content": CheckForm(formdata=None, prefix="content"),
        "arithmetic": CheckForm(formdata=None, prefix="arithmetic"),
        "ask": AskForm(formdata=None, data={"due_on": today + timedelta(days=DAYS_TO_ANSWER)}),
        "longer": MoreTimeForm(formdata=None, prefix="longer"),
        "deadline": MoreTimeForm(formdata=None, prefix="deadline"),
    }
    filters = Filters.read(request.args)
    return render_template(
        "funding/checks/application.html",
        under=under,
        found=found,
        application=application,
        group=found.group,
        change=change,
        changes=under.changes,
        moved=moved,
        extensions=extensions,
        names=names_of(session, people),
        latest=latest,
        open_kinds=kinds,
        my_kinds=my_kinds(under),
        conflict=conflicts_of(session, me, [found.group.id], now=now).get(found.group.id),
        state=state_of(under.results, change.due_on if change else None, today),
        last_year=compare_with_last(session, found),
        attendance=attendance_beside(session, found, now=now),
        alike=list_alike(session, found.round.year, [application.id]).get(application.id, []),
        filters=filters,
        last_id=number_of(request.args.get("last")),
        place={"application_id": application.id, **filters.arguments()},
        forms=forms | typed,
        problem=problem,
        page_names=words.READ_NAMES,
        **_said(under),
        **_words(),
    )


def _said(under: UnderCheck) -> dict[str, Any]:
    """Answer what spoke for and against it on the day it came, what the round says, and whether it can be checked."""
    stored = under.application.assessment or {}
    reasons = [Reason(**each) for each in stored.get("reasons", [])]
    request_, plan = under.request, under.found.plan
    differs = request_ is not None and (request_.requested_cents, request_.expenses_cents) != (
        plan.requested_cents,
        plan.counted_cents,
    )
    limit = under.found.rules.confirmation_up_to_cents
    award = award_of(db.session(), under.found.group.id, under.found.round.id)
    return {
        "is_decided": award is not None,
        "can_act": award is None and under.application.state == SUBMITTED,
        "against": [each for each in reasons if each.effect != FOR],
        "speaks_for": [each for each in reasons if each.effect == FOR],
        "rule_version": stored.get("rule_version"),
        "differs": differs,
        "plan": plan,
        "is_short_proof": limit is not None and plan.requested_cents <= limit,
    }


def _words() -> dict[str, Any]:
    return {
        "words": words,
        "check_words": check_words,
        "rules": rules,
        "FIELDS": FIELDS,
        "STANDINGS": STANDINGS,
        "COUNTS": COUNTS,
        "WHY": WHY,
        "DECLARED": DECLARED,
        "KINDS": KINDS,
        "euro_words": euro_words,
        "when_words": when_words,
        "day_of": day_of,
    }
