"""A report on paper: made by the PDF worker with the rights of whoever asked, and kept for a while as his own file."""

import importlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from erp.kernel.change.links import labels
from erp.kernel.change.work import Work, snapshot
from erp.kernel.format import Format
from erp.kernel.paper.billing import sender_strings
from erp.kernel.paper.files import REPORT, store
from erp.kernel.paper.layouts import STYLE, sheet, style
from erp.kernel.paper.notifications import JOB, N_, notice
from erp.kernel.paper.reports import MOST, Column, Report, Table, ask, report_named, run
from erp.kernel.paper.standard import letterhead
from erp.kernel.text import _, _l, language
from erp.kernel.web.chrome import company_currency
from erp.kernel.work import job, later

NUMBERS = {"money", "number", "quantity", "price", "percent", "integer"}
UPRIGHT_COLUMNS = 5
"""Up to so many columns a report stands upright; a wider one lies."""
SOON = timedelta(seconds=6)
"""So long the asking page waits; only later is a notice worth reading."""


def request_report(work: Work, name: str, given: Mapping[str, str]) -> int:
    """Ask the PDF worker for a report; return the task. Refused at once, and not only later, when it would be."""
    ask(work, report_named(work.actor, name), given)
    return later(work, "report.print", {"name": name, "given": dict(given), "asked": work.now.isoformat()})


@job("report.print", queue="pdf", label=_l("Make the PDF of a report"), attempts=3)
def make(work: Work, *, name: str, given: dict[str, str], asked: str) -> dict[str, Any]:
    """Read the report from one consistent snapshot, render it, keep it."""
    with snapshot(work.actor) as own:
        one = report_named(work.actor, name)
        table = run(own, name, given, limit=MOST)
        html = sheet("print/report.html", paper_of(own, one, table, ask(own, one, given)))
    pdf = _renderer().pdf_of(html, {STYLE: (style(), "text/css")})
    day = f"-{table.as_of.isoformat()}" if table.as_of else ""
    file = store(work, f"{name}{day}.pdf", pdf, "application/pdf", purpose=REPORT)
    if work.actor.user_id is not None and work.now - datetime.fromisoformat(asked) > SOON:
        notice(
            work, work.actor.user_id, N_("%(name)s is ready"), values={"name": str(one.label)}, url=file.url, type=JOB
        )
    return {"file": file.id, "url": file.url}


def paper_of(work: Work, one: Report, table: Table, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report as the strings of ``print/report.html``; a sheet says what was asked, and when."""
    currency = table.currency or company_currency(work) or "EUR"
    fmt = Format(language(), work.actor.timezone or "UTC", currency)
    sender = letterhead(work, asked["company"])
    about = [sender.name, table.subtitle, *_said(work, one, asked, fmt)]
    if table.as_of and "as_of" not in asked:
        about.append(_("As of %(when)s.", when=fmt.date(table.as_of)))
    wide = len(table.columns) > UPRIGHT_COLUMNS
    return {
        "layout": "report wide" if wide else "report", "language": language(), "title": str(one.label), "number": "",
        "stamp": "", "sender": sender_strings(sender), "about": " · ".join(part for part in about if part),
        "columns": [{"label": str(column.label), "is_number": column.type in NUMBERS} for column in table.columns],
        "rows": [_row(row, table.columns, fmt) for row in table.rows],
        "totals": _totals(table, fmt), "note": table.note or left_out(table, fmt),
        "printed": _("Printed %(when)s", when=fmt.instant(work.now)),
    }  # fmt: skip


def _totals(table: Table, fmt: Format) -> list[dict[str, Any]]:
    totals = shown_totals(table, fmt) or {}
    return [{"text": totals.get(one.key, ""), "is_number": one.type in NUMBERS} for one in table.columns if totals]


def left_out(table: Table, fmt: Format) -> str:
    """Say that not all rows are shown, and where they are."""
    if not table.left:
        return ""
    shown = len(list(table.rows))
    return _(
        "%(shown)s of %(all)s rows are shown; sums are of all of them. Choose less, or export them as CSV.",
        shown=fmt.number(shown), all=fmt.number(shown + table.left),
    )  # fmt: skip


def _said(work: Work, one: Report, asked: Mapping[str, Any], fmt: Format) -> list[str]:
    """Return the options of a report in words: “From: 1 Jan 2026”."""
    found = []
    for parameter in one.parameters[1:]:
        value = asked.get(parameter.name)
        if value is None or value is False:
            continue
        if parameter.link:
            known = labels(work.session, parameter.link, [value])
            text = known[value].text if value in known else ""
        elif isinstance(value, datetime):
            text = fmt.instant(value)
        elif isinstance(value, date):
            text = fmt.date(value)
        else:
            text = str(dict(parameter.choices).get(str(value), "" if value is True else value))
        found.append(f"{parameter.label}: {text}" if text else str(parameter.label))
    return found


def _row(row: Mapping[str, Any], columns: list[Column], fmt: Format) -> dict[str, Any]:
    cells = [
        {"text": shown_value(column, row.get(column.key), fmt), "is_number": column.type in NUMBERS}
        for column in columns
    ]
    return {"depth": min(int(row.get("depth") or 0), 4), "bold": bool(row.get("bold")), "cells": cells}


def shown_totals(table: Table, fmt: Format) -> dict[str, Any] | None:
    """Return the totals as the reader writes them; there a zero is a figure like any other."""
    if not table.totals:
        return None
    zeros = {
        column.key: fmt.money(Decimal(0), column.currency) if column.type == "money" else "0"
        for column in table.columns if table.totals.get(column.key) == 0
    }  # fmt: skip
    return shown_row(table.totals, table.columns, fmt) | zeros


def shown_row(row: Mapping[str, Any], columns: list[Column], fmt: Format) -> dict[str, Any]:
    """Return a row with its figures and dates as the reader writes them."""
    shown = dict(row)
    for column in columns:
        shown[column.key] = shown_value(column, row.get(column.key), fmt)
    return shown


def shown_value(column: Column, value: Any, fmt: Format) -> str:
    """Return one figure, date or word as the reader writes it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return ledger_figure(value, column, fmt)
    if isinstance(value, int) and not isinstance(value, bool) and column.type in NUMBERS:
        return fmt.number(value)
    if isinstance(value, datetime):
        return fmt.instant(value)
    if isinstance(value, date):
        return fmt.date(value)
    return str(value)


def ledger_figure(value: Decimal, column: Column, fmt: Format) -> str:
    """Return a figure as books show it: in brackets what is negative, a dash for nothing."""
    if not value:
        return "–"
    text = fmt.money(abs(value), column.currency) if column.type == "money" else fmt.number(abs(value))
    return f"({text})" if value < 0 else text


def _renderer() -> Any:
    """Load the renderer in the process that renders, and only there: it costs 50 MB."""
    return importlib.import_module("erp.kernel.paper.pdf")
