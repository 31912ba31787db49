"""A notice as the group reads it that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from app.accounts.guard import authorize, get_person, requires
from app.funding.queries.notices import line_of
from app.funding.rules.dispatch import OPENED
from app.funding.services.notice_acts import did
from app.funding.views.blueprint import bp
from app.funding.views.notices import letter_response, notice_parts
from app.groups.models import Group
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.queries.notices import NoticeLine


@bp.get("/funding/notices/<int:notice_id>")
@requires("see_notices")
def show_notice(notice_id: int) -> ResponseReturnValue:
    """What was decided, word by word, until when one can object, and the letter."""
    line = _opened(notice_id)
    return render_template(
        "funding/notices/received.html",
        name=line.group_name,
        back_url=url_for("funding.of_group", slug=line.group_slug),
        letter_url=url_for("funding.notice_letter", notice_id=notice_id),
        **notice_parts(line),
    )


@bp.get("/funding/notices/<int:notice_id>/letter.pdf")
@requires("see_notices")
def notice_letter(notice_id: int) -> ResponseReturnValue:
    """The letter, as it was made."""
    return letter_response(_opened(notice_id).notice)


def _opened(notice_id: int) -> NoticeLine:
    """Answer a notice; afterwards it is known when a contact of the group opened it first.

    Raises:
        NotFound: there is none that was sent, or they may not read it.
    """
    line = line_of(db.session(), notice_id) if notice_id < 2**31 else None
    if line is None or not line.dispatch.is_out:
        raise nothing_here()
    group_id = line.notice.group_id
    group = db.session().get_one(Group, group_id)
    authorize("see_notices", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    is_contact = any(grant.group_id == group_id for grant in get_person().actor.grants)
    if is_contact and line.dispatch.opened_on is None:
        with transaction() as session:
            did(session, line.notice, OPENED, by=get_person().id, now=clock.now())
        line = line_of(db.session(), notice_id) or line
    return line
