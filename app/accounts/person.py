"""Somebody who is signed in, as views and templates see them."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.rules.permissions import Actor


@dataclass(frozen=True, slots=True)
class Person:
    """A user as of the beginning of the request; no row of a table, so nothing is loaded later by accident."""

    id: int
    name: str
    email: str
    language: str
    session_version: int
    has_second_factor: bool
    actor: Actor

    @property
    def form_key(self) -> str:
        """What the forms of this person are bound to: who it is, and the version of their sessions."""
        return f"{self.id}.{self.session_version}"
