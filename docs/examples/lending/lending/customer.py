"""What the desk must know of a customer, kept beside him in a table of our own."""

from sqlalchemy.orm import Mapped

from erp.kernel.records import field
from erp.kernel.records.aspects import Aspect
from erp.parties.customer import Customer


class CustomerLending(Aspect, owner=Customer):
    """Whom we lend to: shown, searched and imported as if it were the customer's own."""

    identity_card: Mapped[str | None] = field("Identity card", group="More")
