"""Browsers of people who are signed in, each with cookies of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.accounts import PASSWORD, make_user
from tests.support.browser import Browser

if TYPE_CHECKING:
    from typing import Any

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


class SignIn:
    """Called with a role, answers a browser in which somebody with that role has just signed in.

    What a role is for is given as to ``make_user``; what it needs and is not given is made. None is no role.
    """

    def __init__(self, app: Flask, session: Session) -> None:
        self._app = app
        self._session = session

    def __call__(self, role: str | None, **given: Any) -> Browser:
        """Answer the browser; what else is given goes to ``make_user``."""
        return sign_in(Browser(self._app.test_client()), make_user(self._session, role, **given))

    def open(self, role: str | None, **given: Any) -> Browser:
        """Answer the browser of such a person, wherever signing in has led them."""
        browser = Browser(self._app.test_client())
        browser.get("/accounts/login")
        email = make_user(self._session, role, **given)
        browser.submit({"email": email, "password": PASSWORD}, button="Anmelden")
        return browser

    def client(self, role: str | None, **given: Any) -> FlaskClient:
        """Answer a plain client of such a person: for statuses and headers."""
        client = self._app.test_client()
        sign_in(Browser(client), make_user(self._session, role, **given))
        return client


def sign_in(browser: Browser, email: str, password: str = PASSWORD) -> Browser:
    """Afterwards the browser is signed in, on the start page."""
    browser.sign_in(email, password)
    return browser
