"""The web processes: gunicorn's settings and the application it serves."""

from erp.kernel.logs import start_logging
from erp.kernel.operate.warm import warm
from erp.kernel.records.base import db
from erp.kernel.web.application import create_app
from erp.settings import settings

start_logging("web")
app = create_app()

bind = settings().web_bind
worker_class = "gthread"
workers = settings().web_workers
threads = 4
preload_app = True
timeout = 60
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
accesslog = None


def when_ready(server: object) -> None:
    """Keep what is loaded out of the collector, so that the forked processes go on sharing it."""
    del server
    warm(app)


def post_fork(server: object, worker: object) -> None:
    """Leave the parent's database connections to the parent."""
    del server, worker
    with app.app_context():
        db.engine.dispose(close=False)
