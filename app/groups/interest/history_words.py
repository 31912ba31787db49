"""What is done with interest and foundings, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shared.history_words import HistoryWords

WORDS = HistoryWords(
    {
        "interest.entered": _l("Interest entered"),
        "interest.confirmed": _l("Interest confirmed by its owner"),
        "interest.renewed": _l("Interest renewed"),
        "interest.withdrawn": _l("Interest ended and deleted"),
        "interest.opened": _l("Names and addresses of interested people opened"),
        "founding.started": _l("Founding begun"),
        "founding.meeting_called": _l("Founding meeting called"),
        "founding.invited": _l("Interested people invited"),
        "founding.answered": _l("Invitation to a founding meeting answered"),
        "founding.steps_changed": _l("Checklist of a founding changed"),
        "founding.group_linked": _l("Group of a founding noted"),
        "founding.founded": _l("Founding ended: the group is founded"),
        "founding.given_up": _l("Founding given up"),
    },
    {"interest": _l("Interest lists"), "founding": _l("Foundings")},
)
