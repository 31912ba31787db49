"""Somebody who is signed in, as views and templates see them."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import UserMixin

from app.accounts.rules.permissions import Actor


@dataclass(frozen=True)
class Person(UserMixin):  # type: ignore[misc]
    """A user as of the beginning of the request; no row of a table, so nothing is loaded later by accident."""

    id: int
    name: str
    email: str
    language: str
    session_version: int
    actor: Actor

    def get_id(self) -> str:
        """Answer what a session keeps: who it is, and with which version of the sessions it began."""
        return f"{self.id}.{self.session_version}"
