"""Merging two groups of a house, for its staff: choose the other one, which stays, and which series come along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import authorize, requires
from app.groups.departures import foresee_departure
from app.groups.meetings.managed import find_managed_group
from app.groups.rules.life import HIDDEN, LISTED
from app.groups.upkeep.merging import check_going_along, check_merging, merge_groups
from app.groups.upkeep.queries import MOST_CHOICES, find_group, list_to_merge
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.groups.meetings.schedules import Stored
    from app.groups.models import Group


@bp.route("/desk/groups/<slug>/merge", methods=["GET", "POST"])
@requires("work_at_desk")
def merge(slug: str) -> ResponseReturnValue:
    """Look for the other group; then show both and what will happen; then merge them."""
    group = _get(slug)
    if group.state not in {LISTED, *HIDDEN}:
        return redirect(url_for("groups.group_status", slug=slug, done="wrong"), code=303)
    given = request.values.get("other", "")
    other = _get(given) if given else None
    if other is None or other.id == group.id:
        return _choice(group, is_itself=other is not None)
    stays = other if request.values.get("stays", other.slug) != group.slug else group
    gone = group if stays is other else other
    problem = ""
    if request.method == "POST":
        gone_id, into_id, into_slug = gone.id, stays.id, stays.slug
        series_ids = {int(each) for each in request.form.getlist("series") if _is_id(each)}
        try:
            with transaction() as session:
                merge_groups(session, gone_id, into_id, series_ids=series_ids, now=clock.now())
            return redirect(url_for("groups.group_status", slug=into_slug, done="merged"), code=303)
        except RuleBroken as error:
            problem = error.message
            gone, stays = db.session().get_one(type(gone), gone_id), db.session().get_one(type(gone), into_id)
            group = _get(slug)
    return _preview(group, gone, stays, problem=problem)


def _choice(group: Group, *, is_itself: bool) -> ResponseReturnValue:
    """Answer the groups that it can be merged with."""
    q = request.args.get("q", "")[:100]
    found = list_to_merge(db.session(), group, q=q)
    return render_template(
        "groups/manage/merge_choice.html",
        group=group,
        found=found[:MOST_CHOICES],
        count=len(found),
        q=q,
        is_itself=is_itself,
    ), 400 if is_itself else 200


def _preview(group: Group, gone: Group, stays: Group, *, problem: str) -> ResponseReturnValue:
    """Answer both groups beside each other, and what will become of them."""
    hindrance = problem or _hindrance(gone, stays)
    going = find_managed_group(db.session(), gone.slug, now=clock.now())
    stored = going.schedule.stored if going else ()
    return render_template(
        "groups/manage/merge.html",
        group=group,
        gone=gone,
        stays=stays,
        hindrance=hindrance,
        series=[(each, _why_not(each, gone, stays)) for each in stored],
        kept=_rules_of(stays),
        foreseen=foresee_departure(db.session(), gone.id, now=clock.now()),
    ), 409 if problem else 200


def _hindrance(gone: Group, stays: Group) -> str:
    """Answer why they cannot be merged so; empty when they can."""
    try:
        check_merging(gone, stays)
    except RuleBroken as error:
        return error.message
    return ""


def _why_not(stored: Stored, gone: Group, stays: Group) -> str:
    """Answer why a series cannot go along; empty when it can."""
    try:
        check_going_along(stored.series.format, gone, stays)
    except RuleBroken as error:
        return error.message
    return ""


def _rules_of(group: Group) -> list[Stored]:
    managed = find_managed_group(db.session(), group.slug, now=clock.now())
    return list(managed.schedule.stored) if managed else []


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _get(slug: str) -> Group:
    """Answer a group of the house whose staff is signed in.

    Raises:
        NotFound: there is none, or it is another house's.
    """
    group = find_group(db.session(), slug)
    if group is None:
        raise nothing_here()
    authorize("work_at_desk", clearinghouse_id=group.clearinghouse_id)
    return group
