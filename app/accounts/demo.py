"""Accounts of a demonstration: one for each role, all with the same password, at addresses that cannot exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.rules.email_address import DEMO_HOST
from app.accounts.rules.permissions import (
    CLEARINGHOUSE,
    GROUP,
    INSURER,
    ORGANISATION,
    REGION,
    ROLE_SCOPES,
    STATE,
)
from app.accounts.services import create_user, grant_role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.accounts.passwords import Passwords

PASSWORD = "wirkreis-demo"  # noqa: S105 - everybody may know it
ACCOUNTS = {
    "founder": ("Petra Neumann", "group_contact"),
    "staff": ("Aylin Yıldız", "desk_staff"),
    "lead": ("Henrike Brandt", "desk_lead"),
    "insurer": ("Jonas Weber", "insurer_officer"),
    "fundingoffice": ("Miriam Scholz", "funding_office"),
    "finance": ("Thomas Krüger", "finance"),
    "finance2": ("Sabine Keller", "finance"),
    "representative": ("Elif Demir", "representative"),
    "organisation": ("Ruth Hoffmann", "organisation_contact"),
    "coordinator": ("Katrin Lorenz", "coordinator"),
    "admin": ("Stefan Vogt", "admin"),
}
"""The part before the @ → name and role; two of finance, because what one begins the other releases."""


def make_demo_accounts(
    session: Session,
    *,
    group_ids: Sequence[int],
    clearinghouse_id: int,
    insurer_id: int,
    region_id: int,
    organisation_id: int,
    passwords: Passwords,
    now: datetime,
) -> None:
    """Afterwards there is each account: for these groups, this house, insurer and so on, or the whole network."""
    for account, (name, role) in ACCOUNTS.items():
        user_id = create_user(
            session,
            email=f"{account}@{DEMO_HOST}",
            name=name,
            password=PASSWORD,
            passwords=passwords,
            now=now,
        )
        scopes: dict[str | None, list[dict[str, Any]]] = {
            GROUP: [{"group_id": group_id} for group_id in group_ids],
            CLEARINGHOUSE: [{"clearinghouse_id": clearinghouse_id}],
            INSURER: [{"insurer_id": insurer_id}],
            REGION: [{"region_id": region_id}],
            STATE: [{}],
            ORGANISATION: [{"organisation_id": organisation_id}],
            None: [{}],
        }
        for scope in scopes[ROLE_SCOPES[role]]:
            grant_role(session, user_id, role, now=now, **scope)


def remove_demo_accounts(session: Session) -> None:
    """Afterwards there is none of these accounts."""
    session.execute(sa.delete(User).where(User.email.in_([f"{account}@{DEMO_HOST}" for account in ACCOUNTS])))
