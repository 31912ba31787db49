"""The projects that an insurer is asked for: its list, each with questions, verdict and payment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import authorize, get_person, requires
from app.accounts.rules.permissions import INSURER_OFFICER, may
from app.funding.fields import sum_text
from app.funding.forms.institutions import QuestionForm
from app.funding.forms.projects import TextForm, VerdictForm
from app.funding.models import Insurer, ProjectShare
from app.funding.queries.project_terms import free_for_projects, payers_in, project_budgets
from app.funding.queries.projects import Project, ShareOf, Waiting, list_shares, read_project, who_did
from app.funding.rules import project as rules
from app.funding.rules.eligibility import FOR, Reason
from app.funding.rules.project_proof import SUBMITTED
from app.funding.services.papers import find_paper
from app.funding.services.project_deciding import decide, take_back
from app.funding.services.project_notices import notice_of_project, tell_project
from app.funding.services.project_talking import ask_group, pay_share, take_back_payment
from app.funding.views.blueprint import bp
from app.funding.views.money_pages import asked_year
from app.funding.views.notices import letter_response
from app.funding.views.papers import MOST_NUMBER
from app.funding.views.projects import proof_facts
from app.funding.words import applications as application_words
from app.funding.words import projects as words
from app.funding.words.pots import read_names
from app.groups.listings.forms import number_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, DomainError, RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.pdf import NotPrintable
from app.shared.transactions import transaction
from app.shared.uploads import sent_file_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session


@bp.get("/funding/projects")
@requires("decide_projects")
def project_inbox() -> ResponseReturnValue:
    """The projects that somebody's insurers are asked for, and what these have left for projects of a year."""
    session, year, mine = db.session(), asked_year(), _my_insurers()
    shares = list_shares(session, list(mine))
    return render_template(
        "funding/projects/inbox.html",
        year=year,
        names=read_names(session),
        waiting=[each for each in shares if _waits(each)],
        others=[each for each in shares if not _waits(each)],
        pots=project_budgets(session, year, list(mine)),
        insurers=mine,
        words=words,
        euro_words=euro_words,
    )


@bp.get("/funding/projects/shares/<int:share_id>")
@requires("decide_projects")
def project_share(share_id: int) -> ResponseReturnValue:
    """A project as an insurer sees it: what the group writes, what speaks for and against it, its own verdict."""
    return share_page(*my_share(share_id))


@bp.post("/funding/projects/shares/<int:share_id>/verdict")
@requires("decide_projects")
def decide_share(share_id: int) -> ResponseReturnValue:
    """Decide about a share."""
    my_share(share_id)
    form = VerdictForm()
    if not form.validate():
        return share_page(*my_share(share_id), verdict=form), 400
    try:
        with transaction() as session:
            decide(
                session,
                share_id,
                form.verdict.data or "",
                cents=form.cents.cents,
                reason=form.reason.data or "",
                seen=number_of(form.seen.data),
                by=get_person().id,
                now=clock.now(),
            )
    except (BadInput, RuleBroken) as error:
        form.refuse(error)
        return share_page(*my_share(share_id), verdict=form), error.status
    make_notice_of(share_id)
    return redirect(url_for("funding.project_share", share_id=share_id, done="decided"), code=303)


@bp.post("/funding/projects/shares/<int:share_id>/notice")
@requires("decide_projects")
def make_share_notice(share_id: int) -> ResponseReturnValue:
    """Make the notice about a decided project that could not be made at once."""
    my_share(share_id)
    problem = make_notice_of(share_id)
    if problem is not None:
        return share_page(*my_share(share_id), problem=problem), 409
    return redirect(url_for("funding.project_share", share_id=share_id, done="notice"), code=303)


@bp.get("/funding/projects/shares/<int:share_id>/papers/<int:paper_id>")
@requires("decide_projects")
def share_paper(share_id: int, paper_id: int) -> ResponseReturnValue:
    """Download a paper of a project; back to it when it is there no more."""
    found, _share = my_share(share_id)
    paper = find_paper(db.session(), found.owner, min(paper_id, MOST_NUMBER))
    if paper is None:
        return redirect(url_for("funding.project_share", share_id=share_id), code=303)
    return sent_file_response(paper.name, paper.content_type, paper.body)


@bp.get("/funding/projects/shares/<int:share_id>/letter.pdf")
@requires("decide_projects")
def share_letter(share_id: int) -> ResponseReturnValue:
    """The notice about a project, as it was made; to the project while there is none."""
    found, _share = my_share(share_id)
    line = notice_of_project(db.session(), found.project.id)
    if line is None:
        return redirect(url_for("funding.project_share", share_id=share_id), code=303)
    return letter_response(line.notice)


def make_notice_of(share_id: int) -> DomainError | None:
    """Answer why the notice about a project is not made; in a transaction of its own, so that what is decided stays."""
    found, _share = my_share(share_id)
    project_id, decided = found.project.id, found.project.state == rules.DECIDED
    try:
        with transaction() as session:
            made = tell_project(session, project_id, now=clock.now())
    except NotPrintable as error:
        return error
    if made is None and decided:
        return RuleBroken(
            _("Nobody has said yet who issues the notices of this region; its funding office does that.")
        )
    return None


@bp.post("/funding/projects/shares/<int:share_id>/back")
@requires("decide_projects")
def take_back_verdict(share_id: int) -> ResponseReturnValue:
    """Take back a verdict while nothing is promised."""
    seen, by = number_of(request.form.get("seen")), get_person().id
    return _act(
        share_id, "back", lambda session: take_back(session, share_id, seen=seen, by=by, now=clock.now())
    )


@bp.post("/funding/projects/shares/<int:share_id>/ask")
@requires("decide_projects")
def ask_about_share(share_id: int) -> ResponseReturnValue:
    """Ask the group a question."""
    my_share(share_id)
    form = TextForm()
    try:
        with transaction() as session:
            ask_group(session, share_id, form.text.data or "", by=get_person().id, now=clock.now())
    except (BadInput, RuleBroken) as error:
        form.refuse(error)
        return share_page(*my_share(share_id), question=form), error.status
    return redirect(url_for("funding.project_share", share_id=share_id, done="asked"), code=303)


@bp.post("/funding/projects/shares/<int:share_id>/paid")
@requires("decide_projects")
def book_share_paid(share_id: int) -> ResponseReturnValue:
    """Book that a share was paid."""
    by = get_person().id
    return _act(share_id, "paid", lambda session: pay_share(session, share_id, by=by, now=clock.now()))


@bp.post("/funding/projects/shares/<int:share_id>/unpaid")
@requires("decide_projects")
def book_share_unpaid(share_id: int) -> ResponseReturnValue:
    """Take back that a share was booked as paid."""
    by = get_person().id
    return _act(
        share_id, "unpaid", lambda session: take_back_payment(session, share_id, by=by, now=clock.now())
    )


def _act(share_id: int, done: str, act: Callable[[Session], None]) -> ResponseReturnValue:
    my_share(share_id)
    try:
        with transaction() as session:
            act(session)
    except RuleBroken as error:
        return share_page(*my_share(share_id), problem=error), error.status
    return redirect(url_for("funding.project_share", share_id=share_id, done=done), code=303)


def my_share(share_id: int) -> tuple[Project, ShareOf]:
    """Answer a share of an insurer that somebody decides for, and its project.

    Raises:
        NotFound: there is none, or it is another insurer's.
    """
    row = db.session().get(ProjectShare, share_id, populate_existing=True) if share_id < 2**31 else None
    if row is None:
        raise nothing_here()
    authorize("decide_projects", insurer_id=row.insurer_id)
    found = read_project(db.session(), row.project_id)
    mine = next((each for each in found.shares if each.row.id == share_id), None) if found else None
    if found is None or mine is None:
        raise nothing_here()
    return found, mine


def share_page(
    found: Project,
    mine: ShareOf,
    *,
    problem: DomainError | None = None,
    verdict: VerdictForm | None = None,
    question: TextForm | None = None,
    check: QuestionForm | None = None,
) -> str:
    """Answer the page of a project as an insurer sees it."""
    session, payers = db.session(), payers_in(db.session(), found.region)
    pool = payers.get(rules.POOL)
    insurers = pool.members if mine.row.is_pool and pool else (mine.insurer.slug,)
    year = found.project.year or found.project.created_at.year
    kept = (found.project.assessment or {}).get("reasons", ())
    reasons = [Reason(each["code"], each["effect"], each["source"]) for each in kept]
    own_acts = [each for each in found.acts if each.insurer_id in (None, mine.insurer.id)]
    return render_template(
        "funding/projects/share.html",
        found=found,
        mine=mine,
        problem=problem,
        form=verdict or VerdictForm(formdata=None, seen=found.project.version),
        question=question or TextForm(formdata=None),
        free=sum(free_for_projects(session, year, found.region.state_ags, insurers).values()),
        year=year,
        land=read_names(session).state(found.region.state_ags),
        reasons=[(each, words.reason_words(each, payers)) for each in reasons if each.effect != FOR],
        for_count=sum(each.effect == FOR for each in reasons),
        EFFECTS=application_words.EFFECTS,
        PAPERS=application_words.PAPERS,
        COSTS=application_words.COSTS,
        OTHERS=application_words.OTHERS,
        names={key: words.payer_name(each) for key, each in payers.items()},
        acts=own_acts,
        did=who_did(session, own_acts),
        me=get_person().id,
        words=words,
        rules=rules,
        page_names=words.READ_NAMES,
        euro_words=euro_words,
        done=request.args.get("done", ""),
        notice_line=notice_of_project(session, found.project.id),
        check=check
        or QuestionForm(formdata=None, prefix="proof", seen=found.proof.version if found.proof else 0),
        may_pay=may(get_person().actor, "grant_directly"),
        sum_text=sum_text,
        **proof_facts(session, found),
    )


def _my_insurers() -> dict[str, str]:
    """Answer the insurers that somebody decides for, by their names."""
    own = {each.insurer_id for each in get_person().actor.grants if each.role == INSURER_OFFICER}
    named = sa.select(Insurer.slug, Insurer.name).where(Insurer.id.in_(own)).order_by(Insurer.name)
    return dict(db.session().execute(named).tuples().all())


def _waits(each: Waiting) -> bool:
    """Whether an insurer has something to do: decide, pay what is promised, or check the proof."""
    share, state = each.share, each.project.state
    if state == rules.DECIDED:
        return bool(share.cents) and (share.paid_at is None or each.proof_state == SUBMITTED)
    return state in (rules.SUBMITTED, rules.GAP) and share.verdict == rules.OPEN
