"""Proofs of use and claims in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.rules import proof as rules
from app.funding.rules import proof_file as file
from app.funding.rules import reclaim
from app.funding.rules.request_file import NO_LINES
from app.funding.words import request_files
from app.funding.words.applications import COSTS
from app.groups.presentation import date_words

if TYPE_CHECKING:
    from datetime import date

    from app.funding.queries.proofs import ProofLine
    from app.funding.rules.request_file import Fault

STATES = {
    rules.DRAFT: _l("not here yet"),
    rules.SUBMITTED: _l("to be checked"),
    rules.QUESTIONS: _l("question to the group"),
    rules.ACCEPTED: _l("accepted"),
    rules.PARTLY: _l("accepted in part"),
}
STATES_OF_GROUP = STATES | {
    rules.SUBMITTED: _l("the office checks it"),
    rules.QUESTIONS: _l("question to you"),
}
"""The same, said to the group."""
KINDS = {
    rules.CONFIRMATION: _l("Short confirmation"),
    rules.FULL: _l("Full proof"),
}
ACTS = {
    "submitted": _l("Submitted"),
    "asked": _l("Asked by the office"),
    "answered": _l("Answered"),
    "extended": _l("More time given"),
    "decided": _l("Checked"),
    rules.SOON: _l("Reminded before the last day"),
    rules.ON_DAY: _l("Reminded on the last day"),
    rules.LATE: _l("Reminded after the last day"),
}
REMINDERS = {each: ACTS[each] for each in rules.REMINDERS}
CAUSES = {
    reclaim.UNUSED: _l("not used"),
    reclaim.NOT_ACCEPTED: _l("not accepted as used for the purpose"),
    reclaim.REVOKED: _l("the grant was revoked"),
}
CLAIM_STATES = {
    reclaim.NEW: _l("to be told in writing"),
    reclaim.WRITTEN: _l("told in writing"),
    reclaim.SETTLED: _l("settled"),
    reclaim.LAPSED: _l("lapsed"),
}
USED, RECEIPTS = "used", "receipts"
STATEMENTS = {
    USED: _l("The money was used for the purpose of the grant, and sparingly."),
    RECEIPTS: _l("We keep all receipts and show them when asked."),
}
_FILE_WORDS = {
    **request_files.WORDS,
    file.UNKNOWN_KIND: _l("there is no kind of cost “%(value)s”; the kinds there are stand beside the form."),
    file.OTHER_YEAR: _l("“%(value)s” does not belong to the funding year."),
    file.TOO_LONG: _l("please use at most %(value)s characters."),
    file.TOO_MANY: _l("at most %(value)s expenses; please put small ones together."),
    NO_LINES: _l("the list has no expenses."),
}


def fault_words(faults: list[Fault]) -> list[str]:
    """Answer each fault of a list of expenses with the name of its cell, and how many more there are."""
    return request_files.fault_words(faults, _FILE_WORDS)


def kinds_by_name() -> dict[str, str]:
    """Answer the kinds of cost by what a list may call them: their names in the language that is spoken, and codes."""
    return {code: code for code in COSTS} | {str(name).casefold(): code for code, name in COSTS.items()}


def due_words(line: ProofLine, on: date) -> str:
    """Answer until when a proof can come, or for how long it has been missing."""
    stand = line.stand
    if stand.state == rules.QUESTIONS and stand.answer_until is not None:
        return _("answer until %(day)s", day=date_words(stand.answer_until))
    if stand.is_overdue(on):
        return _("was due on %(day)s", day=date_words(stand.last_day))
    return _("until %(day)s", day=date_words(stand.last_day))
