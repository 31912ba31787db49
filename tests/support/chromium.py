"""A real Chromium against a real server: the fixtures of the browser tests, and what they watch for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.support.requirements import missing
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Request

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "static" / "vendor" / "axe" / "axe.min.js"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_LISTENER = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.__violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
_STORAGE = """async () => {
  const databases = indexedDB.databases ? (await indexedDB.databases()).map((entry) => entry.name) : [];
  const caches_ = window.caches ? await caches.keys() : [];
  return [
    ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
    ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
    ...databases.map((name) => `IndexedDB ${name}`),
    ...caches_.map((name) => `cache ${name}`),
  ];
}"""
_AXE = "(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then((result) => result.violations)"


@dataclass
class Watch:
    """What a tab has done that no page may do; each list is empty when all is well."""

    tab: Page
    own_host: str
    foreign_requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tab.add_init_script(_LISTENER)
        self.tab.on("request", self._request)
        self.tab.on("console", lambda message: self._console(message.type, message.text))
        self.tab.on("pageerror", lambda error: self.console.append(f"exception: {error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.own_host:
            self.foreign_requests.append(request.url)

    def _console(self, kind: str, text: str) -> None:
        # Chromium reports the answer of an error page as an error of the console; the page itself is as it should be.
        if kind in {"error", "warning"} and not text.startswith("Failed to load resource"):
            self.console.append(f"{kind}: {text}")

    def violations(self) -> list[str]:
        """Answer what the Content-Security-Policy had to refuse on the page that is open."""
        found: list[str] = self.tab.evaluate("window.__violations")
        return found

    def stored(self) -> list[str]:
        """Answer every cookie and every entry of a storage."""
        cookies = [f"cookie {cookie.get('name')}" for cookie in self.tab.context.cookies()]
        entries: list[str] = self.tab.evaluate(_STORAGE)
        return cookies + entries

    def complaints(self) -> list[str]:
        """Answer everything at once, in words."""
        return [
            *(f"asks a third party: {url}" for url in self.foreign_requests),
            *(f"breaks the policy: {violation}" for violation in self.violations()),
            *(f"stores: {entry}" for entry in self.stored()),
            *(f"console {line}" for line in self.console),
        ]


def axe(tab: Page) -> list[str]:
    """Answer what axe finds against WCAG 2.2 AA on the page that is open: rule, what it says, and where.

    Where two pins of the map lie close together is essential (understanding WCAG 2.5.8), and the list has them too.
    """
    if not AXE.is_file():
        missing("axe-core is not in static/vendor", instead="Run `make setup`.")
    tab.wait_for_load_state()
    if not tab.evaluate("Boolean(window.axe)"):
        tab.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = tab.evaluate(_AXE, WCAG_2_2_AA)
    return [
        f"{rule['id']}: {rule['help']} at {node['target']} {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
        if not (rule["id"] == "target-size" and "leaflet-marker-icon" in node["html"])
    ]


def scrolls_sideways(tab: Page) -> int:
    """Answer by how many pixels the page is wider than the window; 0 is right."""
    tab.wait_for_load_state()
    wider: int = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(wider, 0)


def unreadable(tab: Page, *widths: int) -> list[str]:
    """Answer what axe finds on the page that is open, and where it scrolls sideways, in windows of these widths.

    To open the page again for each of them takes far longer than to draw the window wider or narrower.
    """
    found = []
    for width in widths:
        tab.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} pixels: {complaint}" for complaint in axe(tab)]
        found += [f"{width} pixels: scrolls sideways"] * (scrolls_sideways(tab) > 0)
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium that can resolve no name but localhost."""
    from playwright.sync_api import Error, expect, sync_playwright

    # Other workers share the machine: what a page does at once may be seen late.
    expect.set_options(timeout=20_000)

    arguments = ["--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    # Without windows a page opens in a quarter of the time. Ubuntu's chromium is often a stub that asks for snap,
    # so each is tried; None is Playwright's own.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    programs = [found for name in names if (found := shutil.which(name))]
    reasons = []
    with sync_playwright() as playwright:
        for program in [*programs, None]:
            try:
                browser = playwright.chromium.launch(executable_path=program, args=arguments)
                break
            except Error as error:
                reasons.append(error.message.splitlines()[0])
        else:
            missing(f"Chromium does not start ({'; '.join(reasons)})", instead="Run `make setup-tests`.")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server(_sqlite: Any) -> Iterator[Server]:
    """A gunicorn with 2,000 groups, from `flask seed`, for all browser tests: they only read."""
    url = _sqlite.template_copy()
    environment = {**os.environ, "DATABASE_URL": url, "APP_ENV": "demo", "RATE_LIMITS": "off"}
    seed = [sys.executable, "-m", "flask", "--app", "wsgi", "seed", "--groups", "2000", "--random-seed", "1"]
    done = subprocess.run(seed, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"flask seed failed:\n{done.stdout}\n{done.stderr}"
    server = Server(environment)
    yield server
    server.stop()


@pytest.fixture
def new_tab(chromium: Browser, live_server: Server) -> Iterator[Callable[..., Watch]]:
    """Open a watched tab in a profile of its own: ``new_tab(width=360)``; keyword arguments go to the profile."""
    contexts: list[BrowserContext] = []

    def open_tab(*, width: int = 1280, height: int = 900, **options: Any) -> Watch:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        return Watch(context.new_page(), own_host=urlsplit(live_server.url).netloc)

    yield open_tab
    for context in contexts:
        context.close()
