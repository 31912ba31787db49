"""The mail to a group whose account changes, so that nobody changes it behind its back."""

from __future__ import annotations

from flask_babel import gettext as _

from app.shared.mail_text import Mail, Paragraph, SmallPrint


def account_mail(group_name: str, ending: str) -> Mail:
    """Answer what the contacts are told; of the number only its last digits."""
    return Mail(
        _("The account of “%(group)s” for funding is being changed", group=group_name),
        (
            Paragraph(
                _(
                    "Hello, funding for “%(group)s” is to go to another account from now on, the one that ends with "
                    "%(ending)s. A second person in the office confirms it before anything is paid to it.",
                    group=group_name,
                    ending=ending,
                )
            ),
            SmallPrint(
                _(
                    "If your group did not ask for this, please call your funding office at once. Payments that are "
                    "already on their way are not changed by it."
                )
            ),
        ),
    )
