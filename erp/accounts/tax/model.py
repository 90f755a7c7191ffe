"""A tax and the rates it had: a rate is in force on the days of its row, both included."""

from datetime import date

from sqlalchemy.orm import Mapped

from erp.kernel.records import Choice, CompanyBound, Line, Master, Price, field, link, owner, rows
from erp.kernel.text import _l

KINDS = (
    ("percent", _l("Percent of the base")),
    ("fixed_per_unit", _l("Amount for each unit")),
    ("percent_of_gross", _l("Percent of the amount with tax")),
)


class Tax(Master, CompanyBound):
    """A tax of a company. Taxes of one sequence share a base; one that affects the base enlarges it for later ones."""

    __label__ = _l("Tax")
    __plural_label__ = _l("Taxes")
    __collection__ = "taxes"
    __company_bound__ = True
    __icon__ = "percent"
    __setup__ = True

    tax_kind: Mapped[Choice] = field(_l("Kind"), name="tax_kind", default="percent", in_list=True, choices=KINDS)
    sequence: Mapped[int] = field(_l("Sequence"), default=0, group="More")
    affects_base: Mapped[bool] = field(_l("Enlarges the base of later taxes"), default=False, group="More")
    cash_basis: Mapped[bool] = field(_l("Reported when paid"), default=False, group="More")
    deductible: Mapped[bool] = field(_l("Deductible as input tax"), default=True, group="More")
    discounted: Mapped[bool] = field(_l("Falls with a cash discount"), default=True, group="More")
    category: Mapped[Choice | None] = field(_l("Category (EN 16931)"), group="More")
    head: Mapped[Choice | None] = field(_l("Head in reports"), group="More")
    sales_account_id: Mapped[int | None] = link("account", _l("Account on sales"), index=False)
    purchase_account_id: Mapped[int | None] = link("account", _l("Account on purchases"), index=False)
    rates: Mapped[list["TaxRate"]] = rows("TaxRate", _l("Rates"))


class TaxRate(Line):
    """The rate of a tax from one day to another: a percentage, or an amount for one unit."""

    tax_id: Mapped[int] = owner("tax")
    valid_from: Mapped[date | None] = field(_l("From"))
    valid_to: Mapped[date | None] = field(_l("To"))
    rate: Mapped[Price] = field(_l("Rate"))
