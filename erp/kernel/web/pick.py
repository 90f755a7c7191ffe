"""Link fields: searching a kind by code or words, opening a linked record, creating one without leaving the form."""

import re
import unicodedata
from typing import Any, cast
from uuid import uuid4

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from erp.kernel.change.described import described, may_make
from erp.kernel.change.find import can_name_any, nameable
from erp.kernel.change.links import code_column, title_column
from erp.kernel.change.save import save
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotFound, Problems
from erp.kernel.records.description import FieldInfo
from erp.kernel.records.record import ACTIVE, CANCELLED, Master, Record, Voucher
from erp.kernel.records.registry import kind_of
from erp.kernel.web.answers import Answer
from erp.kernel.web.filters import escaped
from erp.kernel.web.forms import payload_of
from erp.kernel.web.formview import new_title
from erp.kernel.web.pages import reader_format

pick = Blueprint("pick", __name__)
SHOWN = 12
PREFIX = "quick."
LONGEST_CODE = 12


@pick.get("/link/<kind>")
def options(kind: str) -> ResponseReturnValue:
    """Return the options of a link field for what is typed: code first, then words."""
    work, record = current_work(), kind_of(kind)
    if not can_name_any(work.actor, record):
        raise NotFound
    q = request.args.get("q", "").strip()
    found = search(work, record, q, request.args)
    return render_template(
        ["ui/_link_options.html"], options=found, q=q, kind=kind,
        create=may_make(work, record) and issubclass(record, Master),
        create_url=f"/{record.__collection__}/new", label=record.__label__,
    )  # fmt: skip


def search(work: Work, kind: type[Record], q: str, narrowed: Any) -> list[dict[str, Any]]:
    """Return up to twelve records that begin with or hold what is typed."""
    code, title = code_column(kind), title_column(kind)
    columns = [kind.id, code, title if title is not None else code]
    where = [nameable(work.actor, kind)]
    table = cast("Any", kind)
    if issubclass(kind, Master):
        where.append(kind.state == ACTIVE)
    if issubclass(kind, Voucher):
        where.append(table.state != CANCELLED)
    company = narrowed.get("company", "").removeprefix("id:")
    if company.isdigit() and hasattr(kind, "company_id"):
        where.append(or_(table.company_id == int(company), table.company_id.is_(None)))
    query = select(*columns).where(*where)
    if q:
        pattern = f"%{escaped(q)}%"
        names = [column for column in dict.fromkeys((code, title, getattr(kind, "kana", None))) if column is not None]
        query = query.where(or_(*(column.like(pattern) for column in names)))
        query = query.order_by((code == q).desc(), code.like(f"{escaped(q)}%").desc(), columns[2])
    else:
        query = query.order_by(columns[2])
    return [
        {"id": row[0], "code": row[1], "label": str(row[2] or row[1])}
        for row in work.session.execute(query.limit(SHOWN))
    ]


@pick.get("/link/<kind>/new")
def quick_form(kind: str) -> ResponseReturnValue:
    """Return the dialog that makes a record without leaving the form: only what is required, the rest can follow."""
    work, master = current_work(), _master(kind)
    name = request.args.get("name", "").strip()
    title = master.__title__
    return _dialog(work, master, {"code": proposed_code(work, master, name), str(title): name}, {})


@pick.post("/link/<kind>")
def quick_create(kind: str) -> ResponseReturnValue:
    """Make the record and answer with the option that the link field takes."""
    work, master = current_work(), _master(kind)
    form = {name.removeprefix(PREFIX): value for name, value in request.form.items()}
    description = described(work, kind, "form")
    try:
        made = save(work, master, payload_of(description, form), reader=reader_format())
    except Problems as problems:
        work.session.rollback()
        said: dict[str, list[str]] = {}
        for problem in problems.problems:
            said.setdefault(problem.field, []).append(str(problem.message))
        raise Answer(_dialog(work, master, form, said, 422)) from None
    made_as = {"id": made.id, "code": made.code, "label": str(made.title)}
    return render_template("ui/_link_options.html", options=[made_as], q="", kind=kind, create=False)


def _master(kind: str) -> type[Master]:
    found = kind_of(kind)
    if not issubclass(found, Master) or not found.__listed__:
        raise NotFound
    return found


def _dialog(
    work: Work, kind: type[Master], form: dict[str, str], said: dict[str, list[str]], status: int = 200
) -> ResponseReturnValue:
    description = described(work, kind.__kind__, "form")
    infos = [info for info in description.form_fields if _is_asked(info, said)]
    text = render_template(
        "ui/_quick.html", infos=infos, values=form, errors=said, kind=kind.__kind__, key=uuid4().hex,
        heading=new_title(kind), full_url=f"/{kind.__collection__}/new",
        others=[message for name, messages in said.items() if description.get(name) is None for message in messages],
    )  # fmt: skip
    return make_response(text, status)


def _is_asked(info: FieldInfo, said: dict[str, list[str]]) -> bool:
    return not info.readonly and (info.required or info.name in {"code", *said})


def proposed_code(work: Work, kind: type[Master], name: str) -> str:
    """Return a code that is free: the letters of the name, or the kind's own and a number."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    stem = re.sub(r"[^A-Z0-9]+", "", plain)[:LONGEST_CODE] or f"{kind.__kind__[:1].upper()}-"
    code = code_column(kind)
    taken = set(work.session.scalars(select(code).where(code.like(f"{escaped(stem)}%"))))
    if stem not in taken and not stem.endswith("-"):
        return stem
    return next(found for n in range(2, len(taken) + 3) if (found := f"{stem}{n}") not in taken)


@pick.get("/link/<kind>/<int:record_id>")
def follow(kind: str, record_id: int) -> ResponseReturnValue:
    """Open the record that a link field names."""
    return redirect(f"/{kind_of(kind).__collection__}/{record_id}")
