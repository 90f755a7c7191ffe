"""A person at a customer or a supplier: a row of the party's form, and a directory of its own."""

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change import valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Name, Record, field, link
from erp.kernel.text import _, _l


class Contact(Record):
    """Somebody to talk to. The party's form owns the rows; ``company_id`` follows the party."""

    __label__ = _l("Contact")
    __plural_label__ = _l("Contacts")
    __icon__ = "contact"
    __default_sort__ = "name"

    name: Mapped[Name] = field(_l("Name"), in_list=True, in_filter=True, search=True)
    job_title: Mapped[Name | None] = field(_l("Job"), in_list=True, search=True)
    email: Mapped[Name | None] = field(_l("E-mail"), in_list=True, search=True)
    phone: Mapped[str | None] = field(_l("Phone"), String(60), in_list=True, search=True)
    customer_id: Mapped[int | None] = link("customer", _l("Customer"), in_list=True, in_filter=True, in_form=False)
    supplier_id: Mapped[int | None] = link("supplier", _l("Supplier"), in_list=True, in_filter=True, in_form=False)
    company_id: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(Integer, default=0)


@valid_if(Contact)
def contact_problems(contact: Contact) -> list[Problem]:
    """Refuse an address that no mail can reach."""
    if contact.email and "@" not in contact.email[1:-1]:
        return [Problem("email", "not_an_address", _("Enter an e-mail address, such as name@example.com."))]
    return []
