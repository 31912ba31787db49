"""Mails that remind of funding, queued once each; and the end of them, which a group's contacts choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from app.funding.mails import projects as project_mails
from app.funding.mails.reminders import again_mail, unfinished_mail, unsigned_mail
from app.funding.models import ReminderStop
from app.funding.queries.reminders import (
    GroupDue,
    ProjectDue,
    SignerDue,
    list_groups_due,
    list_projects_due,
    list_signers_due,
)
from app.funding.rules.reminders import UNFINISHED
from app.funding.services.signing import token_of
from app.funding.words.applications import called
from app.groups.meetings.links import LinkOver, LinkUnreadable
from app.groups.models import Group
from app.groups.noting import note_of_group
from app.groups.readers import Reader, once_key, readers_of, write_to
from app.shared.database import insert_into
from app.shared.outbox import About, queued_among
from app.shared.signed_links import read_link, sign_link, whole_url

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.shared.mail_text import Mail

PURPOSE = "funding-reminder"
_OUT = "funding-reminders-out"
_AT_ONCE = 200


def groups_to_remind(session: Session, *, now: datetime) -> list[list[GroupDue | ProjectDue]]:
    """Answer the groups with a reminder that was not queued yet, in portions; nothing is written."""
    due: list[GroupDue | ProjectDue] = [
        *list_groups_due(session, now=now),
        *list_projects_due(session, now=now),
    ]
    portions = []
    for start in range(0, len(due), _AT_ONCE):
        some = due[start : start + _AT_ONCE]
        readers = readers_of(session, {each.group_id for each in some})
        keys = {once_key(each.once, reader): each.once for each in some for reader in readers[each.group_id]}
        missing = {keys[key] for key in keys.keys() - queued_among(session, keys)}
        portions.append([each for each in some if each.once in missing])
    return [portion for portion in portions if portion]


def remind_groups(session: Session, due: Sequence[GroupDue | ProjectDue], *, now: datetime) -> int:
    """Afterwards the contacts of these groups get their reminder, each once; answers how many mails are new."""
    readers = readers_of(session, {each.group_id for each in due})
    return sum(
        write_to(
            session,
            readers[each.group_id],
            lambda _reader, each=each: _mail(each),  # type: ignore[misc]
            purpose=PURPOSE,
            now=now,
            about=About(each.group_id),
            once=each.once,
            unsubscribe_url=None if each.is_owed else out_url(each.group_id),
        )
        for each in due
    )


def signers_to_remind(session: Session, *, now: datetime) -> list[SignerDue]:
    """Answer the missing signatures of which nobody was reminded yet; nothing is written."""
    due = list_signers_due(session, now=now)
    keys = {once_key(each.once, _signer(each)): each for each in due}
    return [keys[key] for key in sorted(keys.keys() - queued_among(session, keys))]


def remind_signers(session: Session, due: Sequence[SignerDue], *, now: datetime) -> int:
    """Afterwards those whose signature is missing get the link once more; answers how many mails are new."""
    return sum(
        write_to(
            session,
            [_signer(each)],
            lambda _reader, each=each: unsigned_mail(  # type: ignore[misc]
                called(each.group_name, each.year, each.title),
                each.signature.name,
                each.last_day,
                whole_url(f"/funding/sign/{token_of(each.signature)}"),
            ),
            purpose=PURPOSE,
            now=now,
            once=each.once,
        )
        for each in due
    )


def wants_reminders(session: Session, group_id: int) -> bool:
    """Answer whether the contacts of a group are reminded."""
    return session.get(ReminderStop, group_id, populate_existing=True) is None


def end_reminders(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards the contacts of a group are not reminded that it is time to apply; doing it twice is doing it once."""
    ended = insert_into(session, ReminderStop).values(group_id=group_id, ended_at=now)
    session.execute(ended.on_conflict_do_nothing(index_elements=[ReminderStop.group_id]))
    note_of_group(session, "deadlines.reminders_ended", group_id, now=now)


def begin_reminders(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards they are reminded again."""
    session.execute(sa.delete(ReminderStop).where(ReminderStop.group_id == group_id))
    note_of_group(session, "deadlines.reminders_begun", group_id, now=now)


def out_url(group_id: int) -> str:
    """Answer the whole address at which the contacts of a group end its reminders, with one click (RFC 8058)."""
    return whole_url(f"/funding/reminders/{sign_link(_OUT, group_id)}/out")


def group_of_link(session: Session, token: str) -> Group:
    """Answer the group whose reminders a token ends.

    Raises:
        LinkUnreadable: it is none of ours.
        LinkOver: the group is gone.
    """
    facts = read_link(_OUT, token)
    if facts is None:
        raise LinkUnreadable
    group = session.get(Group, cast("int", facts[0]))
    if group is None:
        raise LinkOver("")
    return group


def _signer(due: SignerDue) -> Reader:
    row = due.signature
    return Reader(f"signer:{row.id}", row.email, row.language)


def _mail(due: GroupDue | ProjectDue) -> Mail:
    if isinstance(due, ProjectDue):
        return (project_mails.proof_due_mail if due.is_owed else project_mails.unfinished_mail)(due)
    if due.kind == UNFINISHED:
        return unfinished_mail(due.name, due.slug, due.year, due.last_day)
    return again_mail(due.kind, due.name, due.slug, due.year, due.last_day)
