"""Loading the demo: what is there already stays; a second call only adds what is missing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from erp.accounts.charts.commands import lay_out_chart
from erp.catalog.item import Item
from erp.demo import northwind
from erp.demo.documents import add_documents
from erp.demo.lantern import LANTERN, leave_waiting
from erp.demo.masters import (
    add_freight,
    add_northwind,
    add_northwind_masters,
    company_by_code,
    seed_basics,
)
from erp.demo.rantan import RANTAN
from erp.demo.small import add_small_company
from erp.demo.users import add_demo_users
from erp.kernel.change import Work, reading, run_work
from erp.kernel.records.types import utc_now
from erp.kernel.rights import system_actor
from erp.kernel.rights.loading import actor_by_login
from erp.kernel.rights.seed import seed_rights
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.model import SalesOrder

Progress = Callable[[int, int], None]


@dataclass
class Loaded:
    """What a load added, by collection."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, count: int) -> None:
        """Count records of a collection."""
        self.counts[name] = self.counts.get(name, 0) + count


def load_demo(*, keep_dates: bool = False, progress: Progress = lambda done, total: None) -> Loaded:  # noqa: ARG005
    """Load users, Northwind and the two small companies, each once."""
    loaded = Loaded()
    company_id = run_work(system_actor("demo"), lambda work: _begin(work, loaded))
    actor = system_actor("demo")
    if not run_work(actor, lambda work: _has(work, Item, company_id)):
        loaded.counts |= add_northwind_masters(actor)
        run_work(actor, _freight)
    if not run_work(actor, lambda work: _has(work, SalesOrder, company_id)):
        shift = timedelta() if keep_dates else northwind.day_shift(utc_now().date())
        loaded.add("documents", add_documents(actor, company_id, shift, progress))
    for small in (LANTERN, RANTAN):
        loaded.add("documents", run_work(actor, lambda work, small=small: add_small_company(work, small)))  # type: ignore[misc]
    if loaded.counts.get("documents"):
        loaded.add("documents", _ask_approval())
    return loaded


def _ask_approval() -> int:
    """Let the demo's seller submit an order above the limit, so that the approver finds one waiting."""
    with reading(system_actor("demo")) as work:
        seller = actor_by_login(work.session, "sales")
        company = company_by_code(work, LANTERN.company["code"])
        company_id = company.id if company is not None else None
    if seller is None or company_id is None:
        return 0
    return run_work(seller, lambda work: leave_waiting(work, company_id))


def _begin(work: Work, loaded: Loaded) -> int:
    seed_rights(work.session)
    seed_basics(work)
    company = company_by_code(work, northwind.CODE)
    if company is None:
        company = add_northwind(work)
        loaded.add("companies", 1)
    lay_out_chart(work, company.id, "generic")
    loaded.add("users", len(add_demo_users(work, company_id=company.id, timezone=company.timezone)))
    return company.id


def _freight(work: Work) -> None:
    add_freight(work)


def _has(work: Work, kind: type, company_id: int) -> bool:
    return work.session.scalar(select(kind.id).where(kind.company_id == company_id).limit(1)) is not None  # type: ignore[attr-defined]


def figures(work: Work, company_id: int) -> dict[str, object]:
    """Return count and total of Northwind's invoices, to compare with what everybody knows."""
    query = select(func.count(), func.sum(SalesInvoice.total)).where(
        SalesInvoice.company_id == company_id, SalesInvoice.state == "submitted"
    )
    count, total = work.session.execute(query).one()
    return {"invoices": count, "total": total}
