"""Who may do what, in one table.

Until people can sign in (issue "accounts") there is one audience: everybody.
"""

from __future__ import annotations

PUBLIC = "public"
"""Anybody, signed in or not."""

PERMISSIONS: dict[str, frozenset[str]] = {
    PUBLIC: frozenset({"anybody"}),
}
"""Permission → the roles that have it."""
