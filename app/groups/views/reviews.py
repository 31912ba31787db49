"""What waits to be looked at before it is published: the queue of a house, and one version beside what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import authorize, get_person, requires
from app.clearinghouses.desk_house import my_house, my_houses
from app.clearinghouses.queries import houses_by_id
from app.groups.listings import labels
from app.groups.listings.comparing import compare
from app.groups.listings.decisions import DecidedMeanwhile, approve, ask_for_changes, decline
from app.groups.listings.duplicates import list_similar
from app.groups.listings.queries import UnderReview, find_under_review, list_queue, next_in_queue
from app.groups.listings.store import open_version
from app.groups.rules.versions import CHANGES_ASKED, CHECKLIST, FIELDS, PENDING
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ANSWERS = ("approve", "changes", "decline")


@bp.get("/desk/reviews")
@requires("review_listings")
def list_reviews() -> ResponseReturnValue:
    """Answer what waits at a house, groups that come for the first time at the top."""
    house = my_house("review_listings")
    return render_template(
        "groups/review/queue.html",
        house=house,
        houses=my_houses("review_listings"),
        waiting=list_queue(db.session(), house.id),
        asked_back=list_queue(db.session(), house.id, state=CHANGES_ASKED),
        done=_done_before(house.id),
        now=clock.now(),
        words=labels,
    )


@bp.route("/desk/reviews/<int:version_id>", methods=["GET", "POST"])
@requires("review_listings")
def review(version_id: int) -> ResponseReturnValue:
    """Show a version beside what is shown, and take what the house says to it; then the next one opens."""
    under_review = _get(version_id)
    house_id = under_review.group.clearinghouse_id
    if request.method == "GET":
        return _page(under_review)
    try:
        answer = _decide(version_id)
    except DecidedMeanwhile as error:
        return _page(_get(version_id), problem=error), 409
    except (RuleBroken, BadInput) as error:
        return _page(_get(version_id), problem=error), 400
    following = next_in_queue(db.session(), house_id, after=version_id)
    if following is not None:
        address = url_for("groups.review", version_id=following, done=answer, last=version_id)
    else:
        slug = houses_by_id(db.session(), [house_id])[house_id].slug
        address = url_for("groups.list_reviews", house=slug, done=answer, last=version_id)
    return redirect(address, code=303)


def _decide(version_id: int) -> str:
    """Store what was answered; answer it.

    Raises:
        BadInput: it is no answer.
        RuleBroken: it cannot be so; nothing is stored.
    """
    answer, given, by, now = request.form.get("answer", ""), request.form, get_person().id, clock.now()
    if answer not in ANSWERS:
        raise BadInput(str(labels.CHOOSE_AN_ANSWER), field="answer")
    with transaction() as session:
        if answer == "approve":
            approve(session, version_id, by=by, now=now)
        elif answer == "decline":
            decline(session, version_id, reason=given.get("reason", ""), by=by, now=now)
        else:
            remarks = {field: given.get(f"remark-{field}", "") for field in FIELDS}
            unmet = given.getlist("unmet")
            ask_for_changes(session, version_id, remarks=remarks, unmet=unmet, by=by, now=now)
    return answer


def _get(version_id: int) -> UnderReview:
    """Answer the version, if whoever is signed in works for its house."""
    found = find_under_review(db.session(), version_id)
    if found is None:
        raise nothing_here()
    authorize("review_listings", clearinghouse_id=found.group.clearinghouse_id)
    return found


def _page(under_review: UnderReview, *, problem: RuleBroken | BadInput | None = None) -> str:
    session, version, group = db.session(), under_review.version, under_review.group
    newer = open_version(session, group.id)
    may_be_same = under_review.is_first or {"topics", "place"} & set(version.changes)
    return render_template(
        "groups/review/review.html",
        version=version,
        group=group,
        is_first=under_review.is_first,
        submitted_by=under_review.submitted_by,
        rows=compare(under_review.shown, version.content),
        can_decide=version.state == PENDING,
        newer=newer if newer is not None and newer.id != version.id and newer.state == PENDING else None,
        similar=list_similar(session, group, version.content, now=clock.now()) if may_be_same else None,
        house=houses_by_id(session, [group.clearinghouse_id])[group.clearinghouse_id],
        checklist=CHECKLIST,
        problem=problem,
        typed=request.form,
        done=_done_before(group.clearinghouse_id),
        now=clock.now(),
        words=labels,
    )


def _done_before(house_id: int) -> str:
    """Answer what was decided on the page before; empty when nothing was."""
    said = labels.DECIDED_WORDS.get(request.args.get("done", ""))
    last = find_under_review(db.session(), request.args.get("last", 0, type=int))
    if said is None or last is None or last.group.clearinghouse_id != house_id:
        return ""
    return str(said) % {"group": last.group.name}
