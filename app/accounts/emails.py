"""Mails about accounts, in the language that is spoken (``app/shared/languages.py``)."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from app.accounts.labels import ROLE_NAMES
from app.shared.languages import current_language, language_url
from app.shared.mail_text import Button, Facts, Mail, Paragraph, SmallPrint


def page_url(path: str) -> str:
    """Answer the whole address of a page, in the language that is spoken."""
    public_url: str = current_app.config["WIRKREIS"].public_url
    return public_url + language_url(current_language(), path)


def sign_up_mail(url: str) -> Mail:
    """Answer the mail with which an account begins."""
    return Mail(
        _("Your account at Wirkreis"),
        (
            Paragraph(
                _("Hello, somebody wants to make an account with this address. Is it you? Then go on here:")
            ),
            Button(_("Make my account"), url),
            SmallPrint(
                _("The link works once, for two days. If it was not you, do nothing: no account is made.")
            ),
        ),
    )


def sign_in_mail(url: str) -> Mail:
    """Answer the mail with a link to sign in."""
    return Mail(
        _("Your link to sign in"),
        (
            Paragraph(_("Hello, with this link you sign in without a password:")),
            Button(_("Sign in"), url),
            SmallPrint(
                _(
                    "The link works once, for 30 minutes. If you did not ask for it, do nothing, and do not pass it on."
                )
            ),
        ),
    )


def reset_mail(url: str) -> Mail:
    """Answer the mail with a link to choose a new password."""
    return Mail(
        _("Choose a new password"),
        (
            Paragraph(_("Hello, with this link you choose a new password for your account:")),
            Button(_("Choose a new password"), url),
            SmallPrint(
                _(
                    "The link works once, for two hours. If you did not ask for it, do nothing: your password stays."
                )
            ),
        ),
    )


LINK_MAILS = {"sign_up": sign_up_mail, "sign_in": sign_in_mail, "reset": reset_mail}
"""Purpose of a link → the mail that carries it."""


def account_exists_mail() -> Mail:
    """Answer the mail to somebody who wants to make an account and has one."""
    return Mail(
        _("You have an account already"),
        (
            Paragraph(
                _("Hello, somebody wanted to make an account with this address. You have one already.")
            ),
            Button(_("Sign in"), page_url("/accounts/login")),
            SmallPrint(
                _(
                    "You can choose a new password there too. If it was not you, do nothing: nothing has changed."
                )
            ),
        ),
    )


def no_account_mail() -> Mail:
    """Answer the mail to somebody who wants to sign in and has no account at this address."""
    return Mail(
        _("There is no account with this address"),
        (
            Paragraph(
                _(
                    "Hello, somebody wanted to sign in with this address, but it has no account. "
                    "Perhaps yours has another address?"
                )
            ),
            Button(_("Try another address"), page_url("/accounts/login")),
            SmallPrint(_("If it was not you, do nothing. You need no account to find a group.")),
        ),
    )


def password_changed_mail() -> Mail:
    """Answer the note that a password was changed."""
    return Mail(
        _("Your password was changed"),
        (
            Paragraph(
                _("Hello, the password of your account was just changed, and you were signed out elsewhere.")
            ),
            Paragraph(_("If it was you, all is well. If not, choose a new password at once:")),
            Button(_("Choose a new password"), page_url("/accounts/reset")),
        ),
    )


def second_factor_mail(*, is_on: bool) -> Mail:
    """Answer the note that a second factor was set up or switched off."""
    subject = _("Your second factor is set up") if is_on else _("Your second factor is switched off")
    news = (
        _("Hello, from now on signing in to your account also asks for a code from your authenticator.")
        if is_on
        else _("Hello, signing in to your account does not ask for a code from your authenticator any more.")
    )
    return Mail(
        subject,
        (
            Paragraph(news),
            Paragraph(_("If it was you, all is well. If not, choose a new password at once:")),
            Button(_("Choose a new password"), page_url("/accounts/reset")),
        ),
    )


def leave_address_mail(new_email: str, url: str) -> Mail:
    """Answer the question to the present mailbox whether the account may move to another address."""
    return Mail(
        _("May your account move to another address?"),
        (
            Paragraph(_("Hello, somebody who is signed in to your account wants to change its address to:")),
            Paragraph(new_email),
            Button(_("Yes, this is right"), url),
            SmallPrint(
                _(
                    "The link works for two days. If it was not you, do nothing, sign out on all devices and choose "
                    "a new password."
                )
            ),
        ),
    )


def take_address_mail(url: str) -> Mail:
    """Answer the question to a new mailbox whether it belongs to whoever asked."""
    return Mail(
        _("Is this your new address?"),
        (
            Paragraph(
                _("Hello, somebody wants to sign in at Wirkreis with this address from now on. Is it you?")
            ),
            Button(_("Yes, this is my address"), url),
            SmallPrint(_("The link works for two days. If it was not you, do nothing: nothing changes.")),
        ),
    )


def address_taken_mail() -> Mail:
    """Answer the mail to an address that has an account and was to become that of another one."""
    return Mail(
        _("This address has an account already"),
        (
            Paragraph(
                _(
                    "Hello, somebody wanted to use this address for another account. It has one already, so nothing "
                    "has changed."
                )
            ),
            SmallPrint(_("Are both accounts yours? Your clearing house can help you to make one of them.")),
        ),
    )


def invitation_mail(inviter_name: str, role: str, place_name: str, url: str) -> Mail:
    """Answer the question whether somebody takes on a role; ``place_name`` is empty for the network as a whole."""
    facts = [(_("Role"), str(ROLE_NAMES[role]))]
    if place_name:
        facts.append((_("For"), place_name))
    return Mail(
        _("An invitation to Wirkreis"),
        (
            Paragraph(_("Hello, %(name)s invites you to work with them at Wirkreis:", name=inviter_name)),
            Facts(tuple(facts)),
            Button(_("See the invitation"), url),
            SmallPrint(_("The link works for 14 days. If you do not want to, decline there or do nothing.")),
        ),
    )


def last_contact_mail(group_name: str, url: str) -> Mail:
    """Answer the note to a clearing house that nobody looks after a group any more."""
    return Mail(
        _("“%(name)s” has no contact any more", name=group_name),
        (
            Paragraph(
                _(
                    "Hello, the last contact of the group “%(name)s” has left. Its listing stays; nobody of the group "
                    "can change it.",
                    name=group_name,
                )
            ),
            Paragraph(_("Please ask the group who takes over, and invite them:")),
            Button(_("Invite a contact"), url),
        ),
    )
