"""Kinds of notices and what became of one, as they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.queries.objections import REJECTED, UPHELD
from app.funding.rules import notices
from app.groups.presentation import date_words

if TYPE_CHECKING:
    from app.funding.queries.direct_notices import DirectLine
    from app.funding.queries.notices import NoticeLine

KIND_NAMES = {
    notices.APPROVAL: _l("Approval"),
    notices.PART: _l("Approval in part"),
    notices.REJECTION: _l("Rejection"),
    notices.CHANGE: _l("Change of an award"),
    notices.REVOCATION: _l("Revocation"),
}
"""Kind of a notice → its name."""
OUTCOMES = {
    UPHELD: _l("upheld, with money from the reserve"),
    REJECTED: _l("rejected"),
}
"""How an objection can end → its name."""


def state_words(line: NoticeLine | DirectLine) -> str:
    """Answer how far a notice has come."""
    found, said = line.dispatch, []
    if found.mailed_on:
        said.append(_("mailed on %(day)s", day=date_words(found.mailed_on)))
    if found.is_back:
        said.append(_("the mail came back"))
    for posting in found.postings:
        said.append(_("posted on %(day)s", day=date_words(posting.day)))
        if posting.returned_on:
            said.append(_("came back on %(day)s", day=date_words(posting.returned_on)))
    if found.opened_on:
        said.append(_("opened on %(day)s", day=date_words(found.opened_on)))
    return ", ".join(said) or _("made, not sent yet")
