"""Somebody who is signed in, as views and templates see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_login import UserMixin

from app.accounts.rules.permissions import Actor


@dataclass(frozen=True)
class Person(UserMixin):  # type: ignore[misc]
    """A user as of the beginning of the request; no row of a table, so nothing is loaded later by accident.

    ``session_key`` is that of the session in which they are signed in; empty until then.
    """

    id: int
    name: str
    email: str
    language: str
    session_version: int
    has_second_factor: bool
    actor: Actor
    session_key: str = field(default="", repr=False, compare=False)

    def get_id(self) -> str:
        """Answer what the cookie keeps: the key of the session."""
        return self.session_key

    @property
    def form_key(self) -> str:
        """What the forms of this person are bound to: who it is, and the version of their sessions."""
        return f"{self.id}.{self.session_version}"
