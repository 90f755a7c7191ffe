"""What the database refused, said as a problem of a field: a code that exists, a value that does not fit."""

import re

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import DBAPIError

from erp.kernel.errors import Conflict, Problem, Problems, Refused
from erp.kernel.records.record import Record
from erp.kernel.text import _

DUPLICATE = 1062
KEY = re.compile(r"for key '(?:\w+\.)?([^']+)'")


def refusal_of(error: DBAPIError, kind: type[Record] | None = None) -> Refused:
    """Return the refusal of a write that broke a constraint, naming the field where one can be named.

    Nothing is asked of the database: its transaction may be over.
    """
    arguments = getattr(error.orig, "args", ())
    if arguments and arguments[0] == DUPLICATE:
        field = _field_of(str(arguments[-1]), kind) if kind is not None else ""
        if field:
            return Problems([Problem(field, "duplicate", _("A record with this code or number exists already."))])
        return Conflict(_("A record with this code or number exists already."))
    return Conflict(_("Other records were changed at the same time. Nothing was changed; try again."))


def _field_of(message: str, kind: type[Record]) -> str:
    """Return the API name of the last column of the constraint that a message names."""
    found = KEY.search(message)
    for constraint in getattr(kind.__table__, "constraints", ()):
        if found and isinstance(constraint, UniqueConstraint) and constraint.name == found[1]:
            column = list(constraint.columns)[-1]
            spec = column.info.get("field")
            return (spec.name or (column.key.removesuffix("_id") if spec.link else column.key)) if spec else ""
    return ""
