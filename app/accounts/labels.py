"""What roles are called on pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

ROLE_NAMES = {
    "group_contact": _l("Contact of a group"),
    "desk_staff": _l("Staff of a clearing house"),
    "desk_lead": _l("Head of a clearing house"),
    "insurer_officer": _l("Officer of a health insurer"),
    "funding_office": _l("Funding office"),
    "finance": _l("Finance"),
    "representative": _l("Representative of self-help"),
    "coordinator": _l("Coordination of the network"),
    "admin": _l("Administration of the site"),
}
"""Role → its name."""
