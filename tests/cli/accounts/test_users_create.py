"""``flask users create``: an account with a role, or a sentence that says what to do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import list_roles
from app.groups.models import Group
from tests.builders.accounts import PASSWORD
from tests.builders.funding import make_insurer, make_region
from tests.builders.groups import make_group, make_house
from tests.support.signed_in import sign_in


@pytest.fixture
def create(runner, session):
    """Runs the command with a password; answers what it did."""

    def run(*arguments, **more):
        session.commit()
        password = [] if "input" in more else ["--password", PASSWORD]
        return runner.invoke(args=["users", "create", *password, *map(str, arguments)], **more)

    return run


def roles(session, email):
    session.rollback()
    user_id = session.scalars(sa.select(User.id).where(User.email == email)).one()
    return [(had.role, had.scope_name) for had in list_roles(session, user_id)]


def test_somebody_can_sign_in_with_the_account(create, browser):
    result = create("--role", "admin", "--name", "Kim Sommer", "kim@demo.invalid")
    assert (result.exit_code, result.output) == (0, "kim@demo.invalid can sign in now.\n")
    assert "Kim Sommer" in sign_in(browser, "kim@demo.invalid").page.text


def test_it_asks_for_the_password_twice_when_none_is_given(create, browser):
    result = create("--role", "admin", "kim@demo.invalid", input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    sign_in(browser, "kim@demo.invalid")


def test_groups_and_houses_are_named_by_slug_or_id(create, session):
    house = make_house(session)
    ids = [make_group(session, name=name, clearinghouse_id=house) for name in ("Atempause", "Mut")]
    slug = session.scalars(sa.select(Group.slug).where(Group.id == ids[0])).one()
    assert create("--role", "group_contact", "--group", slug, "--group", ids[1], "a@b.org").exit_code == 0
    assert create("--role", "desk_staff", "--clearinghouse", "kiss-koeln", "c@d.org").exit_code == 0
    assert roles(session, "a@b.org") == [("group_contact", "Atempause"), ("group_contact", "Mut")]
    assert roles(session, "c@d.org") == [("desk_staff", "KISS Köln")]


def test_an_insurer_a_region_and_a_land_are_named_as_well(create, session):
    make_insurer(session, "aok-nord", name="AOK Nord")
    region = make_region(session, name="Emsland")
    assert create("--role", "insurer_officer", "--insurer", "aok-nord", "a@b.org").exit_code == 0
    assert create("--role", "funding_office", "--region", region, "c@d.org").exit_code == 0
    assert create("--role", "coordinator", "--state", "05", "e@f.org").exit_code == 0
    assert create("--role", "coordinator", "g@h.org").exit_code == 0
    assert roles(session, "a@b.org") == [("insurer_officer", "AOK Nord")]
    assert roles(session, "c@d.org") == [("funding_office", "Emsland")]
    assert roles(session, "e@f.org") == [("coordinator", "Nordrhein-Westfalen")]
    assert roles(session, "g@h.org") == [("coordinator", "")]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--role", "group_contact", "kim@b.org"],
            "Diese Rolle gilt für eine Gruppe; bitte nennen Sie die Gruppe und nichts anderes",
        ),
        (
            ["--role", "desk_lead", "kim@b.org"],
            "Diese Rolle gilt für eine Kontaktstelle; bitte nennen Sie diese",
        ),
        (["--role", "admin", "--clearinghouse", "kiss-koeln", "kim@b.org"], "gilt für das ganze Netzwerk"),
        (
            ["--role", "group_contact", "--group", "gone", "kim@b.org"],
            "There is no group with the slug or id gone.",
        ),
        (["--role", "insurer_officer", "kim@b.org"], "Diese Rolle gilt für eine Krankenkasse"),
        (
            ["--role", "funding_office", "--insurer", "1", "kim@b.org"],
            "There is no insurer with the slug or id 1.",
        ),
        (["--role", "coordinator", "--state", "5", "kim@b.org"], "There is no state with the slug or id 5."),
        (["--role", "admin", "kim"], "Das sieht nicht nach einer E-Mail-Adresse aus."),
        (["--role", "admin", "--password", "short", "kim@b.org"], "ein Passwort mit mindestens 10 Zeichen"),
        (["--role", "admin", "taken@b.org"], "Es gibt schon ein Konto mit dieser Adresse."),
        (["--role", "king", "kim@b.org"], "'king' is not one of"),
    ],
)
def test_what_cannot_be_done_is_answered_with_a_sentence_and_leaves_nothing(
    arguments, sentence, create, session
):
    make_house(session)
    assert create("--role", "admin", "taken@b.org").exit_code == 0
    result = create(*arguments)
    assert result.exit_code != 0
    assert sentence in " ".join(result.output.split())
    session.rollback()
    assert session.scalars(sa.select(User.email)).all() == ["taken@b.org"]
