"""Makes the pictures of the README from a running demo: `make run` in one window, `make screenshots` in another."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "img"
PICTURES = (
    ("finder", "/groups?q=Depression&near=50667", 1280, 900),
    ("finder-phone", "/groups?q=Depression&near=50667", 360, 780),
    ("start", "/", 1280, 900),
)


def main(base: str) -> int:
    """Write one PNG a picture; answer 0."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        for name, path, width, height in PICTURES:
            tab = chromium.new_page(viewport={"width": width, "height": height}, locale="de-DE")
            tab.goto(base + path, wait_until="networkidle")
            tab.screenshot(path=TARGET / f"{name}.png")
            tab.close()
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
