"""Links in mails to people of the interest list: each for one thing, and only for the address it was sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _

from app.groups.meetings.links import LinkOver, LinkUnreadable
from app.groups.models import Interest
from app.shared.signed_links import fingerprint, read_link, sign_link, whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CONFIRM = "interest-confirm"
RENEW = "interest-renew"
OUT = "interest-out"
MEETING = "founding-meeting"
_TAILS = {CONFIRM: "", RENEW: "/renew", OUT: "/out"}


def interest_token(purpose: str, interest_id: int, address: str) -> str:
    """Answer the token of such an address."""
    return sign_link(purpose, interest_id, fingerprint(address))


def interest_url(purpose: str, interest_id: int, address: str) -> str:
    """Answer the whole address at which the owner of an address confirms, renews or ends their interest."""
    return whole_url(f"/interest/{interest_token(purpose, interest_id, address)}{_TAILS[purpose]}")


def meeting_url(founding_id: int, round_: int, interest_id: int, address: str) -> str:
    """Answer the whole address at which somebody says whether they come to a founding meeting."""
    token = sign_link(MEETING, interest_id, fingerprint(address), founding_id, round_)
    return whole_url(f"/interest/meeting/{token}")


def check_link(purpose: str, token: str) -> tuple[int, str, list[int]]:
    """Answer the id, the mark of the address, and what else a token names.

    Raises:
        LinkUnreadable: it is none of ours, or made for something else.
    """
    facts = read_link(purpose, token)
    if facts is None:
        raise LinkUnreadable
    interest_id, mark, *rest = facts
    return cast("int", interest_id), cast("str", mark), cast("list[int]", rest)


def find_linked(session: Session, purpose: str, token: str) -> Interest:
    """Answer the interest that a token was made for.

    Raises:
        LinkUnreadable: it is none of ours, or made for something else.
        LinkOver: it is gone: ended, expired or never confirmed.
    """
    interest_id, mark, _rest = check_link(purpose, token)
    found = session.get(Interest, interest_id)
    # Numbers are given anew when rows go, so the address must fit too.
    if found is None or found.email is None or fingerprint(found.email) != mark:
        raise LinkOver(
            _(
                "You are not on the interest list with this address any more: you have left it, the time was over, or "
                "the address was not confirmed within seven days. You can enter it again at any time."
            )
        )
    return found
