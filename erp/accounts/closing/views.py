"""The page on which years are closed: how each stands, what can be done with it, and what was done when by whom."""

from typing import Any

from flask import Blueprint, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from erp.accounts.closing.commands import close_year
from erp.accounts.closing.periods import CLOSE, REOPEN, close_books, day_before, reopen_books, years_of
from erp.accounts.company import books_of
from erp.company.company import Company
from erp.kernel.change import Work, current_work, find
from erp.kernel.change.audit import AuditEntry
from erp.kernel.change.find import visible
from erp.kernel.errors import NotFound
from erp.kernel.rights import may
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, _l
from erp.kernel.web.account import page
from erp.kernel.web.settings_index import COMPANY, settings_line

closing = Blueprint("closing", __name__, url_prefix="/settings/closing")
settings_line(
    _l("Closing of the books"), _l("Close fiscal years and months, carry results on."), "/settings/closing",
    group=COMPANY, right=(CLOSE, "company"),
)  # fmt: skip
ACTS: dict[str, Any] = {"closing": close_books, "reopening": reopen_books, "year": close_year}
SHOWN = 20


@surface("closing.choose", kind="company", verb=CLOSE)
@closing.get("")
def choose() -> ResponseReturnValue:
    """Show the years of one company: the one asked for, the reader's own, or the first."""
    work = current_work()
    companies = list(work.session.scalars(select(Company).where(visible(work.actor, Company)).order_by(Company.name)))
    wanted = request.args.get("company") or str(getattr(work.actor, "company_id", "") or "")
    company = next((one for one in companies if str(one.id) == wanted), companies[0] if companies else None)
    if company is None:
        raise NotFound
    return _shown(work, company, companies)


def _shown(work: Work, company: Company, companies: list[Company]) -> ResponseReturnValue:
    fmt = g.format
    years = [
        {
            "start": fmt.date(year.span.start), "end": fmt.date(year.span.end), "until": year.span.end.isoformat(),
            "before": day_before(year.span).isoformat(), "name": str(year.span.start.year), "year": year,
        }
        for year in years_of(work, company.id)
    ]  # fmt: skip
    closed = books_of(work, company.id).closed_until
    return page(
        "closing", _("Closing of the books"), company=company, companies=companies, years=years,
        closed=fmt.date(closed) if closed else "", history=_history(work, company.id),
        may_reopen=may(work.actor, REOPEN, Company.__kind__, company),
    )  # fmt: skip


def _history(work: Work, company_id: int) -> list[dict[str, Any]]:
    """Return who moved the day up to which the books are closed, by this page or any other way; the newest first."""
    moved = func.json_exists(AuditEntry.changes, "$.books_closed_until")
    query = select(AuditEntry).where(AuditEntry.kind == Company.__kind__, AuditEntry.record_id == company_id, moved)
    rows = work.session.scalars(query.order_by(AuditEntry.id.desc()).limit(SHOWN))
    return [_told(row, *(row.changes or {})["books_closed_until"]) for row in rows]


def _told(row: AuditEntry, before: str | None, after: str | None) -> dict[str, Any]:
    what = _("closed") if (after or "") > (before or "") else _("opened again")
    return {"at": g.format.instant(row.at), "who": row.user_name, "what": what, "note": row.note, "until": after or ""}


@surface("closing.act", kind="company", verb=f"{CLOSE}|{REOPEN}|update")
@closing.post("/<int:company_id>/<act>")
def act(company_id: int, act: str) -> ResponseReturnValue:
    """Close the books up to a day, open them again, or carry the result of a year on."""
    if act not in ACTS:
        raise NotFound
    work = current_work()
    company = find(work, Company, company_id, for_update=True)
    given = {name: request.form[name] for name in ("until", "reason", "year") if name in request.form}
    ACTS[act](work, company, **given)
    return redirect(f"/settings/closing?company={company_id}&done=1", code=303)
