"""States of requests and runs, and reasons, as they are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.funding.queries import runs
from app.funding.rules import grant_round

STANDINGS = {
    grant_round.IN_TIME: _l("in time"),
    grant_round.EXTENDED: _l("extension granted"),
    grant_round.LATE: _l("late, waits for the next round"),
    grant_round.WITHDRAWN: _l("withdrawn"),
}
"""How a request stands → its name."""
EXTENSIONS = {
    "founded": _l("the group was founded later"),
    "illness": _l("illness"),
    "our_fault": _l("our own delay"),
    "agreed": _l("agreed beforehand"),
}
"""Why a group was given more time → its name."""
DISCARDS = {
    "another_rule": _l("another rule is to be used"),
    "another_pot": _l("the pot is not complete yet"),
    "mistake": _l("made by mistake"),
    "not_agreed": _l("the funders did not agree"),
}
"""Why a draft was given up → its name."""
RUN_STATES = {
    runs.DRAFT: _l("draft"),
    runs.CHECKED: _l("checked"),
    runs.APPROVED: _l("approved for posting"),
    runs.POSTED: _l("posted"),
    runs.DISCARDED: _l("given up"),
    runs.STALE: _l("out of date"),
}
"""How far a run has come → its name."""
