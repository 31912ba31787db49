"""What pages that are written by several people have in common: where somebody else has written in the meantime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

if TYPE_CHECKING:
    from app.funding.forms.pages import PageForm
    from app.funding.services.written import Kept


def contested_fields(form: PageForm, kept: Kept) -> dict[str, list[str]]:
    """Answer what somebody else stored in fields that were changed twice; afterwards it stands beside each, too."""
    form.validate()
    theirs = {field: form.stored_words(field, kept.stored) for field in kept.merged.contested}
    for field in theirs.keys() & form._fields.keys():
        said = _("Somebody else has written here: %(text)s", text=", ".join(theirs[field][1:]))
        form[field].errors = [*form[field].errors, said]
    return theirs
