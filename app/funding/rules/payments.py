"""Payments of awards: how far one can be, which count as under way, what fits into the money that is there."""

from __future__ import annotations

from collections.abc import Iterable

PREPARED, SENT, UNKNOWN, EXECUTED, RETURNED, DROPPED = (
    "prepared",
    "sent",
    "unknown",
    "executed",
    "returned",
    "dropped",
)
"""In a batch, at the bank, perhaps at the bank, done; came back or was refused; or was never to be."""
LIVE = (PREPARED, SENT, UNKNOWN, EXECUTED)
"""With one of these an award is in no other batch."""
UNDER_WAY = (PREPARED, SENT, UNKNOWN)
"""What the bank can still say yes or no to."""

BUILT, RELEASED = "built", "released"

NO_ACCOUNT, UNCONFIRMED, UNWRITABLE, CAME_BACK = "no_account", "unconfirmed", "unwritable", "came_back"
OWES_PROOF, GONE = "owes_proof", "gone"
"""Why an award is not paid now: the group is no more; the proof of an earlier year is missing; no account, one that
changed, a name no bank takes, or an account it came back from.
"""


def award_key(run_id: int, group_id: int) -> str:
    """Answer the key under which a run promised its award to a group."""
    return f"run/{run_id}/{group_id}"


def objection_key(notice_id: int) -> str:
    """Answer the key under which an objection to a notice promised more to its group."""
    return f"objection/{notice_id}/award"


def which_fit(cents: Iterable[int], most_cents: int) -> list[int]:
    """Answer the places of those that are paid, in their order: each that still fits into what is there."""
    left, fitting = most_cents, []
    for place, each in enumerate(cents):
        if each <= left:
            left -= each
            fitting.append(place)
    return fitting
