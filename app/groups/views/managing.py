"""What the pages of those who look after a group share: the group they may manage, and what was just done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.guard import authorize
from app.groups.meetings.managed import ManagedGroup, find_managed_group
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

DONE = {
    "added": _l("The series is stored. It is on the page of your group and in the search already."),
    "changed": _l(
        "The series is changed. Its page, the search and subscribed calendars follow by themselves."
    ),
    "ended": _l("The series has ended. Past dates stay as they were."),
    "cancelled": _l(
        "The date does not take place. Everybody who subscribed to the calendar will see it there."
    ),
    "moved": _l("The date is moved. Everybody who subscribed to the calendar will see it there."),
    "more": _l("The date is added. Everybody who subscribed to the calendar will see it there."),
    "undone": _l("Taken back. The date is as if nothing had been decided for it."),
    "rests": _l("The break is stored. No date in it takes place."),
    "resumed": _l("The break is taken back. The dates take place again."),
    "gone": _l("There is no such date any more. These are the dates as they are now."),
    "pinned": _l("The pin is set. It is on the map already."),
}
"""What was done → what the page says of it, and what happens next."""


def get_managed(slug: str) -> ManagedGroup:
    """Answer the group, if whoever is signed in may manage its meetings.

    Raises:
        NotFound: there is none, or they may not.
    """
    group = find_managed_group(db.session(), slug, now=clock.now())
    if group is None:
        raise nothing_here()
    authorize("manage_meetings", group_id=group.row.id, clearinghouse_id=group.row.clearinghouse_id)
    return group


def back_to_meetings(slug: str, done: str) -> ResponseReturnValue:
    """Answer the way to the dates of the group, which say what was done."""
    return redirect(url_for("groups.manage_meetings", slug=slug, done=done), code=303)


def done_words() -> str:
    """Answer what was just done; empty when nothing was."""
    return str(DONE.get(request.args.get("done", ""), ""))
