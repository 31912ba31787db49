"""Payments in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.funding.rules import payments as rules

BATCH_STATES = {
    rules.BUILT: _l("waits for its release"),
    rules.RELEASED: _l("released, not at the bank yet"),
    rules.SENT: _l("at the bank"),
    rules.UNKNOWN: _l("nobody knows whether the bank has it"),
    rules.DROPPED: _l("dropped"),
}
PAYMENT_STATES = {
    rules.PREPARED: _l("prepared"),
    rules.SENT: _l("at the bank"),
    rules.UNKNOWN: _l("not known"),
    rules.EXECUTED: _l("paid out"),
    rules.RETURNED: _l("came back"),
    rules.DROPPED: _l("dropped"),
}
HELD = {
    rules.GONE: _l("the group is closed or part of another one; withdraw its request or let it be reopened"),
    rules.OWES_PROOF: _l("the proof of an earlier year is missing"),
    rules.NO_ACCOUNT: _l("no account known"),
    rules.UNCONFIRMED: _l("the account changed; a second person has to confirm it"),
    rules.UNWRITABLE: _l("no bank takes the name of the account holder as it is written"),
    rules.CAME_BACK: _l("came back from this account; enter another, or the same once more"),
}
LINE_KINDS = {
    "executed": _l("booked"),
    "returned": _l("came back"),
    "refused": _l("refused"),
    "pending": _l("accepted"),
}
LINE_OUTCOMES = {
    "unmatched": _l("belongs to no payment that is known here"),
    "contradicts": _l("does not fit its payment: another sum or account, or something else was known before"),
}
