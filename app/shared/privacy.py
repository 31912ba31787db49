"""What each table holds of people: said beside the table, gathered into the record of processing activities.

Art. 30 GDPR asks for such a record. A table says it in its own place, so that it cannot be forgotten::

    __table_args__ = (…, {"info": {"processing": Processing(…)}})
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Processing:
    """Why personal data are kept, of whom, on which legal basis, and for how long; in plain English.

    ``columns`` are those that hold them. ``is_health_data``: that somebody stands there tells of their health
    (GDPR Art. 9). The rest says how somebody's rows are found, to be given to them and erased: ``accounts`` hold the id
    of the account that a row belongs to, ``addresses`` its folded e-mail address, ``groups`` the id of a group whose
    contacts it belongs to. In ``named`` stands who did something with a row of others. ``withheld`` are not given:
    secrets, and what others wrote for themselves. A table where nobody's rows can be found says why (``not_given``).
    """

    purpose: str
    people: str
    basis: str
    kept: str
    columns: tuple[str, ...]
    is_health_data: bool = False
    accounts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    not_given: str = ""


NO_PERSONAL_DATA = "no personal data"
"""What a table says that holds none."""
