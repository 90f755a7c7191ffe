"""Every surface through which somebody reads or changes something, with the right that it asks.

Routes come from the URL map, all others (jobs, prints, exports, socket topics) register themselves here. A surface that
is not registered fails the access matrix test; a route that is not registered is closed to anonymous visitors.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])

BY_RECORD = "*"
"""The kind is in the URL (collection or kind) and is asked before the view runs; the view asks for the record."""

BY_ROUTE = "*"
"""The verb is the noun route in the URL (submission, cancellation)."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One way in.

    ``kind`` and ``verb`` name the right asked (``attach|update``: one of both); without them being signed in is enough.
    ``public``: open to everybody. ``gate``: a form for people not signed in, with its own proof against forgery.
    ``bare``: identifies nobody (health, metrics, machine to machine with its own signature). ``own``: shows only what
    belongs to the reader.
    """

    name: str
    kind: str = ""
    verb: str = ""
    public: bool = False
    gate: bool = False
    bare: bool = False
    own: bool = False
    note: str = ""

    @property
    def is_guarded(self) -> bool:
        """Return whether the right can be asked before the view runs: kind and verb are fixed."""
        return bool(self.kind and self.verb) and self.kind != BY_RECORD


_surfaces: dict[str, Surface] = {}


def surface(
    name: str, *, kind: str = "", verb: str = "", public: bool = False, gate: bool = False, bare: bool = False,
    own: bool = False, note: str = "",
) -> Callable[[F], F]:  # fmt: skip
    """Register a surface; usable as a statement or as a decorator of the view.

    Routes go by their endpoint (``jobs.show``); others by ``job:<name>``, ``print:<kind>``, ``export:<kind>``,
    ``topic:<kind>``.
    """
    _surfaces[name] = Surface(name, kind, verb, public or gate or bare, gate, bare, own, note)
    return lambda view: view


def surface_of(name: str | None) -> Surface | None:
    """Return the surface of an endpoint, or None when nobody registered it."""
    return _surfaces.get(name) if name else None


def all_surfaces() -> dict[str, Surface]:
    """Return every registered surface by name."""
    return dict(_surfaces)


surface("static", public=True, bare=True, note="style, scripts and icons of the product itself")
