"""The table of permissions: who may do what, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules.permissions import (
    CLEARINGHOUSE,
    GROUP,
    INSURER,
    NATIONWIDE_TOO,
    ORGANISATION,
    PERMISSIONS,
    PUBLIC,
    REGION,
    ROLE_SCOPES,
    SCOPE_KEYS,
    STATE,
    Actor,
    Grant,
    Scope,
    is_scope_right,
    may,
    may_somewhere,
)

SIGNED_IN = "be_signed_in"
FOR_ROLES = sorted(set(PERMISSIONS) - {PUBLIC, SIGNED_IN})
ids = st.integers(1, 4)
keys = dict.fromkeys(SCOPE_KEYS.values(), ids) | {"state_ags": st.sampled_from(["05", "09", "14"])}


@st.composite
def grants(draw):
    role = draw(st.sampled_from(sorted(ROLE_SCOPES)))
    scope = ROLE_SCOPES[role]
    if scope is None or (role in NATIONWIDE_TOO and draw(st.booleans())):
        return Grant(role)
    key = SCOPE_KEYS[scope]
    return Grant(role, **{key: draw(keys[key])})


actors = st.builds(Actor, st.frozensets(grants(), max_size=5))
scopes = st.builds(Scope, **keys)
permissions = st.sampled_from(sorted(PERMISSIONS))


@pytest.mark.parametrize(
    ("permission", "grant", "scope", "expected"),
    [
        ("manage_meetings", Grant("group_contact", group_id=1), Scope(1, 9), True),
        ("manage_meetings", Grant("group_contact", group_id=2), Scope(1, 9), False),
        ("manage_meetings", Grant("desk_staff", clearinghouse_id=9), Scope(1, 9), True),
        ("manage_meetings", Grant("desk_lead", clearinghouse_id=1), Scope(1, 9), False),
        ("manage_meetings", Grant("admin"), Scope(1, 9), False),
        ("ask_for_room", Grant("group_contact", group_id=1), Scope(1, 9), True),
        ("manage_rooms", Grant("desk_staff", clearinghouse_id=9), Scope(None, 9), True),
        ("manage_rooms", Grant("group_contact", group_id=9), Scope(9, 9), False),
        ("close_places", Grant("desk_lead", clearinghouse_id=9), Scope(clearinghouse_id=9), True),
        ("close_places", Grant("desk_lead", clearinghouse_id=8), Scope(clearinghouse_id=9), False),
        ("see_jobs", Grant("admin"), Scope(), True),
        ("see_jobs", Grant("desk_lead", clearinghouse_id=9), Scope(), False),
        ("see_funding", Grant("insurer_officer", insurer_id=9), Scope(), True),
        ("see_funding", Grant("group_contact", group_id=9), Scope(), False),
        ("see_contributions", Grant("insurer_officer", insurer_id=9), Scope(insurer_id=9), True),
        ("see_contributions", Grant("insurer_officer", insurer_id=9), Scope(insurer_id=8), False),
        ("see_contributions", Grant("finance"), Scope(insurer_id=8), True),
        ("work_on_rounds", Grant("funding_office", region_id=9), Scope(region_id=9, state_ags="05"), True),
        ("work_on_rounds", Grant("funding_office", region_id=9), Scope(region_id=8, state_ags="05"), False),
        ("see_levy", Grant("coordinator", state_ags="05"), Scope(state_ags="05"), True),
        ("see_levy", Grant("coordinator", state_ags="05"), Scope(state_ags="09"), False),
        ("see_levy", Grant("coordinator"), Scope(state_ags="09"), True),
    ],
)
def test_a_role_allows_what_the_table_says_and_where(permission, grant, scope, expected):
    assert may(Actor(frozenset({grant})), permission, scope) is expected


@given(permissions, scopes)
def test_a_visitor_has_only_what_everybody_has(permission, scope):
    assert may(None, permission, scope) is may_somewhere(None, permission) is (permission == PUBLIC)


@given(actors)
def test_whoever_is_signed_in_is_that_with_any_role_or_none(actor):
    assert may(actor, SIGNED_IN)
    assert may(actor, PUBLIC)


@given(actors, permissions, scopes)
def test_who_may_do_something_here_may_do_it_somewhere(actor, permission, scope):
    assert may_somewhere(actor, permission) or not may(actor, permission, scope)


@given(actors, grants(), permissions, scopes)
def test_a_further_grant_never_takes_anything_away(actor, grant, permission, scope):
    richer = Actor(actor.grants | {grant})
    assert may(richer, permission, scope) or not may(actor, permission, scope)


@given(actors, st.sampled_from(FOR_ROLES), scopes)
def test_every_permission_is_had_by_a_single_grant_that_has_the_role_and_is_for_this_place(
    actor, permission, scope
):
    fitting = [
        grant
        for grant in actor.grants
        if grant.role in PERMISSIONS[permission].roles
        and (
            PERMISSIONS[permission].scope is None
            or all(getattr(grant, key) in {None, getattr(scope, key)} for key in keys)
        )
    ]
    assert may(actor, permission, scope) is bool(fitting)


@given(actors, st.integers(1, 4), st.sampled_from([name for name in PERMISSIONS if PERMISSIONS[name].scope]))
def test_whoever_asks_without_saying_where_is_told_so_instead_of_getting_an_answer(actor, number, permission):
    with pytest.raises(ValueError, match=permission):
        may(actor, permission)
    with pytest.raises(ValueError, match=permission):
        may(actor, permission, Scope(group_id=number))


ALSO_NAMED = {
    "check_applications": (CLEARINGHOUSE,),
    "see_sittings": (INSURER,),
    "decide_in_sittings": (INSURER,),
}
"""What whoever asks names besides the region: the house of the group, the insurers that pay into the pot."""


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_the_table_names_roles_that_there_are_and_that_can_reach_what_it_is_about(permission):
    entry = PERMISSIONS[permission]
    roles = entry.roles - {"anybody", "anybody signed in"}
    assert roles <= set(ROLE_SCOPES)
    reachable = {
        GROUP: {GROUP, CLEARINGHOUSE, None},
        CLEARINGHOUSE: {CLEARINGHOUSE, None},
        INSURER: {INSURER, None},
        REGION: {REGION, STATE, None, *ALSO_NAMED.get(permission, ())},
        STATE: {STATE, None},
        ORGANISATION: {ORGANISATION, None},
        # The start of the area, which holds no one's own, and the reports, which show everybody their own regions.
        None: {INSURER, REGION, STATE, None} if permission in {"see_funding", "see_reports"} else {None},
    }
    assert {ROLE_SCOPES[role] for role in roles} <= reachable[entry.scope]


def test_an_unknown_permission_is_an_error_and_not_a_no():
    for ask in (may, may_somewhere):
        with pytest.raises(KeyError):
            ask(None, "do_anything")


@given(
    st.sampled_from(sorted(ROLE_SCOPES)),
    st.fixed_dictionaries({}, optional=keys),
)
def test_a_grant_is_right_when_it_names_what_its_role_is_for_and_nothing_else(role, given_for):
    named = {kind for kind, key in SCOPE_KEYS.items() if key in given_for}
    is_right = named == {ROLE_SCOPES[role]} - {None} or (role == "coordinator" and not named)
    assert is_scope_right(Grant(role, **given_for)) is is_right
