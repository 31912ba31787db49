"""Checks of applications in words: kinds, states, fields that can be asked for, what two applications share."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.funding.rules import checks as rules
from app.funding.rules import duplicates

KINDS = {rules.CONTENT: _l("content"), rules.ARITHMETIC: _l("arithmetic")}
CHECKS = {rules.CONTENT: _l("Check of the content"), rules.ARITHMETIC: _l("Check of the arithmetic")}
STATES = {
    rules.WAITING: _l("to be checked"),
    rules.OBJECTION: _l("objection"),
    rules.ASKED: _l("the group is asked"),
    rules.OVERDUE: _l("answer overdue"),
    rules.CHECKED: _l("checked"),
}
RESULTS = {True: _l("in order"), False: _l("objection")}
ENDINGS = {
    rules.ANSWERED: _l("answered by the group"),
    rules.TAKEN_BACK: _l("taken back"),
    rules.WITHDRAWN: _l("the group has withdrawn its request"),
}
SHARED = {
    duplicates.ACCOUNT: _l("the same account"),
    duplicates.ADDRESS: _l("the same e-mail address of the contact"),
    duplicates.PHONE: _l("the same phone number of the contact"),
    duplicates.SIGNER: _l("the same person signed"),
}
