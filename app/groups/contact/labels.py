"""What mails are for, in words for the staff of a clearing house."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

_PURPOSES = {
    "contact-message": _l("A message to the group"),
    "contact-answer": _l("An answer of a group to somebody who had written"),
    "house-answer": _l("Your answer to somebody who had written"),
    "house-message": _l("Notice of a message in your inbox"),
    "listing-report": _l("A hint about a listing"),
    "meeting-reminder": _l("A reminder of a meeting"),
    "place-closed": _l("News that a place is closed"),
}


def purpose_words(purpose: str) -> str:
    """Answer what a mail was for."""
    if purpose.startswith("room-"):
        return _("News about a room")
    return str(_PURPOSES.get(purpose, _("A mail of Wirkreis")))
