"""What a pot, a Land, an insurer is called on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import FundingRegion, Insurer
from app.funding.words.levy import LEVEL_NAMES
from app.places.models import State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.rules.ledger_accounts import Account


@dataclass(frozen=True, slots=True)
class Names:
    """Names by key: Länder, funding regions, insurers."""

    states: dict[str, str]
    regions: dict[str, str]
    insurers: dict[str, str]

    def state(self, ags: str | None) -> str:
        """Answer the name of a Land; what has none belongs to the whole country."""
        return self.states.get(ags, ags) if ags else _("Whole country")

    def insurer(self, slug: str | None) -> str:
        """Answer the name of an insurer."""
        return self.insurers.get(slug or "", slug or "")

    def level(self, account: Account) -> str:
        """Answer what an account's money is for, without its Land."""
        if account.insurer is not None and account.level is None:
            return _("Projects of %(insurer)s", insurer=self.insurer(account.insurer))
        words = str(LEVEL_NAMES.get(account.level or "", account.level or ""))
        return f"{words}, {self.regions.get(account.region, account.region)}" if account.region else words

    def pot(self, account: Account) -> str:
        """Answer what an account's money is for, and where."""
        state = self.state(account.state)
        words = self.level(account)
        return words if words.endswith(f", {state}") else f"{words} · {state}"


def read_names(session: Session) -> Names:
    """Answer the names of all that pots are told by."""
    return Names(
        *(
            dict(session.execute(sa.select(key, name)).tuples().all())
            for key, name in (
                (State.ags, State.name),
                (FundingRegion.slug, FundingRegion.name),
                (Insurer.slug, Insurer.name),
            )
        )
    )
