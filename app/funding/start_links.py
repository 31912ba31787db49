"""The way to the funding area on the start page, and the ways on from its own start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.accounts.rules.permissions import may_somewhere
from app.accounts.start_links import StartLink
from app.clearinghouses.desk_house import houses_for, houses_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> Iterator[StartLink]:
    """Yield the start of the funding area for whoever has to do with the money; what houses check and ask for."""
    if may_somewhere(person.actor, "see_funding"):
        yield StartLink(_("Funding"), url_for("funding.start"), _("What you do with the money for self-help"))
    for house in houses_of(session, person):
        yield StartLink(
            _("Requests for funding of groups of %(house)s", house=house.name),
            url_for("funding.checks"),
            _("Look at what they say before money is divided"),
            about=house.name,
            title=_("Requests for funding"),
        )
    for house in houses_for(session, person, "apply_for_house"):
        yield StartLink(
            _("Funding of %(house)s", house=house.name),
            url_for("funding.house_funding", house=house.slug),
            _("Ask for the flat grant of your house, and prove what it was used for"),
            about=house.name,
            title=_("Funding of the house"),
        )


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
            "see_sittings",
            "sittings",
            _("Joint sittings"),
            _("Papers, advice, decisions and minutes"),
        ),
        (
            "pay_awards",
            "payments",
            _("Payments"),
            _("Awards to the bank: make a batch, release it, fetch its file"),
        ),
        (
            "check_proofs",
            "proofs",
            _("Proofs of use"),
            _("What groups used their money for: check, ask, remind"),
        ),
        ("see_reclaims", "reclaims", _("Money to claim back"), _("What has to come back, and what has come")),
        (
            "grant_directly",
            "direct",
            _("Direct awards"),
            _("Flat grants of clearing houses and associations"),
        ),
        (
            "see_institutions",
            "institutions",
            _("Requests of clearing houses and organisations"),
            _("Check, ask back, decide; proofs; all houses of a Land beside each other"),
        ),
        ("grant_directly", "returns", _("Money given back"), _("Book what came back")),
        (
            "check_sums",
            "checks",
            _("Check requests"),
            _("Content and arithmetic of what groups have submitted"),
        ),
        (
            "see_funding",
            "conflicts",
            _("Groups I do not decide about"),
            _("Say which groups you are too close to"),
        ),
        ("close_years", "years", _("Years of funding"), _("Close a year; what is left enters the next")),
    )
    for permission, page, text, note in ways:
        if may_somewhere(person.actor, permission):
            yield StartLink(text, url_for(f"funding.{page}"), note)
