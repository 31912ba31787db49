"""What finance and the officers of insurers find about money on their start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.accounts.rules.permissions import NOWHERE, may, may_somewhere
from app.accounts.start_links import StartLink

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(_session: Session, person: Person) -> list[StartLink]:
    """Answer the pages about money that somebody may use."""
    links = []
    if may_somewhere(person.actor, "see_contributions"):
        links += [
            StartLink(
                _("Contributions"),
                url_for("funding.contributions"),
                _("What was asked for, what has come, what is open"),
                about=_("Money"),
            ),
            StartLink(
                _("Pots"), url_for("funding.pots"), _("What is promised, paid, and free"), about=_("Money")
            ),
        ]
    if may(person.actor, "grant_directly", NOWHERE):
        links += [
            StartLink(
                _("Direct awards"),
                url_for("funding.direct"),
                _("Flat grants of clearing houses and associations"),
                about=_("Money"),
            ),
            StartLink(
                _("Money given back"), url_for("funding.returns"), _("Book what came back"), about=_("Money")
            ),
        ]
    if may(person.actor, "close_years", NOWHERE):
        links.append(
            StartLink(
                _("Years of funding"),
                url_for("funding.years"),
                _("Close a year; what is left enters the next"),
                about=_("Money"),
            )
        )
    return links
