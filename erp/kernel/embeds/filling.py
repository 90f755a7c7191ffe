"""One form on another site: a few fields of one kind of document, saved as a draft in the name of the embed's maker."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from erp.kernel.change.described import described
from erp.kernel.change.find import nameable
from erp.kernel.change.links import code_column, title_column
from erp.kernel.change.save import save
from erp.kernel.change.work import Work
from erp.kernel.embeds.model import Embed
from erp.kernel.embeds.targets import Target, names_in
from erp.kernel.errors import Problems
from erp.kernel.format import Format
from erp.kernel.live.announce import write_notice
from erp.kernel.paper.notifications import N_, OUTSIDE
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import ARCHIVED
from erp.kernel.records.registry import kind_of
from erp.kernel.text import _

ROWS = 3
MOST_ROWS = 50
MOST_CHOICES = 300
LINE_FIELDS = ("item", "description", "quantity")


@dataclass(frozen=True, slots=True)
class Control:
    """One field as the form shows it. ``choices``: what may be chosen; None: it is typed."""

    name: str
    label: str
    type: str
    required: bool
    value: str = ""
    problem: str = ""
    choices: list[tuple[str, str]] | None = None


@dataclass(slots=True)
class FormPage:
    """The form of an embed, as sent before or empty."""

    title: str
    heads: list[Control] = field(default_factory=list)
    grid: str = ""
    grid_label: str = ""
    rows: list[list[Control]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def form_of(
    work: Work, embed: Embed, target: Target, sent: dict[str, str], problems: Problems | None = None
) -> FormPage:
    """Return the form, with what was sent and what is wrong with it beside each field."""
    d = described(work, target.kind.__kind__, "form")
    wrong = {one.field: str(one.message) for one in problems.problems} if problems is not None else {}
    choices = _Choices(work)
    page = FormPage(_("New %(kind)s", kind=str(d.label).lower()))
    page.heads = [_control(info, info.name, sent, wrong, choices) for info in _heads(d, embed, target)]
    for name, infos in _grid(d, embed).items():
        page.grid, page.grid_label = name, str(d.lines[name].label)
        filled = [n for n in range(1, MOST_ROWS + 1) if any(key.startswith(f"{name}.{n}.") for key in sent)]
        for n in range(1, max([ROWS, *filled]) + 1):
            page.rows.append([_control(info, f"{name}.{n}.{info.name}", sent, wrong, choices) for info in infos])
    shown = {one.name for one in (*page.heads, *(cell for row in page.rows for cell in row))}
    page.said = [said for path, said in wrong.items() if path not in shown]
    return page


def _control(info: FieldInfo, path: str, sent: dict[str, str], wrong: dict[str, str], choices: "_Choices") -> Control:
    offered = choices.of(info)
    kind = {"date": "date", "email": "email", "longtext": "textarea", "boolean": "checkbox"}.get(info.type, "text")
    return Control(
        path,
        str(info.label),
        kind,
        info.required and not info.has_default,
        sent.get(path, ""),
        wrong.get(path, ""),
        offered,
    )


class _Choices:
    """What may be chosen in links and choices, each kind asked once."""

    def __init__(self, work: Work) -> None:
        self.work, self.known = work, dict[str, list[tuple[str, str]]]()

    def of(self, info: FieldInfo) -> list[tuple[str, str]] | None:
        if info.choices:
            return [(str(key), str(label)) for key, label in info.choices]
        if not info.link:
            return None
        if info.link not in self.known:
            self.known[info.link] = self._records(info.link)
        return self.known[info.link]

    def _records(self, name: str) -> list[tuple[str, str]]:
        kind: Any = kind_of(name)
        title = title_column(kind)
        words = code_column(kind) if title is None else title
        query = select(kind.id, words).where(nameable(self.work.actor, kind))
        if hasattr(kind, "state"):
            query = query.where(kind.state != ARCHIVED)
        rows = self.work.session.execute(query.order_by(words).limit(MOST_CHOICES))
        return [(str(record_id), str(text or record_id)) for record_id, text in rows]


def _heads(d: Description, embed: Embed, target: Target) -> list[FieldInfo]:
    """Return the fields of the head that are asked: those named, else those one must fill in; never what is given."""
    given, names = {name for name, _value in target.given}, names_in(embed.fields)
    open_ones = [info for info in d.form_fields if not info.readonly and info.name not in given]
    if names:
        return [info for info in open_ones if info.name in names]
    return [info for info in open_ones if info.required and not info.has_default and info.name != "company"]


def _grid(d: Description, embed: Embed) -> dict[str, list[FieldInfo]]:
    names = names_in(embed.fields)
    for name, line in d.lines.items():
        wanted = [one.removeprefix(f"{name}.") for one in names if one.startswith(f"{name}.")] if names else LINE_FIELDS
        infos = [info for one in wanted if (info := line.get(one)) is not None and not info.readonly]
        if infos:
            return {name: infos}
    return {}


def send_in(work: Work, embed: Embed, target: Target, sent: dict[str, str], fmt: Format) -> Any:
    """Save what was sent as a new record. Only fields that the form shows are read. Raises ``Problems``."""
    d = described(work, target.kind.__kind__, "form")
    payload: dict[str, Any] = dict(target.given)
    if embed.company_id and d.get("company") is not None:
        payload.setdefault("company", embed.company_id)
    payload |= {info.name: sent.get(info.name, "") for info in _heads(d, embed, target)}
    for name, infos in _grid(d, embed).items():
        rows = []
        for n in range(1, MOST_ROWS + 1):
            row = {info.name: sent.get(f"{name}.{n}.{info.name}", "").strip() for info in infos}
            if any(row.values()):
                rows.append(row)
        payload[name] = rows
    record = save(work, target.kind, _with_links(d, payload), reader=fmt)
    work.session.flush()
    if embed.created_by_id:
        values = {"what": str(record.title), "where": embed.origin or embed.path}
        write_notice(
            work, embed.created_by_id, N_("%(what)s came in from %(where)s"), values=values, about=record,
            url=f"/{record.__collection__}/{record.id}", type=OUTSIDE,
        )  # fmt: skip
    return record


def _with_links(d: Description, payload: dict[str, Any]) -> dict[str, Any]:
    """Return the payload with the ids of chosen records as numbers."""

    def read(one: Description, row: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, value in row.items():
            info = one.get(name)
            is_id = info is not None and info.link and isinstance(value, str) and value.isascii() and value.isdigit()
            found[name] = int(value) if is_id else value
        return found

    head = read(d, {name: value for name, value in payload.items() if name not in d.lines})
    return head | {
        name: [read(d.lines[name], row) for row in rows] for name, rows in payload.items() if name in d.lines
    }
