"""What is done to groups and their dates, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shared.history_words import HistoryWords

STATE_NAMES = {
    "submitted": _l("submitted"),
    "listed": _l("listed"),
    "paused": _l("paused"),
    "dormant": _l("dormant"),
    "closed": _l("closed"),
    "declined": _l("not taken up"),
    "merged": _l("merged"),
}
"""State of a group → its name."""
FIELD_NAMES = {
    "name": _l("name"),
    "topics": _l("topics"),
    "place": _l("place"),
    "for_whom": _l("for whom"),
    "description": _l("description"),
    "first_visit": _l("first visit"),
    "for_affected": _l("for whom"),
    "for_relatives": _l("for whom"),
    "audiences": _l("especially for"),
    "languages": _l("languages"),
    "format": _l("in person or online"),
    "access": _l("accessibility"),
    "status": _l("free places"),
    "disclosure": _l("how exactly the place is shown"),
    "contact_way": _l("way of contact"),
    "contact_name": _l("name of the contact"),
    "contact_phone": _l("phone of the contact"),
    "contact_email": _l("e-mail address of the contact"),
    "contact_name_consented_at": _l("consent to the name"),
    "contact_phone_consented_at": _l("consent to the phone number"),
    "contact_email_consented_at": _l("consent to the e-mail address"),
    "website": _l("website"),
    "internal_note": _l("internal note"),
    "last_confirmed_on": _l("confirmed on"),
    "clearinghouse_id": _l("clearing house"),
}
"""Column of a group → what it is called."""
CONSENT_NAMES = {
    "self_managed": _l("the group manages itself"),
    "storing": _l("the contact is kept"),
    "name": _l("name of the contact"),
    "phone": _l("phone of the contact"),
    "email": _l("e-mail address of the contact"),
}
"""What somebody confirmed who registered a group → its name."""
WORDS = HistoryWords(
    {
        "group.registered": _l("Group registered"),
        "group.consented": _l("Agreed to (wording of %(wording)s): %(consents)s"),
        "group.changed": _l("Listing changed: %(fields)s"),
        "group.state_changed": _l("The group is now: %(state)s"),
        "group.confirmed": _l("Listing confirmed"),
        "group.paused": _l("Pause begun or changed"),
        "group.resumed": _l("Listed again after a pause"),
        "group.fell_asleep": _l("No longer shown, as nobody has confirmed it"),
        "group.closed": _l("Group closed"),
        "group.reopened": _l("Closed group listed again"),
        "group.merged": _l("Went on as part of another group"),
        "group.took_in": _l("Took in another group"),
        "group.called": _l("Call to the group noted"),
        "group.pinned": _l("Pin on the map set"),
        "group.reminders_set": _l("Reminders of the contact changed"),
        "group.contact_erased": _l("Name and ways to reach the contact deleted"),
        "listing.handed_in": _l("Handed in for review: %(fields)s"),
        "listing.withdrawn": _l("What waited for review taken back"),
        "listing.approved": _l("Approved to be shown"),
        "listing.changes_asked": _l("Changes asked for: %(fields)s"),
        "listing.declined": _l("Not taken over"),
        "listing.restored": _l("Version %(number)s brought back"),
        "report.made": _l("Hint received that the listing is wrong"),
        "series.added": _l("Regular dates added"),
        "series.changed": _l("Regular dates changed"),
        "series.ended": _l("Regular dates ended"),
        "meeting.added": _l("Extra date added: %(day)s"),
        "meeting.cancelled": _l("Date cancelled: %(day)s"),
        "meeting.moved": _l("Date moved: %(day)s"),
        "meeting.undone": _l("Change taken back: %(day)s"),
        "meeting.confirmed": _l("Said that it takes place: %(day)s"),
        "attendance.noted": _l("Numbers of participants noted"),
        "closure.made": _l("Closed from %(first_day)s to %(last_day)s"),
        "closure.ended": _l("Closure taken back: %(first_day)s to %(last_day)s"),
    },
    {
        "group": _l("Groups"),
        "listing": _l("Reviews and versions"),
        "report": _l("Hints about listings"),
        "series": _l("Regular dates"),
        "meeting": _l("Single dates"),
        "attendance": _l("Numbers of participants"),
        "closure": _l("Closures and breaks"),
    },
    {"state": STATE_NAMES, "fields": FIELD_NAMES, "consents": CONSENT_NAMES},
)
