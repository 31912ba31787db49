"""The account of a group changes: one person enters or names it, another confirms it, and only then it is paid to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.iban import read_iban
from app.funding.mails.payments import account_mail
from app.funding.models import FundingRegion, PayeeAccount, RegionAccount
from app.funding.queries.payee_accounts import AccountNow, accounts_of
from app.funding.rules.sepa_text import name_for_banks
from app.funding.services.rounds import hold_round
from app.groups.models import Group
from app.groups.readers import readers_of, write_to
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def enter_account(
    session: Session, round_id: int, group_id: int, *, holder: str, iban: str, by: int, now: datetime
) -> None:
    """Afterwards this is the account of the group, which is told; nothing is paid to it before somebody else confirms.

    Raises:
        BadInput: the name cannot be written by banks, or the number is no IBAN.
    """
    hold_round(session, round_id)
    holder, iban = checked_account(holder, iban)
    session.add(PayeeAccount(group_id=group_id, holder=holder, iban=iban, entered_by=by, entered_at=now))
    note(session, "payment.account_entered", now=now, group_id=group_id)
    _tell(session, group_id, iban, now=now)
    session.flush()


def confirm_account(
    session: Session, round_id: int, group_id: int, *, iban: str, by: int, now: datetime
) -> None:
    """Afterwards money is paid to the account that holds for the group, as long as it is the one that was seen.

    Raises:
        RuleBroken: somebody changed it meanwhile, or whoever confirms has entered it.
    """
    hold_round(session, round_id)
    account = accounts_of(session, round_id, [group_id]).get(group_id)
    if account is None or account.iban != iban:
        raise RuleBroken(
            _("This account was changed while you looked at it. Please look again."), code="outdated"
        )
    if account.is_confirmed:
        return
    if account.entered_by == by:
        raise RuleBroken(
            _("You entered this account yourself. Please let a second person confirm it."),
            code="second_person",
        )
    if account.row_id is None:  # the group named it itself, and its contacts may be others than its signers
        _tell(session, group_id, iban, now=now)
    row = _row_of(session, account)
    row.confirmed_by, row.confirmed_at = by, now
    note(session, "payment.account_confirmed", now=now, group_id=group_id)
    session.flush()


def set_region_account(
    session: Session, region: FundingRegion, *, name: str, iban: str, now: datetime
) -> None:
    """Afterwards the awards of the region are paid from this account.

    Raises:
        BadInput: as for ``enter_account``.
    """
    name, iban = checked_account(name, iban)
    row = session.get(RegionAccount, region.id)
    if row is None:
        session.add(RegionAccount(region_id=region.id, name=name, iban=iban, changed_at=now))
    else:
        row.name, row.iban, row.changed_at = name, iban, now
    note(session, "payment.region_account_set", now=now, record_id=region.id)
    session.flush()


def checked_account(holder: str, iban: str) -> tuple[str, str]:
    """Answer holder and number of an account as they are kept.

    Raises:
        BadInput: one of them cannot be; ``field`` says which.
    """
    holder = " ".join(holder.split())
    try:
        name_for_banks(holder)
    except ValueError:
        raise BadInput(
            _("Please write the name as the bank knows it, in up to 70 Latin letters."), field="holder"
        ) from None
    try:
        return holder, read_iban(iban).compact
    except ValueError:
        raise BadInput(
            _("This is no IBAN: its check digits do not fit. Please compare it with a bank statement."),
            field="iban",
        ) from None


def _tell(session: Session, group_id: int, iban: str, *, now: datetime) -> None:
    name = session.get_one(Group, group_id).name
    write_to(
        session,
        readers_of(session, [group_id])[group_id],
        lambda _reader: account_mail(name, iban[-4:]),
        purpose="account-changed",
        now=now,
    )


def _row_of(session: Session, account: AccountNow) -> PayeeAccount:
    """Answer the row of an account; that which a group named itself gets one now."""
    if account.row_id is not None:
        return session.get_one(PayeeAccount, account.row_id)
    row = PayeeAccount(
        group_id=account.group_id, holder=account.holder, iban=account.iban, entered_at=account.since
    )
    session.add(row)
    return row
