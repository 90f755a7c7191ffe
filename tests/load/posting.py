"""Posting through the API: CPU, statements, jobs, many clients at once, and against the same rows by hand."""

import itertools
import re
import statistics
import threading
import time
from http.client import HTTPConnection, HTTPException
from typing import Any

from redis import Redis

from tests.load.byhand import ByHand
from tests.load.company import Scratch, scratch
from tests.load.instance import NANO, Figure, Instance, Refused, figure, judged

CODE = "BENCH"
CLIENTS = 16


def post(instance: Instance, company: Scratch, lines: int, over: Any = None) -> dict[str, Any]:
    """Create and submit one invoice; anything but success ends the benchmark."""
    body = company.invoice(lines)
    done: dict[str, Any] = instance.call("POST", "/api/v1/sales-invoices?submit=1", body, over=over)
    return done


def posting(instance: Instance, count: int) -> list[Figure]:
    """CPU and statements of creating and submitting an invoice of 1 and of 50 lines, all processes together, warm."""
    company, found, statements = scratch(CODE), [], {}
    for lines, target in ((1, 20), (50, 45)):
        for _ in range(20):
            post(instance, company, lines)
        statements[lines] = _statements(instance, company, lines)
        values = instance.each(lambda n=lines: post(instance, company, n), count)  # type: ignore[misc]
        name = "one line" if lines == 1 else f"{lines} lines"
        found.append(figure(f"post an invoice of {name}, CPU", values, "ms", target))
    found.append(judged("SQL statements of a posting of one line", statements[1], statements[1], "", 25))
    more = statements[50] - statements[1]
    return [*found, judged("more statements for 50 lines", more, more, "", 0), *_jobs(instance, company, count)]


COUNTED = re.compile(r"Com_(select|insert|insert_select|update|update_multi|delete|delete_multi|replace|set_option)$")


def _statements(instance: Instance, company: Scratch, lines: int) -> int:
    """Return how many statements the server counts for one posting: the least of many, for others ask now and then."""
    counts = []
    with instance.database() as connection, connection.cursor() as cursor:
        for _ in range(25):
            before = _counted(cursor)
            post(instance, company, lines)
            counts.append(_counted(cursor) - before)
    return min(counts)


def _counted(cursor: Any) -> int:
    cursor.execute("SHOW GLOBAL STATUS LIKE 'Com\\_%'")
    return sum(int(value) for name, value in cursor.fetchall() if COUNTED.match(name))


def _jobs(instance: Instance, company: Scratch, count: int) -> list[Figure]:
    """Count the tasks and the jobs that postings left behind."""
    queue = Redis.from_url(instance.config.redis_queue_url)

    def made() -> int:
        with instance.database() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM task WHERE name NOT LIKE 'nightly%%'")
            tasks = int(cursor.fetchone()[0])
        return tasks + sum(1 for _key in queue.scan_iter("rq:job:*"))

    before = made()
    for _ in range(max(10, count // 10)):
        post(instance, company, 1)
    jobs = made() - before
    return [judged("jobs left behind by postings", jobs, jobs, "", 0)]


def together(instance: Instance, count: int) -> list[Figure]:
    """Sixteen clients post at once: no error, no gap in the numbers, no deadlock."""
    company = scratch(CODE)
    instance.token()
    numbers: list[str] = []
    errors: list[str] = []

    def client() -> None:
        connection = instance.connect()
        for _ in range(max(2, count // CLIENTS)):
            try:
                numbers.append(post(instance, company, 1, connection)["number"])
            except (Refused, OSError, HTTPException) as error:
                errors.append(str(error))
                connection = _again(instance, connection)

    deadlocks = _deadlocks(instance)
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(numbers) / (time.perf_counter() - started)
    deadlocks = _deadlocks(instance) - deadlocks
    drawn = sorted(int(number.rsplit("-", 1)[1]) for number in numbers)
    gaps = sum(1 for a, b in itertools.pairwise(drawn) if b != a + 1) + (len(set(drawn)) != len(drawn))
    return [
        judged("16 clients at once: errors", len(errors), len(errors), "", 0),
        judged("16 clients at once: gaps in the numbers", gaps, gaps, "", 0),
        judged("16 clients at once: deadlocks in the database", deadlocks, deadlocks, "", 0),
        judged("16 clients at once: invoices a second", rate, rate, "/s", 25, most=False),
    ]


def _again(instance: Instance, connection: HTTPConnection) -> HTTPConnection:
    connection.close()
    return instance.connect()


def _deadlocks(instance: Instance) -> int:
    with instance.database() as connection, connection.cursor() as cursor:
        cursor.execute("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")
        return int(cursor.fetchone()[1])


def against_hand(instance: Instance, count: int) -> list[Figure]:
    """Posting against a hand-written transaction that writes the same rows; in turn, so that both see the same machine.

    Of the hand-written one the client's own CPU counts too: it does itself what the web process does.
    """
    company = scratch(CODE)
    writer = ByHand.like(instance, company, post(instance, company, 1)["id"])
    for _ in range(20):
        writer.write()
        post(instance, company, 1)
    posted: list[float] = []
    written: list[float] = []
    for _ in range(count):
        mark = instance.cpu()
        start = time.process_time_ns()
        writer.write()
        own = time.process_time_ns() - start
        between = instance.cpu()
        written.append((between - mark + own) / NANO * 1000)
        post(instance, company, 1)
        posted.append((instance.cpu() - between) / NANO * 1000)
    writer.connection.close()
    times = statistics.median(posted) / statistics.median(written)
    return [
        figure("the same rows by hand, CPU", written, "ms", 20),
        judged("posting against the same rows by hand", times, times, "times", 3),
    ]
