"""Link fields: searching a kind by code or words, opening a linked record, creating one without leaving the form."""

from typing import Any, cast

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from erp.kernel.change.find import visible
from erp.kernel.change.links import code_column, title_column
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotFound
from erp.kernel.records.record import ACTIVE, CANCELLED, Master, Record, Voucher
from erp.kernel.records.registry import kind_of
from erp.kernel.rights import may
from erp.kernel.web.listing import escaped

pick = Blueprint("pick", __name__)
SHOWN = 12


@pick.get("/link/<kind>")
def options(kind: str) -> ResponseReturnValue:
    """Return the options of a link field for what is typed: code first, then words."""
    work, record = current_work(), kind_of(kind)
    if not may(work.actor, "read", kind):
        raise NotFound
    q = request.args.get("q", "").strip()
    found = search(work, record, q, request.args)
    return render_template(
        ["ui/_link_options.html"], options=found, q=q, kind=kind,
        create=may(work.actor, "create", kind) and issubclass(record, Master),
        create_url=f"/{record.__collection__}/new", label=record.__label__,
    )  # fmt: skip


def search(work: Work, kind: type[Record], q: str, narrowed: Any) -> list[dict[str, Any]]:
    """Return up to twelve records that begin with or hold what is typed."""
    code, title = code_column(kind), title_column(kind)
    columns = [kind.id, code, title if title is not None else code]
    where = [visible(work.actor, kind)]
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
        names = [column for column in dict.fromkeys((code, title)) if column is not None]
        query = query.where(or_(*(column.like(pattern) for column in names)))
        query = query.order_by((code == q).desc(), code.like(f"{escaped(q)}%").desc(), columns[2])
    else:
        query = query.order_by(columns[2])
    return [
        {"id": row[0], "code": row[1], "label": str(row[2] or row[1])}
        for row in work.session.execute(query.limit(SHOWN))
    ]


@pick.get("/link/<kind>/<int:record_id>")
def follow(kind: str, record_id: int) -> ResponseReturnValue:
    """Open the record that a link field names."""
    return redirect(f"/{kind_of(kind).__collection__}/{record_id}")
