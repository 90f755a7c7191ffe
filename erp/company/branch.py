"""A branch of a company: a place with its own address; documents and users may be limited to it."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from erp.company.features import BRANCHES
from erp.kernel.records import CompanyBound, Master, Name, field
from erp.kernel.text import _l


class Branch(Master, CompanyBound):
    """A place where a company works."""

    __label__ = _l("Branch")
    __plural_label__ = _l("Branches")
    __company_bound__ = True
    __icon__ = "map-pin"
    __feature__ = BRANCHES.key

    street: Mapped[Name | None] = field(_l("Street"))
    postal_code: Mapped[str | None] = field(_l("Postal code"), String(20))
    city: Mapped[Name | None] = field(_l("City"), in_list=True)
    phone: Mapped[str | None] = field(_l("Phone"), String(60), group="More")
