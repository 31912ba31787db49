"""The words of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

if TYPE_CHECKING:
    from datetime import datetime

STATE_FILTERS = {
    "submitted": _l("waiting for review"),
    "listed": _l("listed"),
    "paused": _l("paused"),
    "dormant": _l("asleep, as nobody confirmed"),
    "ended": _l("no longer exist"),
}
SORT_NAMES = {
    "name": _l("Name"),
    "town": _l("Town"),
    "confirmed": _l("Longest not confirmed"),
    "newest": _l("Newest first"),
}


def waiting_words(since: datetime, now: datetime) -> str:
    """Answer for how long something has waited, in whole hours or days."""
    hours = int((now - since).total_seconds() // 3600)
    if hours < 1:
        return _("just now")
    if hours < 24:
        return ngettext("for %(num)s hour", "for %(num)s hours", hours)
    return ngettext("for %(num)s day", "for %(num)s days", hours // 24)
