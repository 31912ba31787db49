"""Applications in words: pages, kinds of cost, declarations, and every reason for and against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.funding.rules import application as rules
from app.funding.rules.eligibility import AGAINST, FOR, MISSING
from app.funding.rules.grant_round import EXTENDED, LATE
from app.groups.presentation import date_words
from app.shared.money import euro_words

if TYPE_CHECKING:
    from app.funding.queries.applications import OpenRound
    from app.funding.queries.written import Signed
    from app.funding.rules.counted_costs import Counted
    from app.funding.rules.eligibility import Reason

CONSENT_VERSION = "2026-11"
"""Names the wording of the declarations; a new wording is a new version."""

PAGE_NAMES = {
    rules.GROUP: _l("Your group"),
    rules.MONEY: _l("What you need the money for"),
    rules.ACCOUNT: _l("Your bank account"),
    rules.DECLARATIONS: _l("Declarations and papers"),
    "sign": _l("Check and sign"),
}
READ_NAMES = PAGE_NAMES | {
    rules.GROUP: _l("The group"),
    rules.MONEY: _l("What the group needs the money for"),
    rules.ACCOUNT: _l("Account of the group"),
}
"""What the pages are called for those who check."""
COSTS = {
    "rent": _l("Rent of rooms"),
    "office": _l("Office material"),
    "device": _l("Computer, printer or the like"),
    "phone_leader": _l("Phone and internet of the contact"),
    "phone_deputy": _l("Phone and internet of the deputy"),
    "postage": _l("Postage"),
    "website": _l("Website"),
    "flyers": _l("Flyers, posters, advertisements"),
    "speakers": _l("Speakers, talks, seminars"),
    "training": _l("Training for the work in the group"),
    "conference": _l("Visit of a conference or fair"),
    "participants": _l("Fees of participants of an event"),
    "overnight": _l("Overnight stays"),
    "kilometres": _l("Kilometres by car"),
    "rail": _l("Train and bus"),
    "meetings": _l("Regular activities of the group"),
    "account_fees": _l("Fees of the group’s account"),
    "tax_advice": _l("Tax advice"),
    "other": _l("Something else for the group’s work"),
    "catering": _l("Coffee, meals"),
    "gifts": _l("Gifts"),
    "private_room": _l("A private room"),
    "leisure": _l("Trips and leisure"),
    "culture": _l("Theatre, concerts"),
    "rehab_sport": _l("Rehabilitation sport, exercise courses"),
    "therapy": _l("Therapy"),
    "study": _l("Studies"),
}
OTHERS = {
    "sgb_xi_45d": _l("Care insurance (§ 45d SGB XI)"),
    "town": _l("Town or district"),
    "land": _l("Land"),
    "project": _l("An insurer, for a project"),
    "donations": _l("Donations"),
    "fees": _l("Contributions of the members"),
    "other": _l("Somebody else"),
}
LEADERS = {
    rules.NOBODY_LEADS: _l("No, we run it ourselves"),
    rules.GUESTS: _l("Only as guests now and then"),
    rules.LED: _l("Yes, a professional leads the group"),
}
STATEMENTS = {
    rules.UNPAID: _l("Nobody is paid for working in the group or leading it."),
    rules.INDEPENDENT: _l(
        "The group decides alone on its content and money; whatever firms or associations give is said openly."
    ),
    rules.ALL_MONEY: _l("All income, costs and other grants of the year are named here."),
    rules.DUTIES: _l(
        "The group uses the money as planned, proves that, gives back what is left, keeps data safe and works together "
        "with the health insurers. Insurers may look at the receipts."
    ),
}
PAPERS = {
    rules.MINUTES: _l("Minutes of the founding meeting"),
    "statutes": _l("Statutes or rules of the group"),
    rules.SIGNED_FORM: _l("Form signed by hand"),
    "cost_estimate": _l("Cost estimate or offer"),
    "programme": _l("Programme or plan of the days"),
}

REASONS = {
    "disease_listed": _l("Your topic is in the list of diseases that are funded."),
    "not_disease_listed": _l(
        "Your topic is not in the list of diseases that insurers may fund. Your clearing house knows who else gives."
    ),
    "enough_members": _l("You are at least six people."),
    "not_enough_members": _l("Insurers may only fund groups of six people or more."),
    "meets_regularly": _l("You meet regularly."),
    "not_meets_regularly": _l("Only groups that meet regularly are funded."),
    "has_contact": _l("Somebody can be reached for your group."),
    "not_has_contact": _l("Your group needs a contact who can be reached."),
    "offer_published": _l("People can find your group."),
    "not_offer_published": _l("Your group must be announced somewhere: here, in the press, on a website."),
    "open_to_new": _l("You are open to new people."),
    "not_open_to_new": _l("Only groups that take new people are funded."),
    "self_managed": _l("You run the group yourselves."),
    "not_self_managed": _l("A group that a professional leads is not funded as self-help."),
    "guests_are_welcome": _l("Professionals as guests are welcome."),
    "unpaid": _l("Nobody is paid."),
    "not_unpaid": _l("You have not declared yet that nobody is paid."),
    "independent": _l("You are independent."),
    "not_independent": _l("You have not declared yet that the group is independent."),
    "in_region": _l("You meet in this region."),
    "not_in_region": _l("Your group meets in another region now; please apply there."),
    "listed_in_finder": _l("You can be found here, as this region wants."),
    "not_listed_in_finder": _l(
        "This region funds only groups that can be found here. Please have yours listed."
    ),
    "founding_minutes": _l("The minutes of your founding are there."),
    "not_founding_minutes": _l("New groups add the minutes of their founding meeting."),
    "old_enough": _l("Your group is old enough."),
    "not_old_enough": _l("This region wants a new group to be older. Please apply a little later."),
    "own_account": _l("The account is only for the group."),
    "not_own_account": _l("Money goes only to an account that is used for the group alone."),
    "money_declared": _l("Income and costs are complete and add up."),
    "not_money_declared": _l(
        "Income and costs do not add up yet, or you have not declared that they are complete."
    ),
    "two_signatures": _l("Two people have signed."),
    "not_two_signatures": _l("Two people of the group have to sign."),
    "duties_accepted": _l("You accept the conditions."),
    "not_duties_accepted": _l("You have not accepted the conditions yet."),
    "proof_delivered": _l("No proof of an earlier year is missing."),
    "not_proof_delivered": _l(
        "The proof for an earlier year is missing, or a question about it is open. Please see to that first."
    ),
    "in_time": _l("It is in time."),
    "not_in_time": _l("It comes after the last day."),
    "requests_elsewhere": _l("Another request of this year names the same account; staff will ask about it."),
    "double_funding": _l(
        "The care insurance must not pay for the same as the health insurers; staff will look at it."
    ),
}
EFFECTS = {
    AGAINST: _l("Speaks against it"),
    MISSING: _l("Still missing"),
    "warning": _l("Will be looked at"),
    FOR: _l("Speaks for it"),
}


def reason_words(reason: Reason) -> str:
    """Answer a reason as a sentence; one of another release by its name."""
    return str(REASONS.get(reason.code, reason.code))


def counted_words(item: Counted) -> str:
    """Answer what counts of an item, and why not all of it."""
    if not item.cut_cents:
        return _("counts in full")
    if item.limit is None:
        return _("does not count")
    limits = []
    if item.limit.cents_each is not None:
        limits.append(_("at most %(sum)s each", sum=euro_words(item.limit.cents_each)))
    if item.limit.most is not None:
        limits.append(_("at most %(count)s", count=item.limit.most))
    return _("%(sum)s count (%(limit)s)", sum=euro_words(item.cents), limit=", ".join(limits))


def plan_words(plan: rules.Plan) -> str:
    """Answer what is to be done so that the plan adds up; empty when it does."""
    if not plan.items:
        return _("Enter your costs; what you can ask for is worked out from them.")
    if plan.gap_cents > 0:
        return _(
            "%(sum)s are not paid by anybody yet: they do not count for the grant. Please enter them as your own "
            "money, or take the costs out.",
            sum=euro_words(plan.gap_cents),
        )
    if plan.gap_cents < 0:
        return _(
            "You have %(sum)s more than you need. Please check your entries.", sum=euro_words(-plan.gap_cents)
        )
    if not plan.requested_cents:
        return _("Your own money pays for everything; there is nothing left to ask for.")
    return ""


def summary(found: OpenRound, page: str) -> list[tuple[str, str]]:
    """Answer what a page says, as names and values."""
    values = found.values(page)
    if values is None:
        return []
    if page == rules.GROUP:
        founded = found.founded_on
        return [
            (_("Members"), str(values["members"])),
            (_("Meetings a year"), str(values["meetings"])),
            (_("Founded"), f"{founded:%m/%Y}" if founded else ""),
            (_("Professionals"), str(LEADERS[values["leaders"]])),
        ]
    if page == rules.MONEY:
        plan = found.plan
        items = ngettext("%(num)s item", "%(num)s items", len(plan.items))
        return [
            (_("Costs"), f"{euro_words(plan.total_cents)} ({items})"),
            (_("Own money"), euro_words(plan.own_cents)),
            (_("Others give"), euro_words(plan.others_cents)),
            (_("You ask for"), euro_words(plan.requested_cents)),
            *([(_("Why"), values["reasons"])] if values.get("reasons") else []),
        ]
    if page == rules.ACCOUNT:
        bank = f" ({values['bank']})" if values.get("bank") else ""
        if values.get("is_doubtful"):
            bank += " – " + _("looks unusual, please compare it once more")
        return [
            (_("Account holder"), values["holder"]),
            (_("IBAN"), f"{values['spaced']}{bank}"),
            (_("Only for the group"), _("yes") if values["is_own"] else _("no")),
        ]
    said = len(values["statements"])
    return [
        (_("Declared"), _("%(said)s of %(all)s", said=said, all=len(rules.STATEMENTS))),
        (_("Papers"), paper_words(found)),
    ]


def paper_words(found: Signed) -> str:
    """Answer which papers came with a request."""
    return ", ".join(str(PAPERS[each.kind]) for each in found.papers) or _("no papers")


def called(group_name: str, year: int, title: str = "") -> str:
    """Answer what a request is called in the titles of mails; one without a ``title`` is for a flat grant."""
    if title:
        return _("Project “%(title)s” of “%(group)s”", title=title, group=group_name)
    return _("Funding %(year)s for “%(group)s”", year=year, group=group_name)


def request_name(found: Signed) -> str:
    """Answer what a request is called in the titles of mails."""
    return called(found.group.name, found.year, found.title)


def late_words(standing: str) -> str:
    """Answer what happens with a request that comes late; empty for one in time."""
    if standing == LATE:
        return _(
            "It is after the last day. You can still send the request: it gets something only from what is left "
            "after all requests that came in time."
        )
    if standing == EXTENDED:
        return _("The usual day has passed, but this year's round takes requests a little longer.")
    return ""


def next_words(found: OpenRound, standing: str) -> str:
    """Answer what happens next with a request that was submitted."""
    if standing == LATE:
        return late_words(standing)
    return _(
        "After %(day)s the money is divided among all groups. You get a mail when it is decided; until then there is "
        "nothing to do.",
        day=date_words(found.last_day),
    )
