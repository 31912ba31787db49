"""The way to the funding area on the start page, and the ways on from its own start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.accounts.rules.permissions import may_somewhere
from app.accounts.start_links import StartLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> Iterator[StartLink]:  # noqa: ARG001 - as every source
    """Yield the start of the funding area for whoever has to do with the money."""
    if may_somewhere(person.actor, "see_funding"):
        yield StartLink(_("Funding"), url_for("funding.start"), _("What you do with the money for self-help"))


def funding_links(session: Session, person: Person) -> Iterator[StartLink]:  # noqa: ARG001 - as every source
    """Yield what somebody can do with the money, from where it comes to where it goes."""
    ways = (
        (
            "see_levy",
            "levy",
            _("Levy"),
            _("Rate and insured, and what each insurer owes in each Land"),
        ),
        (
            "see_contributions",
            "contributions",
            _("Contributions"),
            _("What was asked for, what has come, what is open"),
        ),
        ("see_contributions", "pots", _("Pots"), _("What is promised, paid, and free")),
        (
            "see_rounds",
            "rounds",
            _("Rounds of funding"),
            _("Requests of groups, how the pot is divided, and what is posted and paid"),
        ),
        (
            "decide_projects",
            "project_inbox",
            _("Projects"),
            _("Projects of groups that you are asked for, and what you have left for them"),
        ),
        (
            "pay_awards",
            "payments",
            _("Payments"),
            _("Awards to the bank: make a batch, release it, fetch its file"),
        ),
        (
            "grant_directly",
            "direct",
            _("Direct awards"),
            _("Flat grants of clearing houses and associations"),
        ),
        ("grant_directly", "returns", _("Money given back"), _("Book what came back")),
        ("close_years", "years", _("Years of funding"), _("Close a year; what is left enters the next")),
    )
    for permission, page, text, note in ways:
        if may_somewhere(person.actor, permission):
            yield StartLink(text, url_for(f"funding.{page}"), note)
