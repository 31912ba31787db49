"""What a group has to do next, in its newest round and in those before, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.funding.rules import timeline as rules

if TYPE_CHECKING:
    from app.funding.queries.notices import NoticeLine
    from app.funding.queries.timelines import YearOfGroup

_LEFT_OVER = frozenset(
    (rules.CHANGE, rules.READ, rules.RETURNED, rules.PROVE, rules.EXPLAIN, rules.GIVE_BACK)
)


def is_left_over(ahead: rules.Next) -> bool:
    """Whether a group has to do something that stays when the next year has begun."""
    return ahead.code in _LEFT_OVER and ahead.who == rules.GROUP


@dataclass(frozen=True, slots=True)
class GroupStep:
    """What comes next of a year, the way there (empty: on this page, or nowhere), and whether its day is over."""

    year: int
    next: rules.Next
    url: str
    button: str
    is_over: bool


def steps_of_group(
    slug: str, years: Sequence[YearOfGroup], notices: Sequence[NoticeLine], *, today: date
) -> list[GroupStep]:
    """Answer what comes next: of earlier years what the group still has to do, the oldest first, then of the newest."""
    left = [each for each in years[1:] if is_left_over(each.timeline.next)]
    found = []
    for each in (*reversed(left), *years[:1]):
        ahead = each.timeline.next
        url, button = _way(slug, each, notices)
        is_over = is_left_over(ahead) and ahead.on is not None and ahead.on < today
        found.append(GroupStep(each.year, ahead, url, button, is_over))
    return found


def _way(slug: str, year: YearOfGroup, notices: Sequence[NoticeLine]) -> tuple[str, str]:
    code = year.timeline.next.code
    if code == rules.FILL:
        page = year.found.open_pages()[0]
        return url_for("funding.application_page", slug=slug, page=page), _("Go on filling in")
    if code == rules.ASK:
        return url_for("funding.signing", slug=slug), _("Check and sign")
    if code == rules.READ:
        number = next(
            (each.notice.id for each in notices if each.notice.round_id == year.found.round.id), None
        )
        return (
            (url_for("funding.show_notice", notice_id=number), _("Read the notice")) if number else ("", "")
        )
    words = {
        rules.PROVE: _("Write the proof"),
        rules.EXPLAIN: _("Answer the question"),
        rules.GIVE_BACK: _("See what has to go back"),
    }
    if code in words:
        return url_for("funding.write_proof", slug=slug, year=year.year), words[code]
    return "", ""
