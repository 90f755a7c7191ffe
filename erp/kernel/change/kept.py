"""Facts of the setup, kept by each process for as long as the setup stands: which accounts, taxes, terms there are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from erp.kernel.change.versions import setup_moves
from erp.kernel.change.work import Work

T = TypeVar("T")
MOST = 5_000
FACTS, MISSING = "facts of the setup", object()
_shelves: dict[int, dict[Any, Any]] = {}
"""What is known by version of the setup; the latest two versions are kept."""


def kept(work: Work, key: Any, find: Callable[[], T]) -> T:
    """Return a fact of the setup, found once for all units of work that see the same version of it.

    ``find`` may read nothing but kinds with ``__setup__``, and what it returns is shared: it is never changed. A unit
    of work that changes the setup itself, or does not know its version, finds the fact for itself.
    """
    known = _facts(work).get(key, MISSING)
    if known is not MISSING:
        return cast("T", known)
    shelf = _shelf(work)
    value = MISSING if shelf is None else shelf.get(key, MISSING)
    if value is MISSING:
        value = find()
        if shelf is not None and _shelf(work) is shelf:
            shelf[key] = value
    _facts(work)[key] = value
    return cast("T", value)


def kept_by_id(work: Work, name: str, ids: Iterable[int], find: Callable[[list[int]], Mapping[int, T]]) -> dict[int, T]:
    """Return facts of the setup by id, those that are missing found in one question; unknown ids are absent."""
    known: dict[int, T] = _facts(work).setdefault(name, {})
    wanted = set(ids)
    shelf = _shelf(work)
    shared: dict[int, T] = {} if shelf is None else shelf.setdefault(name, {})
    known.update({one: shared[one] for one in wanted if one not in known and one in shared})
    missing = sorted(wanted - known.keys())
    if missing:
        found = find(missing)
        known.update(found)
        if _shelf(work) is shelf:
            shared.update(found)
    return {one: known[one] for one in wanted if one in known}


def _facts(work: Work) -> dict[Any, Any]:
    """Return what this unit of work has found since it changed the setup last."""
    moves = setup_moves(work.session)
    since, _found = work.facts.get(FACTS, (None, None))
    if since != moves:
        work.facts[FACTS] = moves, {}
    current: dict[Any, Any] = work.facts[FACTS][1]
    return current


def _shelf(work: Work) -> dict[Any, Any] | None:
    """Return what is known at the version that this unit of work sees; None when it must find facts for itself."""
    version = work.setup_version
    if version is None or setup_moves(work.session):
        return None
    shelf = _shelves.get(version)
    if shelf is None:
        for old in sorted(_shelves)[:-1]:
            _shelves.pop(old, None)
        shelf = _shelves.setdefault(version, {})
    if len(shelf) > MOST:
        shelf.clear()
    return shelf


def forget_kept() -> None:
    """Find everything anew: for tests, whose databases come and go."""
    _shelves.clear()
