"""Projects in words: pages, states, verdicts, terms, and every reason for and against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.funding.rules import project as rules
from app.funding.words import applications as flat
from app.groups.presentation import date_words
from app.shared.money import euro_words

if TYPE_CHECKING:
    from app.funding.queries.project_terms import Payer
    from app.funding.queries.projects import Project
    from app.funding.rules.eligibility import Reason

CONSENT_VERSION = "2026-11"
"""Names the wording of the declarations; a new wording is a new version."""
LATE = "late_for:"

PAGE_NAMES = {
    rules.GOALS: _l("What you plan"),
    rules.FRAME: _l("For whom and when"),
    rules.MONEY: _l("Costs and who pays"),
    rules.ACCOUNT: _l("Your bank account"),
    rules.PEOPLE: _l("What you declare"),
    "sign": flat.PAGE_NAMES["sign"],
}
READ_NAMES = PAGE_NAMES | {
    rules.GOALS: _l("What is planned"),
    rules.ACCOUNT: _l("Account of the group"),
}
"""What the pages are called for those who decide."""
STATES = {
    rules.DRAFT: _l("being written"),
    rules.SUBMITTED: _l("submitted"),
    rules.GAP: _l("needs your answer"),
    rules.CHANGING: _l("being changed"),
    rules.DECIDED: _l("decided"),
    rules.WITHDRAWN: _l("withdrawn"),
}
VERDICTS = {
    rules.OPEN: _l("not decided yet"),
    rules.AGREED: _l("agreed in full"),
    rules.PART: _l("agreed in part"),
    rules.DECLINED: _l("declined"),
}
OUTCOMES = {
    rules.APPROVED: _l("approved"),
    rules.PART: _l("approved in part"),
    rules.REJECTED: _l("rejected"),
    rules.OPEN: _l("open"),
    rules.GAP: _l("money is missing"),
}
ACTS = {
    "submitted": _l("Submitted"),
    "asked": _l("Question"),
    "answered": _l("Answer of the group"),
    rules.AGREED: _l("Agreed in full"),
    rules.PART: _l("Agreed in part"),
    rules.DECLINED: _l("Declined"),
    "taken_back": _l("Decision taken back"),
    rules.GAP: _l("All have decided; money is missing"),
    rules.CHANGING: _l("The group changes it"),
    rules.DECIDED: _l("Decided by all"),
    "paid": _l("Booked as paid"),
    "payment_undone": _l("Payment taken back: it was booked by mistake"),
    rules.WITHDRAWN: _l("Withdrawn by the group"),
    "proof_submitted": _l("Proof of use handed in, left of the money"),
    "proof_questioned": _l("Question about the proof of use"),
    "proof_accepted": _l("Proof of use accepted, goes back"),
}
GIVES = {
    "own": _l("decides itself"),
    "pool": _l("gives it together with other insurers of the Land"),
    "flat": _l("puts it into the flat grants: no projects"),
}
TERM_NAMES = {
    "criteria": _l("What a project must be"),
    "focus": _l("What we like to fund, and what we do not"),
    "papers": _l("What we want besides the request"),
    "contact": _l("Who answers questions"),
    "deadline": _l("Last day"),
    "deadline_new": _l("Last day for new groups"),
    "gives": _l("Who decides about the money"),
    "source": _l("Source"),
    "doubts": _l("Doubts"),
}
DOUBTS = {
    "the source says only: preferably in the first half of the year": _l(
        "the source says only: preferably in the first half of the year"
    ),
    "in 2017 one simple request went to the lead insurer; later the insurers are to be asked directly": _l(
        "in 2017 one simple request went to the lead insurer; later the insurers are to be asked directly"
    ),
    "not part of the joint money; a last day of its own was not found": _l(
        "not part of the joint money; a last day of its own was not found"
    ),
    "the list of papers is that for associations of a Land or of the country": _l(
        "the list of papers is that for associations of a Land or of the country"
    ),
}
"""What the presets say of their own gaps, in the reader's language."""
STATEMENTS = {
    rules.NOT_BEGUN: _l(
        "The project has not begun: nothing is ordered or signed for it, and that stays so until it is decided."
    ),
    rules.ALL_MONEY: _l("All costs, income and other grants of the project are named here."),
    rules.DUTIES: _l(
        "We use the money for the project alone, prove that, give back what is left, and say who paid. Insurers may "
        "look at the receipts."
    ),
}
REASONS = {
    "project_described": _l("Goals, steps and signs of success are described."),
    "not_project_described": _l(
        "Please describe what you plan: goals, steps, and how you will see that it worked."
    ),
    "no_begin": _l("Please say when the project begins and ends."),
    "yet_to_begin": _l("The project is still to begin."),
    "not_yet_to_begin": _l(
        "The project has begun, or begins today. Insurers fund only what is still to begin."
    ),
    "members_agree": _l("Your members support it."),
    "not_members_agree": _l("Insurers want to know that your members support the project."),
    "recurs_yearly": _l(
        "What comes back every year belongs into the flat grant. Please consider asking for it there."
    ),
    "owes_project_proof": _l(
        "The proof of an earlier project is due and has not come. Please hand it in; insurers look at that."
    ),
    "project_declared": _l("You accept the conditions."),
    "not_project_declared": _l("You have not accepted all conditions yet."),
    "no_financing_plan": _l("Without a plan of costs and financing the request is not complete."),
    "plan_balanced": _l("Costs and financing are the same."),
    "not_plan_balanced": _l("Costs and financing do not add up yet."),
    "costs_never_funded": _l(
        "Some costs are never paid by insurers; your own money or that of others covers them."
    ),
    "no_own_share": _l("Nothing comes from you or others. Insurers pay for everything only now and then."),
}


def reason_words(reason: Reason, payers: Mapping[str, Payer]) -> str:
    """Answer a reason as a sentence; one of another release by its name."""
    if reason.code.startswith(LATE):
        key = reason.code.removeprefix(LATE)
        return _late_words(payers[key]) if key in payers else key
    return str(REASONS.get(reason.code) or flat.reason_words(reason))


def payer_name(payer: Payer) -> str:
    """Answer how somebody is called who can be asked."""
    if payer.is_pool:
        return _("Insurers of the Land together, through %(insurer)s", insurer=payer.insurer.name)
    return payer.insurer.name


def day_words(day: str | None) -> str:
    """Answer a day of any year such as ``02-15``."""
    return _("all year") if day is None else f"{day[3:]}.{day[:2]}."


def plan_words(plan: rules.FinancePlan) -> str:
    """Answer what is to be done so that a plan is in balance; empty when it is."""
    if not plan.costs:
        return _("Enter the costs, then who pays for them.")
    if plan.gap_cents > 0:
        return _(
            "%(sum)s are not paid by anybody yet. Ask insurers for it, or enter it as your own money.",
            sum=euro_words(plan.gap_cents),
        )
    if plan.gap_cents < 0:
        return _(
            "%(sum)s more are planned than it costs. Please check your entries.",
            sum=euro_words(-plan.gap_cents),
        )
    if not plan.asked_cents:
        return _("Nobody is asked for anything. Please enter whom you ask, and for how much.")
    if plan.asked_cents > plan.fundable_cents:
        return _(
            "Insurers never pay for %(never)s of these costs. Please ask for at most %(most)s.",
            never=euro_words(plan.total_cents - plan.fundable_cents),
            most=euro_words(plan.fundable_cents),
        )
    return ""


def summary(found: Project, page: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Answer what a page says, as names and values; ``names`` are those of whoever can be asked."""
    values = found.values(page)
    if values is None:
        return []
    if page == rules.GOALS:
        return [
            (_("Name"), values["title"]),
            (_("Goals"), values["goals"]),
            (_("How"), values["methods"]),
            (_("Steps"), values["steps"]),
            (_("How you see that it worked"), values["indicators"]),
        ]
    if page == rules.FRAME:
        return _frame_words(values)
    if page == rules.MONEY:
        return _money_words(found.plan, values, names)
    if page == rules.ACCOUNT:
        bank = f" ({values['bank']})" if values.get("bank") else ""
        return [(_("Account holder"), values["holder"]), (_("IBAN"), f"{values['spaced']}{bank}")]
    said = len(values["statements"])
    named = [(_("Responsible"), ", ".join(values["names"]))] if values.get("names") else []
    return [
        *named,  # of versions before two people signed
        (_("Declared"), _("%(said)s of %(all)s", said=said, all=len(rules.STATEMENTS))),
        (_("Papers"), flat.paper_words(found)),
    ]


def _frame_words(values: Mapping[str, str]) -> list[tuple[str, str]]:
    from_, until = (date_words(date.fromisoformat(values[name])) for name in ("begins", "ends"))
    rows = [
        (_("For whom"), values["target"]),
        (_("When"), _("%(begins)s to %(ends)s", begins=from_, ends=until)),
        (_("Partners"), values["partners"]),
        (_("Afterwards"), values["continuation"]),
        (_("Every year"), _("yes") if values["is_yearly"] else _("no")),
        (_("Members support it"), _("yes") if values["members_agree"] else _("no")),
    ]
    return [row for row in rows if row[1]]


def _money_words(
    plan: rules.FinancePlan, values: Mapping[str, str], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    items = ngettext("%(num)s item", "%(num)s items", len(plan.costs))
    rows = [
        (_("Costs"), f"{euro_words(plan.total_cents)} ({items})"),
        (_("Own money"), euro_words(plan.own_cents)),
        (_("Others give"), euro_words(plan.others_cents)),
        *((str(names.get(key, key)), euro_words(cents)) for key, cents in plan.asked.items()),
    ]
    return [*rows, (_("To the costs"), values["remarks"])] if values["remarks"] else rows


def _late_words(payer: Payer) -> str:
    name, terms = payer_name(payer), payer.terms
    if terms.deadline_new:
        return _(
            "%(name)s: the last day was %(day)s (new groups: %(new)s). Please ask there whether it can still be taken.",
            name=name,
            day=day_words(terms.deadline),
            new=day_words(terms.deadline_new),
        )
    return _(
        "%(name)s: the last day was %(day)s. Please ask there whether it can still be taken.",
        name=name,
        day=day_words(terms.deadline),
    )


def next_words() -> str:
    """Answer what happens next with a project that was submitted."""
    return _(
        "Each insurer decides about its own share. Please do not begin before it is decided; you get a mail then."
    )
