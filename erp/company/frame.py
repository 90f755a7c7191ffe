"""In which company the reader works: the frame of every page names it and offers the others."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from erp.company.company import Company, currency_of
from erp.kernel.change import Work, kept, visible
from erp.kernel.records import ACTIVE
from erp.kernel.web.chrome import currency_of_company, frame

MOST = 50
currency_of_company(currency_of)


@dataclass(frozen=True, slots=True)
class Choice:
    """A company as the frame shows it."""

    id: int
    name: str
    currency: str


@frame
def companies(work: Work) -> dict[str, Any]:
    """Return the companies that the reader may work in, and the one he works in now."""
    found = kept(work, ("companies of the frame", work.actor), lambda: _choices(work))
    current = next((one for one in found if one.id == work.actor.company_id), found[0] if len(found) == 1 else None)
    return {"companies": found, "company": current}


def _choices(work: Work) -> list[Choice]:
    query = select(Company.id, Company.name, Company.currency)
    query = query.where(visible(work.actor, Company), Company.state == ACTIVE).order_by(Company.code).limit(MOST)
    return [Choice(*row) for row in work.session.execute(query)]
