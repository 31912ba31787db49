"""An application as somebody sees it who checks it: what it says, what was found, what is asked of the group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import User
from app.funding.models import (
    ApplicationCheck,
    ChangeExtension,
    ChangeRequest,
    DeadlineExtension,
    GrantApplication,
    GrantRequest,
    GrantRound,
)
from app.funding.queries.applications import OpenRound, read_round_of
from app.funding.rules.checks import seen_mark

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class UnderCheck:
    """An application with the request that the round knows, and every check and change that there was.

    ``seen`` marks what there is to see now; a check holds for what it saw.
    """

    found: OpenRound
    request: GrantRequest | None
    seen: str
    checks: tuple[ApplicationCheck, ...]
    changes: tuple[ChangeRequest, ...]

    @property
    def application(self) -> GrantApplication:
        """The application."""
        return self.found.written

    @property
    def latest(self) -> dict[str, ApplicationCheck]:
        """The last check of each kind that holds for what there is now."""
        return {each.kind: each for each in self.checks if each.seen == self.seen}

    @property
    def results(self) -> dict[str, bool]:
        """How the last check of each kind ended."""
        return {kind: each.is_ok for kind, each in self.latest.items()}

    def number(self, kind: str) -> int:
        """Answer how many checks of a kind there are of what there is now."""
        return sum((each.seen, each.kind) == (self.seen, kind) for each in self.checks)


def read_under_check(session: Session, application_id: int) -> UnderCheck | None:
    """Answer an application that was submitted at some time; None where there is none."""
    application = session.get(GrantApplication, application_id, populate_existing=True)
    if application is None or application.number is None:
        return None
    found = read_round_of(session, application.group_id, session.get_one(GrantRound, application.round_id))
    request = session.scalar(
        sa.select(GrantRequest)
        .where(GrantRequest.round_id == application.round_id, GrantRequest.group_id == application.group_id)
        .execution_options(populate_existing=True)
    )
    checks = session.scalars(
        sa.select(ApplicationCheck)
        .where(ApplicationCheck.application_id == application_id)
        .order_by(ApplicationCheck.id)
    )
    changes = session.scalars(
        sa.select(ChangeRequest)
        .where(ChangeRequest.application_id == application_id)
        .order_by(ChangeRequest.id.desc())
        .execution_options(populate_existing=True)
    )
    seen = seen_mark(found.mark, sums_of(request))
    return UnderCheck(found, request, seen, tuple(checks), tuple(changes))


def sums_of(request: GrantRequest | None) -> list[object]:
    """Answer what the round divides by, as far as it is checked."""
    if request is None:
        return []
    return [
        request.requested_cents,
        request.expenses_cents,
        request.own_cents,
        request.others_cents,
        request.members,
        request.is_new,
        dict(request.supplements),
    ]


def list_change_extensions(session: Session, change_ids: Iterable[int]) -> Sequence[ChangeExtension]:
    """Answer how often the day of these changes was moved, in order."""
    return session.scalars(
        sa.select(ChangeExtension)
        .where(ChangeExtension.change_request_id.in_(list(change_ids)))
        .order_by(ChangeExtension.change_request_id, ChangeExtension.number)
    ).all()


def list_deadline_extensions(session: Session, round_id: int, group_id: int) -> Sequence[DeadlineExtension]:
    """Answer the later last days of a group in a round, in order."""
    return session.scalars(
        sa.select(DeadlineExtension)
        .where(DeadlineExtension.round_id == round_id, DeadlineExtension.group_id == group_id)
        .order_by(DeadlineExtension.number)
    ).all()


def list_extensions_of_round(session: Session, round_id: int) -> Sequence[DeadlineExtension]:
    """Answer the later last days of all groups in a round, the newest first."""
    return session.scalars(
        sa.select(DeadlineExtension)
        .where(DeadlineExtension.round_id == round_id)
        .order_by(DeadlineExtension.id.desc())
    ).all()


def names_of(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Answer how people are called who did something; those whose account is erased are left out."""
    ids = {each for each in user_ids if each is not None}
    rows = session.execute(sa.select(User.id, User.name).where(User.id.in_(ids), User.name != ""))
    return dict(rows.tuples().all())
