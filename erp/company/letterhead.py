"""What a company prints about itself: plain strings, for every kind of paper."""

from dataclasses import dataclass

from erp.company.company import Company
from erp.company.countries import country_name
from erp.kernel.text import _, in_language


@dataclass(frozen=True, slots=True)
class CompanyPaper:
    """A company on paper; ``foot`` are columns of lines, ``account`` label and value pairs of its bank."""

    name: str
    short_name: str
    address: tuple[str, ...]
    contact: tuple[str, ...]
    foot: tuple[tuple[str, ...], ...]
    tax_number: str
    account: tuple[tuple[str, str], ...]
    remark: str


def company_address(company: Company, *, with_country: bool = False) -> tuple[str, ...]:
    """Return the company's address in the lines of an envelope, in the order of its country."""
    if company.country == "JP":
        place = "".join(part for part in (company.region, company.city, company.street) if part)
        lines = [f"〒{company.postal_code}" if company.postal_code else "", place]
    elif company.country in {"US", "CA", "AU"}:
        state = " ".join(part for part in (company.region, company.postal_code) if part)
        lines = [company.street or "", ", ".join(part for part in (company.city, state) if part)]
    else:
        lines = [company.street or "", " ".join(part for part in (company.postal_code, company.city) if part)]
    if with_country:
        lines.append(country_name(company.country))
    return tuple(line for line in lines if line)


def letterhead_foot(text: str | None) -> tuple[tuple[str, ...], ...]:
    """Return the foot as columns: one line each, an empty line begins the next column."""
    columns: list[list[str]] = [[]]
    for line in (text or "").splitlines():
        if line.strip():
            columns[-1].append(line.strip())
        elif columns[-1]:
            columns.append([])
    return tuple(tuple(column) for column in columns if column)


def paper_of(company: Company, language: str) -> CompanyPaper:
    """Return what the company prints about itself in ``language``."""
    with in_language(language):
        contact = tuple(part for part in (company.phone, company.email, company.website) if part)
        labels = (
            (_("Bank"), company.bank_name), (_("Account"), company.bank_account), (_("Bank code"), company.bank_code),
            (_("Holder"), company.bank_account_holder),
        )  # fmt: skip
        return CompanyPaper(
            name=company.legal_name or company.name, short_name=company.name, address=company_address(company),
            contact=contact, foot=letterhead_foot(company.letterhead_text),
            tax_number=(company.registration_number if company.country == "JP" else company.tax_id) or "",
            account=tuple((label, value) for label, value in labels if value), remark=company.invoice_remark or "",
        )  # fmt: skip
