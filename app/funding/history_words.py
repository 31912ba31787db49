"""What is done with the money, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.funding.application_words import PAGE_NAMES
from app.funding.region_words import FIELD_NAMES
from app.funding.round_words import DISCARDS, EXTENSIONS
from app.shared.history_words import HistoryWords

WORDS = HistoryWords(
    {
        "demo.ledger_emptied": _l("Ledger of the demonstration emptied"),
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
        "levy.insured_stored": _l("Levy of %(year)s: insured stored (figures: %(figures)s)"),
        "levy.insured_corrected": _l("Levy of %(year)s: insured of %(insurer)s in Land %(land)s corrected"),
        "levy.rate_added": _l("Levy of %(year)s: rate added"),
        "levy.flat_share_set": _l(
            "Levy of %(year)s: flat grants of %(insurer)s set to %(per_cent)s per cent"
        ),
        "levy.plan_stored": _l("Levy of %(year)s: plan of the levels stored for Land %(land)s"),
        "levy.plans_copied": _l("Levy of %(year)s: plans of the year before taken over (Länder: %(lands)s)"),
        "funding.year_closed": _l("Year %(year)s closed"),
        "funding.organisation_added": _l("Organisation added that gets money"),
        "grant_round.opened": _l("Round of %(year)s opened"),
        "grant_round.imported": _l("Requests taken over from a file: %(entered)s new, %(changed)s changed"),
        "grant_request.entered": _l("Request for money entered"),
        "grant_request.changed": _l("Request for money changed"),
        "grant_request.extended": _l("Late request counts as in time: %(extension)s"),
        "grant_request.withdrawn": _l("Request for money withdrawn"),
        "run.drafted": _l("Division of a pot drafted (groups: %(groups)s)"),
        "run.checked": _l("Division of a pot checked"),
        "run.approved": _l("Division of a pot approved"),
        "run.posted": _l("Division of a pot posted"),
        "run.discarded": _l("Draft of a division given up: %(given_up_for)s"),
        "run.paid": _l("Awards paid out (groups: %(groups)s)"),
        "payment.account_entered": _l("Account of a group entered"),
        "payment.account_confirmed": _l("Account of a group confirmed by a second person"),
        "payment.region_account_set": _l("Account set from which a region pays"),
        "payment.batch_built": _l("Batch of payments made (payments: %(payments)s)"),
        "payment.batch_released": _l("Batch of payments released (payments: %(payments)s)"),
        "payment.batch_dropped": _l("Batch of payments dropped"),
        "payment.batch_sent": _l("Batch of payments is at the bank"),
        "payment.batch_executed": _l("Noted that a batch of payments was carried out"),
        "payment.batch_lost": _l("Noted that a batch of payments never reached the bank"),
        "payment.promised_again": _l("Money that came back promised again"),
        "payment.bank_file_read": _l("File of a bank read (lines: %(lines)s, matched: %(matched)s)"),
        "payment.bank_line_settled": _l("Line of a bank's file looked at"),
        "payment.batch_unknown": _l("Noted that nobody knows whether the bank has a batch"),
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
        "demo": _l("Demonstration"),
        "levy": _l("Levy"),
        "funding": _l("Funding"),
        "ledger": _l("Money"),
        "grant_round": _l("Rounds of funding"),
        "grant_request": _l("Requests for money"),
        "run": _l("Divisions of a pot"),
        "payment": _l("Payments"),
        "region": _l("Funding regions"),
        "application": _l("Requests for funding"),
    },
    {
        "extension": EXTENSIONS,
        "given_up_for": DISCARDS,
        "page": PAGE_NAMES,
        "standing": {"in_time": _l("in time"), "extended": _l("in the extension"), "late": _l("late")},
        "rules": FIELD_NAMES,
    },
)
