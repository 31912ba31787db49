"""Links in mails to those who watch a group: one to confirm, one to end it. Neither fits in place of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from app.groups.meetings.links import LinkUnreadable
from app.shared.signed_links import fingerprint, read_link, sign_link, whole_url

CONFIRM = "watch-confirm"
OUT = "watch-out"


@dataclass(frozen=True, slots=True)
class WatchLink:
    """Whom a link was sent to: numbers are given anew when rows go, so it names the address too, unreadably."""

    watch_id: int
    mark: str

    def fits(self, address: str) -> bool:
        """Whether it was sent to this address."""
        return self.mark == fingerprint(address)


def confirm_url(watch_id: int, address: str) -> str:
    """Answer the whole address at which the owner of an address confirms it."""
    return whole_url(f"/groups/watch/{sign_link(CONFIRM, watch_id, fingerprint(address))}")


def out_url(watch_id: int, address: str) -> str:
    """Answer the whole address at which they end being told, with one click (RFC 8058)."""
    return whole_url(f"/groups/watch/{sign_link(OUT, watch_id, fingerprint(address))}/out")


def read_watch_link(purpose: str, token: str) -> WatchLink:
    """Answer whom a link was sent to.

    Raises:
        LinkUnreadable: it is none of ours, or made for something else.
    """
    facts = read_link(purpose, token)
    if facts is None:
        raise LinkUnreadable
    watch_id, mark = facts
    return WatchLink(cast("int", watch_id), cast("str", mark))
