"""The states in the life of a group: from registered to closed; what each means for the finder, and what may follow.

Only a ``listed`` group is found, shown and reminded. Nothing is lost in any other state.
"""

from __future__ import annotations

SUBMITTED = "submitted"
"""Registered; the clearing house has not yet approved it for the first time."""
LISTED = "listed"
PAUSED = "paused"
"""Not to be found for a time, by the group's own wish."""
DORMANT = "dormant"
"""Nobody confirmed for too long that it still exists."""
CLOSED = "closed"
DECLINED = "declined"
"""Registered, and not approved."""
MERGED = "merged"
"""Went on as part of another group."""

NEXT: dict[str, frozenset[str]] = {
    SUBMITTED: frozenset({LISTED, DECLINED, CLOSED}),
    LISTED: frozenset({PAUSED, DORMANT, CLOSED, MERGED}),
    PAUSED: frozenset({LISTED, DORMANT, CLOSED, MERGED}),
    DORMANT: frozenset({LISTED, PAUSED, CLOSED, MERGED}),
    CLOSED: frozenset({LISTED}),
    DECLINED: frozenset({SUBMITTED, LISTED, CLOSED}),
    MERGED: frozenset(),
}
"""State → the states that may follow it."""
STATES = tuple(NEXT)
HIDDEN = frozenset({PAUSED, DORMANT})
"""States of a group that is there, and was listed, and cannot be found now."""


def may_become(state: str, other: str) -> bool:
    """Whether a group may go from a state to another; staying is always possible.

    Raises:
        KeyError: there is no such state.
    """
    return state == other or other in NEXT[state]
