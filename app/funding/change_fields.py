"""The fields of an application that a group can be asked to change, by page and name on that page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

FIELDS = {
    "group.members": _l("Members"),
    "group.meetings": _l("Meetings a year"),
    "group.founded": _l("Founded"),
    "group.leaders": _l("Professionals"),
    "group.is_open": _l("Open for new people"),
    "group.is_published": _l("Announced elsewhere"),
    "money.costs": _l("Costs"),
    "money.own": _l("Own money"),
    "money.others": _l("Others give"),
    "money.reasons": _l("Why you need it"),
    "account.iban": _l("IBAN"),
    "account.holder": _l("Account holder"),
    "account.is_own": _l("Only for the group"),
    "declarations.statements": _l("Declarations"),
    "declarations.papers": _l("Papers"),
}
"""Page and field → what it is called; in the order of the pages."""


def fields_on(page: str, asked: list[str]) -> list[str]:
    """Answer the fields of a page among those that are asked for, by their names on that page."""
    return [each.split(".", 1)[1] for each in asked if each.startswith(f"{page}.")]
