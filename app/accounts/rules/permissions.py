"""Who may do what, in one table: permission → the roles that have it, and what it is about.

A role is granted to a person, most of them for one group, clearing house, insurer, funding region, Land or
organisation. A permission that is about one of these is had only for that of the grant, one that is about nothing with
any grant of the role. The staff of a house have it for the groups of the house too, so whoever asks about a group names
its house as well, and about a region its Land.
"""

from __future__ import annotations

from dataclasses import dataclass

GROUP = "group"
CLEARINGHOUSE = "clearinghouse"
INSURER = "insurer"
REGION = "region"
STATE = "state"
ORGANISATION = "organisation"
SCOPE_KEYS = {
    GROUP: "group_id",
    CLEARINGHOUSE: "clearinghouse_id",
    INSURER: "insurer_id",
    REGION: "region_id",
    STATE: "state_ags",
    ORGANISATION: "organisation_id",
}
"""What a role or a permission can be about → the field of ``Grant`` and ``Scope`` that says which one."""

GROUP_CONTACT = "group_contact"
DESK_STAFF = "desk_staff"
DESK_LEAD = "desk_lead"
INSURER_OFFICER = "insurer_officer"
FUNDING_OFFICE = "funding_office"
FINANCE = "finance"
REPRESENTATIVE = "representative"
COORDINATOR = "coordinator"
ORGANISATION_CONTACT = "organisation_contact"
ADMIN = "admin"

ROLE_SCOPES: dict[str, str | None] = {
    GROUP_CONTACT: GROUP,
    DESK_STAFF: CLEARINGHOUSE,
    DESK_LEAD: CLEARINGHOUSE,
    INSURER_OFFICER: INSURER,
    FUNDING_OFFICE: REGION,
    FINANCE: None,
    REPRESENTATIVE: None,
    COORDINATOR: STATE,
    ORGANISATION_CONTACT: ORGANISATION,
    ADMIN: None,
}
"""Role → what it is granted for, one of ``SCOPE_KEYS``, or, with None, the whole network."""
NATIONWIDE_TOO = frozenset({COORDINATOR})
"""Roles that are granted for the whole network as well: then they name nothing."""

ROLES_FOR: dict[str | None, tuple[str, ...]] = {
    kind: tuple(role for role, scope in ROLE_SCOPES.items() if scope == kind) for kind in (*SCOPE_KEYS, None)
}
"""What a role can be for or, with None, the network → the roles that are granted for it."""

ANYBODY = "anybody"
ANYBODY_SIGNED_IN = "anybody signed in"
PUBLIC = "public"
"""The permission that anybody has, signed in or not."""


@dataclass(frozen=True, slots=True)
class Permission:
    """The roles that have it, and what it is about: one of ``SCOPE_KEYS``, or None for nothing of these."""

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
    "request_funding": Permission(frozenset({GROUP_CONTACT, DESK_STAFF, DESK_LEAD}), GROUP),
    "see_notices": Permission(frozenset({GROUP_CONTACT, DESK_STAFF, DESK_LEAD}), GROUP),
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
    "see_funding": Permission(
        frozenset({INSURER_OFFICER, FUNDING_OFFICE, FINANCE, REPRESENTATIVE, COORDINATOR})
    ),
    "see_levy": Permission(frozenset({FINANCE, COORDINATOR}), STATE),
    "manage_levy": Permission(frozenset({FINANCE})),
    "see_contributions": Permission(frozenset({INSURER_OFFICER, FINANCE}), INSURER),
    "decide_projects": Permission(frozenset({INSURER_OFFICER}), INSURER),
    "book_contributions": Permission(frozenset({FINANCE})),
    "close_years": Permission(frozenset({FINANCE})),
    "grant_directly": Permission(frozenset({FINANCE})),
    "apply_for_house": Permission(frozenset({DESK_LEAD}), CLEARINGHOUSE),
    "apply_for_organisation": Permission(frozenset({ORGANISATION_CONTACT}), ORGANISATION),
    "see_institutions": Permission(frozenset({FINANCE, COORDINATOR}), STATE),
    "decide_institutions": Permission(frozenset({FINANCE, COORDINATOR}), STATE),
    "see_rounds": Permission(frozenset({FUNDING_OFFICE, FINANCE, REPRESENTATIVE}), REGION),
    "check_applications": Permission(frozenset({FUNDING_OFFICE, DESK_STAFF, DESK_LEAD}), REGION),
    "check_sums": Permission(frozenset({FUNDING_OFFICE}), REGION),
    "work_on_rounds": Permission(frozenset({FUNDING_OFFICE}), REGION),
    "approve_runs": Permission(frozenset({FUNDING_OFFICE, FINANCE}), REGION),
    "see_sittings": Permission(frozenset({FUNDING_OFFICE, FINANCE, REPRESENTATIVE, INSURER_OFFICER}), REGION),
    "hold_sittings": Permission(frozenset({FUNDING_OFFICE}), REGION),
    "decide_in_sittings": Permission(frozenset({FUNDING_OFFICE, INSURER_OFFICER}), REGION),
    "comment_in_sittings": Permission(frozenset({REPRESENTATIVE}), REGION),
    "pay_awards": Permission(frozenset({FINANCE}), REGION),
    "see_reports": Permission(frozenset({FUNDING_OFFICE, FINANCE, REPRESENTATIVE, COORDINATOR})),
    "see_representation": Permission(frozenset({REPRESENTATIVE})),
    "set_release_limits": Permission(frozenset({FINANCE, ADMIN})),
    "check_proofs": Permission(frozenset({FUNDING_OFFICE}), REGION),
    "see_reclaims": Permission(frozenset({FUNDING_OFFICE, FINANCE}), REGION),
    "work_on_reclaims": Permission(frozenset({FUNDING_OFFICE}), REGION),
    "decide_waivers": Permission(frozenset({FUNDING_OFFICE, FINANCE}), REGION),
    "book_reclaims": Permission(frozenset({FINANCE}), REGION),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody has, and for what."""

    role: str
    group_id: int | None = None
    clearinghouse_id: int | None = None
    insurer_id: int | None = None
    region_id: int | None = None
    state_ags: str | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is signed in, as far as permissions are concerned."""

    grants: frozenset[Grant] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where something is to be done: a group with the house that looks after it, a region with its Land, and so on."""

    group_id: int | None = None
    clearinghouse_id: int | None = None
    insurer_id: int | None = None
    region_id: int | None = None
    state_ags: str | None = None
    organisation_id: int | None = None


NOWHERE = Scope()
_NEEDED: dict[str, tuple[str, ...]] = {
    GROUP: (GROUP, CLEARINGHOUSE),
    CLEARINGHOUSE: (CLEARINGHOUSE,),
    INSURER: (INSURER,),
    REGION: (REGION, STATE),
    STATE: (STATE,),
    ORGANISATION: (ORGANISATION,),
}
"""What a permission is about → what whoever asks has to name."""


def may(actor: Actor | None, permission: str, scope: Scope = NOWHERE) -> bool:
    """Whether somebody (None: a visitor) has a permission there.

    Raises:
        KeyError: the permission is not in the table.
        ValueError: the scope lacks what the permission is about; for a group that is its house too, for a region its
            Land.
    """
    entry = PERMISSIONS[permission]
    if entry.scope is None:
        return may_somewhere(actor, permission)
    if any(getattr(scope, SCOPE_KEYS[kind]) is None for kind in _NEEDED[entry.scope]):
        raise ValueError(f"{permission} is about a {entry.scope}; {scope} does not say which.")
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
    """Whether a grant names what its role is for, and nothing else.

    Raises:
        KeyError: there is no such role.
    """
    named = [kind for kind, key in SCOPE_KEYS.items() if getattr(grant, key) is not None]
    scope = ROLE_SCOPES[grant.role]
    return named == ([scope] if scope else []) or (not named and grant.role in NATIONWIDE_TOO)


def _covers(grant: Grant, scope: Scope) -> bool:
    """Whether what a grant is for holds the scope; a role for the whole network covers everything."""
    kind = ROLE_SCOPES[grant.role]
    if kind is None:
        return True
    granted_for = getattr(grant, SCOPE_KEYS[kind])
    if granted_for is None:
        return grant.role in NATIONWIDE_TOO
    return bool(granted_for == getattr(scope, SCOPE_KEYS[kind]))
