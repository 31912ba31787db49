"""The rules of a funding region in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

FIELD_NAMES = {
    "deadline": _l("Last day for groups"),
    "deadline_new": _l("Last day for new groups"),
    "new_after_months": _l("How old a new group must be, in months"),
    "counts": _l("What counts"),
    "weekend": _l("A last day on a weekend or holiday"),
    "confirmation_up_to_cents": _l("Short confirmation up to, in euros"),
    "plain_up_to_cents": _l("No reasons needed up to, in euros"),
    "proof_due": _l("Proof is due"),
    "must_be_listed": _l("Only groups that can be found here get money"),
    "caps": _l("Limits of costs"),
    "source": _l("Source"),
    "doubts": _l("Doubts"),
}
COUNTS = {"received": _l("the day on which it comes"), "posted": _l("the postmark")}
WEEKENDS = {"next_working_day": _l("moves to the next working day"), "none": _l("stays where it is")}
