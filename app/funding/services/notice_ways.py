"""Somebody says how notices reach them: agrees to retrieve them here, withdraws that, names an address for letters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import NoticeWay
from app.funding.queries.notice_ways import COLUMNS, newest_ways
from app.funding.rules.dispatch import LONGEST_LINE, MOST_LINES, address_lines
from app.funding.rules.ledger_accounts import GROUP, HOUSE, Payee
from app.groups.models import Group
from app.shared.errors import BadInput
from app.shared.history import note
from app.shared.pdf import unprintable_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WORDING = "1"
"""The version of the sentences that are agreed to (``words/notice_ways.py``); who changes them counts it up."""


def choose_way(
    session: Session,
    payee: Payee,
    *,
    by: int,
    now: datetime,
    is_electronic: bool | None = None,
    address: str | None = None,
) -> bool:
    """Afterwards notices reach somebody in this way; what is None stays as it was. Answer whether anything changed.

    What was sent before stays sent: a consent is withdrawn for the future.

    Raises:
        BadInput: the address is none.
    """
    lines = "" if address is None else "\n".join(read_address(address))
    known = newest_ways(session, [payee]).get(payee)
    was = (known.is_electronic, known.address) if known else (False, "")
    said = (was[0] if is_electronic is None else is_electronic, was[1] if address is None else lines)
    if said == was:
        return False
    made = NoticeWay(is_electronic=said[0], wording=WORDING, address=said[1], said_by=by, said_at=now)
    setattr(made, COLUMNS[payee.kind].key, payee.id)
    session.add(made)
    session.flush()
    action = "notice_way.consented" if said[0] else "notice_way.consent_withdrawn"
    if said[0] == was[0]:
        action = "notice_way.address_given"
    _note(session, action, made, payee, now=now)
    return True


def read_address(text: str) -> tuple[str, ...]:
    """Answer the lines of an address below the name.

    Raises:
        BadInput: it is none.
    """
    try:
        return address_lines(text)
    except ValueError as error:
        why, signs = error.args
        sentence = {
            "lines": _(
                "Please write the address as on an envelope, without the name: two to %(most)d lines of at most "
                "%(long)d characters.",
                most=MOST_LINES,
                long=LONGEST_LINE,
            ),
            "postcode": _("The last line is postcode and town, as in 50667 Köln."),
            "signs": unprintable_words(signs),
        }[why]
        raise BadInput(sentence, field="address") from error


def _note(session: Session, action: str, way: NoticeWay, payee: Payee, *, now: datetime) -> None:
    house = payee.id if payee.kind == HOUSE else None
    group = payee.id if payee.kind == GROUP else None
    if group is not None:
        house = session.get_one(Group, group).clearinghouse_id
    note(session, action, now=now, record_id=way.id, group_id=group, clearinghouse_id=house)
