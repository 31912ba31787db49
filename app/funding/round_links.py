"""The way to the rounds of funding on the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.accounts.rules.permissions import may_somewhere
from app.accounts.start_links import StartLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(_session: Session, person: Person) -> Iterator[StartLink]:
    """Yield the rounds, for whoever may see some."""
    if may_somewhere(person.actor, "see_rounds"):
        yield StartLink(
            _("Rounds of funding"),
            url_for("funding.rounds"),
            _("Requests of groups, how the pot is divided, and what is posted and paid"),
        )
