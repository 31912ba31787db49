"""The list of sessions: where somebody is signed in, and signing out there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import UserSession
from app.shared import clock
from app.shared.retention import apply_retention
from tests.builders.accounts import PASSWORD, make_user
from tests.support.browser import Browser
from tests.support.signed_in import sign_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def two(app, session):
    """Somebody signed in with two browsers, the second of them Firefox."""
    email = make_user(session, "finance")
    here = sign_in(Browser(app.test_client()), email)
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    return here, sign_in(Browser(client), email)


def test_each_session_is_named_by_its_browser_and_the_own_one_is_marked(two):
    here, there = two
    page = here.get("/accounts/sessions")
    assert "Firefox auf Linux" in page.text
    assert [("dieser Browser" in name) for name in page.texts("p", class_="ledger__name")] == [False, True]
    assert (
        there.get("/accounts/sessions")
        .texts("p", class_="ledger__name")[0]
        .startswith("Firefox auf Linux dies")
    )


def test_a_session_elsewhere_is_ended_from_here(two):
    here, there = two
    here.get("/accounts/sessions")
    page = here.submit(button="Dort abmelden")
    assert "Diese Sitzung ist beendet." in page.text
    assert len(page.texts("p", class_="ledger__name")) == 1
    assert there.get("/accounts").heading == "Anmelden"


def test_all_but_this_one_are_ended_at_once(two):
    here, there = two
    here.get("/accounts/sessions")
    assert here.submit(button="Überall sonst abmelden").heading == "Wo Sie angemeldet sind"
    assert there.get("/accounts").heading == "Anmelden"


def test_nobody_ends_the_session_of_somebody_else(two, session, signed_in):
    here, _there = two
    theirs = session.scalars(sa.select(UserSession.id)).all()
    robin = signed_in("finance")
    for number in [*theirs, "x", "9" * 40, "-1", "", "<b>"]:
        token = robin.page.get("input", name="form_token").get("value")
        page = robin.post("/accounts/sessions", data={"form_token": token, "session": str(number)})
        assert page.heading == "Wo Sie angemeldet sind"
    assert here.get("/accounts").heading == "Ihre Startseite"


def test_what_was_idle_too_long_is_not_listed_and_soon_forgotten(two, session):
    here, _there = two
    session.execute(
        sa.update(UserSession)
        .where(UserSession.browser == "firefox/linux")
        .values(seen_at=clock.now() - timedelta(minutes=61))
    )
    assert "Firefox" not in here.get("/accounts/sessions").text
    assert apply_retention(clock.now())["idle-sessions"] == 1
    session.rollback()
    assert [kept.browser for kept in session.scalars(sa.select(UserSession))] == ["other/other"]
    assert PASSWORD not in here.page.html
