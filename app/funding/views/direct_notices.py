"""A notice about what was decided without a round, as the group reads it that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, url_for

from app.accounts.guard import authorize, get_person, requires
from app.funding.queries.direct_notices import DirectLine, find_direct_notice
from app.funding.rules.dispatch import OPENED
from app.funding.services.notice_acts import did
from app.funding.views.blueprint import bp
from app.funding.views.notices import letter_response
from app.funding.words.notices import KIND_NAMES, state_words
from app.groups.models import Group
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/funding/decisions/<int:notice_id>")
@requires("see_notices")
def group_decision(notice_id: int) -> ResponseReturnValue:
    """What was decided about a request of a group, word by word, until when one can object, and the letter."""
    line, group = _of_my_group(notice_id)
    return render_template(
        "funding/notices/received.html",
        back_url=url_for("funding.of_group", slug=group.slug),
        letter_url=url_for("funding.group_decision_letter", notice_id=notice_id),
        **direct_notice_parts(line),
    )


@bp.get("/funding/decisions/<int:notice_id>/letter.pdf")
@requires("see_notices")
def group_decision_letter(notice_id: int) -> ResponseReturnValue:
    """The letter, as it was made."""
    return letter_response(_of_my_group(notice_id)[0].notice)


def direct_notice_parts(line: DirectLine) -> dict[str, Any]:
    """Answer what the page of such a notice shows."""
    return {
        "name": line.name,
        "notice": line.notice,
        "facts": line.notice.facts,
        "kind_name": KIND_NAMES[line.notice.kind],
        "state": state_words(line),
        "deadlines": line.deadlines,
        "objection": None,
    }


def opened_direct(line: DirectLine, *, is_theirs: bool) -> DirectLine:
    """Answer a notice; afterwards it is known when one of those whom it is for opened it first."""
    if not is_theirs or line.dispatch.opened_on is not None:
        return line
    with transaction() as session:
        did(session, line.notice, OPENED, by=get_person().id, now=clock.now())
    return find_direct_notice(db.session(), line.notice.id) or line


def _of_my_group(notice_id: int) -> tuple[DirectLine, Group]:
    """Answer a notice to a group that somebody may read for.

    Raises:
        NotFound: there is none that was sent, it is for somebody else, or they may not read it.
    """
    line = find_direct_notice(db.session(), notice_id) if notice_id < 2**31 else None
    if line is None or not line.dispatch.is_out or line.notice.group_id is None:
        raise nothing_here()
    group = db.session().get_one(Group, line.notice.group_id)
    authorize("see_notices", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    is_theirs = any(grant.group_id == group.id for grant in get_person().actor.grants)
    return opened_direct(line, is_theirs=is_theirs), group
