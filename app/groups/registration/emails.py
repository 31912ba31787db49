"""Mails to people who register a group, in the language that is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.shared.mail_text import Button, Facts, Mail, Paragraph, SmallPrint

if TYPE_CHECKING:
    from app.clearinghouses.queries import HouseRow


def draft_mail(url: str, *, keep_days: int) -> Mail:
    """Answer the link with which somebody goes on registering a group, for so many days."""
    return Mail(
        _("Go on registering your group"),
        (
            Paragraph(_("Hello, what you have entered about your group is kept. With this link you go on:")),
            Button(_("Go on"), url),
            SmallPrint(
                _(
                    "Whoever has the link can read and change what you have entered, so keep it to yourself. It works "
                    "for %(days)s days after your last change. If you did not ask for it, do nothing.",
                    days=keep_days,
                )
            ),
        ),
    )


def registered_mail(
    group_name: str, house: HouseRow, *, invitation_url: str = "", login_url: str = ""
) -> Mail:
    """Answer what happens next with a group that was registered, and the way to its account."""
    facts = [(_("Group"), group_name), (_("Reviewed by"), house.name)]
    if house.phone:
        facts.append((_("Phone"), house.phone))
    way_in = (
        (
            Paragraph(_("With an account you enter dates, cancel meetings and change what is listed:")),
            Button(_("Make an account for the group"), invitation_url),
        )
        if invitation_url
        else (Button(_("Sign in"), login_url),)
    )
    return Mail(
        _("“%(name)s” is registered", name=group_name),
        (
            Paragraph(_("Hello, thank you for registering your group. The clearing house looks at it now:")),
            Facts(tuple(facts)),
            Paragraph(
                _(
                    "It reads your text, calls you if something is open, and then lists the group, mostly within two "
                    "weeks. Until then nobody else sees it. The clearing house tells you as soon as it is listed."
                )
            ),
            *way_in,
            SmallPrint(
                _(
                    "The link works for 14 days. If you did not register a group, do nothing, or decline there."
                )
                if invitation_url
                else _("If you did not register a group, please tell the clearing house.")
            ),
        ),
    )
