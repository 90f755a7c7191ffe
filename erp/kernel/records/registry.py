"""Which kinds of record exist; filled while departments are imported."""

from typing import TYPE_CHECKING

from erp.kernel.errors import NotFound

if TYPE_CHECKING:
    from erp.kernel.records.record import Record

_kinds: dict[str, "type[Record]"] = {}


def add_kind(record: "type[Record]") -> None:
    """Make a kind known by its name."""
    _kinds[record.__kind__] = record


def drop_kind(name: str) -> None:
    """Forget a kind that was a row."""
    _kinds.pop(name, None)


def kind_of(name: str) -> "type[Record]":
    """Return the class of ``name`` ("sales_invoice"), or raise ``NotFound``."""
    try:
        return _kinds[name]
    except KeyError:
        raise NotFound from None


def has_kind(name: str) -> bool:
    """Return whether a kind of this name exists."""
    return name in _kinds


def all_kinds() -> "list[type[Record]]":
    """Return every kind, in the order of their departments' imports."""
    return list(_kinds.values())


def collection(name: str) -> "type[Record]":
    """Return the class whose URL is ``name`` ("sales-invoices"), or raise ``NotFound``."""
    for record in _kinds.values():
        if record.__collection__ == name:
            return record
    raise NotFound
