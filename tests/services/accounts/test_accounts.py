"""Accounts and roles as they are stored: what is refused, and what the database itself keeps right."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy.exc import IntegrityError

from app.accounts.demo import ACCOUNTS
from app.accounts.models import RoleGrant, User
from app.accounts.passwords import Passwords, get_passwords, init_passwords
from app.accounts.queries import find_person, list_roles
from app.accounts.rules.permissions import NATIONWIDE_TOO, ROLE_SCOPES, Actor, Grant
from app.accounts.services import create_user, find_id_by_password, grant_role, renew_hash
from app.groups.models import Group
from app.shared.errors import BadInput, RuleBroken
from tests.builders.accounts import PASSWORD, make_user
from tests.builders.funding import make_insurer, make_organisation, make_region
from tests.builders.groups import NOW, make_group, make_house
from tests.support.databases import config_for


def user_of(session, email):
    return session.scalars(sa.select(User).where(User.email == email)).one()


def is_refused_by_the_database(session, **values):
    try:
        with session.begin_nested():
            session.execute(sa.insert(RoleGrant).values(granted_at=NOW, **values))
    except IntegrityError:
        return True
    return False


def test_an_address_has_one_account_however_it_is_written(session):
    make_user(session, email="kim@example.org")
    with pytest.raises(RuleBroken) as refused:
        make_user(session, email=" KIM@Example.org ")
    assert (refused.value.code, refused.value.field) == ("address_taken", "email")


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("kim", PASSWORD, "email"),
        ("kim@example.org", "tooshort9", "password"),
        ("k@x.org", "x" * 201, "password"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_field(email, password, field, session):
    with pytest.raises(BadInput) as refused:
        make_user(session, email=email, password=password)
    assert refused.value.field == field


@pytest.mark.parametrize("role", ROLE_SCOPES)
def test_a_role_is_granted_for_what_it_is_for_and_not_otherwise(role, session):
    user = user_of(session, make_user(session))
    possible = {
        None: {},
        "group": {"group_id": make_group(session)},
        "clearinghouse": {"clearinghouse_id": make_house(session, "Noch eine")},
        "insurer": {"insurer_id": make_insurer(session)},
        "region": {"region_id": make_region(session)},
        "state": {"state_ags": "05"},
        "organisation": {"organisation_id": make_organisation(session)},
    }
    for scope, ids in possible.items():
        if scope != ROLE_SCOPES[role] and not (role in NATIONWIDE_TOO and scope is None):
            with pytest.raises(BadInput, match="Diese Rolle gilt für"):
                grant_role(session, user.id, role, now=NOW, **ids)
            assert is_refused_by_the_database(session, user_id=user.id, role=role, **ids)
    right = possible[ROLE_SCOPES[role]]
    grant_role(session, user.id, role, now=NOW, **right)
    grant_role(session, user.id, role, now=NOW, **right)
    assert find_person(session, user.id).actor == Actor(frozenset({Grant(role, **right)}))
    assert is_refused_by_the_database(session, user_id=user.id, role=role, **right)


def test_roles_are_listed_with_the_names_of_what_they_are_for(session):
    house = make_house(session)
    user = user_of(session, make_user(session, "admin"))
    for name in ("Zuversicht", "Atempause"):
        group = make_group(session, name=name, clearinghouse_id=house)
        grant_role(session, user.id, "group_contact", group_id=group, now=NOW)
    insurer, region = make_insurer(session, name="AOK Nord"), make_region(session, name="Emsland")
    grant_role(session, user.id, "insurer_officer", insurer_id=insurer, now=NOW)
    grant_role(session, user.id, "funding_office", region_id=region, now=NOW)
    for where in ({}, {"state_ags": "05"}, {"state_ags": "09"}):
        grant_role(session, user.id, "coordinator", now=NOW, **where)
    assert [(had.role, had.scope_name) for had in list_roles(session, user.id)] == [
        ("admin", ""),
        ("coordinator", ""),
        ("coordinator", "Bayern"),
        ("coordinator", "Nordrhein-Westfalen"),
        ("funding_office", "Emsland"),
        ("group_contact", "Atempause"),
        ("group_contact", "Zuversicht"),
        ("insurer_officer", "AOK Nord"),
    ]


def test_roles_go_with_their_group(session):
    group = make_group(session)
    user = user_of(session, make_user(session, "group_contact", group=group))
    session.execute(sa.delete(RoleGrant.metadata.tables["meeting_series"]))
    session.execute(sa.delete(RoleGrant.metadata.tables["group_topic"]))
    session.execute(sa.delete(Group))
    assert find_person(session, user.id).actor == Actor()


def test_only_the_right_password_of_an_active_account_is_answered_with_its_id(session):
    email = make_user(session, "admin")
    user = user_of(session, email)

    def try_with(email, password):
        return find_id_by_password(session, email=email, password=password, passwords=get_passwords())

    assert try_with(email.upper(), PASSWORD) == user.id
    assert try_with(email, PASSWORD + " ") is None
    assert try_with("nobody@example.org", PASSWORD) is None
    user.is_active = False
    assert try_with(email, PASSWORD) is None


def test_a_hash_of_yesterdays_parameters_is_made_anew_when_somebody_signs_in(session):
    user = user_of(session, make_user(session))
    user.password_hash = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    renew_hash(session, user.id, password=PASSWORD, passwords=get_passwords())
    assert not get_passwords().is_outdated(user.password_hash)
    assert get_passwords().fits(PASSWORD, user.password_hash)


class CountingHasher(PasswordHasher):
    """Argon2 itself, which notes the parameters of every hash it has to check."""

    def __init__(self, **given):
        super().__init__(**given)
        self.checked = []

    def verify(self, hash_, password):
        self.checked.append(extract_parameters(hash_))
        return super().verify(hash_, password)


def test_an_account_that_is_not_there_costs_the_same_work():
    hasher = CountingHasher(time_cost=2, memory_cost=16, parallelism=2)
    passwords = Passwords(hasher)
    assert not passwords.fits(PASSWORD, None)
    assert not passwords.fits("another one", passwords.hash(PASSWORD))
    assert hasher.checked[0] == hasher.checked[1]


def test_a_hash_that_cannot_be_read_fits_nothing():
    assert not Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)).fits(PASSWORD, "broken")


@pytest.mark.parametrize(
    ("app_env", "memory_kibibytes"), [("production", 65536), ("demo", 65536), ("test", 8)]
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_passwords_are_hashed_with_argon2id_and_cheaply_only_in_tests(app_env, memory_kibibytes, app):
    import dataclasses

    init_passwords(app, dataclasses.replace(config_for("sqlite://"), app_env=app_env))
    with app.app_context():
        made = get_passwords().hash(PASSWORD)
    assert made.startswith(f"$argon2id$v=19$m={memory_kibibytes},")


def test_the_demo_has_an_account_for_every_role():
    assert {role for _name, role in ACCOUNTS.values()} == set(ROLE_SCOPES)


def test_create_user_takes_the_part_before_the_at_when_there_is_no_name(session):
    user_id = create_user(
        session, email="kim@example.org", name=" ", password=PASSWORD, passwords=get_passwords(), now=NOW
    )
    assert find_person(session, user_id).name == "kim"
