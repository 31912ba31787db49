"""The notices of a run, for its funding office: who issues them, made, looked at, mailed, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, redirect, render_template, request, url_for

from app.accounts.guard import get_person, requires
from app.funding.forms.notices import OfficeForm
from app.funding.models import AllocationRun, DirectNotice, FundingRegion, Notice
from app.funding.notice_portions import mail_notices, make_notices
from app.funding.queries import notices as found_notices
from app.funding.queries.letters import waiting_letters
from app.funding.queries.objections import objection_to
from app.funding.queries.requests import NamedGroup, groups_by_id, matching
from app.funding.queries.runs import POSTED, acts_of
from app.funding.reference_files import served_rules
from app.funding.rules.notice_letter import Office
from app.funding.rules.notices import rule_on
from app.funding.services.notice_sending import order_mails, to_mail
from app.funding.services.notices import order_notices, set_office, still_due
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_region, my_run
from app.funding.words.notices import KIND_NAMES, OUTCOMES, state_words
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.pdf import pdf_response, unprintable_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.queries.notices import NoticeLine

AT_ONCE = 100
"""So many are made or mailed while somebody waits for the page; the rest goes on by itself."""
ON_A_PAGE = 50


@bp.get("/funding/runs/<int:run_id>/notices")
@requires("see_rounds")
def run_notices(run_id: int) -> ResponseReturnValue:
    """How far the notices of a run have come, and which there are."""
    return _page(run_id)


@bp.post("/funding/runs/<int:run_id>/notices")
@requires("work_on_rounds")
def make_run_notices(run_id: int) -> ResponseReturnValue:
    """Make the notices of a run, those too that were held back: the first at once, the others in the background."""
    my_run("work_on_rounds", run_id)
    now = clock.now()
    try:
        with transaction() as session:
            order_notices(session, run_id, by=get_person().id, now=now)
    except RuleBroken as error:
        if error.code == "no_office":
            _run, _round, region = my_run("work_on_rounds", run_id)
            return redirect(url_for("funding.notice_office", slug=region.slug, run=run_id), code=303)
        return _page(run_id, problem=error.message), error.status
    make_notices(run_id, now=now, at_most=AT_ONCE)
    return redirect(url_for("funding.run_notices", run_id=run_id, done="made"), code=303)


@bp.post("/funding/runs/<int:run_id>/notices/mail")
@requires("work_on_rounds")
def mail_run_notices(run_id: int) -> ResponseReturnValue:
    """Mail the way to the notice to every group that has somebody who can sign in."""
    my_run("work_on_rounds", run_id)
    now = clock.now()
    try:
        with transaction() as session:
            order_mails(session, run_id, now=now)
    except RuleBroken as error:
        return _page(run_id, problem=error.message), error.status
    mail_notices(run_id, now=now, at_most=AT_ONCE)
    return redirect(url_for("funding.run_notices", run_id=run_id, done="mailed"), code=303)


@bp.get("/funding/runs/<int:run_id>/notices/letters.zip")
@requires("work_on_rounds")
def letters_to_print(run_id: int) -> ResponseReturnValue:
    """The way to the letters of the region, where they were printed before."""
    _run, _found, region = my_run("work_on_rounds", run_id)
    return redirect(url_for("funding.region_letters", slug=region.slug), code=301)


@bp.route("/funding/regions/<slug>/notices", methods=["GET", "POST"])
@requires("work_on_rounds")
def notice_office(slug: str) -> ResponseReturnValue:
    """Say who issues the notices of a region."""
    region = my_region("work_on_rounds", slug)
    run_id = request.args.get("run", type=int)
    if request.method == "GET":
        known = found_notices.office_of(db.session(), region.id)
        data = {name: getattr(known, name) for name in Office.__slots__} if known else {}
        return _office_page(region, OfficeForm(formdata=None, data=data), run_id)
    form = OfficeForm()
    if not form.validate():
        return _office_page(region, form, run_id), 400
    with transaction() as session:
        set_office(session, region, form.office(), now=clock.now())
    if run_id is not None:
        return redirect(url_for("funding.run_notices", run_id=run_id, done="office"), code=303)
    return redirect(url_for("funding.notice_office", slug=slug, done="office"), code=303)


def notice_parts(line: NoticeLine) -> dict[str, Any]:
    """Answer what the page of a notice shows."""
    return {
        "line": line,
        "notice": line.notice,
        "facts": line.notice.facts,
        "objection": objection_to(db.session(), line.notice.id),
        "OUTCOMES": OUTCOMES,
        "euro_words": euro_words,
        "kind_name": KIND_NAMES[line.notice.kind],
        "state": state_words(line),
        "deadlines": found_notices.deadlines_of(db.session(), line),
    }


def letter_response(notice: Notice | DirectNotice) -> Response:
    """Answer the kept file of a notice."""
    return pdf_response(notice.body, notice.number)


def _office_page(region: FundingRegion, form: OfficeForm, run_id: int | None) -> str:
    return render_template("funding/notices/office.html", region=region, form=form, run_id=run_id)


def _page(run_id: int, *, problem: str = "") -> str:
    run, found, region = my_run("see_rounds", run_id)
    session = db.session()
    lines = found_notices.lines_of_run(session, run_id)
    is_posted = POSTED in acts_of(session, run_id)
    order = found_notices.order_of(session, run_id)
    return render_template(
        "funding/notices/run.html",
        run=run,
        round=found,
        region=region,
        problem=problem,
        may_work=may_in("work_on_rounds", region),
        is_posted=is_posted,
        office=found_notices.office_of(session, region.id),
        order=order,
        due=len(still_due(session, run_id)) if is_posted else 0,
        made=len(lines),
        held=_held(run),
        mailing=len(to_mail(session, run_id)),
        posting=len(waiting_letters(session, {Notice: Notice.run_id == run_id})),
        sent=sum(line.dispatch.sent is not None for line in lines),
        opened=sum(line.dispatch.opened_on is not None for line in lines),
        served_days=rule_on(day_of(clock.now()), served_rules()).days,
        euro_words=euro_words,
        KIND_NAMES=KIND_NAMES,
        state_words=state_words,
        **_shown(run_id, lines),
    )


def _held(run: AllocationRun) -> list[tuple[str, str]]:
    """Answer the groups whose notice is held back, and why."""
    held = found_notices.held_of(db.session(), run.id)
    names = groups_by_id(db.session(), held)
    return [(names[number].name, unprintable_words(signs)) for number, signs in held.items()]


def _shown(run_id: int, lines: list[NoticeLine]) -> dict[str, Any]:
    q = request.args.get("q", "")[:100]
    groups = (NamedGroup(line.notice.id, line.group_slug, line.group_name) for line in lines)
    wanted = {each.id for each in matching(groups, q)}
    shown = [line for line in lines if line.notice.id in wanted]
    pages = max(1, -(-len(shown) // ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return {
        "q": q,
        "count": len(shown),
        "lines": shown[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        "page": page,
        "pages": pages,
        "page_url": lambda number: url_for("funding.run_notices", run_id=run_id, q=q or None, page=number),
    }
