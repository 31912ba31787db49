"""The way to the funding area, on the start page."""

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


def start_links(session: Session, person: Person) -> Iterator[StartLink]:  # noqa: ARG001 - as every source
    """Yield the start of the funding area for whoever has to do with the money."""
    if may_somewhere(person.actor, "see_funding"):
        yield StartLink(_("Funding"), url_for("funding.start"), _("What you do with the money for self-help"))
