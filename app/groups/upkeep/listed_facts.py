"""What everybody can read of a group, and what is stored beside that: in words, for whoever confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.groups.labels import facet_labels
from app.groups.meetings.words import long_moment_words, rule_words
from app.groups.rules.listing import AREA, EXACT
from app.shared.languages import current_language, in_language

if TYPE_CHECKING:
    from app.groups.models import Group
    from app.groups.queries import GroupPage

LONGEST_TEXT = 300


def listed_facts(page: GroupPage) -> list[tuple[str, str]]:
    """Answer names and values of what the group's page shows; nothing that it does not show."""
    card, labels = page.card, facet_labels(current_language())
    text = card.description
    rows = [
        (_("Group"), card.name),
        (_("Topics"), ", ".join(in_language(topic.names) for topic in card.topics)),
        (_("For whom"), ", ".join(labels["for"][each] for each in card.for_whom)),
        (_("Free places"), labels["status"][card.status]),
        (_("When"), "; ".join(rule_words(rule) for rule in card.rules) or _("by appointment")),
        (_("Next meeting"), long_moment_words(card.next_meeting.starts_at) if card.next_meeting else ""),
        (_("Where"), _where(page)),
        (_("Contact"), _contact(page)),
        (_("Description"), text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"),
    ]
    return [(name, value) for name, value in rows if value]


def hidden_facts(group: Group, page: GroupPage) -> list[str]:
    """Answer what is stored of the group and shown to nobody, in general words."""
    contact = page.contact
    place = page.card.place
    hidden = [
        (group.contact_name and not contact.name, _("the name of a contact")),
        (group.contact_phone and not contact.phone, _("a phone number")),
        (group.contact_email and not contact.email, _("an e-mail address")),
        (group.place_id and (place is None or place.precision != EXACT), _("the exact meeting place")),
    ]
    return [words for is_hidden, words in hidden if is_hidden]


def _where(page: GroupPage) -> str:
    place = page.card.place
    if place is None:
        return _("online")
    if place.precision == EXACT:
        town = f"{place.postcode} {place.town}".strip()
        return ", ".join(part for part in (place.name, place.street, town) if part)
    if place.precision == AREA:
        return _("near %(town)s, not more exactly", town=page.card.locality)
    return _("the clearing house tells the place")


def _contact(page: GroupPage) -> str:
    contact = page.contact
    shown = [part for part in (contact.name, contact.phone, contact.email, page.website) if part]
    by_house = [_("through the clearing house")] if contact.way == "clearinghouse" else []
    return ", ".join([*by_house, *shown])
