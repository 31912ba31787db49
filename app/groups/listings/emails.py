"""The wording of mails about versions of a listing, in the language that is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.groups.listings.labels import FIELD_LABELS, UNMET_LABELS, field_words
from app.shared.mail_text import Button, Facts, Mail, Paragraph, Quote, SmallPrint

if TYPE_CHECKING:
    from app.groups.models import ListingVersion

LISTED = "listed"
APPROVED = "approved"
CHANGES_ASKED = "changes_asked"
DECLINED = "declined"
DECLINED_EDIT = "declined_edit"

_TEXTS = {
    LISTED: (
        _l("%(group)s is listed"),
        _l("Your clearing house has approved “%(group)s”. Everybody can find the group now."),
        _l("You need not do anything. When something changes, you can enter it yourself at any time."),
    ),
    APPROVED: (
        _l("Your changes are shown: %(group)s"),
        _l("Your clearing house has approved your changes to “%(group)s”. Everybody sees them now."),
        _l("You need not do anything."),
    ),
    CHANGES_ASKED: (
        _l("Please look at %(group)s once more"),
        _l("Your clearing house has read what you entered for “%(group)s” and asks for changes:"),
        _l(
            "Please change it on the page of your listing. It then goes back to your clearing house by itself."
        ),
    ),
    DECLINED: (
        _l("%(group)s is not listed"),
        _l("Your clearing house has decided not to list “%(group)s”. This is the reason:"),
        _l(
            "If you think that this rests on a mistake, please talk to your clearing house, "
            "or change your entry and hand it in once more."
        ),
    ),
    DECLINED_EDIT: (
        _l("Your changes are not taken over: %(group)s"),
        _l("Your clearing house has not taken over your changes to “%(group)s”. This is the reason:"),
        _l("Your group stays listed as it was. If you have questions, please talk to your clearing house."),
    ),
}


def decision_mail(
    event: str, version: ListingVersion, *, group: str, house: str, phone: str, url: str
) -> Mail:
    """Answer what whoever handed a version in reads: what was decided, and what happens next."""
    subject, opening, next_step = _TEXTS[event]
    blocks: list[Paragraph | Quote | Facts | Button | SmallPrint] = [
        Paragraph(_("Hello,")),
        Paragraph(str(opening) % {"group": group}),
    ]
    if event == APPROVED and version.changes:
        blocks.append(Paragraph(_("Changed: %(fields)s", fields=field_words(version.changes))))
    if event == CHANGES_ASKED:
        blocks += _asked(version)
    if version.reason:
        blocks.append(Quote(version.reason))
    blocks += [Paragraph(str(next_step)), Button(_("To your listing"), url), SmallPrint(_from(house, phone))]
    return Mail(str(subject) % {"group": group}, tuple(blocks))


def _asked(version: ListingVersion) -> list[Paragraph | Quote | Facts | Button | SmallPrint]:
    rows = tuple(
        (str(FIELD_LABELS[field]), text) for field, text in version.remarks.items() if field in FIELD_LABELS
    )
    missing = [str(UNMET_LABELS[point]) for point in version.unmet if point in UNMET_LABELS]
    return [*([Facts(rows)] if rows else []), *([Paragraph("\n".join(missing))] if missing else [])]


def _from(house: str, phone: str) -> str:
    return f"{house}, {phone}" if phone else house
