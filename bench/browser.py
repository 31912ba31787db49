"""The finder in a real browser beside folium's FastMarkerCluster with the same groups: when can it be used?

Both pages come from this machine, without network delay: ours from gunicorn, as it is served to everybody, the other
from files (``bench/rival.py``), with the real libraries it names, also those its markers do not need, as a visitor of
such a page loads them.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from bench.databases import Database, environment
from bench.page import gunicorn
from bench.rival import fast_marker_cluster
from bench.tables import heading, value_line

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

RUNS = 3
ADDRESSES = ("/groups", "/groups?near=50667&radius_km=25")
TIMEOUT_MS = 40_000
# A page is usable when there are markers and ten frames in a row took less than 50 ms each.
_WATCH = """
window.__seen = {};
let last = performance.now(), smooth = 0;
const look = () => {
  const now = performance.now();
  smooth = now - last < 50 ? smooth + 1 : 0;
  last = now;
  const seen = window.__seen;
  if (!seen.list && document.querySelector(".group-list .group")?.getClientRects().length) seen.list = now;
  if (!seen.markers && document.querySelector(".leaflet-marker-icon")) { seen.markers = now; smooth = 0; }
  if (seen.markers && !seen.usable && smooth >= 10) seen.usable = now;
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@dataclass(slots=True)
class Opened:
    """What was seen of one page, run by run: milliseconds since it was asked for, and bytes."""

    list_ms: list[float] = field(default_factory=list)
    markers_ms: list[float] = field(default_factory=list)
    usable_ms: list[float] = field(default_factory=list)
    gzipped: int = 0


def run(database: Database) -> None:
    """Print both pages' times and weights; say so when there is no browser or no package."""
    heading("In headless Chromium, cold cache, no network delay")
    with (
        fast_marker_cluster(database) as rival,
        chromium() as browser,
        gunicorn("wsgi:app", environment(database.url)) as (port, _workers),
    ):
        if browser is None:
            print("no Chromium starts here")
            return
        pages = {address: Opened() for address in ADDRESSES}
        other = Opened()
        for _ in range(RUNS):
            for address, opened in pages.items():
                _open(browser, f"http://127.0.0.1:{port}{address}", opened)
            if rival:
                _open(browser, rival.url, other)
        telephone = _telephone_weight(browser, f"http://127.0.0.1:{port}{ADDRESSES[0]}")
    for address, opened in pages.items():
        value_line(f"{address}: first results", median(opened.list_ms), unit="ms", at_most=1_000)
        _report(address, opened)
        value_line(f"{address}: everything it loads, gzipped", opened.gzipped / 1000, unit="kB", at_most=500)
    value_line("the list on a telephone, without the map, gzipped", telephone / 1000, unit="kB", at_most=150)
    if not rival:
        print("FastMarkerCluster's packages could not be fetched: nothing to compare with")
        return
    _report("FastMarkerCluster", other)
    value_line("FastMarkerCluster: the page alone, gzipped", rival.gzipped / 1000, unit="kB")
    value_line("FastMarkerCluster: everything it loads, gzipped", other.gzipped / 1000, unit="kB")
    ours = pages[ADDRESSES[0]]
    value_line(
        "finder : FastMarkerCluster, markers there",
        median(ours.markers_ms) / median(other.markers_ms),
        unit="×",
    )
    value_line(
        "finder : FastMarkerCluster, map usable",
        median(ours.usable_ms) / median(other.usable_ms),
        unit="×",
        at_most=0.1,
    )


def _report(name: str, opened: Opened) -> None:
    value_line(f"{name}: markers there", median(opened.markers_ms), unit="ms")
    value_line(f"{name}: map usable", median(opened.usable_ms), unit="ms")


def _open(browser: Browser, url: str, opened: Opened) -> None:
    """Open a page in a fresh profile and note when it could be used."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page: Page = context.new_page()
    page.add_init_script(_WATCH)
    responses = _responses(page)
    page.goto(url, wait_until="commit", timeout=TIMEOUT_MS)
    page.wait_for_function("window.__seen.usable", timeout=TIMEOUT_MS)
    seen = page.evaluate("window.__seen")
    opened.usable_ms.append(seen["usable"])
    opened.markers_ms.append(seen["markers"])
    opened.list_ms.append(seen.get("list", 0.0))
    page.wait_for_load_state("networkidle")
    opened.gzipped = _weight(responses)
    context.close()


def _telephone_weight(browser: Browser, url: str) -> int:
    """Answer the bytes, gzipped, of everything a telephone loads as long as nobody opens the map."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    responses = _responses(page)
    page.goto(url, wait_until="networkidle", timeout=TIMEOUT_MS)
    weight = _weight(responses)
    context.close()
    return weight


def _responses(page: Page) -> list[Response]:
    """Answer a list that grows with everything the page loads."""
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - a built-in is refused
    return responses


def _weight(responses: list[Response]) -> int:
    """Answer the bytes of some answers, each gzipped where that makes it smaller."""
    return sum(min(len(body), len(gzip.compress(body, 6))) for body in (each.body() for each in responses))


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """Start the machine's Chromium, else Playwright's own; None when none starts."""
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415

    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    programs = [
        found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))
    ]
    with sync_playwright() as playwright:
        for program in [*programs, None]:
            try:
                browser = playwright.chromium.launch(executable_path=program, args=arguments)
            except Error:
                continue
            yield browser
            browser.close()
            return
        yield None
