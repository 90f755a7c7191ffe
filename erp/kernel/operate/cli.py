"""``erp doctor``, ``erp status``, ``erp audit``, ``erp describe``, ``erp shell``."""

import code
import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import psutil

from erp.kernel.change.audit_checks import run_audit
from erp.kernel.change.work import reading, snapshot
from erp.kernel.cli import application, tell
from erp.kernel.database.migrate import engine_with_ddl, pending
from erp.kernel.operate.health import OFF, OK, check_all
from erp.kernel.paper.cli import the_kind
from erp.kernel.rights import system_actor
from erp.kernel.web.rest import description_json
from erp.settings import settings


@click.command()
@click.option("--json", "as_json", is_flag=True)
def audit(as_json: bool) -> None:
    """Recompute and verify every invariant; name the documents that break one."""
    with application(), snapshot(system_actor("audit")) as work:
        findings = run_audit(work)
    words = "\n".join(
        f"{'ok  ' if one.ok else 'FAIL'} {one.name}" + "".join(f"\n     {name}" for name in one.documents)
        for one in findings
    )
    tell(
        {"checks": [{"name": one.name, "ok": one.ok, "documents": one.documents} for one in findings]},
        as_json=as_json,
        words=words,
    )
    sys.exit(0 if all(one.ok for one in findings) else 1)


@click.command()
@click.argument("kind")
@click.option("--json", "as_json", is_flag=True)
def describe(kind: str, as_json: bool) -> None:
    """Show the fields, lines and verbs of a kind of document."""
    with application(), reading(system_actor("describe")) as work:
        found = description_json(work, the_kind(kind))
    lines = [f"{found['kind']} ({found['collection']})"]
    lines += [
        f"  {one['name']:28} {one['type']:10} {'required ' if one['required'] else '':10}{one['label']}"
        for one in found["fields"]
    ]
    for name, fields in found["lines"].items():
        lines += [
            f"  {name}.{one['name']:26} {one['type']:10} {'required ' if one['required'] else '':10}{one['label']}"
            for one in fields
        ]
    lines.append("  verbs: " + ", ".join(found["verbs"]))
    tell(found, as_json=as_json, words="\n".join(lines))


@click.command()
@click.option("--json", "as_json", is_flag=True)
def status(as_json: bool) -> None:
    """Show the processes of this instance: uptime, restarts, memory, and what /readyz says."""
    with application():
        checks = check_all()
    running = processes()
    found = {"processes": running, "checks": checks}
    lines = [
        f"{'  ' * one['depth'] + one['name']:16} pid {one['pid']:<8} up {one['uptime']:>9} s   {one['restarts']} restarts"
        f"   {one['memory_mb']:6.1f} MB"
        for one in running
    ]
    lines += [f"{name:16} {one['status']:9} {one['detail']}" for name, one in checks.items()]
    tell(found, as_json=as_json, words="\n".join(lines))
    sys.exit(0 if all(one["status"] in {OK, OFF} for one in checks.values()) else 1)


def processes() -> list[dict[str, Any]]:
    """Return the processes of this data folder as a tree, each after its parent; restarts are told by who restarts."""
    data, log = str(settings().data), settings().data / "log"
    starts, found = started_counts(log / "supervisor.log"), {}
    for process in psutil.process_iter(["pid", "ppid", "cmdline", "create_time"]):
        name = name_of(process.info["cmdline"] or [], data, process)
        if name is not None:
            found[process.info["pid"]] = (name, process)
    office = min((one.info["create_time"] for name, one in found.values() if name == "office"), default=time.time())
    starts |= started_again(log / "office.log", office)
    rows = [_row(name, process, max(0, starts.get(name, 1) - 1)) for name, process in found.values()]
    return _as_tree(sorted(rows, key=lambda one: (one["name"], one["pid"])), None, 0)


def _row(name: str, process: psutil.Process, restarts: int) -> dict[str, Any]:
    return {
        "name": name, "pid": process.info["pid"], "parent": process.info["ppid"],
        "uptime": int(time.time() - process.info["create_time"]), "restarts": restarts,
        "memory_mb": round(memory_of(process) / 2**20, 1),
    }  # fmt: skip


def _as_tree(rows: list[dict[str, Any]], parent: int | None, depth: int) -> list[dict[str, Any]]:
    """Return the rows below ``parent`` in order, with how deep each is; what has no parent of ours is at the top."""
    pids, found = {one["pid"] for one in rows}, []
    for one in rows:
        if (one["parent"] if one["parent"] in pids else None) == parent:
            found += [{**one, "depth": depth}, *_as_tree(rows, one["pid"], depth + 1)]
    return found


def started_again(log: Path, since: float) -> dict[str, int]:
    """Return how often the office that runs since ``since`` started each of its processes."""
    counts: dict[str, int] = {}
    for line in log.read_text(errors="replace").splitlines() if log.exists() else []:
        name, ended, _rest = line.partition(" ended with ")
        if ended and "is started again" in line and _moment(line) >= int(since):
            name = name.rpartition('"')[2]
            counts[name] = counts.get(name, 1) + 1
    return counts


def _moment(line: str) -> float:
    """Return when a line of a log was written."""
    try:
        return datetime.fromisoformat(json.loads(line)["at"]).timestamp()
    except (ValueError, KeyError):
        return 0


def memory_of(process: psutil.Process) -> int:
    """Return the proportional memory of a process in bytes."""
    try:
        return int(process.memory_full_info().pss)
    except (psutil.AccessDenied, psutil.NoSuchProcess, AttributeError):
        return 0


def name_of(command: list[str], data: str, process: psutil.Process) -> str | None:
    """Return the name of one of our processes, or None."""
    words = " ".join(command)
    known = (
        ("mariadbd", "mariadb"), ("redis-cache", "redis-cache"), ("redis-queue", "redis-queue"),
        ("redis-realtime", "redis-realtime"), ("workers.web", "web"), ("workers.realtime", "realtime"),
        ("workers.queue", "worker"), ("workers.pdf", "pdf"), ("workers.relay", "relay"),
        ("workers.scheduler", "scheduler"), ("daifuku worker", "worker"), ("daifuku pdf", "pdf"),
        ("daifuku relay", "relay"), ("daifuku scheduler", "scheduler"), ("daifuku office", "office"),
        ("workers.office", "office"), ("nginx", "nginx"), ("paper.sink", "mailsink"), ("supervisord", "supervisor"),
    )  # fmt: skip
    for mark, name in known:
        if mark in words and (f"{data}/" in words or environment_of(process).get("ERP_DATA") == data):
            return name
    return None


def environment_of(process: psutil.Process) -> dict[str, str]:
    """Return the environment of a process, empty where it may not be read."""
    try:
        return process.environ()
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return {}


def started_counts(log: Path) -> dict[str, int]:
    """Return how often the supervisor started each program since it began itself."""
    if not log.exists():
        return {}
    counts: dict[str, int] = {}
    for line in log.read_text(errors="replace").splitlines():
        if "supervisord started" in line:
            counts = {}
        if "INFO spawned: '" in line:
            name = line.split("'")[1]
            counts[name] = counts.get(name, 0) + 1
    return counts


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> None:
    """Look for what is wrong with this installation, and say what to do."""
    advice: list[dict[str, str]] = []
    with application():
        for name, one in check_all().items():
            if one["status"] not in {OK, OFF}:
                advice.append({"part": name, "problem": str(one["detail"]), "do": ADVICE.get(name, "look at its log")})
        reachable = not any(one["part"] == "database" for one in advice)
    if settings().database_migrate_url and reachable:
        waiting = pending(engine_with_ddl())
        if waiting:
            advice.append({"part": "schema", "problem": f"{len(waiting)} migrations have not run", "do": "erp migrate"})
    folder = settings().files_folder
    if folder.exists() and not os.access(folder, os.W_OK):
        advice.append(
            {"part": "files", "problem": f"{folder} is not writable", "do": "give it to the user of the product"}
        )
    words = "\n".join(f"{one['part']}: {one['problem']} - {one['do']}" for one in advice) or "all is well"
    tell({"findings": advice}, as_json=as_json, words=words)
    sys.exit(1 if advice else 0)


ADVICE = {
    "database": "start MariaDB; nothing can be saved meanwhile",
    "redis_cache": "start it; pages are a little slower meanwhile",
    "redis_queue": "start it; jobs wait meanwhile and run when it is back",
    "redis_realtime": "start it; pages ask for news themselves meanwhile",
    "worker": "start it; jobs and mails wait meanwhile",
    "pdf": "start it; printing waits meanwhile",
    "scheduler": "start it; missed batches are caught up",
    "relay": "start it; workers stand in meanwhile",
    "realtime": "start it; pages ask for news themselves meanwhile",
    "disk": "make room: below 5 % nothing is accepted any more",
}


@click.command()
def shell() -> None:
    """Open Python with the product loaded, to try what the developers' pages show. What it commits is kept."""
    with application():
        code.interact(banner=SHELL, exitmsg="", local={"__name__": "shell"})


SHELL = "Daifuku: look inside `with reading(system_actor()) as work`, change by `run_work(system_actor(), act)`."
commands: list[click.Command] = [audit, describe, status, doctor, shell]
