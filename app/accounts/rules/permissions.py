"""Who may do what, in one table: permission → the roles that have it, and what it is about.

A role is granted to a person, most of them for one group or one clearing house. A permission that is about a group
or a house is had only for the group or house of the grant; the staff of a house have it for the groups of the house
too, so whoever asks about a group names its house as well.
"""

from __future__ import annotations

from dataclasses import dataclass

GROUP = "group"
CLEARINGHOUSE = "clearinghouse"

GROUP_CONTACT = "group_contact"
DESK_STAFF = "desk_staff"
DESK_LEAD = "desk_lead"
ADMIN = "admin"

ROLE_SCOPES: dict[str, str | None] = {
    GROUP_CONTACT: GROUP,
    DESK_STAFF: CLEARINGHOUSE,
    DESK_LEAD: CLEARINGHOUSE,
    "insurer_officer": None,
    "funding_office": None,
    "finance": None,
    "representative": None,
    "coordinator": None,
    ADMIN: None,
}
"""Role → what it is granted for: one group, one clearing house, or, with None, the whole network."""

ROLES_FOR: dict[str | None, tuple[str, ...]] = {
    kind: tuple(role for role, scope in ROLE_SCOPES.items() if scope == kind)
    for kind in (GROUP, CLEARINGHOUSE, None)
}
"""A group, a clearing house or, with None, the network → the roles that are granted for it."""

ANYBODY = "anybody"
ANYBODY_SIGNED_IN = "anybody signed in"
PUBLIC = "public"
"""The permission that anybody has, signed in or not."""


@dataclass(frozen=True, slots=True)
class Permission:
    """The roles that have it, and what it is about: ``GROUP``, ``CLEARINGHOUSE``, or None for neither."""

    roles: frozenset[str]
    scope: str | None = None


PERMISSIONS: dict[str, Permission] = {
    PUBLIC: Permission(frozenset({ANYBODY})),
    "be_signed_in": Permission(frozenset({ANYBODY_SIGNED_IN})),
    "manage_meetings": Permission(frozenset({GROUP_CONTACT, DESK_STAFF, DESK_LEAD}), GROUP),
    "edit_listing": Permission(frozenset({GROUP_CONTACT, DESK_STAFF, DESK_LEAD}), GROUP),
    "review_listings": Permission(frozenset({DESK_STAFF, DESK_LEAD}), CLEARINGHOUSE),
    "manage_group_life": Permission(frozenset({GROUP_CONTACT, DESK_STAFF, DESK_LEAD}), GROUP),
    "ask_for_room": Permission(frozenset({GROUP_CONTACT, DESK_STAFF, DESK_LEAD}), GROUP),
    "work_at_desk": Permission(frozenset({DESK_STAFF, DESK_LEAD}), CLEARINGHOUSE),
    "manage_rooms": Permission(frozenset({DESK_STAFF, DESK_LEAD}), CLEARINGHOUSE),
    "close_places": Permission(frozenset({DESK_STAFF, DESK_LEAD}), CLEARINGHOUSE),
    "read_messages": Permission(frozenset({DESK_STAFF, DESK_LEAD}), CLEARINGHOUSE),
    "register_groups": Permission(frozenset({DESK_STAFF, DESK_LEAD}), CLEARINGHOUSE),
    "see_interest": Permission(frozenset({DESK_STAFF, DESK_LEAD}), CLEARINGHOUSE),
    "see_jobs": Permission(frozenset({ADMIN})),
    "manage_group_people": Permission(frozenset({GROUP_CONTACT, DESK_STAFF, DESK_LEAD, ADMIN}), GROUP),
    "see_house_people": Permission(frozenset({DESK_STAFF, DESK_LEAD, ADMIN}), CLEARINGHOUSE),
    "manage_house_people": Permission(frozenset({DESK_LEAD, ADMIN}), CLEARINGHOUSE),
    "manage_network_people": Permission(frozenset({ADMIN})),
    "read_group_history": Permission(frozenset({DESK_STAFF, DESK_LEAD, ADMIN}), GROUP),
    "read_history": Permission(frozenset({DESK_LEAD, ADMIN}), CLEARINGHOUSE),
    "read_network_history": Permission(frozenset({ADMIN})),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody has, and for which group or house."""

    role: str
    group_id: int | None = None
    clearinghouse_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is signed in, as far as permissions are concerned."""

    grants: frozenset[Grant] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where something is to be done: a group with the house that looks after it, a house, or neither."""

    group_id: int | None = None
    clearinghouse_id: int | None = None


NOWHERE = Scope()


def may(actor: Actor | None, permission: str, scope: Scope = NOWHERE) -> bool:
    """Whether somebody (None: a visitor) has a permission there.

    Raises:
        KeyError: the permission is not in the table.
        ValueError: the scope lacks what the permission is about; for a group that is its house too.
    """
    entry = PERMISSIONS[permission]
    if (entry.scope and scope.clearinghouse_id is None) or (entry.scope == GROUP and scope.group_id is None):
        raise ValueError(f"{permission} is about a {entry.scope}; {scope} does not say which.")
    if entry.roles & {ANYBODY, ANYBODY_SIGNED_IN}:
        return may_somewhere(actor, permission)
    return actor is not None and any(
        grant.role in entry.roles and _covers(grant, scope) for grant in actor.grants
    )


def may_somewhere(actor: Actor | None, permission: str) -> bool:
    """Whether somebody has a permission for anything at all.

    Raises:
        KeyError: the permission is not in the table.
    """
    roles = PERMISSIONS[permission].roles
    if ANYBODY in roles:
        return True
    if actor is None:
        return False
    return ANYBODY_SIGNED_IN in roles or any(grant.role in roles for grant in actor.grants)


def is_scope_right(grant: Grant) -> bool:
    """Whether a grant names the group or the house its role is for, and nothing else.

    Raises:
        KeyError: there is no such role.
    """
    scope = ROLE_SCOPES[grant.role]
    return (grant.group_id is not None, grant.clearinghouse_id is not None) == (
        scope == GROUP,
        scope == CLEARINGHOUSE,
    )


def _covers(grant: Grant, scope: Scope) -> bool:
    """Whether what a grant is for holds the scope; a role for the whole network covers everything."""
    kind = ROLE_SCOPES[grant.role]
    if kind == GROUP:
        return grant.group_id is not None and grant.group_id == scope.group_id
    if kind == CLEARINGHOUSE:
        return grant.clearinghouse_id is not None and grant.clearinghouse_id == scope.clearinghouse_id
    return True
