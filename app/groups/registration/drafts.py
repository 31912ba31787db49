"""Registrations that are not sent yet: begun, saved after every step, found again by their key, forgotten in time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.keys import digest, make_key
from app.accounts.links import check_address
from app.groups.models import RegistrationDraft
from app.groups.registration.emails import draft_mail
from app.shared.database import insert_into
from app.shared.errors import DomainError
from app.shared.outbox import queue_mail
from app.shared.retention import list_retention

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

DRAFTS = "begun-registrations"
"""The name of the rule by which drafts are forgotten."""
MOST_TYPED = 20_000
"""Characters of one step that are kept, sensible or not; nothing that can be sent is as long."""


class DraftOver(DomainError):
    """There is no registration with this key, or none any more."""

    code = "link_over"
    status = 410


def begin(session: Session, *, now: datetime, user_id: int | None = None) -> str:
    """Store an empty draft and answer its key, which nobody else has."""
    key = make_key()
    session.add(RegistrationDraft(key_hash=digest(key), data={}, user_id=user_id, begun_at=now, saved_at=now))
    session.flush()
    return key


def claim(session: Session, key: str, *, now: datetime) -> RegistrationDraft:
    """Answer the draft with this key, stored if there was none; whoever else claims it waits until this is done."""
    new = insert_into(session, RegistrationDraft).values(
        key_hash=digest(key), data={}, begun_at=now, saved_at=now
    )
    session.execute(new.on_conflict_do_nothing(index_elements=["key_hash"]))
    return get_draft(session, key, for_update=True)


def find_draft(session: Session, key: str, *, for_update: bool = False) -> RegistrationDraft | None:
    """Answer the draft with this key, kept from others until the transaction ends if it is to be changed."""
    wanted = sa.select(RegistrationDraft).where(RegistrationDraft.key_hash == digest(key))
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(wanted)


def get_draft(session: Session, key: str, *, for_update: bool = False) -> RegistrationDraft:
    """Answer the draft with this key.

    Raises:
        DraftOver: there is none.
    """
    draft = find_draft(session, key, for_update=for_update)
    if draft is None:
        raise DraftOver(
            _(
                "What you began is not kept any more, or the link is not complete. Please open it from the mail once "
                "more, or begin anew."
            )
        )
    return draft


def save_step(
    session: Session, key: str, step: str, typed: Mapping[str, list[str]], *, now: datetime
) -> None:
    """Afterwards what was typed in a step is kept, also what must still be put right; not what is far too long.

    Raises:
        DraftOver: there is no such draft.
    """
    draft = get_draft(session, key, for_update=True)
    is_kept = sum(len(value) for values in typed.values() for value in values) <= MOST_TYPED
    if draft.group_id is None and is_kept:
        draft.data = {**draft.data, step: dict(typed)}
        draft.saved_at = now


def mail_link(session: Session, email: str, url: str, *, now: datetime) -> None:
    """Afterwards the link to go on with waits for its writer; the address is kept nowhere else.

    Raises:
        BadInput: nobody can be written to there.
    """
    mail = draft_mail(url, keep_days=kept_days())
    queue_mail(session, to=check_address(email), mail=mail, purpose="registration-link", now=now)


def kept_days() -> int:
    """Answer how long a draft is kept after it was last touched."""
    return next(rule.days for rule in list_retention() if rule.name == DRAFTS)


def forget_drafts(session: Session, before: datetime) -> int:
    """Afterwards drafts that nobody has touched since are gone; answer how many they were."""
    old: Any = sa.delete(RegistrationDraft).where(RegistrationDraft.saved_at < before)
    return len(session.scalars(old.returning(RegistrationDraft.id)).all())
