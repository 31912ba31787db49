"""How gunicorn serves ``wsgi:app``; every setting can be overridden on its command line."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
timeout = 30
graceful_timeout = 20
keepalive = 5

# 0 lifts the limit: the application refuses long addresses itself, with 414 and in its own words.
limit_request_line = 0
limit_request_fields = 100
limit_request_field_size = 8190

# No access log: it would hold what people searched for, which is health data. The application logs without queries.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning")

# No preload: the letters (Typst) hang in a child forked after a compilation, and each worker keeps its own caches.
preload_app = False


def post_worker_init(worker):
    """Read places, topics and the finder's arrays before the first visitor comes, not while one waits."""
    from app.factory import warm_up  # noqa: PLC0415 - in the worker, not in the parent

    warm_up(worker.wsgi)


# A proxy on the same machine may say which scheme it served; whose address it was is TRUSTED_PROXIES' matter.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
