"""The way to what is to be checked, for funding offices and for the houses whose groups have applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.accounts.rules.permissions import may_somewhere
from app.accounts.start_links import StartLink
from app.clearinghouses.desk_house import houses_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> Iterator[StartLink]:
    """Yield what the houses check that somebody works for."""
    for house in houses_of(session, person):
        yield StartLink(
            _("Requests for funding of groups of %(house)s", house=house.name),
            url_for("funding.checks"),
            _("Look at what they say before money is divided"),
            about=house.name,
            title=_("Requests for funding"),
        )


def funding_links(session: Session, person: Person) -> Iterator[StartLink]:  # noqa: ARG001 - as every source
    """Yield the queue of a funding office, and for everybody here the groups they do not decide about."""
    if may_somewhere(person.actor, "check_sums"):
        yield StartLink(
            _("Check requests"),
            url_for("funding.checks"),
            _("Content and arithmetic of what groups have submitted"),
        )
    if may_somewhere(person.actor, "see_funding"):
        yield StartLink(
            _("Groups I do not decide about"),
            url_for("funding.conflicts"),
            _("Say which groups you are too close to"),
        )
