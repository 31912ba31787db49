"""Links in mails by which a group is confirmed, pauses or closes without signing in.

A link names the group, the confirmation that it follows, and the address it went to. It holds until the group is
confirmed anew or has changed its state, at most a year, and only while the address is one of its contacts'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _

from app.groups.meetings.links import LinkOver, LinkUnreadable
from app.groups.meetings.schedules import day_of
from app.groups.models import Group, GroupAbsence
from app.groups.readers import Reader, readers_of
from app.groups.rules.life import CLOSED, DORMANT, HIDDEN, LISTED
from app.groups.rules.trust import asked_on
from app.groups.upkeep.pace import get_pace
from app.shared.signed_links import fingerprint, read_link, sign_link, whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LIFE = timedelta(days=365)
"""How long after the asking a link holds."""
_PURPOSE = "group-confirmation"


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """The group behind a link as it stands now; ``is_open`` while the link can still answer for it."""

    group: Group
    absence: GroupAbsence | None
    is_open: bool


def confirmation_url(group: Group, reader: Reader) -> str:
    """Answer the whole address of the page on which a reader of a mail answers for the group."""
    return whole_url(f"/groups/confirm/{confirmation_token(group, reader.address)}")


def confirmation_token(group: Group, address: str) -> str:
    """Answer the token of that address."""
    return sign_link(_PURPOSE, group.id, group.last_confirmed_on.isoformat(), fingerprint(address))


def find_linked_group(session: Session, token: str, *, now: datetime) -> LinkedGroup:
    """Answer what a token stands for.

    Raises:
        LinkUnreadable: it is none of ours.
        LinkOver: a year has passed, the group is gone, or the address is no longer one of its contacts'.
    """
    facts = read_link(_PURPOSE, token)
    if facts is None:
        raise LinkUnreadable
    group_id, followed, mark = facts
    group = session.get(Group, cast("int", group_id), populate_existing=True)
    marks = (
        {fingerprint(each.address) for each in readers_of(session, [group.id])[group.id]} if group else set()
    )
    if group is None or mark not in marks:
        raise LinkOver(_("This link was made for another contact of the group."))
    if group.state not in {LISTED, *HIDDEN, CLOSED}:
        raise LinkOver(_("This group is no longer listed by itself."))
    slug = group.slug if group.is_listed else ""
    last = date.fromisoformat(cast("str", followed))
    if day_of(now) > asked_on(last, day_of(group.created_at), pace=get_pace()) + LIFE:
        raise LinkOver(_("This link held for a year. You can sign in and confirm your group."), slug=slug)
    is_open = group.last_confirmed_on == last and group.state in {LISTED, DORMANT}
    return LinkedGroup(group, session.get(GroupAbsence, group.id, populate_existing=True), is_open)
