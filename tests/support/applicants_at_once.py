"""Processes that work on one application or one run's notices at once.

``python -m tests.support.applicants_at_once URL WHAT ID…`` begins one process for each ID, all at the same moment; a
program of its own, and forked, as ``together.py`` says. WHAT is ``notices`` (a run), ``sign`` (a signature),
``paper`` (a group), or ``save`` (``GROUP:FIELD:TEXT``). Answers what each was told, in no order.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from app import create_app
from app.funding.forms.application import form_of
from app.funding.models import ApplicationSignature
from app.funding.notice_portions import make_notices
from app.funding.rules.page_merge import marks_of
from app.funding.services.applications import save_page
from app.funding.services.signing import sign, submit_on_paper, token_of
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.applications import read
from tests.support.databases import config_for
from tests.support.together import together

if TYPE_CHECKING:
    from collections.abc import Callable


def prepared(what: str, given: str) -> Callable[[], Any]:
    """Answer what is to be done, after everything is read that a page was opened with."""
    session, now = db.session(), clock.now()
    if what == "notices":
        return lambda: make_notices(int(given), now=now)
    if what == "sign":
        token = token_of(session.get_one(ApplicationSignature, int(given)))
        return lambda: signed(token)
    group_id, *typed = given.split(":")
    found = read(session, int(group_id))
    if what == "paper":
        return lambda: handed_in(int(group_id))
    before = found.typed("group")
    mine, seen, rules = {**before, typed[0]: [typed[1]]}, marks_of(before), found.rules

    def save() -> list[str]:
        with transaction() as writing:
            kept, _fell = save_page(
                writing,
                int(group_id),
                read(writing, int(group_id)).round,
                "group",
                typed=mine,
                seen=seen,
                read=lambda kept: form_of("group", kept, rules).values(),
                now=now,
            )
        return list(kept.merged.contested)

    return save


def signed(token: str) -> str:
    """Sign by a link."""
    with transaction() as session:
        sign(session, token, now=clock.now())
    return "signed"


def handed_in(group_id: int) -> str:
    """Submit what two people signed on paper; answer its number, or why not."""
    try:
        with transaction() as session:
            found, now = read(session, group_id), clock.now()
            names = ["Kim Sommer", "Jo Winter"]
            day = day_of(now)
            return submit_on_paper(session, found, names, received_on=day, posted_on=None, now=now)
    except DomainError as error:
        return error.code


def main(url: str, what: str, given: list[str]) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    with app.test_request_context():
        acts = [prepared(what, each) for each in given]
    json.dump(together(app, *acts), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
