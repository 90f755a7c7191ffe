"""One parent that has the product loaded and forks the background processes: they share its memory.

Separately loaded they would cost 100 MB each. Each still dies alone: the parent starts a child again within a second,
and a parent that dies takes its children along, so that its supervisor starts all of them afresh.
"""

import ctypes
import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from setproctitle import setproctitle

from erp.kernel.operate.warm import warm
from erp.kernel.records.base import db
from erp.kernel.web.application import create_app
from erp.kernel.work.processes import keep_time, relay_for_ever, serve_queues

log = logging.getLogger("erp.office")
DEATH_SIGNAL = 1
"""prctl's PR_SET_PDEATHSIG."""

CHILDREN: dict[str, Callable[[Any], None]] = {
    "relay": relay_for_ever,
    "worker": lambda app: serve_queues(app, "worker", ["default", "mail", "long"]),
    "pdf": lambda app: serve_queues(app, "pdf", ["pdf", "mail", "default"], forking=True),
    "scheduler": keep_time,
}


def keep_office() -> None:
    """Fork every background process and keep them alive until told to stop."""
    app = create_app()
    warm(app)
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    setproctitle("daifuku office")
    running = {_fork(name, app): name for name in CHILDREN}
    while running and not stopping:
        _start_again(running, app)
        time.sleep(0.3)
    for pid in running:
        os.kill(pid, signal.SIGTERM)
    for pid in list(running):
        os.waitpid(pid, 0)


def _start_again(running: dict[int, str], app: Any) -> None:
    """Fork anew whatever has died."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        name = running.pop(pid, None)
        if name is not None:
            log.warning("%s ended with %d and is started again", name, status)
            time.sleep(0.2)
            running[_fork(name, app)] = name


def _fork(name: str, app: Any) -> int:
    """Start one child; it dies with its parent and opens its own connections."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    setproctitle(f"daifuku {name}")
    with app.app_context():
        db.engine.dispose(close=False)
    try:
        CHILDREN[name](app)
    except KeyboardInterrupt:
        pass
    except BaseException:
        log.exception("%s failed", name)
        os._exit(1)
    os._exit(0)
