"""A group answers what the office asks of it, without changing what was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.accounts.guard import requires
from app.funding.forms.checks import AnswerForm
from app.funding.services.changes import answer_change
from app.funding.views.applying import to_overview
from app.funding.views.blueprint import bp
from app.funding.views.group_overview import overview
from app.funding.views.my_group import my_round
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/accounts/groups/<slug>/funding/answer")
@requires("request_funding")
def answer_changes(slug: str) -> ResponseReturnValue:
    """Answer in words; nothing that was signed changes."""
    mine, form = my_round(slug), AnswerForm()
    if mine.found is None or mine.found.change is None:
        return to_overview(slug)
    if not form.validate():
        return overview(mine, answer=form), 400
    try:
        with transaction() as session:
            answer_change(session, mine.group.id, mine.round.round, form.answer.data or "", now=clock.now())
    except RuleBroken as error:
        return overview(my_round(slug), problem=error, answer=form), 409
    return to_overview(slug, done="answered")
