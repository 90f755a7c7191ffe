"""A payload read into values, before anything touches a record: what was sent, what it says, what is wrong with it."""

from typing import Any

from erp.kernel.change.values import LinkRef, Reader, Unreadable, read_value
from erp.kernel.errors import Problem
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.text import _

ENVELOPE = {
    "id", "uid", "kind", "number", "state", "status", "version", "created_at", "created_by", "updated_at",
    "updated_by", "links", "idempotency_key", "csrf_token", "title", "verbs", "$buffer",
}  # fmt: skip
LINE_ENVELOPE = {"id", "uid", "position", "_delete", "key"}


class Draft:
    """A payload read into values, before anything touches the record: values, links to find, problems."""

    def __init__(self, description: Description, reader: Reader | None, prefix: str = "") -> None:
        self.description, self.reader, self.prefix = description, reader, prefix
        self.values: dict[FieldInfo, Any] = {}
        self.guarded: dict[FieldInfo, Any] = {}
        self.problems: list[Problem] = []
        self.row: dict[str, Any] = {}

    def read(self, payload: dict[str, Any], ignored: set[str]) -> "Draft":
        """Read every field of ``payload``; unknown names are problems."""
        self.row = payload
        for name, raw in payload.items():
            info = self.description.get(name)
            if info is None:
                if any(one.name == name for one in self.description.off):
                    self._problem(name, "feature_off", _("This is switched off in the settings."))
                elif name not in ignored:
                    self._problem(name, "unknown_field", _("There is no such field here."))
            elif not info.readonly:
                self._read_one(info, raw, self.values)
            elif info.is_guarded:
                self._read_one(info, raw, self.guarded)
        return self

    def _read_one(self, info: FieldInfo, raw: Any, values: dict[FieldInfo, Any]) -> None:
        try:
            values[info] = read_value(info, raw, self.reader)
        except Unreadable as unreadable:
            self._problem(info.name, unreadable.code, unreadable.message)

    def _problem(self, name: str, code: str, message: str) -> None:
        line = int(self.prefix.split(".")[1]) if self.prefix else None
        self.problems.append(Problem(f"{self.prefix}{name}", code, message, line))

    def refs(self) -> list[LinkRef]:
        """Return the links still to be found."""
        return [value for value in (*self.values.values(), *self.guarded.values()) if isinstance(value, LinkRef)]

    def settle(self, found: dict[LinkRef, int], only: FieldInfo | None = None) -> None:
        """Replace links by ids; what was not found is a problem."""
        for info, value in list(self.values.items()):
            if isinstance(value, LinkRef) and only in {None, info}:
                if value in found:
                    self.values[info] = found[value]
                else:
                    del self.values[info]
                    self._problem(info.name, "not_found", _("No such record: %(what)s.", what=value.code or value.id))
        self.guarded = {
            info: found.get(one, 0) if isinstance(one, LinkRef) else one for info, one in self.guarded.items()
        }


def read_drafts(
    payload: dict[str, Any], description: Description, reader: Reader | None
) -> tuple[Draft, dict[str, list[Draft]]]:
    """Return the head and the lines of a payload, each read; what cannot be read is among their problems."""
    ignored = ENVELOPE | set(description.lines) | derived_names(description)
    head = Draft(description, reader).read({k: v for k, v in payload.items() if k not in description.lines}, ignored)
    lines: dict[str, list[Draft]] = {}
    for name, line in description.lines.items():
        if name not in payload:
            continue
        rows = payload[name]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            head.problems.append(Problem(name, "not_a_list", _("Send a list of lines.")))
            continue
        skipped = LINE_ENVELOPE | derived_names(line)
        lines[name] = [Draft(line, reader, f"{name}.{n}.").read(row, skipped) for n, row in enumerate(rows, 1)]
    return head, lines


def derived_names(description: Description) -> set[str]:
    """Return the names that an answer carries and a request may send back unheeded."""
    return set(getattr(description.record, "__derived__", ()))
