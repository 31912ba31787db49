"""The pages that every browser test walks through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from tests.support.server import Server

LANGUAGE_PREFIXES = {"de": "", "en": "/en", "nl": "/nl"}
PAGES = {
    "start": "/",
    "finder": "/groups?q=Depression&near=50667",
    "finder without a hit": "/groups?q=xyzzyqwert&near=50667",
    "print": "/groups/print?topic=depression&near=50667",
    "group": "/groups/{group}",
    "topics": "/topics",
    "topic": "/topics/depression",
    "houses": "/clearinghouses",
    "house": "/clearinghouses/{house}",
    "responsible": "/clearinghouses/for?near=50667",
    "sign in": "/accounts/login?next=/accounts",
    "imprint": "/legal/imprint",
    "privacy": "/legal/privacy",
    "your data": "/legal/your-data",
    "accessibility": "/legal/accessibility",
    "easy": "/easy",
    "explained": "/funding/explained",
    "transparency": "/funding/transparency",
    "not found": "/there-is-no-such-page",
    "bad request": "/groups?radius_km=0&near=50667",
}
STATUS = {"not found": 404, "bad request": 400}


def open_page(tab: Page, server: Server, page: str, language: str = "de") -> Response:
    """Open a page and wait until it asks for nothing more; answer what the server said, which is the right status."""
    response = tab.goto(address(server, page, language), wait_until="networkidle")
    assert response is not None
    assert response.status == STATUS.get(page, 200), f"{response.url} answered {response.status}"
    return response


def address(server: Server, page: str, language: str = "de") -> str:
    """Answer the path of a page; groups and houses are taken from what the server has."""
    path = PAGES[page]
    if "{group}" in path:
        path = path.format(group=server.json("/api/v1/groups?per_page=1")["items"][0]["slug"])
    if "{house}" in path:
        path = path.format(house=server.json("/api/v1/clearinghouses")["items"][0]["slug"])
    return LANGUAGE_PREFIXES[language] + path
