"""Makes the pictures of the README from a running demo: `make run` in one window, `make screenshots` in another."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.shared import clock

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "img"
WHAT_IF = (
    "/funding/rounds/nordrhein-westfalen/{year}/what-if"
    "?a.minimum=100&a.reserve_percent=5&b.reserve_percent=10&b.tier-0-maximum=900"
)
PICTURES = (
    ("finder", "/groups?q=Depression&near=50667", 1280, 900, ""),
    ("finder-phone", "/groups?q=Depression&near=50667", 360, 780, ""),
    ("start", "/", 1280, 900, ""),
    ("what-if", WHAT_IF, 1280, 1100, "fundingoffice@demo.invalid"),
)
"""Name, address, width, height, and who is signed in."""


def main(base: str) -> int:
    """Write one PNG a picture; answer 0."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        for name, path, width, height, email in PICTURES:
            tab = chromium.new_page(viewport={"width": width, "height": height}, locale="de-DE")
            if email:
                _sign_in(tab, base, email)
            tab.goto(base + path.format(year=clock.now().year), wait_until="networkidle")
            tab.screenshot(path=TARGET / f"{name}.png")
            tab.close()
        chromium.close()
    return 0


def _sign_in(tab: Page, base: str, email: str) -> None:
    tab.goto(f"{base}/accounts/login")
    tab.fill("#email", email)
    tab.fill("#password", "wirkreis-demo")
    tab.press("#password", "Enter")
    tab.wait_for_url(lambda url: not url.endswith("login"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
