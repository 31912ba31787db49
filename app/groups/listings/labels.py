"""The words of versions: their fields, what is in them, their states, the checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.groups.catalogue import get_catalogue
from app.groups.labels import facet_labels
from app.groups.meetings.schedules import WALL_CLOCK
from app.groups.presentation import moment_words
from app.groups.rules.listing import EXACT
from app.groups.rules.versions import CONTACT_FIELDS, is_shown
from app.shared.extensions import db
from app.shared.languages import current_language, in_language

FIELD_LABELS = {
    "name": _l("Name"),
    "topics": _l("Topics"),
    "description": _l("Description"),
    "first_visit": _l("First visit"),
    "for_whom": _l("For whom"),
    "audiences": _l("Especially for"),
    "languages": _l("Languages"),
    "format": _l("In person or online"),
    "access": _l("Accessible"),
    "status": _l("Free places"),
    "place": _l("Place"),
    "disclosure": _l("Who may see the place"),
    "contact_way": _l("Way to the group"),
    "contact_name": _l("Contact person"),
    "contact_phone": _l("Phone"),
    "contact_email": _l("E-mail"),
    "website": _l("Website"),
}
"""Every field of a version, in the order of the pages."""
TEXT_FIELDS = frozenset({"name", "description", "first_visit"})
"""They are compared word by word."""
STATE_LABELS = {
    "pending": _l("waits for the clearing house"),
    "changes_asked": _l("changes asked for"),
    "approved": _l("approved to be shown"),
    "declined": _l("not taken over"),
    "superseded": _l("replaced before it was decided"),
    "withdrawn": _l("taken back"),
}
CHECKLIST_LABELS = {
    "self_managed": _l("The group manages itself."),
    "open_to_new": _l("New members can come."),
    "no_professional": _l("No professional leads it."),
    "no_commerce": _l("Nobody earns with it."),
    "enough_members": _l("It has at least six members, or is listed as just starting."),
}
UNMET_LABELS = {
    "self_managed": _l("It is not clear that the group manages itself."),
    "open_to_new": _l("It is not clear that new members can come."),
    "no_professional": _l("It seems that a professional leads the group."),
    "no_commerce": _l("It seems that somebody earns with it."),
    "enough_members": _l("It has fewer than six members and is not listed as just starting."),
}
_PLACE_SHOWN = {
    "exact": _l("the address, for everybody"),
    "area": _l("only roughly"),
    "clearinghouse": _l("told by the clearing house"),
}
_WAYS = {
    "relay": _l("messages are passed on"),
    "clearinghouse": _l("through the clearing house"),
    "phone": _l("by phone"),
    "email": _l("by e-mail"),
    "website": _l("through its website"),
}
_FACETS = {
    "for_whom": "for",
    "audiences": "audience",
    "languages": "language",
    "access": "access",
    "format": "format",
    "status": "status",
}

CHOOSE_AN_ANSWER = _l("Please choose: approve, ask for changes, or decline.")
DECIDED_WORDS = {
    "approve": _l("“%(group)s” is approved. Everybody sees it as of now."),
    "changes": _l("“%(group)s” is back with the group, which gets a mail with your words."),
    "decline": _l("“%(group)s” is declined. Whoever handed it in gets a mail with your reason."),
}
"""What was answered → what the next page says of it."""


def when_words(moment: datetime) -> str:
    """Answer when something was done, by the clock on the wall."""
    return moment_words(moment.astimezone(WALL_CLOCK))


def field_words(fields: Sequence[str]) -> str:
    """Answer the names of fields, one after the other."""
    return ", ".join(str(FIELD_LABELS[field]) for field in fields if field in FIELD_LABELS)


def value_words(field: str, content: Mapping[str, Any]) -> str:
    """Answer what a field says, as a line or a text; empty when it says nothing."""
    value = content[field]
    if field == "topics":
        by_slug = get_catalogue(db.session()).by_slug
        return ", ".join(in_language(by_slug[slug].names) if slug in by_slug else slug for slug in value)
    if field in _FACETS:
        labels = facet_labels(current_language())[_FACETS[field]]
        return ", ".join(labels.get(each, each) for each in ([value] if isinstance(value, str) else value))
    if field == "place":
        return place_words(value)
    if field in CONTACT_FIELDS:
        return str(value["value"])
    if field == "disclosure":
        return str(_PLACE_SHOWN.get(value, value))
    return str(_WAYS.get(value, value)) if field == "contact_way" else str(value)


def place_words(place: Mapping[str, str] | None) -> str:
    """Answer an address in one line."""
    if place is None:
        return ""
    town = f"{place['postcode']} {place['town']}".strip()
    return ", ".join(part for part in (place["name"], place["street"], town) if part)


def hidden_words(field: str, content: Mapping[str, Any]) -> str:
    """Answer why a field is not shown to everybody; empty when it is, or when there is nothing to show."""
    if field in CONTACT_FIELDS and content[field]["value"] and not is_shown(content[field]):
        return _("not shown")
    if field == "place" and content["place"] and content["format"] == "online":
        return _("not shown")
    if field == "place" and content["place"] and content["disclosure"] != EXACT:
        return _("the address is not shown")
    return ""


def age_words(since: datetime, now: datetime) -> str:
    """Answer how long something waits, in whole days."""
    days = (now.astimezone(WALL_CLOCK).date() - since.astimezone(WALL_CLOCK).date()).days
    if days <= 0:
        return _("since today")
    return _("since yesterday") if days == 1 else _("for %(count)s days", count=days)
