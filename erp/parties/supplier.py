"""A supplier: somebody from whom the business buys."""

from sqlalchemy.orm import Mapped

from erp.kernel.change import computes, valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Line, Master, owner, rows
from erp.kernel.text import _l
from erp.parties.contact import Contact
from erp.parties.party import AddressFields, PartyFields, normalise, party_problems


class Supplier(PartyFields, Master):
    """Somebody from whom the business buys."""

    __label__ = _l("Supplier")
    __plural_label__ = _l("Suppliers")
    __icon__ = "truck"

    addresses: Mapped[list["SupplierAddress"]] = rows("SupplierAddress", _l("Addresses"))
    contacts: Mapped[list[Contact]] = rows("Contact", _l("Contacts"))


class SupplierAddress(Line, AddressFields):
    """One address of a supplier."""

    supplier_id: Mapped[int] = owner("supplier")


@computes(Supplier)
def tidy_supplier(supplier: Supplier) -> None:
    """Write the supplier's data as they are kept."""
    normalise(supplier)


@valid_if(Supplier)
def supplier_problems(supplier: Supplier) -> list[Problem]:
    """Refuse what cannot be true of a supplier."""
    return party_problems(supplier)
