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
    "tiers": _l("Most for groups by their size"),
    "keep_years": _l("Kept after the end of the year, in years"),
    "note": _l("What you want to tell groups"),
    "proof_due": _l("Proof is due"),
    "must_be_listed": _l("Only groups that can be found here get money"),
    "caps": _l("Limits of costs"),
    "source": _l("Source"),
    "doubts": _l("Doubts"),
}
COUNTS = {"received": _l("the day on which it comes"), "posted": _l("the postmark")}
WEEKENDS = {"next_working_day": _l("moves to the next working day"), "none": _l("stays where it is")}
DOUBTS = {
    "confirmation_up_to_cents is that of Essen; other towns may differ": _l(
        "confirmation_up_to_cents is that of Essen; other towns may differ"
    ),
    "no date for new groups was found": _l("no date for new groups was found"),
    "whether the postmark counts was not found": _l("whether the postmark counts was not found"),
    "the sources say 799 and 800: sums in between are taken as below 800.00": _l(
        "the sources say 799 and 800: sums in between are taken as below 800.00"
    ),
    "no threshold for the short confirmation was found: full proof is asked for": _l(
        "no threshold for the short confirmation was found: full proof is asked for"
    ),
    "no threshold for the short confirmation and no date of proof were found": _l(
        "no threshold for the short confirmation and no date of proof were found"
    ),
    "no date of proof was found": _l("no date of proof was found"),
    "the form says up to 600 and from 601: sums in between are asked for full proof": _l(
        "the form says up to 600 and from 601: sums in between are asked for full proof"
    ),
    "no threshold for the short confirmation and no date for new groups were found": _l(
        "no threshold for the short confirmation and no date for new groups were found"
    ),
    "no source was found for this Land: all numbers are to be set by the funding office": _l(
        "no source was found for this Land: all numbers are to be set by the funding office"
    ),
}
"""What the presets say of their own gaps, in the reader's language."""
