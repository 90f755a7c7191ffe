"""A customer: somebody who orders, is invoiced and pays."""

from sqlalchemy.orm import Mapped

from erp.kernel.change import computes, valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Line, Master, Money, field, link, owner, rows
from erp.kernel.text import _, _l
from erp.parties.contact import Contact
from erp.parties.party import AddressFields, PartyFields, normalise, party_problems


class Customer(PartyFields, Master):
    """Somebody to whom the business sells."""

    __label__ = _l("Customer")
    __plural_label__ = _l("Customers")
    __icon__ = "user-round"
    __scope_keys__ = {"territory": "territory_id"}

    credit_limit: Mapped[Money | None] = field(_l("Credit limit"), help=_l("Empty: no limit."))
    territory_id: Mapped[int | None] = link("territory", _l("Territory"), in_filter=True, group="More")
    owner_id: Mapped[int | None] = link(
        "user", _l("Owner"), group="More", help=_l("The user who looks after this customer.")
    )
    addresses: Mapped[list["CustomerAddress"]] = rows("CustomerAddress", _l("Addresses"))
    contacts: Mapped[list[Contact]] = rows("Contact", _l("Contacts"))


class CustomerAddress(Line, AddressFields):
    """One address of a customer."""

    customer_id: Mapped[int] = owner("customer")


@computes(Customer)
def tidy_customer(customer: Customer) -> None:
    """Write the customer's data as they are kept."""
    normalise(customer)


@valid_if(Customer)
def customer_problems(customer: Customer) -> list[Problem]:
    """Refuse what cannot be true of a customer."""
    found = party_problems(customer)
    if customer.credit_limit is not None and customer.credit_limit < 0:
        found.append(Problem("credit_limit", "negative", _("A credit limit is not negative.")))
    return found
