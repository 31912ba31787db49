"""How notices reach somebody, in words; what is agreed to by choosing the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from app.funding.models import NoticeWay

MAIL, POST = "mail", "post"
WAYS = {
    MAIL: _l("By mail: we are told when a notice is there, and retrieve it here"),
    POST: _l("By post, as a letter"),
}
"""Way → what is chosen."""


def consent_words() -> list[str]:
    """Answer what somebody agrees to who chooses the mail; another meaning is another ``WORDING``."""
    return [
        _(
            "Who chooses the mail agrees that notices are not posted but put here to be retrieved (§ 37 (2a) SGB X). "
            "A mail says that one is there; to read it you sign in, and can store the letter."
        ),
        _(
            "From the day of that mail the time for objections runs, just as from the day of posting. You can withdraw "
            "your consent on the funding page at any time; what was sent before stays sent."
        ),
    ]


def way_words(way: NoticeWay | None) -> str:
    """Answer how notices reach somebody now."""
    if way is not None and way.is_electronic:
        return _("By mail: they are retrieved here.")
    return _("By post, as letters.")


WAY_WORDS = {"WAYS": WAYS, "way_words": way_words, "consent_words": consent_words, "day_of": day_of}
"""What the pages need that show or ask it."""
