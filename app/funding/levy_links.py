"""The way to the levy, on the start of the funding area."""

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
    """Yield the levy for whoever reckons it, or coordinates a Land."""
    if may_somewhere(person.actor, "see_levy"):
        yield StartLink(
            _("Levy"), url_for("funding.levy"), _("Rate and insured, and what each insurer owes in each Land")
        )
