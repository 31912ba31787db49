"""The words of the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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
