"""What is done to accounts and roles, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.accounts.labels import ROLE_NAMES
from app.shared.history_words import HistoryWords

WORDS = HistoryWords(
    {
        "account.made": _l("Account made"),
        "account.named": _l("Name or language of the account changed"),
        "account.erased": _l("Account erased"),
        "account.password_changed": _l("Password changed"),
        "account.address_asked": _l("Another e-mail address asked for"),
        "account.address_kept": _l("Change of the e-mail address taken back"),
        "account.address_confirmed": _l("A mailbox agreed to the change of the e-mail address"),
        "account.address_changed": _l("E-mail address changed"),
        "account.second_factor_on": _l("Second factor set up"),
        "account.second_factor_off": _l("Second factor taken off"),
        "account.recovery_codes_made": _l("Recovery codes made"),
        "account.session_ended": _l("Signed out on another device"),
        "account.signed_out_everywhere": _l("Signed out on all devices"),
        "account.role_given": _l("Role given: %(role)s"),
        "account.role_removed": _l("Role ended: %(role)s"),
        "invitation.sent": _l("Invited: %(role)s"),
        "invitation.withdrawn": _l("Invitation taken back: %(role)s"),
        "invitation.accepted": _l("Invitation accepted: %(role)s"),
        "invitation.declined": _l("Invitation declined: %(role)s"),
    },
    {"account": _l("Accounts and roles"), "invitation": _l("Invitations")},
    {"role": ROLE_NAMES},
)
