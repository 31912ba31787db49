"""The states in the life of a group: from registered to closed; what each means for the finder.

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

STATES = (SUBMITTED, LISTED, PAUSED, DORMANT, CLOSED, DECLINED, MERGED)
