"""Since when each part is as it is: remembered beside the data, the same for every process of this host."""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from erp.kernel.records.types import utc_now
from erp.settings import settings

_told: dict[str, list[str]] = {}
"""What this process saw: used where nothing can be written."""


def remembered(statuses: dict[str, str], now: datetime | None = None) -> dict[str, datetime]:
    """Return since when each part has the status it has now; a change is noted for all processes of this host."""
    path = settings().data / "health.json"
    known = _read(path)
    if any(known.get(name, [""])[0] != status for name, status in statuses.items()):
        known = _noted(path, statuses, (now or utc_now()).isoformat())
    return {name: datetime.fromisoformat(known[name][1]) for name in statuses}


def _noted(path: Path, statuses: dict[str, str], now: str) -> dict[str, list[str]]:
    """Write what changed, one process at a time; on a disk that is full, remember it in this process."""
    try:
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = _merged(_read(path), statuses, now)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps(known))
            fresh.replace(path)
    except OSError:
        _told.update(_merged(_read(path) | _told, statuses, now))
        return _told
    return known


def _merged(known: dict[str, list[str]], statuses: dict[str, str], now: str) -> dict[str, list[str]]:
    changed = {name: [status, now] for name, status in statuses.items() if known.get(name, [""])[0] != status}
    return {name: pair for name, pair in known.items() if name in statuses} | changed


def _read(path: Path) -> dict[str, list[str]]:
    try:
        found: Any = json.loads(path.read_text())
    except (OSError, ValueError):
        return dict(_told)
    return dict(found)
