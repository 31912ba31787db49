"""A group's projects: what it writes, whom it asks, what they say, how it ends; for contacts and staff of its house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.forms.projects import TextForm
from app.funding.models import FundingRegion
from app.funding.queries.project_assessing import assess
from app.funding.queries.project_days import last_day_of, owed_project_proofs
from app.funding.queries.project_proofs import backs_of, checks_first
from app.funding.queries.project_terms import Payer, insurers_in, payers_in, terms_in
from app.funding.queries.projects import Project, list_projects, next_of_project, read_project
from app.funding.queries.proofs import receipts_of
from app.funding.queries.regions import region_of_group
from app.funding.rules import project as rules
from app.funding.rules.eligibility import FOR
from app.funding.rules.project_proof import by_kind, project_proof_due, used_plan
from app.funding.rules.project_terms import FLAT, POOL, ProjectTerms
from app.funding.services.project_notices import notice_of_project
from app.funding.services.project_talking import answer_insurer
from app.funding.services.projects import (
    begin_project,
    change_project,
    leave_as_it_was,
    project_obstacles,
    withdraw_project,
)
from app.funding.views.blueprint import bp
from app.funding.views.my_group import my_group
from app.funding.views.notice_ways import way_facts
from app.funding.words import applications as application_words
from app.funding.words import projects as words
from app.funding.words import timelines as timeline_words
from app.funding.words.institutions import PROOF_STATES
from app.groups.listings.forms import number_of
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, DomainError, RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Mine:
    """A project that somebody may write for its group, and who can be asked in its region."""

    found: Project
    payers: dict[str, Payer]

    @property
    def names(self) -> dict[str, str]:
        """How those are called who can be asked, and those who were."""
        asked = {each.key: each.insurer.name for each in self.found.shares}
        return {**asked, **{key: words.payer_name(each) for key, each in self.payers.items()}}


@bp.get("/accounts/groups/<slug>/projects")
@requires("request_funding")
def projects(slug: str) -> ResponseReturnValue:
    """The projects of a group, and a new one."""
    group = my_group(slug)
    return render_template(
        "funding/projects/list.html",
        group=group,
        region=region_of_group(db.session(), group.id),
        projects=list_projects(db.session(), group.id),
        owed=owed_project_proofs(db.session(), group.id, day_of(clock.now())),
        words=words,
        rules=rules,
        euro_words=euro_words,
        done=request.args.get("done", ""),
    )


@bp.post("/accounts/groups/<slug>/projects")
@requires("request_funding")
def begin(slug: str) -> ResponseReturnValue:
    """Begin a project."""
    group, now = my_group(slug), clock.now()
    region = region_of_group(db.session(), group.id)
    if region is None:
        return redirect(url_for("funding.projects", slug=slug), code=303)
    region_id = region.id
    with transaction() as session:
        project_id = begin_project(session, group, session.get_one(FundingRegion, region_id), now=now)
    address = url_for("funding.project_page", slug=slug, project_id=project_id, page=rules.GOALS)
    return redirect(address, code=303)


@bp.get("/accounts/groups/<slug>/projects/insurers")
@requires("request_funding")
def project_insurers(slug: str) -> ResponseReturnValue:
    """On which terms the insurers of a group's Land fund projects."""
    group, session = my_group(slug), db.session()
    region = region_of_group(session, group.id)
    insurers = insurers_in(session, region.state_ags) if region else ()
    terms = terms_in(session, insurers, region.state_ags) if region else {}
    alike: dict[ProjectTerms, list[str]] = {}
    for each in insurers:
        alike.setdefault(terms[each.slug], []).append(each.name)
    return render_template(
        "funding/projects/insurers.html",
        group=group,
        kinds=sorted(alike.items(), key=lambda kind: (kind[0].gives == FLAT, kind[0].gives != POOL, kind[1])),
        words=words,
        FLAT=FLAT,
        POOL=POOL,
    )


@bp.get("/accounts/groups/<slug>/projects/<int:project_id>")
@requires("request_funding")
def project(slug: str, project_id: int) -> ResponseReturnValue:
    """Where a project stands, the whole of what was written, and what happens next."""
    return project_overview(my_project(slug, project_id))


@bp.post("/accounts/groups/<slug>/projects/<int:project_id>")
@requires("request_funding")
def act_on_project(slug: str, project_id: int) -> ResponseReturnValue:
    """Change what was submitted, leave it as it was, or withdraw it."""
    my_project(slug, project_id)
    by, now, act = get_person().id, clock.now(), request.form.get("act", "")
    try:
        with transaction() as session:
            if act == "keep":
                leave_as_it_was(session, project_id, now=now)
            elif act == "change":
                change_project(session, project_id, by=by, now=now)
            elif act == "withdraw":
                withdraw_project(session, project_id, by=by, now=now)
            else:
                raise BadInput(_("Please choose what to do."))
    except DomainError as error:
        return project_overview(my_project(slug, project_id), problem=error), error.status
    if read_project(db.session(), project_id) is None:
        return redirect(url_for("funding.projects", slug=slug, done="removed"), code=303)
    return redirect(url_for("funding.project", slug=slug, project_id=project_id, done=act), code=303)


@bp.post("/accounts/groups/<slug>/projects/<int:project_id>/answer")
@requires("request_funding")
def answer_question(slug: str, project_id: int) -> ResponseReturnValue:
    """Answer the question of an insurer."""
    mine, form = my_project(slug, project_id), TextForm()
    try:
        with transaction() as session:
            answer_insurer(
                session,
                project_id,
                number_of(form.insurer.data),
                form.text.data or "",
                by=get_person().id,
                now=clock.now(),
            )
    except (BadInput, RuleBroken) as error:
        form.refuse(error)
        return project_overview(mine, answer=form), 400
    return redirect(url_for("funding.project", slug=slug, project_id=project_id, done="answered"), code=303)


def my_project(slug: str, project_id: int) -> Mine:
    """Answer a project of a group that somebody may write for.

    Raises:
        NotFound: there is none, or they may not.
    """
    group = my_group(slug)
    found = read_project(db.session(), project_id) if project_id < 2**31 else None
    if found is None or found.group.id != group.id:
        raise nothing_here()
    return Mine(found, payers_in(db.session(), found.region))


def project_overview(
    mine: Mine, *, problem: DomainError | None = None, answer: TextForm | None = None
) -> str:
    """Answer the page of where a project stands."""
    found, today = mine.found, day_of(clock.now())
    ends_on = found.project.ends_on
    return render_template(
        "funding/projects/overview.html",
        group=found.group,
        found=found,
        names=mine.names,
        **way_facts(found.group),
        problem=problem,
        answer=answer,
        form=TextForm(formdata=None),
        obstacles=project_obstacles(db.session(), found, on=today) if found.is_open else [],
        done=request.args.get("done", ""),
        ahead=next_of_project(found, submit_by=last_day_of(found, mine.payers, on=today)),
        timeline_words=timeline_words,
        notice_line=notice_of_project(db.session(), found.project.id),
        has_ended=bool(ends_on and ends_on < today),
        is_overdue=bool(ends_on and project_proof_due(ends_on) < today),
        **proof_facts(db.session(), found),
        **project_reasons(mine),
    )


def project_reasons(mine: Mine) -> dict[str, object]:
    """Answer what pages show of a project: what speaks for and against it, in words."""
    found = mine.found
    given = assess(db.session(), found, on=day_of(clock.now())).reasons if found.is_open else ()
    if len(found.missing_pages()) >= len(rules.PAGES) - 1:
        given = ()  # next to nothing was written yet, so nothing can be said
    return {
        "reasons": [(each, words.reason_words(each, mine.payers)) for each in given if each.effect != FOR],
        "for_count": sum(each.effect == FOR for each in given),
        "EFFECTS": application_words.EFFECTS,
        "words": words,
        "COSTS": application_words.COSTS,
        "OTHERS": application_words.OTHERS,
        "euro_words": euro_words,
        "rules": rules,
        "page_names": words.PAGE_NAMES,
    }


def proof_facts(session: Session, found: Project) -> dict[str, object]:
    """Answer what pages show of the proof of a project."""
    is_shown, ends_on = found.can_be_proven and found.proof is not None, found.project.ends_on
    return {
        "used": used_plan(found.proof.answers["values"]) if is_shown and found.proof else None,
        "receipts": receipts_of(session, project_id=found.project.id) if is_shown else (),
        "backs": backs_of(session, found) if is_shown else [],
        "first": checks_first(found),
        "due_on": project_proof_due(ends_on) if found.can_be_proven and ends_on else None,
        "by_kind": by_kind,
        "PROOF_STATES": PROOF_STATES,
    }
