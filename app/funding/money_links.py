"""The way to contributions, pots, awards and years, on the start of the funding area."""

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
    """Yield the pages about money that somebody may use."""
    if may_somewhere(person.actor, "see_contributions"):
        yield StartLink(
            _("Contributions"),
            url_for("funding.contributions"),
            _("What was asked for, what has come, what is open"),
        )
        yield StartLink(_("Pots"), url_for("funding.pots"), _("What is promised, paid, and free"))
    if may_somewhere(person.actor, "grant_directly"):
        yield StartLink(
            _("Direct awards"),
            url_for("funding.direct"),
            _("Flat grants of clearing houses and associations"),
        )
        yield StartLink(_("Money given back"), url_for("funding.returns"), _("Book what came back"))
    if may_somewhere(person.actor, "close_years"):
        yield StartLink(
            _("Years of funding"), url_for("funding.years"), _("Close a year; what is left enters the next")
        )
