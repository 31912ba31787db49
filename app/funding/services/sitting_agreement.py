"""A run that was laid before a sitting is approved only once the sitting has agreed to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.queries.sitting_runs import sitting_of_run
from app.funding.rules.sittings import AGREED, NOT_AGREED
from app.funding.words.sittings import when_words
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def refuse_unagreed(session: Session, run_id: int) -> None:
    """Do nothing unless a run is before a sitting that has not agreed to it.

    Raises:
        RuleBroken: it is; the sentence says which one.
    """
    found = sitting_of_run(session, run_id)
    if found is None or found[0].kind != "laid" or found[0].outcome == AGREED:
        return
    day = when_words(found[0].decided_at) if found[0].decided_at else ""
    if found[0].outcome == NOT_AGREED:
        raise RuleBroken(
            _("The sitting did not agree to this division (%(when)s).", when=day), code="not_agreed"
        )
    raise RuleBroken(
        _("This division is on the agenda of a sitting. Please approve it once the sitting has agreed."),
        code="not_agreed_yet",
    )
