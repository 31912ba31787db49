"""Requests of a round, as the funding office enters them from paper: list, form, withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.forms.rounds import RequestForm, request_values
from app.funding.queries.requests import (
    RequestLine,
    groups_by_id,
    groups_of_region,
    list_requests,
    matching,
    same_names,
)
from app.funding.queries.round_pages import noted
from app.funding.queries.rounds import find_round
from app.funding.queries.standings import standings_in
from app.funding.rules.grant_round import STANDINGS as STANDING_CODES
from app.funding.rules.region_rules import POSTED
from app.funding.services.requests import change_request, enter_request, withdraw_request
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_request, my_round
from app.funding.words.rounds import STANDINGS
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.models import FundingRegion, GrantRequest, GrantRound
    from app.funding.queries.requests import NamedGroup

ON_A_PAGE = 50
_MOST_FOUND = 30


@bp.get("/funding/rounds/<slug>/<int:year>/requests")
@requires("see_rounds")
def requests(slug: str, year: int) -> ResponseReturnValue:
    """The requests of a round, those that are looked for, by group."""
    found, region = my_round("see_rounds", slug, year)
    q, standing = request.args.get("q", "")[:100], request.args.get("standing", "")
    standing = standing if standing in STANDING_CODES else ""
    lines = list_requests(db.session(), found.id)
    wanted = {each.id for each in matching((line.group for line in lines), q)}
    chosen: list[RequestLine] = [
        line
        for line in lines
        if line.group.id in wanted and (not standing or line.request.standing == standing)
    ]
    pages = max(1, -(-len(chosen) // ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "funding/requests.html",
        round=found,
        region=region,
        lines=chosen[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        count=len(chosen),
        doubled=same_names(line.group for line in lines),
        total_cents=sum(
            line.request.requested_cents for line in chosen if line.request.standing != "withdrawn"
        ),
        is_empty=not lines,
        q=q,
        standing=standing,
        STANDINGS=STANDINGS,
        page=page,
        pages=pages,
        page_url=lambda number: url_for(
            "funding.requests", slug=slug, year=year, q=q or None, standing=standing or None, page=number
        ),
        may_work=may_in("work_on_rounds", region),
        date_words=date_words,
        euro_words=euro_words,
    )


@bp.route("/funding/rounds/<slug>/<int:year>/requests/new", methods=["GET", "POST"])
@requires("work_on_rounds")
def new_request(slug: str, year: int) -> ResponseReturnValue:
    """Choose the group by its name, then enter what it asks for."""
    found, region = my_round("work_on_rounds", slug, year)
    now = clock.now()
    groups = groups_of_region(db.session(), region.id, now=now)
    group = next((each for each in groups if each.slug == request.args.get("group")), None)
    if group is None:
        return _choose_group(found, region, groups)
    form = (
        RequestForm()
        if request.method == "POST"
        else RequestForm(formdata=None, data={"received_on": day_of(now).isoformat()})
    )
    if request.method == "POST" and _is_right(form):
        try:
            with transaction() as session:
                enter_request(
                    session, found.id, group.id, form.draft, extension=form.extension.data or None, now=now
                )
        except RuleBroken as error:
            form.form_errors.append(error.message)
        else:
            return redirect(url_for("funding.new_request", slug=slug, year=year, done="entered"), code=303)
    found, region = my_round("work_on_rounds", slug, year)
    return _form_page(found, region, group, form), 400 if request.method == "POST" else 200


@bp.route("/funding/requests/<int:grant_request_id>", methods=["GET", "POST"])
@requires("work_on_rounds")
def edit_request(grant_request_id: int) -> ResponseReturnValue:
    """Change what a group asks for; who has an older version open sees both and decides."""
    row, found, region = my_request("work_on_rounds", grant_request_id)
    values = request_values(row, _extension(row, found))
    form = RequestForm() if request.method == "POST" else RequestForm(formdata=None, data=values)
    status, stored = 200, None
    if request.method == "POST":
        status = 400
        if _is_right(form):
            try:
                with transaction() as session:
                    change_request(
                        session,
                        grant_request_id,
                        form.draft,
                        version=form.seen_version,
                        extension=form.extension.data or None,
                        now=clock.now(),
                    )
            except RuleBroken as error:
                form.form_errors.append(error.message)
                status = error.status
                stored = error.code == "outdated"
            else:
                return _back_to_list(found, region, "changed")
    row, found, region = my_request("work_on_rounds", grant_request_id)
    group = groups_by_id(db.session(), [row.group_id])[row.group_id]
    if stored:
        form.version.data = str(row.version)
    return _form_page(
        found, region, group, form, row=row, differing=_differing(form, row) if stored else []
    ), status


@bp.post("/funding/requests/<int:grant_request_id>/withdraw")
@requires("work_on_rounds")
def withdraw(grant_request_id: int) -> ResponseReturnValue:
    """The group asks for nothing any more; what it was promised and has not been paid is free again."""
    row, found, region = my_request("work_on_rounds", grant_request_id)
    form = RequestForm()
    try:
        with transaction() as session:
            withdraw_request(session, grant_request_id, version=form.seen_version, now=clock.now())
    except RuleBroken as error:
        row, found, region = my_request("work_on_rounds", grant_request_id)
        group = groups_by_id(db.session(), [row.group_id])[row.group_id]
        shown = RequestForm(formdata=None, data=request_values(row, _extension(row, found)))
        shown.form_errors.append(error.message)
        return _form_page(found, region, group, shown, row=row), error.status
    return _back_to_list(found, region, "withdrawn")


def _back_to_list(found: GrantRound, region: FundingRegion, done: str) -> ResponseReturnValue:
    return redirect(url_for("funding.requests", slug=region.slug, year=found.year, done=done), code=303)


def _choose_group(found: GrantRound, region: FundingRegion, groups: list[NamedGroup]) -> ResponseReturnValue:
    if request.args.get("group"):
        raise nothing_here()
    q = request.args.get("q", "")[:100]
    has = {line.group.id: line.request.id for line in list_requests(db.session(), found.id)}
    hits = matching(groups, q) if q.strip() else []
    page = render_template(
        "funding/choose_group.html",
        round=found,
        region=region,
        q=q,
        groups=hits[:_MOST_FOUND],
        count=len(hits),
        all_count=len(groups),
        has=has,
    )
    return page, 400 if request.method == "POST" else 200


def _form_page(
    found: GrantRound,
    region: FundingRegion,
    group: NamedGroup,
    form: RequestForm,
    *,
    row: GrantRequest | None = None,
    differing: list[tuple[str, str, str]] | None = None,
) -> str:
    days = standings_in(db.session(), found)
    last, last_new = (days.days(group.id, is_new=is_new).last for is_new in (False, True))
    return render_template(
        "funding/request.html",
        round=find_round(db.session(), region.slug, found.year),
        last_day=last,
        last_day_new=last_new,
        asks_postmark=days.rules.counts == POSTED or bool(row and row.posted_on),
        region=region,
        group=group,
        form=form,
        row=row,
        differing=differing or [],
        STANDINGS=STANDINGS,
        date_words=date_words,
    )


def _is_right(form: RequestForm) -> bool:
    """Whether the form can be stored; nobody receives anything tomorrow."""
    if not form.validate():
        return False
    if form.received_on.day > day_of(clock.now()):
        form.received_on.errors = [_("This day is in the future. Please check it.")]
        return False
    if form.posted_on.data and form.posted_on.data > form.received_on.day:
        form.posted_on.errors = [_("Paper is posted first, then received, and not in the future.")]
        return False
    return True


def _extension(row: GrantRequest, found: GrantRound) -> str:
    """Answer why a request counts as in time that is late by its day; one that came by a later day needs no reason."""
    if not standings_in(db.session(), found).is_excused(row):
        return ""
    entry = noted(db.session(), "grant_request.extended", row.id)
    return str(entry.facts.get("extension")) if entry else "agreed"


def _differing(form: RequestForm, row: GrantRequest) -> list[tuple[str, str, str]]:
    """Answer the fields that say something else than what is stored now: label, stored, typed."""
    stored: dict[str, Any] = dict(request_values(row))
    names = ("requested", "members", "expenses", "own", "others", "received_on", "posted_on")
    told = [
        (str(form[name].label.text), str(stored.get(name) or ""), str(form[name].data or ""))
        for name in (*names, *(field.name for field in form.supplements.values()))
        if (form[name].data or "") != (stored.get(name) or "")
    ]
    if bool(form.is_new.data) != bool(stored["is_new"]):
        words = {True: _("yes"), False: _("no")}
        told.append(
            (str(form.is_new.label.text), words[bool(stored["is_new"])], words[bool(form.is_new.data)])
        )
    return told
