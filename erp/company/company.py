"""A company: the owner of books, of paper and of most documents."""

from zoneinfo import available_timezones

from sqlalchemy import BigInteger, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.company.countries import country_problems
from erp.company.currency import code_problems
from erp.company.fiscal_year import MONTHS
from erp.company.tax_ids import registration_number_problem, tax_id_problem, tidy
from erp.kernel.change import Work, computes, kept, valid_if
from erp.kernel.change.work import zone_of_company
from erp.kernel.errors import Problem
from erp.kernel.records import Choice, Currency, LongText, Master, Name, field
from erp.kernel.text import _, _l

LANGUAGES = (("en", "English"), ("ja", "日本語"))
FORMATS = (
    ("en_US", "1,234.56 · 06/18/2026"),
    ("en_GB", "1,234.56 · 18/06/2026"),
    ("de_DE", "1.234,56 · 18.06.2026"),
    ("fr_FR", "1 234,56 · 18/06/2026"),
    ("ja_JP", "1,234.56 · 2026/06/18"),
)
ADDRESS, PAPER, BANK = _l("Address"), "More", "More"


class Company(Master):
    """A company of the house. Its currency is that of its books and stays fixed once something is posted."""

    __label__ = _l("Company")
    __plural_label__ = _l("Companies")
    __icon__ = "building-2"
    __setup__ = True
    __field_order__ = (
        "code", "name", "legal_name", "country", "currency", "timezone", "language", "tax_id", "registration_number",
        "street", "postal_code", "city", "region",
    )  # fmt: skip

    legal_name: Mapped[Name | None] = field(_l("Legal name"), in_list=True, search=True)
    country: Mapped[str] = field(
        _l("Country"), String(2), in_list=True, in_filter=True, help=_l("Two letters: US, DE, JP.")
    )
    currency: Mapped[Currency] = field(_l("Currency"), in_list=True, help=_l("Fixed after the first posting."))
    fiscal_year_month: Mapped[Choice] = field(
        _l("Fiscal year begins in"), default="1", group="More", choices=MONTHS, help=_l("With the first of this month.")
    )
    timezone: Mapped[Choice] = field(_l("Time zone"), default="UTC", in_list=True)
    language: Mapped[Choice] = field(_l("Language"), default="en", choices=LANGUAGES)
    number_format: Mapped[Choice | None] = field(_l("Numbers and dates"), group="More", choices=FORMATS)
    tax_id: Mapped[str | None] = field(_l("Tax number"), String(40))
    registration_number: Mapped[str | None] = field(
        _l("Registration number"), String(40), help=_l("Japan: T and 13 digits, printed on qualified invoices.")
    )

    street: Mapped[Name | None] = field(_l("Street"), group=ADDRESS)
    postal_code: Mapped[str | None] = field(_l("Postal code"), String(20), group=ADDRESS)
    city: Mapped[Name | None] = field(_l("City"), group=ADDRESS)
    region: Mapped[Name | None] = field(_l("State or region"), group=ADDRESS)

    phone: Mapped[str | None] = field(_l("Phone"), String(60), group=PAPER)
    email: Mapped[Name | None] = field(_l("E-mail"), group=PAPER)
    website: Mapped[Name | None] = field(_l("Website"), group=PAPER)
    bank_name: Mapped[Name | None] = field(_l("Bank"), group=BANK)
    bank_account: Mapped[str | None] = field(_l("Account number or IBAN"), String(60), group=BANK)
    bank_code: Mapped[str | None] = field(_l("Bank code or BIC"), String(40), group=BANK)
    bank_account_holder: Mapped[Name | None] = field(_l("Account holder"), group=BANK)
    letterhead_text: Mapped[LongText | None] = field(
        _l("Foot of the letterhead"), group=PAPER, help=_l("One line each; an empty line begins the next column.")
    )
    invoice_remark: Mapped[LongText | None] = field(_l("Remark on invoices"), group=PAPER)
    seal: Mapped[str | None] = field(
        _l("Seal"), String(9), group=PAPER,
        help=_l("Up to nine characters of a square seal, printed on Japanese papers."),
    )  # fmt: skip
    logo_file_id: Mapped[int | None] = mapped_column(BigInteger)


@computes(Company)
def normalise(company: Company) -> None:
    """Write country and numbers as authorities do: capitals, no blanks."""
    company.country = (company.country or "").upper()
    company.tax_id = tidy(company.tax_id)
    company.registration_number = tidy(company.registration_number)
    company.legal_name = company.legal_name or company.name


@valid_if(Company)
def company_problems(company: Company) -> list[Problem]:
    """Refuse countries, time zones and tax numbers that do not exist."""
    found = country_problems("country", company.country) + code_problems("currency", company.currency)
    if company.timezone not in available_timezones():
        found.append(Problem("timezone", "unknown_timezone", _("Choose a time zone, such as Europe/Berlin.")))
    found += tax_id_problem("tax_id", company.country, company.tax_id)
    if company.country == "JP":
        found += registration_number_problem("registration_number", company.registration_number)
    return found


@zone_of_company
def zone_of(work: Work, company_id: int) -> str:
    """Return the time zone in which the company's days begin."""
    return _basics(work, company_id)[0]


BASICS = select(Company.timezone, Company.currency).where(Company.id == bindparam("company"))


def _basics(work: Work, company_id: int) -> tuple[str, str]:
    """Return a company's time zone and currency."""

    def find() -> tuple[str, str]:
        row = work.session.execute(BASICS, {"company": company_id}).one_or_none()
        return (row[0] or "UTC", row[1] or "") if row is not None else ("UTC", "")

    return kept(work, ("company basics", company_id), find)


def company_of(work: Work, company_id: int) -> Company:
    """Return the company itself, found once in a unit of work; no right is asked."""
    found: Company = work.once(("company", company_id), lambda: work.session.get_one(Company, company_id))
    return found


def currency_of(work: Work, company_id: int) -> str:
    """Return the currency of the company's books."""
    return _basics(work, company_id)[1]


def has_company(session: Session) -> bool:
    """Return whether any company exists: false only before the first run."""
    return session.scalar(select(Company.id).limit(1)) is not None
