"""Requests of clearing houses and organisations in words: pages, figures, reasons, and what was done with them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.reference_files import institution_proof_due, staffing_standard
from app.funding.rules import institutions as rules
from app.funding.words.applications import REASONS as REASONS_OF_GROUPS
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.money import euro_words

if TYPE_CHECKING:
    from datetime import date

    from app.funding.models import InstitutionAct
    from app.funding.queries.institutions import Found
    from app.funding.rules.eligibility import Reason

CONSENT_VERSION = "2026-11"
"""Names the wording of the declarations; a new wording is a new version."""

PAGE_NAMES = {
    rules.STAFF: _l("Staff"),
    rules.HOURS: _l("Opening hours"),
    rules.FIGURES: _l("Figures of the year"),
    rules.MONEY: _l("Costs and financing"),
    rules.DECLARATIONS: _l("Declarations"),
}
STATES = {
    rules.DRAFT: _l("is being written"),
    rules.SUBMITTED: _l("waits for a decision"),
    rules.RETURNED: _l("has questions to answer"),
    rules.DECIDED: _l("decided"),
}
PROOF_STATES = {
    "submitted": _l("waits to be checked"),
    "questioned": _l("has questions to answer"),
    "accepted": _l("accepted"),
}
COSTS = {
    "staff": _l("Staff"),
    "premises": _l("Premises"),
    "material": _l("Material"),
    "events": _l("Events"),
    "other": _l("Other costs"),
}
INCOMES = {
    "municipality": _l("Municipality or district"),
    "land": _l("Land"),
    "care_funds": _l("Care funds (§ 45d SGB XI)"),
    "own": _l("Own money"),
    "others": _l("Others"),
}
STATEMENTS = {
    rules.CROSS_TOPIC: _l("We work across all topics and conditions, health and social."),
    rules.OPEN_TO_ALL: _l("Our offer is open to everybody, whatever their health insurer."),
    rules.FREE_ADVICE: _l("Advice is free of charge."),
    rules.FOUNDS: _l("We help to found groups, refer people to them and lend or find rooms."),
    rules.SELF_HELP: _l(
        "We are an organisation of people affected and their relatives, who decide in it themselves."
    ),
    rules.INDEPENDENT: _l(
        "We decide alone on our content and money; whatever firms or associations give is said openly."
    ),
    rules.ALL_MONEY: _l("All income, costs and other grants of the year are named here."),
    rules.DUTIES: _l(
        "We use the money as planned, prove that, give back what is left, and agree that name and sum are published. "
        "Insurers may look at the receipts."
    ),
}
FIGURES = {
    "groups": _l("Groups looked after"),
    "joined": _l("New groups"),
    "founded": _l("Foundings that we led"),
    "closed": _l("Groups that ended"),
    "meetings": _l("Meetings held"),
    "came": _l("People who came, where it was noted"),
    "bookings": _l("Bookings of our rooms"),
    "hours": _l("Hours for which our rooms were used"),
}
CHANNELS = {
    "email": _l("By e-mail"),
    "phone": _l("By phone"),
    "in_person": _l("In person"),
    "web": _l("Through the website"),
}
ROLES = {
    "affected": _l("People affected"),
    "relative": _l("Relatives"),
    "group": _l("Groups"),
    "professional": _l("Professionals"),
    "media": _l("Media"),
    "other": _l("Others"),
}
REASONS = {
    "cross_topic": _l("The offer is for all topics."),
    "not_cross_topic": _l("It is not declared that the offer is for all topics; the law wants that."),
    "open_to_all": _l("The offer is open to everybody."),
    "not_open_to_all": _l("It is not declared that the offer is open to everybody."),
    "free_advice": _l("Advice is free."),
    "not_free_advice": _l("It is not declared that advice is free."),
    "founds": _l("Groups are helped to begin."),
    "not_founds": _l("It is not declared that groups are helped to begin."),
    "paid_staff": _l("There is paid professional staff."),
    "not_paid_staff": _l("There is no paid professional staff."),
    "regular_hours": _l("There are regular opening hours."),
    "not_regular_hours": _l("There are no regular hours in which everybody can call or come."),
    "standard_met": _l("The posts are as many as advised for the inhabitants."),
    "not_standard_met": _l("There are fewer posts than advised for the inhabitants."),
    "self_help": _l("People affected decide themselves."),
    "not_self_help": _l("It is not declared that people affected decide themselves."),
    "pages_complete": _l("All pages are complete."),
    "not_pages_complete": _l("Some pages are not complete yet."),
    "others_pay_too": _l("Others pay too, or the house itself."),
    "not_others_pay_too": _l("Insurers may not pay for everything: nobody else pays anything here."),
}


def reason_words(reason: Reason) -> str:
    """Answer a reason as a sentence; one of another release by its name."""
    return str(REASONS.get(reason.code) or REASONS_OF_GROUPS.get(reason.code, reason.code))


def hundredths_words(hundredths: int) -> str:
    """Answer “1,5” as the reader writes it."""
    return str(format_decimal(Decimal(hundredths) / 100))


def balance_words(plan: rules.Plan) -> str:
    """Answer what is to be done so that costs and income are the same; empty when they are."""
    if plan.gap_cents > 0:
        return _(
            "%(sum)s of the costs are paid by nobody yet. Please add income, or take costs out.",
            sum=euro_words(plan.gap_cents),
        )
    if plan.gap_cents < 0:
        return _(
            "There is %(sum)s more income than costs. Please ask for less, or add what is missing.",
            sum=euro_words(-plan.gap_cents),
        )
    return ""


def act_words(act: InstitutionAct, who: str) -> str:
    """Answer who did what and when, in a sentence."""
    day = date_words(day_of(act.done_at))
    if act.act == "decided" and not act.cents:
        return _("%(who)s rejected it on %(day)s", who=who, day=day)
    cents = euro_words(act.cents or 0)
    return {
        "begun": _("%(who)s began it on %(day)s", who=who, day=day),
        "changed": _("%(who)s wrote in it on %(day)s", who=who, day=day),
        "submitted": _("%(who)s submitted it on %(day)s, asking for %(sum)s", who=who, day=day, sum=cents),
        "returned": _("%(who)s asked questions on %(day)s", who=who, day=day),
        "decided": _("%(who)s granted %(sum)s on %(day)s", who=who, day=day, sum=cents),
        "proof_submitted": _("%(who)s handed in the proof on %(day)s", who=who, day=day),
        "proof_questioned": _("%(who)s asked questions about the proof on %(day)s", who=who, day=day),
        "proof_accepted": _("%(who)s accepted the proof on %(day)s", who=who, day=day),
    }[act.act]


def state_words(found: Found) -> str:
    """Answer how far a request is."""
    request = found.request
    if request.state != rules.DECIDED:
        return str(STATES[request.state])
    if not request.granted_cents:
        return _("not granted")
    if found.taken_back is not None:
        return _("granted, and taken back")
    return _("granted: %(sum)s", sum=euro_words(request.granted_cents))


def summary(found: Found, page: str) -> list[tuple[str, str]]:
    """Answer what a page says, as names and values."""
    values = found.values(page)
    if values is None:
        return []
    if page == rules.STAFF:
        said = [
            (_("Posts of those who advise"), hundredths_words(values["professional"])),
            (_("Posts of administration"), hundredths_words(values["administration"])),
            (
                _("People who share them"),
                str(values["professional_people"] + values["administration_people"]),
            ),
        ]
        if values.get("inhabitants"):
            said.append((_("Inhabitants of the catchment"), format_decimal(values["inhabitants"])))
        return said
    if page == rules.HOURS:
        return [
            (_("Hours a week by phone"), hundredths_words(values["phone"])),
            (_("Hours a week with an open door"), hundredths_words(values["visit"])),
            (_("At how many places"), str(values["places"])),
        ]
    if page == rules.FIGURES:
        return [(_("Inquiries"), format_decimal(found.inquiries))]
    if page == rules.MONEY:
        plan = found.plan
        return [
            (_("Costs"), euro_words(plan.total_cents)),
            (_("Others and own money"), euro_words(plan.income_cents)),
            (_("Asked for here"), euro_words(plan.asked_cents)),
        ]
    said_count = len(values["statements"])
    return [
        (_("Declared"), _("%(said)s of %(all)s", said=said_count, all=len(rules.STATEMENTS_OF[found.kind])))
    ]


def standard_source() -> str:
    """Answer where the advised posts are written."""
    return staffing_standard().source


def proof_due(found: Found) -> date:
    """Answer until when a request's grant is to be proven."""
    return rules.proof_due_on(found.request.year, institution_proof_due())
