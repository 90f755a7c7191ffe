"""One parent that has the product loaded and forks web and background processes: they share its memory.

Separately loaded they would cost 100 MB each. Each still dies alone: the parent starts a child again within a second,
and a parent that dies takes its children along, so that its supervisor starts all of them afresh.
"""

import contextlib
import ctypes
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping
from types import FrameType

from flask import Flask
from redis.exceptions import RedisError
from setproctitle import setproctitle
from sqlalchemy.exc import DBAPIError

from erp.kernel.operate.warm import warm
from erp.kernel.records.base import db
from erp.kernel.redis_roles import connection
from erp.kernel.work.processes import keep_time, new_clock, relay_for_ever, serve_queues
from erp.kernel.work.relay import hand_out

log = logging.getLogger("erp.office")
DEATH_SIGNAL = 1
"""prctl's PR_SET_PDEATHSIG."""

Child = Callable[[Flask], None]
BACKGROUND: dict[str, Child] = {
    "relay": relay_for_ever,
    "worker": lambda app: serve_queues(app, "worker", ["default", "mail", "long"]),
    "pdf": lambda app: serve_queues(app, "pdf", ["pdf", "mail", "default"], forking=True),
    "scheduler": keep_time,
}


def keep_office(app: Flask, children: Mapping[str, Child]) -> None:
    """Fork every child and keep it alive until told to stop."""
    _rehearse(app)
    warm(app)
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    setproctitle("daifuku office")
    running = {_fork(name, children[name], app): name for name in children}
    while running and not stopping:
        _start_again(running, children, app)
        time.sleep(0.3)
    for pid in running:
        os.kill(pid, signal.SIGTERM)
    for pid in list(running):
        os.waitpid(pid, 0)


def _rehearse(app: Flask) -> None:
    """Do once what the background does again and again, so that what it compiles and remembers is shared."""
    with app.app_context():
        with contextlib.suppress(DBAPIError, RedisError, OSError):
            hand_out()
            list(new_clock().get_jobs())
        connection("queue").connection_pool.disconnect()
        db.engine.dispose()


def _start_again(running: dict[int, str], children: Mapping[str, Child], app: Flask) -> None:
    """Fork anew whatever has died."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        name = running.pop(pid, None)
        if name is not None:
            log.warning("%s ended with %d and is started again", name, status)
            time.sleep(0.2)
            running[_fork(name, children[name], app)] = name


def die_with_parent(number: signal.Signals) -> None:
    """Have the kernel send this signal when the parent ends, however it ends."""
    ctypes.CDLL(None).prctl(DEATH_SIGNAL, number)


def _fork(name: str, work: Child, app: Flask) -> int:
    """Start one child; it dies with its parent and opens its own connections."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    setproctitle(f"daifuku {name}")
    with app.app_context():
        db.engine.dispose(close=False)
    try:
        work(app)
    except KeyboardInterrupt:
        pass
    except BaseException:
        log.exception("%s failed", name)
        os._exit(1)
    os._exit(0)
