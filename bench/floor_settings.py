"""The project's own gunicorn settings for the floor, which has nothing to warm up."""

import runpy
from pathlib import Path

_SETTINGS = runpy.run_path(str(Path(__file__).resolve().parent.parent / "gunicorn.conf.py"))
globals().update(
    {name: _SETTINGS[name] for name in _SETTINGS if name.islower() and name != "post_worker_init"}
)
