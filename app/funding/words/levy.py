"""The words of the levy: families of insurers, levels, how sure a rate is, what is wrong in a file."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.rules.insured_file import (
    COLUMNS,
    INSURED,
    INSURER,
    MOST_INSURED,
    NO_COLUMN,
    NO_NUMBER,
    NOTHING,
    STATE,
    TOO_LARGE,
    TOO_MANY_CELLS,
    TOO_SMALL,
    TWICE,
    UNKNOWN,
    WRONG_SUM,
)
from app.funding.rules.level_plan import CLEARING_HOUSES, FEDERAL, GROUPS, STATE_ORGANISATIONS
from app.funding.rules.levy_rates import PUBLISHED, RECKONED, SECONDARY, STATUTE

if TYPE_CHECKING:
    from flask_babel import LazyString

    from app.funding.rules.insured_file import Fault
    from app.funding.rules.levy_table import Change

FAMILY_NAMES: dict[str, LazyString | str] = {
    "aok": "AOK",
    "vdek": _l("Substitute funds (vdek)"),
    "bkk": _l("Company funds (BKK)"),
    "ikk": _l("Guild funds (IKK)"),
    "knappschaft": "Knappschaft",
    "lkk": _l("Farmers' fund (LKK)"),
}
"""Family → its name, the largest first."""
WITHDRAWALS = {
    "insured": _l("the number of insured was wrong"),
    "plan": _l("the plan of the levels was wrong"),
    "rate": _l("the rate was wrong"),
    "too_early": _l("it was called too early"),
}
"""Why a call of contributions is withdrawn → its name."""
LEVEL_NAMES: dict[str, LazyString] = {
    FEDERAL: _l("Federal organisations"),
    STATE_ORGANISATIONS: _l("Organisations of the Land"),
    CLEARING_HOUSES: _l("Clearing houses"),
    GROUPS: _l("Local groups"),
}
STANDING_NAMES: dict[str, LazyString] = {
    STATUTE: _l("in the law"),
    PUBLISHED: _l("published by insurers or those who spend it"),
    SECONDARY: _l("told by somebody else"),
    RECKONED: _l("only reckoned, no publication found"),
}
COLUMN_NAMES: dict[str, LazyString] = {INSURER: _l("insurer"), STATE: _l("Land"), INSURED: _l("insured")}


def sum_words(cents: int) -> str:
    """Answer “1.234,56” for a column that says that it holds euros."""
    return str(format_decimal(Decimal(cents) / 100, format="#,##0.00"))


def change_words(change: Change) -> str:
    """Answer “+2,3 %”, or that there was none before."""
    if change.per_mille is None:
        return _("new")
    return f"{format_decimal(Decimal(change.per_mille) / 10, format='+0.0;-0.0')} %"


def fault_words(fault: Fault) -> str:
    """Answer what is wrong in a file, with line and column."""
    where = _("Line %(line)s", line=fault.line)
    if fault.column and fault.kind != NO_COLUMN:
        where = _("Line %(line)s, %(column)s", line=fault.line, column=COLUMN_NAMES[fault.column])
    return f"{where}: {_what(fault)}"


def _what(fault: Fault) -> str:
    facts = {"found": fault.found[:60], "right": fault.right, "most": format_decimal(MOST_INSURED)}
    facts["names"] = ", ".join(COLUMNS.get(fault.column, ()))
    sentences = {
        NO_COLUMN: _l("a column is missing. It may be called: %(names)s."),
        TOO_MANY_CELLS: _l("more cells than columns. Please write numbers without separators."),
        UNKNOWN: _l("“%(found)s” is not known here. Please write it as in the file to fill in."),
        TWICE: _l("%(found)s is there already, in a line before."),
        NO_NUMBER: _l("“%(found)s” is not a whole number. Please write only digits, as in 1234567."),
        TOO_SMALL: _l("%(found)s is too few; at least 1. Leave out the line of an insurer without insured."),
        TOO_LARGE: _l("%(found)s is too many; at most %(most)s."),
        WRONG_SUM: _l("the sum is given as %(found)s, the lines add up to %(right)s."),
        NOTHING: _l("the file holds no figures."),
    }
    return str(sentences[fault.kind]) % facts
