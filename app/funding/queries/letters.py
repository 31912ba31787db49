"""Letters that wait to be posted: notices of either kind that nobody has been sent, or that came back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import DirectNotice, GrantRound, Notice, ProjectRequest
from app.funding.queries.direct_notices import payee_of
from app.funding.queries.notice_ways import address_of, goes_by_mail, newest_ways
from app.funding.queries.payees import payee_names
from app.funding.queries.undelivered import dispatches, is_on_its_way, was_tried
from app.funding.reference_files import attention
from app.funding.rules.dispatch import Dispatch, readdressed
from app.funding.rules.ledger_accounts import Payee, a_group
from app.shared.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Where = Mapping[type[Notice | DirectNotice], sa.ColumnElement[bool]]
"""Which notices an office posts, of each kind."""
LetterId = tuple[type[Notice | DirectNotice], int]


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice to be posted to these lines (``to``), for whom it is, and what became of it."""

    notice: Notice | DirectNotice
    payee: Payee
    name: str
    to: tuple[str, ...]
    dispatch: Dispatch

    @property
    def key(self) -> str:
        """What names it on a page."""
        return f"{'run' if isinstance(self.notice, Notice) else 'direct'}-{self.notice.id}"

    @property
    def has_address(self) -> bool:
        """Whether it says where to: an organisation, or a group whose house has no address, needs one first."""
        return self.to[-1][:5].isdigit()

    @property
    def is_readdressed(self) -> bool:
        """Whether it goes to an address that the kept file does not have."""
        return list(self.to) != self.notice.facts["to"]


def posted_in_region(region_id: int) -> Where:
    """Answer the notices of a region: those of its rounds, and about projects of its groups."""
    rounds = sa.select(GrantRound.id).where(GrantRound.region_id == region_id)
    key = sa.literal("project/") + sa.cast(ProjectRequest.id, sa.Text)
    return {
        Notice: Notice.round_id.in_(rounds),
        DirectNotice: sa.exists().where(ProjectRequest.region_id == region_id, DirectNotice.key == key),
    }


def posted_in_states(states: Collection[str | None]) -> Where:
    """Answer the notices about houses and organisations of some Länder; None is the whole country."""
    inside = DirectNotice.state_ags.in_([each for each in states if each])
    whole = DirectNotice.state_ags.is_(None) & sa.literal(None in states)
    return {DirectNotice: DirectNotice.group_id.is_(None) & (inside | whole)}


def waits(notice: type[Notice | DirectNotice]) -> sa.ColumnElement[bool]:
    """Whether a notice is to be posted: nothing that was sent is on its way, and no mail is to be written first."""
    if notice is DirectNotice:  # mailed at once or not at all
        return ~is_on_its_way(notice)
    return sa.and_(~is_on_its_way(notice), sa.or_(was_tried(notice), ~goes_by_mail(notice)))


def waiting_letters(session: Session, where: Where) -> list[LetterId]:
    """Answer the letters that wait to be posted, those of runs first, by their age."""
    return [
        (model, number)
        for model, which in where.items()
        for number in session.scalars(sa.select(model.id).where(which, waits(model)).order_by(model.id))
    ]


def read_letters(session: Session, ids: Sequence[LetterId]) -> list[Letter]:
    """Answer some letters, in this order."""
    found: dict[LetterId, Letter] = {}
    for model in dict.fromkeys(model for model, _number in ids):
        numbers = [number for each, number in ids if each is model]
        found |= {(model, each.notice.id): each for each in _letters(session, model, model.id.in_(numbers))}
    return [found[each] for each in ids]


def get_letter(session: Session, where: Where, number: str) -> Letter:
    """Answer the notice with this file number, waiting or not.

    Raises:
        BadInput: there is none here.
    """
    folded = "".join(number.split()).upper()
    for model, which in where.items():
        for letter in _letters(session, model, which & (sa.func.upper(model.number) == folded)):
            return letter
    raise BadInput(_("There is no letter with this number here."), field="number")


def _letters(
    session: Session, model: type[Notice | DirectNotice], which: sa.ColumnElement[bool]
) -> Iterable[Letter]:
    notices: Sequence[Notice | DirectNotice] = session.scalars(sa.select(model).where(which)).all()  # type: ignore[assignment]
    payees = {
        each.id: a_group(each.group_id) if isinstance(each, Notice) else payee_of(each) for each in notices
    }
    names, ways = payee_names(session, payees.values()), newest_ways(session, payees.values())
    became = dispatches(session, model, which)
    for each in notices:
        payee = payees[each.id]
        to = readdressed(each.facts["to"], address_of(ways.get(payee)), attention())
        yield Letter(each, payee, names[payee], tuple(to), became[each.id])
