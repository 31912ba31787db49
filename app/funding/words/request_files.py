"""What is wrong in a cell of a list of requests, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.rules import request_file as file
from app.funding.rules.request_file import Fault
from app.shared.table_files import cell_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

WORDS = {
    file.WRONG_HEAD: _l("here belongs the heading “%(value)s”."),
    file.NO_LINES: _l("the list has no requests."),
    file.NOT_MONEY: _l("“%(value)s” is no sum in euros such as 1.234,56 or 1234.56."),
    file.NOT_MEMBERS: _l("“%(value)s” is no number of members from 1 to 10,000."),
    file.NOT_DAY: _l("“%(value)s” is no day such as 2027-01-31 or 31.1.2027."),
    file.NOT_YES: _l("please write yes, or leave it empty; here stands “%(value)s”."),
    file.MISSING: _l("something is missing here."),
    file.TWICE: _l("the group “%(value)s” stands in the list twice."),
    file.WRONG_TOTAL: _l("the lines above do not add up to “%(value)s”."),
    file.AFTER_TOTAL: _l("nothing can follow the line with the total."),
    file.UNKNOWN_GROUP: _l("no group “%(value)s” is listed in this region."),
    file.IS_WITHDRAWN: _l("the request of “%(value)s” has been withdrawn."),
    file.IN_FUTURE: _l("%(value)s is in the future."),
}
"""Code of a fault → its sentence."""
HEADINGS = {
    "group": _l("group"),
    "requested": _l("requested"),
    "members": _l("members"),
    "expenses": _l("expenses"),
    "own": _l("own"),
    "others": _l("others"),
    "new": _l("new"),
    "received": _l("received"),
    "start_up": _l("start_up"),
    "interpreters": _l("interpreters"),
    "access": _l("access"),
    "travel": _l("travel"),
}
"""Column → what stands above it; ``app/funding/rules/request_file.py`` reads each of them."""
_MOST = 20


def fault_words(faults: list[Fault], sentences: Mapping[str, LazyString] = WORDS) -> list[str]:
    """Answer each fault with the name of its cell, and how many more there are."""
    told = [
        _(
            "Cell %(cell)s: %(what)s",
            cell=cell_name(each.row, each.column),
            what=str(sentences[each.code]) % {"value": _value(each)},
        )
        for each in faults[:_MOST]
    ]
    if len(faults) > _MOST:
        told.append(_("And %(count)s more.", count=len(faults) - _MOST))
    return told


def _value(fault: Fault) -> str:
    is_heading = fault.code == file.WRONG_HEAD
    return str(HEADINGS.get(fault.value, fault.value) if is_heading else fault.value)[:60]
