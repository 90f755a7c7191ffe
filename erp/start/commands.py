"""Setting up the first company: basics, company, chart of accounts, administrator - in one transaction."""

from dataclasses import dataclass
from typing import Any

from babel.numbers import get_territory_currencies
from sqlalchemy import select

from erp.accounts.charts.commands import lay_out_chart
from erp.catalog.unit import seed_units
from erp.company.company import Company, has_company
from erp.company.currency import seed_currencies
from erp.kernel.change import Work, save
from erp.kernel.change.features import switch_feature
from erp.kernel.errors import Conflict, Problem, Problems
from erp.kernel.records.features import all_features
from erp.kernel.rights import ADMINISTRATOR
from erp.kernel.rights.commands import add_user
from erp.kernel.rights.seed import seed_rights
from erp.kernel.rights.tables import RightsVersion
from erp.kernel.rights.user import User
from erp.kernel.text import _
from erp.start.standard import add_standard_taxes, add_standard_terms

CHARTS = {"DE": "germany", "AT": "germany", "JP": "japan"}
ZONES = {
    "US": "America/New_York", "CA": "America/Toronto", "GB": "Europe/London", "IE": "Europe/Dublin",
    "DE": "Europe/Berlin", "AT": "Europe/Vienna", "CH": "Europe/Zurich", "FR": "Europe/Paris", "NL": "Europe/Amsterdam",
    "BE": "Europe/Brussels", "IT": "Europe/Rome", "ES": "Europe/Madrid", "PL": "Europe/Warsaw",
    "SE": "Europe/Stockholm",
    "DK": "Europe/Copenhagen", "NO": "Europe/Oslo", "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "CN": "Asia/Shanghai",
    "IN": "Asia/Kolkata", "AU": "Australia/Sydney", "NZ": "Pacific/Auckland", "SG": "Asia/Singapore",
}  # fmt: skip
FORMATS = {"US": "en_US", "GB": "en_GB", "DE": "de_DE", "AT": "de_DE", "FR": "fr_FR", "JP": "ja_JP"}


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first form asks. Empty fields follow from the country."""

    name: str
    country: str
    language: str = "en"
    currency: str = ""
    timezone: str = ""
    tax_id: str = ""
    fiscal_year_month: str = ""
    number_format: str = ""
    chart: str = ""
    features: tuple[str, ...] = ()
    login: str = ""
    person: str = ""
    email: str = ""
    password: str = ""


def chart_for(country: str) -> str:
    """Return the chart template that suits a country."""
    return CHARTS.get(country, "generic")


def currency_for(country: str) -> str:
    """Return the currency in use in a country today, or an empty string."""
    return next(iter(reversed(get_territory_currencies(country) or [])), "")


def needs_first_run(work: Work) -> bool:
    """Return whether no company exists yet."""
    return not has_company(work.session)


def has_user(work: Work) -> bool:
    """Return whether anybody can sign in already."""
    return work.session.scalar(select(User.id).limit(1)) is not None


def set_up(work: Work, wanted: FirstRun) -> Company:
    """Make the first company with its chart, and the administrator where nobody can sign in yet.

    Raises ``Conflict`` when a company exists and ``Problems`` with everything that is wrong. Two people who press the
    button at once come one after the other.
    """
    seed_rights(work.session)
    work.session.get_one(RightsVersion, 1, with_for_update=True)
    if not needs_first_run(work):
        raise Conflict(_("A company exists already. Sign in to change it."))
    seed_currencies(work)
    seed_units(work)
    problems = company_problems(work, wanted)
    company = None if problems else save(work, Company, _fields(wanted))
    if not has_user(work):
        _administrator(work, wanted, company, problems)
    if problems or company is None:
        raise Problems(problems)
    template = wanted.chart or chart_for(company.country)
    lay_out_chart(work, company.id, template)
    add_standard_taxes(work, company.id, template)
    add_standard_terms(work)
    known = {one.key for one in all_features()}
    for key in wanted.features:
        if key in known:
            switch_feature(work, key, on=True)
    return company


def company_problems(work: Work, wanted: FirstRun) -> list[Problem]:
    """Return what would be refused of the company itself; nothing is made."""
    if not wanted.country:
        missing = Problem("country", "required", _("%(field)s is missing.", field=_("Country")))
        return [missing, *(one for one in _refused(work, wanted) if one.field not in {"country", "currency"})]
    return _refused(work, wanted)


def _refused(work: Work, wanted: FirstRun) -> list[Problem]:
    try:
        save(work, Company, _fields(wanted), try_only=True)
    except Problems as refused:
        return list(refused.problems)
    return []


def _fields(wanted: FirstRun) -> dict[str, Any]:
    country = wanted.country.upper()
    return {
        "code": _code(wanted.name), "name": wanted.name, "country": country, "language": wanted.language,
        "currency": wanted.currency.upper() or currency_for(country), "tax_id": wanted.tax_id or None,
        "number_format": wanted.number_format or FORMATS.get(country),
        "timezone": wanted.timezone or ZONES.get(country, "UTC"), "fiscal_year_month": wanted.fiscal_year_month or "1",
    }  # fmt: skip


def _code(name: str) -> str:
    """Return a short code made of the name: "Lantern Coffee GmbH" becomes LCG."""
    words = "".join(sign if sign.isalnum() else " " for sign in name).split()
    return ("".join(word[0] for word in words[:4]) if len(words) > 1 else "".join(words)[:4]).upper() or "CO"


def _administrator(work: Work, wanted: FirstRun, company: Company | None, problems: list[Problem]) -> None:
    try:
        user = add_user(
            work, wanted.login, wanted.person or wanted.login, email=wanted.email or None, password=wanted.password,
            roles=[ADMINISTRATOR], language=wanted.language, timezone=company.timezone if company else "UTC",
        )  # fmt: skip
    except Problems as refused:
        problems += refused.problems
        return
    if company is not None:
        user.current_company_id = company.id
