"""What waits to be looked at, as lines of the worklist of a house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.groups.listings.labels import field_words
from app.groups.listings.queries import list_queue
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def reviews_waiting(session: Session, clearinghouse_id: int, _now: datetime) -> Iterator[Waiting]:
    """Answer new groups and changes of listings that a house has to look at."""
    for each in list_queue(session, clearinghouse_id):
        what = _("new group") if each.is_first else _("changed: %(fields)s", fields=field_words(each.changes))
        yield Waiting(
            kind=_("Review"),
            what=what,
            since=each.submitted_at,
            button=_("Look at it"),
            url=url_for("groups.review", version_id=each.id),
            who=each.group_name,
        )
