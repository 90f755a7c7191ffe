"""Two people changed one document: what was typed and what was saved meanwhile, brought together in one form."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from erp.kernel.change.audit import decimal_text
from erp.kernel.change.earlier import by_identity, content_as_of
from erp.kernel.change.links import Label, known_labels
from erp.kernel.format import Format
from erp.kernel.merging import Merged, Paper, Question, merge
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.web.conflicts import DELETED
from erp.kernel.web.forms import line_keys
from erp.kernel.web.formview import FormView
from erp.kernel.web.present import Labels, gather, shown, typed

Form = dict[str, str]


@dataclass(frozen=True, slots=True)
class Together:
    """A form with both changes in it; what both changed is as typed, and asked. ``theirs``: whether anything was taken."""

    form: Form
    questions: list[Question]
    theirs: bool


def together(now: FormView, form: Form, version: int) -> Together | None:
    """Merge what was typed on ``version`` with the record as it is now; None where the common ground is not known.

    ``now`` is the view of the record as it stands, with nothing typed.
    """
    content = content_as_of(now.work, now.record, version)
    if content is None:
        return None
    reading = Reading(now)
    base = reading.stored(content)
    theirs = reading.stored(by_identity(now.work, now.record))
    mine = reading.typed(form, base)
    merged = merge(base, mine, theirs)
    return Together(reading.form_of(merged, form, mine, theirs), merged.questions, base != theirs)


class Reading:
    """How forms and stored contents read as the same plain text, so that they can be compared."""

    def __init__(self, view: FormView) -> None:
        self.d, self.fmt, self.work = view.d, view.fmt, view.work

    def stored(self, content: Mapping[str, Any]) -> Paper:
        """Return what is stored: numbers, days and links as one text for each value."""
        grids = {
            name: {key: self._texts(line, row) for key, row in (content.get(name) or {}).items()}
            for name, line in self.d.lines.items()
        }
        return Paper(self._texts(self.d, content), grids)

    def _texts(self, d: Description, content: Mapping[str, Any]) -> dict[str, str]:
        return {info.name: self._text(info, content.get(info.name)) for info in _open(d)}

    def _text(self, info: FieldInfo, kept: Any) -> str:
        try:
            value = info.from_json(kept)
        except ValueError:
            value = kept
        if info.link:
            return f"id:{value}" if value else ""
        return plain_text(info, typed(info, value, self.fmt), self.fmt)

    def typed(self, form: Form, base: Paper) -> Paper:
        """Return what was typed; what the form does not show is as it was."""
        fields = {
            info.name: self._typed(info, form, "", base.fields) for info in _open(self.d)
        }  # fmt: skip
        grids = {}
        for name, line in self.d.lines.items():
            known = base.lines.get(name, {})
            if f"{name}.$sent" not in form and not line_keys(form, name):
                grids[name] = dict(known)
                continue
            grids[name] = self._rows(name, line, form, known)
        return Paper(fields, grids)

    def _rows(
        self, name: str, line: Description, form: Form, known: Mapping[str, Mapping[str, str]]
    ) -> dict[str, Mapping[str, str]]:  # fmt: skip
        rows: dict[str, Mapping[str, str]] = {}
        for key in line_keys(form, name):
            if form.get(f"{name}.{key}._delete") in DELETED:
                continue
            infos = _open(line)
            row = {info.name: self._typed(info, form, f"{name}.{key}.", known.get(key, {})) for info in infos}
            if key.isdigit() or any(row[info.name] for info in infos if info.type != "boolean"):
                rows[key] = row
        return rows

    def _typed(self, info: FieldInfo, form: Form, prefix: str, base: Mapping[str, str]) -> str:
        path = f"{prefix}{info.name}"
        if info.type == "boolean":
            sent = path in form or f"{path}.$sent" in form
            return ("1" if form.get(path) in DELETED else "") if sent else base.get(info.name, "")
        if path not in form and f"{path}.id" not in form:
            return base.get(info.name, "")
        words = form.get(path, "")
        if info.link:
            record_id, was = form.get(f"{path}.id", ""), form.get(f"{path}.was", "")
            chosen = record_id.isdigit() and words.strip() == was.strip()
            return f"id:{record_id}" if chosen else self._named(info, words.strip(), base.get(info.name, ""))
        return plain_text(info, words, self.fmt)

    def _named(self, info: FieldInfo, words: str, base: str) -> str:
        """Return a link as typed; words that name the record that was there are that record."""
        record_id = base.removeprefix("id:")
        if not record_id.isdigit() or not info.link:
            return words
        label = known_labels(self.work, info.link, [int(record_id)]).get(int(record_id))
        return base if label is not None and words.casefold() in names_of(label) else words

    def form_of(self, merged: Merged, form: Form, mine: Paper, theirs: Paper) -> Form:
        """Return the form that holds both: as typed, with what only they changed; what is asked stays as typed."""
        asked = {one.path for one in merged.questions}
        words = self._words(theirs)
        grids = tuple(f"{name}." for name in self.d.lines)
        result = {path: text for path, text in form.items() if not path.startswith(grids)}
        for info in _open(self.d):
            if info.name not in asked and merged.paper.fields[info.name] != mine.fields[info.name]:
                self._put(result, info, "", theirs.fields[info.name], words)
        for name, line in self.d.lines.items():
            result[f"{name}.$sent"] = "1"
            for key in merged.paper.lines.get(name, {}):
                place = _Place(name, key, line)
                if key in mine.lines[name]:
                    papers = merged.paper, mine, theirs
                    self._as_typed(result, place, papers, form=form, asked=asked, words=words)
                else:
                    self._as_saved(result, place, theirs, words, removed=f"{name}.{key}" in asked)
            for key in theirs.lines.get(name, {}).keys() - merged.paper.lines.get(name, {}).keys():
                result[f"{name}.{key}._delete"] = "1"
        return result

    def _as_typed(
        self,
        result: Form,
        place: "_Place",
        papers: tuple[Paper, Paper, Paper],
        *,
        form: Form,
        asked: set[str],
        words: Labels,
    ) -> None:
        """Put a line as I typed it, with the fields that only they changed; one that they removed becomes a new one."""
        merged, mine, theirs = (paper.lines[place.name].get(place.key, {}) for paper in papers)
        key = place.key if not place.key.isdigit() or place.key in papers[2].lines[place.name] else f"gone{place.key}"
        old, new = f"{place.name}.{place.key}.", f"{place.name}.{key}."
        result |= {f"{new}{path.removeprefix(old)}": text for path, text in form.items() if path.startswith(old)}
        for info in _open(place.line):
            path = f"{old}{info.name}"
            if path not in asked and merged[info.name] != mine[info.name] and info.name in theirs:
                self._put(result, info, new, theirs[info.name], words)

    def _as_saved(self, result: Form, place: "_Place", theirs: Paper, words: Labels, *, removed: bool) -> None:
        """Put a line that only they have; one that I removed and they changed stays removed until I choose."""
        prefix = f"{place.name}.{place.key}."
        for info in _open(place.line):
            self._put(result, info, prefix, theirs.lines[place.name][place.key][info.name], words)
        if removed:
            result[f"{prefix}_delete"] = "1"

    def _put(self, result: Form, info: FieldInfo, prefix: str, text: str, words: Labels) -> None:
        path = f"{prefix}{info.name}"
        if info.link:
            record_id = text.removeprefix("id:")
            shown_as = shown(info, int(record_id), self.fmt, None, words) if record_id.isdigit() else text
            result |= {path: shown_as, f"{path}.id": record_id if record_id.isdigit() else "", f"{path}.was": shown_as}
        elif info.type == "boolean":
            result[f"{path}.$sent"] = "1"
            if text:
                result[path] = "1"
            else:
                result.pop(path, None)
        else:
            result[path] = self.fmt.edit_number(Decimal(text)) if info.is_number and text else text

    def _words(self, paper: Paper) -> Labels:
        """Return the words of every link of a paper, found together."""
        rows = [(info, paper.fields.get(info.name, "")) for info in _open(self.d)]
        for name, line in self.d.lines.items():
            rows += [
                (info, row.get(info.name, "")) for row in paper.lines.get(name, {}).values() for info in _open(line)
            ]
        return gather(
            self.work,
            ((info.link, int(text.removeprefix("id:"))) for info, text in rows if text.startswith("id:") and info.link),
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """One line of one grid."""

    name: str
    key: str
    line: Description


def names_of(label: Label) -> set[str]:
    """Return what somebody may type to name a record: its code or number, or its words."""
    return {label.text.casefold(), str(label.number or "").casefold()} - {""}


def _open(d: Description) -> list[FieldInfo]:
    return [info for info in d.form_fields if not info.readonly]


def plain_text(info: FieldInfo, text: str, fmt: Format) -> str:
    """Return a typed text so that two spellings of one value are the same; what cannot be read stays as it is."""
    text = text.strip()
    if info.is_number and text:
        try:
            return decimal_text(fmt.read_number(text))
        except ValueError:
            return text
    return text.replace("\r\n", "\n")
