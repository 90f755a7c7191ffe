"""A form of any kind made ready for its template: values as shown or typed, lines, totals, actions, history."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from flask import g, request

from erp.kernel.change.closed import may_save
from erp.kernel.change.deciding import editable_now
from erp.kernel.change.described import described
from erp.kernel.change.save import default_company
from erp.kernel.change.verbs import Verb, verbs_now
from erp.kernel.change.work import Work
from erp.kernel.errors import Problem
from erp.kernel.format import Format
from erp.kernel.records.aspects import aspects
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import Record, Voucher
from erp.kernel.rights import may
from erp.kernel.text import _
from erp.kernel.web import slots
from erp.kernel.web.formlines import FormLines, folded_columns, has_amounts, visible_columns
from erp.kernel.web.forms import typed_values
from erp.kernel.web.present import Labels, gather, linked, shown, status_of, typed, value_of


@dataclass(frozen=True, slots=True)
class Action:
    """One button of a form."""

    verb: str
    label: str
    url: str
    method: str = "post"
    primary: bool = False
    danger: bool = False
    confirm: str = ""
    needs_reason: bool = False


def action_of(verb: Verb, record: Record) -> Action:
    """Return the button of a verb on a record."""
    url = f"/{record.__collection__}/{record.id}/{verb.route}"
    return Action(verb.verb, verb.label, url, "post", verb.primary, verb.danger, verb.confirm, verb.needs_reason)


class FormView:
    """The context of one form page or fragment."""

    def __init__(self, work: Work, kind: type[Record], record: Any, fmt: Format) -> None:
        self.work, self.kind, self.record, self.fmt = work, kind, record, fmt
        self.d: Description = described(work, kind.__kind__, "form")
        self.stored = record is not None and record.id is not None
        self.left_open = editable_now(work, record) if self.stored and may_save(work, kind, record) else frozenset()
        if self.left_open:
            self.d = self.d.closed_but(self.left_open)
        self.errors: dict[str, list[str]] = {}
        self.form: dict[str, str] | None = None
        self.version: int | None = record.version if self.stored else None
        self.banner: dict[str, str] | None = None
        self.shown_record = record
        self.comparing = False
        self.tried = False

    @property
    def editable(self) -> bool:
        """Return whether the reader may change the content now."""
        if not self.stored:
            return may(self.work.actor, "create", self.kind.__kind__)
        if isinstance(self.record, Voucher) and not self.record.is_draft:
            return bool(self.left_open)
        return may(self.work.actor, "update", self.kind.__kind__, self.record)

    def refused(self, problems: list[Problem]) -> "FormView":
        """Show what to fix, each message at its field."""
        for problem in problems:
            self.errors.setdefault(problem.field, []).append(str(problem.message))
        return self

    def typed(self, form: dict[str, str]) -> "FormView":
        """Show what was typed in place of what is stored."""
        self.form = form
        return self

    def try_out(self, record: Any) -> None:
        """Show the figures that saving what was typed would give; None: it could not be computed."""
        if record is not None:
            self.shown_record, self.tried = record, True

    def context(self) -> dict[str, Any]:
        """Return everything the form templates read."""
        by_aspect = self._aspects()
        found = gather(self.work, self._links(by_aspect))
        grids = FormLines(self)
        lines = grids.views(found)
        columns = {name: visible_columns(line, lines[name]) for name, line in self.d.lines.items()}
        record = self.record
        base = f"/{self.kind.__collection__}"
        own = f"{base}/{record.id}" if self.stored else base
        main, more = self._arranged()
        more = [*more, *self._off(by_aspect)]
        return {
            "d": self.d, "document": record if self.stored else None,
            "errors": grids.errors, "places": grids.places(), "lines": lines,
            "values": self._values(by_aspect, found), "texts": self._texts(by_aspect, found),
            "groups": self._groups(main), "more": more, "version": self.version,
            "line_fields": columns,
            "line_more": {name: folded_columns(line, columns[name]) for name, line in self.d.lines.items()},
            "line_amounts": {name: has_amounts(line) for name, line in self.d.lines.items()}, "fills": grids.fills(),
            "totals": self.totals(), "actions": self.actions(), "flow": slots.flow(self.work, record) if self.stored else [],
            "idempotency_key": uuid4().hex, "save_url": own, "buffer_url": f"{own}/buffer" if self.stored else f"{base}/new/buffer",
            "editable": self.editable, "banner": self.banner, "title": self.title(), "subtitle": self.subtitle(found),
            "status": status_of(self.work, record) if self.stored else "", "status_label": self.status_label(),
            "topic": record.topic if self.stored else None, "crumbs": self.crumbs(), "more_open": self._more_open(),
            **(slots.rail(self.work, record) if self.stored else {}),
        }  # fmt: skip

    def title(self) -> str:
        """Return the heading."""
        return str(self.record.title) if self.stored else new_title(self.kind)

    def subtitle(self, found: Labels) -> str:
        """Return what stands below the heading: the party of a document, the code of a master."""
        if not self.stored:
            return ""
        for info in self.d.fields:
            if info.link and info.in_list and info.aspect is None:
                return shown(info, getattr(self.record, info.attribute, None), self.fmt, None, found)
        return str(getattr(self.record, "code", ""))

    def status_label(self) -> str:
        """Return the status in words."""
        info = self.d.get("status") or self.d.get("state")
        if not self.stored or info is None:
            return ""
        value = status_of(self.work, self.record)
        return str(dict(info.choices).get(value, value))

    def crumbs(self) -> list[tuple[str, str | None]]:
        """Return where this page hangs."""
        return [(str(self.d.plural), f"/{self.kind.__collection__}"), (self.title(), None)]

    def actions(self) -> list[Action]:
        """Return the buttons: for a new document those that save and go on."""
        if self.stored:
            return [action_of(verb, self.record) for verb in verbs_now(self.work, self.record) if verb.button]
        if self.d.is_voucher and may(self.work.actor, "submit", self.kind.__kind__):
            return [Action("submit", _("Submit"), f"/{self.kind.__collection__}/submission", primary=True)]
        return []

    def totals(self) -> list[tuple[str, str, str]]:
        """Return the box of totals: what the kind says, or nothing."""
        source = self.shown_record
        describe_totals = getattr(source, "shown_totals", None)
        return describe_totals(self.fmt) if describe_totals is not None else []

    def _arranged(self) -> tuple[list[FieldInfo], list[FieldInfo]]:
        """Return the fields shown at once and the folded ones; a company that must be chosen is asked first."""
        main = [info for info in self.d.main_fields if not (info.readonly and not self.stored)]
        more = self.d.more_fields
        company = self.d.get("company")
        if company in more and not self.stored and company.required and default_company(self.work) is None:
            first = replace(company, spec=replace(company.spec, group=""))
            return [first, *main], [info for info in more if info is not company]
        return main, more

    def _groups(self, main: list[FieldInfo]) -> list[tuple[str, list[FieldInfo]]]:
        names = list(dict.fromkeys(str(info.group) for info in main))
        return [(name or str(self.d.label), [info for info in main if str(info.group) == name]) for name in names]

    def _off(self, by_aspect: dict[Any, Any]) -> list[FieldInfo]:
        """Return the fields of features that are off in which something stands from before."""
        return [
            info for info in self.d.off if info.in_form and self.stored and self._value(info, by_aspect) is not None
        ]

    def _more_open(self) -> bool:
        folded = {info.name for info in self.d.more_fields}
        return any(path in folded for path in self.errors)

    def _aspects(self) -> dict[Any, Any]:
        used = {info.aspect for info in (*self.d.fields, *self.d.off) if info.aspect}
        ids = [self.record.id] if self.stored else []
        return {cls: aspects(self.work.session, cls, ids) for cls in used}

    def _value(self, info: FieldInfo, by_aspect: dict[Any, Any]) -> Any:
        if self.record is None:
            return None
        return value_of(self.record, info, by_aspect)

    def _links(self, by_aspect: dict[Any, Any]) -> Any:
        if self.record is None:
            return
        for info in (*self.d.fields, *self.d.off):
            if info.link:
                yield info.link, self._value(info, by_aspect)
        for name, line in self.d.lines.items():
            for row in getattr(self.record, name):
                for info in line.fields:
                    yield linked(info, getattr(row, info.attribute))
        if self.form:
            yield from self._typed_links()

    def _typed_links(self) -> Any:
        for info in self.d.form_fields:
            typed_id = (self.form or {}).get(f"{info.name}.id", "")
            if info.link and typed_id.isdigit():
                yield info.link, int(typed_id)

    def _values(self, by_aspect: dict[Any, Any], found: Labels) -> dict[str, str]:
        values = {}
        for info in (*self.d.form_fields, *self._off(by_aspect)):
            value = self._value(info, by_aspect)
            if info.link:
                values[info.name] = str(value or "")
            elif info.readonly or not (self.editable or self.comparing):
                values[info.name] = shown(info, value, self.fmt, getattr(self.record, "currency", None), found)
                if info.choices or info.type == "boolean":
                    values[info.name] = typed(info, value, self.fmt)
            else:
                values[info.name] = typed(info, value, self.fmt)
        if self.form is not None:
            for name, text in typed_values(self.d, self.form).items():
                info = self.d[name]
                values[name] = self.form.get(f"{name}.id", "") if info.link else text
        return values

    def _texts(self, by_aspect: dict[Any, Any], found: Labels) -> dict[str, str]:
        texts = {
            info.name: shown(info, self._value(info, by_aspect), self.fmt, None, found)
            for info in (*self.d.form_fields, *self._off(by_aspect)) if info.link
        }  # fmt: skip
        if self.form is not None:
            texts |= {name: self.form[name] for name in texts if name in self.form}
        return texts


def new_title(kind: type[Record]) -> str:
    """Return what making a record of this kind is called: "New sales order"."""
    label = str(kind.__label__)
    return _("New %(kind)s", kind=label.lower() if g.language == "en" else label)


def defaults_of(work: Work, kind: type[Record]) -> dict[str, Any]:
    """Return what a new form starts with: the company's day as the day of posting, and values from the URL."""
    description = described(work, kind.__kind__, "form")
    days = {
        one.name: work.today(work.actor.company_id).isoformat() for one in description.form_fields
        if one.attribute == "posting_date" and work.actor.company_id
    }  # fmt: skip
    return days | {name: value for name, value in request.args.items() if description.get(name) is not None}
