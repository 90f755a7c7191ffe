"""Two people changed the same document: what differs, field by field and line by line, so that one may choose."""

from collections.abc import Iterator
from typing import Any

from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.text import _
from erp.kernel.web.formlines import LineView
from erp.kernel.web.formview import FormView

DELETED = {"1", "true", "on"}


def with_known_lines(form: dict[str, str], saved: FormView) -> dict[str, str]:
    """Return what was typed with the lines that somebody removed meanwhile as new ones, so that nothing is lost."""
    known = {f"{name}.{row.id}." for name in saved.d.lines for row in getattr(saved.record, name)}
    kept = {}
    for path, value in form.items():
        name, _dot, rest = path.partition(".")
        key = rest.partition(".")[0]
        gone = name in saved.d.lines and key.isdigit() and f"{name}.{key}." not in known
        kept[f"{name}.gone{rest}" if gone else path] = value
    return kept


def differences(
    d: Description, theirs: dict[str, Any], mine: dict[str, Any], form: dict[str, str]
) -> list[dict[str, Any]]:
    """Return label, path and both texts of everything that differs; ``theirs`` and ``mine`` are contexts of the form."""
    found = [
        _difference(str(info.label), info.name, _text(theirs, info), _text(mine, info))
        for info in d.form_fields
        if not info.readonly and _text(theirs, info) != _text(mine, info)
    ]
    for name, line in d.lines.items():
        found += _of_lines(name, line, {view.key: view for view in theirs["lines"][name]}, mine["lines"][name], form)
    return found


def differing(found: list[dict[str, Any]], only: set[str] | None) -> list[dict[str, Any]]:
    """Return the differences that are asked: all, or those at some paths (a line that is gone is asked as a whole)."""
    if only is None:
        return found
    return [one for one in found if one["path"] in only or _line_of(one["path"]) in only]


def _line_of(path: str) -> str:
    name, _dot, rest = path.partition(".")
    key, _dot, field = rest.partition(".")
    return f"{name}.{key.removeprefix('gone')}" if field == "_delete" else path


def _of_lines(
    name: str, line: Description, saved: dict[str, LineView], typed: list[LineView], form: dict[str, str]
) -> Iterator[dict[str, Any]]:
    for key, view in saved.items():
        if form.get(f"{name}.{key}._delete") in DELETED:
            label = _("%(lines)s, line %(n)s", lines=line.label, n=view.position)
            yield _difference(label, f"{name}.{key}._delete", "", "1", _words(view), _("removed"))
    for view in typed:
        before = saved.get(view.key)
        if before is None:
            label = _("%(lines)s, line %(n)s", lines=line.label, n=view.position)
            words = _words(view)
            if words:
                yield _difference(label, f"{name}.{view.key}._delete", "1", "", _("no such line"), words)
            continue
        for info in line.form_fields:
            theirs, mine = _cell(before, info), _cell(view, info)
            if not info.readonly and theirs != mine:
                label = _("%(lines)s, line %(n)s", lines=line.label, n=before.position)
                yield _difference(f"{label}: {info.label}", f"{name}.{view.key}.{info.name}", theirs, mine)


def _difference(label: str, path: str, theirs: str, mine: str, *texts: str) -> dict[str, Any]:
    found: dict[str, Any] = {"label": label, "path": path, "theirs": theirs, "mine": mine}
    return found | ({"theirs_text": texts[0], "mine_text": texts[1]} if texts else {})


def _text(context: dict[str, Any], info: FieldInfo) -> str:
    return str(context["texts"].get(info.name, "") if info.link else context["values"].get(info.name, ""))


def _cell(view: LineView, info: FieldInfo) -> str:
    return str((view.texts if info.link else view.values).get(info.name, ""))


def _words(view: LineView) -> str:
    """Return a line in words: its links, then its figures."""
    figures = [text for name, text in view.values.items() if text and name not in view.texts]
    return " · ".join(text for text in [*view.texts.values(), *figures] if text)
