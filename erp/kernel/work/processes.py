"""The loops of the background processes: worker, relay, clock. Each survives its servers going away and coming back."""

import importlib
import logging
import resource
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from redis.exceptions import RedisError
from rq import Queue, SimpleWorker, Worker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq_scheduler import Scheduler
from sqlalchemy.exc import DBAPIError

from erp.kernel.change.work import new_session
from erp.kernel.operate.health import check_all
from erp.kernel.records.base import db
from erp.kernel.redis_roles import connection
from erp.kernel.work.entry import use_app
from erp.kernel.work.heartbeat import beat
from erp.kernel.work.nudge import wait_for_nudge
from erp.kernel.work.relay import hand_out, relay_is_silent
from erp.kernel.work.schedule import all_schedules
from erp.kernel.work.task import abandon

log = logging.getLogger("erp.process")
BEAT_SECONDS = 2.0
RECONCILE_SECONDS = 20.0
WATCH_SECONDS = 5.0
TICK = "daifuku-tick"
PDF_MEMORY = 1_500 * 2**20
PDF_CPU_SECONDS = 120


_acting = threading.Lock()
"""Held by a background loop while it acts, and around every fork: a child of a moment when another thread held a lock
(of the connection pool, say) would wait for that lock for ever, because that thread does not exist in it."""


class JsonJob(Job):  # type: ignore[misc]
    """A job of the clock, as JSON: nothing is ever unpickled from Redis."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options["serializer"] = JSONSerializer
        super().__init__(*args, **options)


def every(seconds: float, act: Callable[[], None], app: Any) -> threading.Thread:
    """Call ``act`` in a thread again and again; a failure is logged and the next call comes anyway."""

    def loop() -> None:
        while True:
            try:
                with _acting, app.app_context():
                    act()
            except (DBAPIError, RedisError, OSError) as error:
                log.info("%s waits: %s", getattr(act, "__name__", "loop"), error)
            except Exception:
                log.warning("a background loop failed", exc_info=True)
            time.sleep(seconds)

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    return thread


def pulse(name: str) -> Callable[[], None]:
    """Return the function that writes this process's pulse."""
    return lambda: beat(name)


def stand_in() -> None:
    """Do the relay's work while it is dead."""
    session = new_session()
    try:
        silent = relay_is_silent(session)
    finally:
        session.close()
    if silent:
        hand_out()


class Quiet:
    """Keeps the process's own name, by which ``erp status`` knows it, and remembers that it was told to stop."""

    stopping = threading.Event()

    def request_stop(self, number: int, frame: FrameType | None) -> None:
        """End after the running job; while Redis is away there is nothing to wait for."""
        self.stopping.set()
        super().request_stop(number, frame)  # type: ignore[misc]

    def procline(self, message: str) -> None:
        """Leave the title alone."""


class OrdinaryWorker(Quiet, SimpleWorker):  # type: ignore[misc]
    """Runs jobs in its own process."""


class PdfWorker(Quiet, Worker):  # type: ignore[misc]
    """Runs each job in a child. One that renders has limits: a bomb kills its own job and nothing else."""

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Load the renderer before the first document, so that every child after shares it; idle it costs nothing."""
        if queue.name == "pdf":
            importlib.import_module("erp.kernel.paper.pdf")
        with _acting:
            super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Limit the child, drop the parent's database connections, then work."""
        if queue.name == "pdf":
            resource.setrlimit(resource.RLIMIT_CPU, (PDF_CPU_SECONDS, PDF_CPU_SECONDS))
            resource.setrlimit(resource.RLIMIT_DATA, (PDF_MEMORY, PDF_MEMORY))
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)

    def handle_work_horse_killed(self, job: Job, *how: Any) -> None:
        """Give the task of a killed child back at once, not only when its lease ends."""
        del how
        if job.args:
            abandon(int(job.args[0]))


def serve_queues(app: Any, name: str, queues: list[str], *, forking: bool = False) -> None:
    """Run a worker on ``queues`` until it is told to stop.

    Ordinary jobs run in the worker itself: a fork costs 36 ms, their truth is the task row, and a killed worker's
    task is handed out again when its lease ends. Only rendering forks, for its limits.
    """
    use_app(app)
    every(BEAT_SECONDS, pulse(name), app)
    every(BEAT_SECONDS, stand_in, app)
    cls = PdfWorker if forking else OrdinaryWorker
    while not cls.stopping.is_set():
        try:
            with app.app_context():
                served = [Queue(one, connection=connection("queue"), serializer=JSONSerializer) for one in queues]
                worker = cls(
                    served, connection=connection("queue"), serializer=JSONSerializer, job_monitoring_interval=5,
                    maintenance_interval=30, disable_default_exception_handler=False,
                )  # fmt: skip
                worker.work(logging_level="WARNING")
            return
        except StopRequested:
            return
        except (RedisError, OSError) as error:
            log.info("the worker waits for Redis: %s", error)
            cls.stopping.wait(1)


def relay_for_ever(app: Any) -> None:
    """Hand out due tasks every second and at each nudge."""
    stopping = threading.Event()
    _on_stop(stopping.set)
    every(BEAT_SECONDS, pulse("relay"), app)
    while not stopping.is_set():
        try:
            with app.app_context():
                while hand_out():
                    pass
            wait_for_nudge(1)
        except (RedisError, OSError, DBAPIError) as error:
            log.info("the relay waits: %s", error)
            time.sleep(1)


def _on_stop(stop: Callable[[], None]) -> None:
    def stopped(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop()

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)


def keep_time(app: Any) -> None:
    """Run the clock: each minute rq-scheduler wakes the dispatcher, which knows what is due."""
    every(BEAT_SECONDS, pulse("scheduler"), app)
    every(RECONCILE_SECONDS, wind_up, app)
    every(WATCH_SECONDS, watch_health, app)
    while True:
        try:
            reconcile(new_clock())
            new_clock().run()
            return
        except (RedisError, OSError) as error:
            log.info("the clock waits for Redis: %s", error)
            time.sleep(1)


def watch_health() -> None:
    """Look after every part, so that /readyz knows since when it is as it is although nobody asked."""
    check_all()


def new_clock() -> Scheduler:
    """Return the clock; only one of several ticks at a time, by its lock in Redis."""
    return Scheduler(queue_name="default", connection=connection("queue"), interval=1, job_class=JsonJob)


def wind_up() -> None:
    """Put the clock's entry back when Redis has forgotten it."""
    clock = new_clock()
    if TICK not in clock:
        reconcile(clock)


def reconcile(clock: Scheduler) -> None:
    """Make the clock tick each minute and do nothing else of ours."""
    for known in clock.get_jobs():
        if str(known.func_name).startswith("erp."):
            clock.cancel(known)
    clock.cron(
        "* * * * *", func="erp.kernel.work.entry.tick", id=TICK, queue_name="default", timeout=60, result_ttl=-1,
    )  # fmt: skip
    log.info("timetable: %s", ", ".join(sorted(one.name for one in all_schedules())))
