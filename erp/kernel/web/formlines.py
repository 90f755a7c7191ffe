"""The line grids of a form: rows as stored or as typed, their amounts, messages, and what a save would fill in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.text import _
from erp.kernel.web.forms import payload_keys, typed_lines
from erp.kernel.web.present import Labels, gather, linked, shown, typed

if TYPE_CHECKING:
    from erp.kernel.web.formview import FormView

GRID_COLUMNS = 6


@dataclass
class LineView:
    """One line of a grid. ``key`` names its fields in the form: the stored id, or ``n1``, ``n2`` … while it is new."""

    key: str
    id: int | None
    position: int
    values: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    amount: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


class FormLines:
    """The lines of one form, made ready for its templates."""

    def __init__(self, view: "FormView") -> None:
        self.view, self.d, self.fmt, self.form = view, view.d, view.fmt, view.form
        self.currency = getattr(view.shown_record, "currency", None)
        named = [(self._name_in_form(path), found) for path, found in view.errors.items()]
        self.errors = dict(sorted(named, key=lambda one: one[0].partition(".")[0] in self.d.lines))
        """Messages by the names of the fields in the form, lines last: "lines.2.quantity" is "lines.n3.quantity"."""

    def views(self, found: Labels) -> dict[str, list[LineView]]:
        """Return the rows of every grid."""
        return {name: self._grid(name, line, found) for name, line in self.d.lines.items()}

    def fills(self) -> dict[str, str]:
        """Return what saving would put into the cells that were left empty, by the names of the cells."""
        found: dict[str, str] = {}
        for name, line in self.d.lines.items():
            rows, infos = list(self._tried(name)), visible_columns(line, [])
            words = gather(
                self.view.work, (linked(info, getattr(row, info.attribute)) for _key, row in rows for info in infos)
            )
            for key, row in rows:
                empty = [info for info in infos if not (self.form or {}).get(f"{name}.{key}.{info.name}")]
                for info in empty:
                    text = shown(info, getattr(row, info.attribute), self.fmt, self.currency, words)
                    found[f"{name}.{key}.{info.name}"] = text
        return found

    def places(self) -> dict[str, str]:
        """Return where in a grid each message belongs, in words: "Row 2, Quantity"."""
        found = {}
        for path in self.view.errors:
            rows, _dot, rest = path.partition(".")
            place, _dot, name = rest.partition(".")
            info = self.d.lines[rows].get(name) if rows in self.d.lines else None
            if info is not None and place.isdigit():
                key = self._name_in_form(path)
                row = self._row_on_screen(rows, key.split(".")[1])
                found[key] = _("%(field)s, row %(row)s", field=info.label, row=row)
        return found

    def _row_on_screen(self, name: str, key: str) -> str:
        keys = [key for key, _values in typed_lines(self.d, self.form, name)] if self.form else self._keys(name)
        return str(keys.index(key) + 1) if key in keys else key

    def _grid(self, name: str, line: Description, found: Labels) -> list[LineView]:
        views = self._typed(name, line) if self.form is not None else self._stored(name, line, found)
        for view in views:
            prefix = f"{name}.{view.key}."
            view.errors = {
                path.removeprefix(prefix): said for path, said in self.errors.items() if path.startswith(prefix)
            }
        return views

    def _stored(self, name: str, line: Description, found: Labels) -> list[LineView]:
        rows = getattr(self.view.record, name) if self.view.record is not None else []
        views = [self._row(row, n, line, found) for n, row in enumerate(rows, 1)]
        if not views and self.view.editable:
            return [LineView("n1", None, 1)]
        return views

    def _row(self, row: Any, n: int, line: Description, found: Labels) -> LineView:
        values, texts = {}, {}
        for info in line.fields:
            value = getattr(row, info.attribute)
            words = shown(info, value, self.fmt, self.currency, found)
            if info.link:
                values[info.name], texts[info.name] = str(value or ""), words
            elif (self.view.editable or self.view.comparing) and not info.readonly:
                values[info.name] = typed(info, value, self.fmt)
            else:
                values[info.name] = words
        return LineView(str(row.id or f"n{n}"), row.id, n, values, texts, self._amount(row))

    def _typed(self, name: str, line: Description) -> list[LineView]:
        form = self.form or {}
        amounts = {key: self._amount(row) for key, row in self._tried(name)}
        links = [info.name for info in line.fields if info.link]
        views = []
        for n, (key, values) in enumerate(typed_lines(self.d, form, name), 1):
            texts = {link: values.get(link, "") for link in links}
            ids = {link: form.get(f"{name}.{key}.{link}.id", "") for link in links}
            row_id = int(key) if key.isdigit() else None
            views.append(LineView(key, row_id, n, {**values, **ids}, texts, amounts.get(key, "")))
        return views

    def _tried(self, name: str) -> Iterator[tuple[str, Any]]:
        """Yield what saving would make of each typed line, by the key that the line has in the form."""
        if self.form is not None and self.view.tried:
            yield from zip(payload_keys(self.d, self.form, name), getattr(self.view.shown_record, name), strict=False)

    def _amount(self, row: Any) -> str:
        amount = getattr(row, "amount", None)
        return self.fmt.money(amount, self.currency) if amount is not None else ""

    def _name_in_form(self, path: str) -> str:
        rows, _dot, rest = path.partition(".")
        place, _dot, name = rest.partition(".")
        if rows not in self.d.lines or not place.isdigit() or not name:
            return path
        keys = self._keys(rows)
        return f"{rows}.{keys[int(place) - 1]}.{name}" if 0 < int(place) <= len(keys) else path

    def _keys(self, name: str) -> list[str]:
        if self.form is not None:
            return payload_keys(self.d, self.form, name)
        return [str(row.id or f"n{n}") for n, row in enumerate(getattr(self.view.record, name, None) or [], 1)]


def visible_columns(line: Description, views: list[LineView]) -> list[FieldInfo]:
    """Return the grid's columns: six with the amount, the rest is folded behind each row.

    A field that is rarely filled in (a discount) has its column only where some row fills it in.
    """
    room = GRID_COLUMNS - has_amounts(line)
    offered = [info for info in line.form_fields if not _is_computed(info)]
    usual = [info for info in offered if not info.spec.when_used]
    usual = [info for info in usual if info.in_list][:room] or usual[:room]
    return [info for info in offered if info in usual or (info.spec.when_used and _is_used(info, views))]


def _is_used(info: FieldInfo, views: list[LineView]) -> bool:
    return any(view.values.get(info.name) not in {None, "", "0"} for view in views)


def folded_columns(line: Description, visible: list[FieldInfo]) -> list[FieldInfo]:
    """Return what a row keeps behind its menu."""
    return [info for info in line.form_fields if info not in visible and not _is_computed(info)]


def has_amounts(line: Description) -> bool:
    """Return whether the server computes an amount for each line; the grid shows it in a column of its own."""
    return any(_is_computed(info) for info in line.fields)


def _is_computed(info: FieldInfo) -> bool:
    return info.name == "amount" and info.readonly
