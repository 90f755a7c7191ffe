"""What a company prints about itself: plain strings, for every kind of paper."""

import re
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
    seal: str = ""


IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


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


def _foot(company: Company, language: str) -> tuple[tuple[str, ...], ...]:
    """Return the foot as entered, with the tax number that the law wants on an invoice, or what stands in for it."""
    columns, number = letterhead_foot(company.letterhead_text), company.tax_id or ""
    if columns:
        known = any(number in line.replace(" ", "") for column in columns for line in column)
        return (
            columns if known or not number else ((*columns[0], _("VAT number %(number)s", number=number)), *columns[1:])
        )
    if language != "ja" or company.country != "JP":
        return ()
    registered = f"登録番号 {company.registration_number}" if company.registration_number else ""
    parts = (
        company.legal_name,
        " ".join(company_address(company)),
        registered,
        company.phone and f"TEL {company.phone}",
    )
    return (("　".join(part for part in parts if part),),)


def paper_of(company: Company, language: str) -> CompanyPaper:
    """Return what the company prints about itself in ``language``."""
    with in_language(language):
        phone = f"TEL {company.phone}" if company.phone and language == "ja" else company.phone
        contact = tuple(part for part in (phone, company.email, company.website) if part)
        international = IBAN.fullmatch((company.bank_account or "").replace(" ", "").upper())
        labels = (
            (_("Bank"), company.bank_name), ("IBAN" if international else _("Account"), company.bank_account),
            ("BIC" if international else _("Bank code"), company.bank_code), (_("Holder"), company.bank_account_holder),
        )  # fmt: skip
        return CompanyPaper(
            name=company.legal_name or company.name, short_name=company.name, address=company_address(company),
            contact=contact, foot=_foot(company, language), seal=company.seal or "",
            tax_number=(company.registration_number if company.country == "JP" else company.tax_id) or "",
            account=tuple((label, value) for label, value in labels if value), remark=company.invoice_remark or "",
        )  # fmt: skip
