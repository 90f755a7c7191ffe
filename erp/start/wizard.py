"""The steps of the first run: what each asks, and what was typed so far, kept in this browser until the company is made."""

import json
from dataclasses import dataclass

from flask import Response, request

from erp.accounts.charts.commands import TEMPLATES, chart_rows
from erp.kernel.text import _, _l
from erp.start.commands import chart_for

KEPT, KEPT_SECONDS, KEPT_BYTES = "first_run", 14 * 24 * 3600, 3000
SHOWN_ROLES = frozenset({"receivable", "bank", "payable", "tax_payable", "revenue"})


@dataclass(frozen=True, slots=True)
class WizardStep:
    """One page of the first run; ``fields`` are those it asks."""

    key: str
    label: str
    hint: str
    title: str
    fields: tuple[str, ...]


COMPANY = WizardStep(
    "company", _l("Company"), _l("Name, country, language"), _l("Your company"),
    ("name", "country", "language", "currency", "tax_id"),
)  # fmt: skip
BOOKS = WizardStep(
    "books", _l("Books"), _l("Fiscal year and accounts"), _l("Your books"), ("fiscal_year_month", "chart")
)
WORK = WizardStep(
    "work", _l("How you work"), _l("Dates, numbers and features"), _l("How you work"),
    ("timezone", "number_format", "features"),
)  # fmt: skip
LOGIN = WizardStep(
    "login", _l("Your login"), _l("The first administrator"), _l("Your login"), ("person", "login", "email", "password")
)
SECRET = "password"  # noqa: S105 - the name of a field


def wizard_steps(*, asks_login: bool) -> list[WizardStep]:
    """Return the pages in their order; the login is asked only while nobody can sign in."""
    return [COMPANY, BOOKS, WORK, *([LOGIN] if asks_login else [])]


def step_number(steps: list[WizardStep], wanted: str | None) -> int:
    """Return the place of the page that a URL or a form names, the first one for what is no place."""
    number = int(wanted) if wanted and wanted.isascii() and wanted.isdigit() and len(wanted) == 1 else 1
    return min(max(number, 1), len(steps))


def kept() -> dict[str, str]:
    """Return what this browser typed on earlier pages."""
    try:
        found = json.loads(request.cookies.get(KEPT, "{}"))
    except ValueError:
        return {}
    known = {name for step in (COMPANY, BOOKS, WORK, LOGIN) for name in step.fields}
    return {name: str(text) for name, text in found.items() if name in known} if isinstance(found, dict) else {}


def keep(response: Response, typed: dict[str, str]) -> Response:
    """Keep what was typed in this browser, so that going back, closing it or a restart loses nothing.

    A password is never kept: it is asked on the last page and used at once.
    """
    text = json.dumps({name: value for name, value in typed.items() if value and name != SECRET})
    if len(text) <= KEPT_BYTES:
        response.set_cookie(
            KEPT, text, max_age=KEPT_SECONDS, path="/first-run", secure=request.is_secure, httponly=True,
            samesite="Strict",
        )  # fmt: skip
    return response


def forget(response: Response) -> None:
    """Let go of what was typed: the company is made."""
    response.delete_cookie(KEPT, path="/first-run", secure=request.is_secure, httponly=True, samesite="Strict")


@dataclass(frozen=True, slots=True)
class Offer:
    """A chart of accounts to choose, with the part of it that says what one gets."""

    key: str
    label: str
    hint: str
    count: int
    rows: list[tuple[int, str, str]]


def chart_offers(country: str) -> list[Offer]:
    """Return the charts, the usual one of the country first."""
    usual = chart_for(country)
    return sorted((_offer(key, str(label), usual) for key, label in TEMPLATES), key=lambda one: one.key != usual)


def _offer(key: str, label: str, usual: str) -> Offer:
    rows = chart_rows(key)
    shown = [row for row in rows if row.role in SHOWN_ROLES and row.default]
    above = {row.parent for row in shown}
    sample = [(0 if row.is_group else 1, row.code, row.name) for row in rows if row.code in above or row in shown]
    hint = _("Usual in your country") if key == usual else _("%(count)s accounts, easy to grow", count=len(rows))
    return Offer(key, label, hint, len(rows), sample)
