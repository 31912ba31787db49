"""The page that explains to everybody where the money for self-help comes from and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from app.accounts.guard import public
from app.funding.pages.explained import PART_NOTES, PART_WORDS, explanation, lump_sum_example
from app.funding.queries.levy import rates
from app.funding.views.blueprint import bp
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.transactions import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/funding/explained")
@public
def explained() -> ResponseReturnValue:
    """Show the way of one person's contribution, and how an equal lump sum works."""
    return render_template(
        "funding/explained.html",
        way=explanation(day_of(clock.now()).year, rates(reading())),
        example=lump_sum_example(),
        words=PART_WORDS,
        notes=PART_NOTES,
    )
