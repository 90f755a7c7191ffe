"""What is derived from records - rows of a list as shown, totals - kept by each process while none of them changes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, TypeVar

from erp.kernel.change.versions import all_versions
from erp.kernel.change.waiting import WAITING
from erp.kernel.change.work import Work

T = TypeVar("T")
MOST = 200
_lock = Lock()
_shelf: OrderedDict[Any, tuple[tuple[int, ...], Any]] = OrderedDict()


def derived(work: Work, kinds: Iterable[str], key: Any, find: Callable[[], T]) -> T:
    """Return what ``find`` derives from records of ``kinds``, as long as no commit changed any of them.

    ``key`` names everything else that the answer depends on: who asks, his language, the day, the question. The
    versions are read before the records, so what is kept under them is never older than they are. The value is
    shared and must not be changed. A unit of work that has written something finds it for itself.
    """
    if work.session.info.get(WAITING):
        return find()
    now = work.once("versions of kinds", lambda: all_versions(work.session))
    stamp = tuple(now.get(kind, 0) for kind in sorted(set(kinds)))
    with _lock:
        known = _shelf.get(key)
        if known is not None and known[0] == stamp:
            _shelf.move_to_end(key)
            value: T = known[1]
            return value
    value = find()
    with _lock:
        _shelf[key] = stamp, value
        _shelf.move_to_end(key)
        while len(_shelf) > MOST:
            _shelf.popitem(last=False)
    return value


def forget_derived() -> None:
    """Derive everything anew: for tests, whose databases come and go."""
    _shelf.clear()
