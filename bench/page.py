"""The finder's page through gunicorn, beside a Flask route that returns as many ready bytes.

Three kinds of questions: asked again, which may be answered with the page kept; the same ones with the page made anew,
which an ignored parameter brings about, while cards and words are known; and questions that nobody has asked yet.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from app.shared.extensions import db
from bench.databases import Database, application, environment
from bench.questions import KINDS, make_questions, read_vocabulary
from bench.tables import Times, heading, times_line, value_line
from config import ROOT
from tests.support.server import free_port

PAGES = 400
BLOCK = 50
Server = tuple[int, list[int]]
"""The port of a server and the process ids of its workers."""
WORKERS = 2


@dataclass(slots=True)
class Seen:
    """What the client saw of one server."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    wall: float = 0.0
    server_seconds: float = 0.0

    @property
    def work_ms(self) -> float:
        """Milliseconds of the server's own work a request; other programs on the machine lengthen it little."""
        return self.server_seconds / len(self.seconds) * 1000

    @property
    def times(self) -> Times:
        """The times of its requests."""
        return Times(self.seconds)

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.wall


def run(database: Database) -> None:
    """Print times, requests a second, and both as ratios to the floor."""
    known, new = _paths(database)
    heading(f"Finder page, {database.kind}, through gunicorn with {WORKERS} sync workers")
    with gunicorn("wsgi:app", environment(database.url, PUBLIC_URL="http://localhost")) as ours:
        # Both workers have loaded everything and seen every kind of question before anything is measured.
        warm = _ask(ours[0], known * 4, connections=8)
        size = round(median(warm.sizes))
        with _floor(size) as floor:
            _ask(floor[0], known[:100], connections=8)
            print(
                f"{size} bytes a page (median), floor the same; {len(known)} addresses, in turns of {BLOCK}"
            )
            for connections, repeats in ((1, 1), (8, 3)):
                _report("asked again", _in_turns(ours, floor, known * repeats, connections), connections)
            for connections in (1, 8):
                anew = [f"{path}&anew={connections}" for path in known]
                _report("made anew", _in_turns(ours, floor, anew, connections), connections)
            _report("never asked", _in_turns(ours, floor, new, 1), 1)


def _workers(parent: int) -> list[int]:
    """Answer the children of a process."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(pid) for pid in found.split()]


def _report(kind: str, seen: tuple[Seen, Seen], connections: int) -> None:
    """Print what was seen of page and floor; what was promised is a page asked again."""
    page, floor = seen
    is_promised = kind == "asked again"
    times_line(f"page, {kind}, {connections} at a time", page.times)
    times_line(f"floor, {connections} at a time", floor.times)
    print(f"server's own work a request: page {page.work_ms:.2f} ms, floor {floor.work_ms:.2f} ms")
    name = f"{kind}, page : floor"
    if connections == 1:
        value_line(f"{name}, median", page.times.p50 / floor.times.p50, unit="×", at_most=6 * is_promised)
        value_line(f"{name}, p95", page.times.p95 / floor.times.p95, unit="×", at_most=12 * is_promised)
    else:
        print(f"page {page.per_second:.0f} requests/s, floor {floor.per_second:.0f} requests/s")
        ratio = floor.per_second / page.per_second
        value_line(f"{kind}, floor : page, requests/s", ratio, unit="×", at_most=8 * is_promised)


def _paths(database: Database) -> tuple[list[str], list[str]]:
    """Answer two lists of addresses, the kinds of questions mixed, and none of the first in the second."""
    app = application(database.url)
    with app.app_context():
        vocabulary = read_vocabulary(db.session())
        db.session.remove()
        db.engine.dispose()
    each = -(-PAGES // len(KINDS)) * 3
    by_kind = [make_questions(vocabulary, kind, count=each) for kind in KINDS]
    mixed = [question for together in zip(*by_kind, strict=True) for question in together]
    paths = list(dict.fromkeys(f"/groups?{urlencode(question, doseq=True)}" for question in mixed))
    return paths[:PAGES], paths[PAGES : 2 * PAGES]


def _in_turns(ours: Server, floors: Server, paths: Sequence[str], connections: int) -> tuple[Seen, Seen]:
    """Ask both servers for the same addresses, a block here and a block there."""
    page, floor = Seen(), Seen()
    for start in range(0, len(paths), BLOCK):
        for seen, (port, pids) in ((page, ours), (floor, floors)):
            before = _work(pids)
            part = _ask(port, paths[start : start + BLOCK], connections=connections)
            seen.server_seconds += _work(pids) - before
            seen.seconds += part.seconds
            seen.sizes += part.sizes
            seen.wall += part.wall
    return page, floor


def _work(pids: Sequence[int]) -> float:
    """Answer the seconds that processes have worked so far."""
    files = (Path(f"/proc/{pid}/schedstat") for pid in pids)
    return sum(int(file.read_text(encoding="ascii").split()[0]) for file in files) / 1e9


def _ask(port: int, paths: Sequence[str], *, connections: int) -> Seen:
    """Ask from a process of its own."""
    command = [sys.executable, "-m", "bench.client", str(port), str(connections)]
    done = subprocess.run(
        command, cwd=ROOT, input="\n".join(paths), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    seen = json.loads(done.stdout)
    return Seen(seen["seconds"], seen["bytes"], seen["wall"])


def _floor(size: int) -> AbstractContextManager[Server]:
    """Serve ready bytes under the same settings."""
    variables = environment("", FLOOR_BYTES=str(size))
    return gunicorn("bench.floor:app", variables, settings="python:bench.floor_settings")


@contextmanager
def gunicorn(
    target: str, variables: Mapping[str, str], *, path: str = "/groups", settings: str = "gunicorn.conf.py"
) -> Iterator[Server]:
    """Serve an application with the project's own settings; answer its port and its workers."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", settings, target],
            cwd=ROOT,
            env={**variables, "PORT": str(port), "WEB_CONCURRENCY": str(WORKERS)},
            stdout=log,
            stderr=log,
        )
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).close()
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                log.seek(0)
                raise RuntimeError(f"{target} did not start:\n{log.read()}")
            yield port, _workers(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)
