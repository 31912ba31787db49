"""The way to the funding area on the start page, and the ways on from its own start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.rules.permissions import may_somewhere
from app.accounts.start_links import StartLink
from app.clearinghouses.desk_house import houses_for, houses_of
from app.funding.models import Organisation
from app.funding.queries.institutions import requests_of
from app.funding.rules.ledger_accounts import ORGANISATION, Payee
from app.funding.words.institutions import state_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.accounts.person import Person

WAYS = (
    (
        "see_levy",
        "levy",
        _l("Levy"),
        _l("Rate and insured, and what each insurer owes in each Land"),
    ),
    (
        "see_contributions",
        "contributions",
        _l("Contributions"),
        _l("What was asked for, what has come, what is open"),
    ),
    (
        "see_contributions",
        "insurer_share",
        _l("Share of an insurer"),
        _l("What it owes, has paid in, what was spent and is left, by Land"),
    ),
    ("see_contributions", "pots", _l("Pots"), _l("What is promised, paid, and free")),
    (
        "see_representation",
        "representation",
        _l("Representation of self-help"),
        _l("What can be commented now, and what was decided"),
    ),
    (
        "see_rounds",
        "rounds",
        _l("Rounds of funding"),
        _l("Requests of groups, how the pot is divided, and what is posted and paid"),
    ),
    (
        "check_sums",
        "checks",
        _l("Check requests"),
        _l("Content and arithmetic of what groups have submitted"),
    ),
    ("see_sittings", "sittings", _l("Joint sittings"), _l("Papers, advice, decisions and minutes")),
    (
        "pay_awards",
        "payments",
        _l("Payments"),
        _l("Awards to the bank: make a batch, release it, fetch its file"),
    ),
    ("set_release_limits", "limits", _l("Limits of release"), _l("Who can release how much a day")),
    (
        "check_proofs",
        "proofs",
        _l("Proofs of use"),
        _l("What groups used their money for: check, ask, remind"),
    ),
    ("see_reclaims", "reclaims", _l("Money to claim back"), _l("What has to come back, and what has come")),
    (
        "grant_directly",
        "direct",
        _l("Direct awards"),
        _l("Flat grants of clearing houses and associations"),
    ),
    (
        "see_institutions",
        "institutions",
        _l("Requests of clearing houses and organisations"),
        _l("Check, ask back, decide; proofs; all houses of a Land beside each other"),
    ),
    (
        "decide_projects",
        "project_inbox",
        _l("Projects"),
        _l("Projects of groups that you are asked for, and what you have left for them"),
    ),
    ("grant_directly", "returns", _l("Money given back"), _l("Book what came back")),
    ("close_years", "years", _l("Years of funding"), _l("Close a year; what is left enters the next")),
    (
        "see_reports",
        "report",
        _l("Reports"),
        _l("Asked for, granted, paid and rejected, by year, region, topic, insurer"),
    ),
    (
        "see_funding",
        "conflicts",
        _l("Groups I do not decide about"),
        _l("Say which groups you are too close to"),
    ),
    ("see_funding", "deadlines", _l("Calendar of deadlines"), _l("What is due, also for your calendar")),
)
"""Permission, page, its name and what one does there, from where the money comes to where it goes."""


def start_links(session: Session, person: Person) -> Iterator[StartLink]:
    """Yield the start of the funding area for whoever has to do with the money; what houses check, await, ask for."""
    if may_somewhere(person.actor, "see_funding"):
        yield StartLink(_("Funding"), url_for("funding.start"), _("What you do with the money for self-help"))
    elif may_somewhere(person.actor, "set_release_limits"):
        yield StartLink(
            _("Limits of release"), url_for("funding.limits"), _("Who can release how much a day")
        )
    ids = {each.organisation_id for each in person.actor.grants if each.organisation_id is not None}
    for own in session.scalars(
        sa.select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)
    ):
        yield StartLink(
            _("Funding of %(house)s", house=own.name),
            url_for("funding.organisation_funding", organisation=own.slug),
            _where_it_stands(session, own.id),
            about=own.name,
            title=_("Funding of the organisation"),
        )
    for house in houses_of(session, person):
        yield StartLink(
            _("Requests for funding of groups of %(house)s", house=house.name),
            url_for("funding.checks"),
            _("Look at what they say before money is divided"),
            about=house.name,
            title=_("Check requests"),
        )
        yield StartLink(
            _("Calendar of deadlines"),
            url_for("funding.deadlines"),
            _("What is due in funding, also for your calendar"),
            about=house.name,
        )
    for house in houses_for(session, person, "apply_for_house"):
        yield StartLink(
            _("Funding of %(house)s", house=house.name),
            url_for("funding.house_funding", house=house.slug),
            _("Ask for the flat grant of your house, and prove what it was used for"),
            about=house.name,
            title=_("Funding of the house"),
        )


def _where_it_stands(session: Session, organisation_id: int) -> str:
    newest = next(iter(requests_of(session, Payee(ORGANISATION, organisation_id))), None)
    if newest is None:
        return _(
            "Ask for the flat grant of your organisation, see what is decided, prove what it was used for"
        )
    return f"{newest.request.year}: {state_words(newest)}"


def funding_links(session: Session, person: Person) -> Iterator[StartLink]:  # noqa: ARG001 - as every source
    """Yield what somebody can do with the money, from where it comes to where it goes."""
    for permission, page, text, note in WAYS:
        if may_somewhere(person.actor, permission):
            yield StartLink(str(text), url_for(f"funding.{page}"), str(note))
