"""What customers and suppliers have in common: names, numbers, addresses and the rules about them."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from erp.company.countries import country_problems
from erp.company.currency import code_problems
from erp.company.shared import SharedOrOwn
from erp.company.tax_ids import tax_id_problem, tidy
from erp.kernel.errors import Problem
from erp.kernel.paper.fold import fold
from erp.kernel.records import Choice, Currency, LongText, Name, field
from erp.kernel.text import _, _l

LANGUAGES = (("en", "English"), ("ja", "日本語"))
USES = (("billing", _l("Billing")), ("delivery", _l("Delivery")), ("other", _l("Other")))


class PartyFields(SharedOrOwn):
    """The columns of a party. Without a company it is known to all of them."""

    country: Mapped[str | None] = field(
        _l("Country"), String(2), in_list=True, in_filter=True, help=_l("Two letters: US, DE, JP.")
    )
    kana: Mapped[Name | None] = field(_l("Reading (kana)"), search=True, group="More")
    language: Mapped[Choice | None] = field(_l("Language of papers"), choices=LANGUAGES)
    currency: Mapped[Currency | None] = field(_l("Currency"), in_filter=True, help=_l("Empty: the company's own."))
    tax_id: Mapped[str | None] = field(_l("Tax number"), String(40), search=True)
    email: Mapped[Name | None] = field(_l("E-mail"), in_list=True, search=True)
    phone: Mapped[str | None] = field(_l("Phone"), String(60), in_list=True, search=True)
    website: Mapped[Name | None] = field(_l("Website"), group="More")
    note: Mapped[LongText | None] = field(_l("Note"), group="More")


class AddressFields:
    """One address of a party."""

    use: Mapped[Choice] = field(_l("Use"), default="billing", choices=USES, in_list=True)
    name: Mapped[Name | None] = field(_l("Name on the letter"))
    street: Mapped[Name | None] = field(_l("Street"), in_list=True)
    postal_code: Mapped[str | None] = field(_l("Postal code"), String(20), in_list=True)
    city: Mapped[Name | None] = field(_l("City"), in_list=True)
    region: Mapped[Name | None] = field(_l("State or region"), in_list=True)
    country: Mapped[str | None] = field(_l("Country"), String(2), in_list=True)


def normalise(party: Any) -> None:
    """Write countries in capitals and tax numbers without blanks, and give each address a country."""
    party.country = (party.country or "").upper() or None
    party.tax_id = tidy(party.tax_id)
    for address in party.addresses:
        address.country = (address.country or "").upper() or party.country
    if party.country is None:
        party.country = next((address.country for address in party.addresses if address.country), None)
    for contact in party.contacts:
        contact.company_id = party.company_id


def party_problems(party: Any) -> list[Problem]:
    """Refuse countries and tax numbers that do not exist, and a reading that is not kana."""
    found = country_problems("country", party.country) + tax_id_problem("tax_id", party.country, party.tax_id)
    found += code_problems("currency", party.currency)
    for line, address in enumerate(party.addresses, 1):
        found += [problem.under("addresses", line) for problem in country_problems("country", address.country)]
    if party.kana and not all(_is_kana(sign) for sign in fold(party.kana)):
        found.append(Problem("kana", "not_kana", _("Write the reading in kana.")))
    return found


def _is_kana(sign: str) -> bool:
    return sign.isspace() or sign.isascii() or "\u3040" <= sign <= "\u30ff" or sign in "・ー（）"


def chosen_address(party: Any, use: str = "billing") -> Any | None:
    """Return the address for ``use``: one of that use, else the first."""
    return next((one for one in party.addresses if one.use == use), None) or next(iter(party.addresses), None)


def address_lines(address: Any | None) -> list[str]:
    """Return an address in the lines of an envelope, without the country."""
    if address is None:
        return []
    if address.country == "JP":
        place = "".join(part for part in (address.region, address.city, address.street) if part)
        return [line for line in (f"〒{address.postal_code}" if address.postal_code else "", place) if line]
    if address.country in {"US", "CA", "AU"}:
        town = ", ".join(
            part for part in (address.city, " ".join(p for p in (address.region, address.postal_code) if p)) if part
        )
    else:
        town = " ".join(part for part in (address.postal_code, address.city) if part)
    return [line for line in (*(address.street or "").split("\n"), town) if line]
