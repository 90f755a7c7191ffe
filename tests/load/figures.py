"""Every benchmark by its name, in the order in which they are taken: what is idle first, what fills the tables last."""

from collections.abc import Callable

from erp.settings import Settings
from tests.load.company import put_away
from tests.load.idle import durability, memory
from tests.load.instance import Figure, Instance, NotMeasured, opened
from tests.load.lists import lists
from tests.load.live import live
from tests.load.posting import CODE, against_hand, posting, together
from tests.load.slow import slow
from tests.load.watching import busy, crowd, idle_sockets

BENCHMARKS: dict[str, Callable[[Instance, int], list[Figure]]] = {
    "durability": durability, "memory": memory, "posting": posting, "hand": against_hand, "together": together,
    "lists": lists, "slow": slow, "live": live,
    "crowd": crowd, "busy": busy, "sockets": idle_sockets,
}  # fmt: skip
TOGETHER = {"live": ("live", "busy", "crowd", "sockets")}
"""What a name stands for beside itself."""

COMPANIES = [CODE, "BENCH-1K", "BENCH-100K"]


def measure(config: Settings, name: str | None, count: int, user: str = "admin") -> tuple[list[Figure], list[str]]:
    """Return the figures of one benchmark or of all, and what could not be measured here and why."""
    if name is not None and name not in BENCHMARKS:
        raise NotMeasured(f"there is no benchmark {name!r}: {', '.join(BENCHMARKS)}")
    found: list[Figure] = []
    missing: list[str] = []
    with opened(config, user) as instance:
        for key, run in BENCHMARKS.items():
            if name not in (None, key) and key not in TOGETHER.get(name or "", ()):
                continue
            try:
                found += run(instance, count)
            except NotMeasured as reason:
                missing.append(f"{key}: {reason}")
        put_away(COMPANIES)
    return found, missing
