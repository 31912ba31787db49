"""The clearing houses of a Land beside each other: what each says of itself in its request of a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.clearinghouses.queries import list_houses
from app.funding.queries.institutions import list_requests
from app.funding.rules.institutions import DRAFT
from app.funding.rules.ledger_accounts import HOUSE
from app.funding.rules.staffing_standard import per_100_000

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.funding.queries.institutions import Found


@dataclass(frozen=True, slots=True)
class HouseLine:
    """A house of the Land, and its request when it has submitted one."""

    name: str
    found: Found | None

    @property
    def inhabitants(self) -> int | None:
        """How many people live in its catchment."""
        return self.found.inhabitants if self.found else None

    @property
    def posts(self) -> int | None:
        """Its posts in hundredths."""
        return self.found.staff.together if self.found else None

    @property
    def advised(self) -> int | None:
        """The posts that are advised, in hundredths."""
        compared = self.found.compared if self.found else None
        return compared.advised.together if compared else None

    @property
    def posts_per_100_000(self) -> int | None:
        """Its posts for each 100,000 inhabitants, in hundredths."""
        return per_100_000(self.posts, self.inhabitants) if self.posts and self.inhabitants else None

    @property
    def groups(self) -> int | None:
        """How many groups it looked after at the end of the reported year."""
        years = self.found.request.figures["years"] if self.found and self.found.request.figures else []
        return years[0]["counts"]["groups"] if years else None

    @property
    def inquiries(self) -> int | None:
        """How many people asked in that year."""
        return self.found.inquiries if self.found else None

    @property
    def asked_cents(self) -> int | None:
        """What it asks for."""
        return self.found.request.asked_cents if self.found else None

    @property
    def granted_cents(self) -> int | None:
        """What it was granted; None while that is not decided, or no more."""
        return self.found.request.granted_cents if self.found and not self.found.taken_back else None


@dataclass(frozen=True, slots=True)
class Together:
    """What the houses that have asked are together."""

    houses: int
    inhabitants: int
    posts: int
    groups: int
    inquiries: int
    asked_cents: int
    granted_cents: int

    @property
    def posts_per_100_000(self) -> int | None:
        """Posts for each 100,000 inhabitants, in hundredths."""
        return per_100_000(self.posts, self.inhabitants)


def compare_houses(session: Session, year: int, state: str) -> list[HouseLine]:
    """Answer the houses of a Land by name; a draft is nobody's business yet."""
    asking = {
        each.request.payee.id: each
        for each in list_requests(session, year, [state])
        if each.kind == HOUSE and each.request.state != DRAFT
    }
    return [HouseLine(house.name, asking.get(house.id)) for house in list_houses(session, state_ags=state)]


def all_together(lines: Iterable[HouseLine]) -> Together:
    """Answer the sums of those that have asked."""
    asking = [each for each in lines if each.found]
    return Together(
        len(asking),
        *(
            sum(getattr(each, name) or 0 for each in asking)
            for name in ("inhabitants", "posts", "groups", "inquiries", "asked_cents", "granted_cents")
        ),
    )
