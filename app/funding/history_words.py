"""What is done with the money, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.funding.application_words import PAGE_NAMES
from app.funding.region_words import FIELD_NAMES
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
        "region.rules_changed": _l("Rules of a funding region changed: %(rules)s"),
        "application.begun": _l("Request for funding begun"),
        "application.saved": _l("Request for funding: page stored (%(page)s)"),
        "application.paper_added": _l("Request for funding: paper added"),
        "application.paper_removed": _l("Request for funding: paper removed"),
        "application.signatures_fell": _l("Request for funding changed, so signatures fell"),
        "application.signing_asked": _l("Two people asked to sign the request for funding"),
        "application.signed": _l("Request for funding signed"),
        "application.submitted": _l("Request for funding submitted (%(standing)s)"),
        "application.withdrawn": _l("Request for funding withdrawn"),
    },
    {
        "funding": _l("Funding"),
        "ledger": _l("Money"),
        "region": _l("Funding regions"),
        "application": _l("Requests for funding"),
    },
    {
        "page": PAGE_NAMES,
        "standing": {"in_time": _l("in time"), "extended": _l("in the extension"), "late": _l("late")},
        "rules": FIELD_NAMES,
    },
)
