"""What is done with the money, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shared.history_words import HistoryWords

WORDS = HistoryWords(
    {
        "ledger.called": _l("Contributions called (entries: %(entries)s)"),
        "ledger.received": _l("Contributions received (entries: %(entries)s)"),
        "ledger.granted": _l("Money put into a pot (entries: %(entries)s)"),
        "ledger.committed": _l("Money promised (entries: %(entries)s)"),
        "ledger.released": _l("Promised money set free again (entries: %(entries)s)"),
        "ledger.paid": _l("Money paid out (entries: %(entries)s)"),
        "ledger.returned": _l("Money given back (entries: %(entries)s)"),
        "ledger.set_aside": _l("Money held back (entries: %(entries)s)"),
        "ledger.carried": _l("Unspent money carried into the next year (entries: %(entries)s)"),
        "ledger.reversed": _l("Entries reversed (%(entries)s)"),
        "funding.year_closed": _l("Year %(year)s closed"),
        "funding.organisation_added": _l("Organisation added that gets money"),
    },
    {"funding": _l("Funding"), "ledger": _l("Money")},
)
