"""Versions of kinds rise with every change, and what is kept of the setup never outlives one."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from erp.accounts.account.model import DefaultAccount
from erp.accounts.account.queries import chart_of
from erp.accounts.company import books_of
from erp.accounts.tax.model import Tax
from erp.accounts.tax.queries import taxes_on
from erp.catalog.unit import Unit
from erp.company.company import Company
from erp.kernel.change import Work, archive, find, resolve, save
from erp.kernel.change.approvals import Approval
from erp.kernel.change.numbering import SeriesPattern
from erp.kernel.change.values import LinkRef
from erp.kernel.change.versions import all_versions, setup_moves
from erp.kernel.change.work import new_session
from erp.kernel.records.version import SETUP
from erp.kernel.rights import system_actor
from erp.parties.customer import Customer
from erp.parties.supplier import Supplier
from tests.accounts.makers import Books, books


def committed(work: Work) -> int:
    """Commit what a test made and return the version of the setup."""
    work.session.commit()
    work.session.info.clear()
    return all_versions(work.session)[SETUP]


def asked(version: int, question: Callable[[Work], Any]) -> Any:
    """Ask in a unit of work of a later request, which saw this version of the setup."""
    session = new_session()
    try:
        return question(Work(session, system_actor("test"), setup_version=version))
    finally:
        session.close()


def kinds(work: Work, *names: str) -> tuple[int, ...]:
    work.session.commit()
    found = all_versions(work.session)
    return tuple(found.get(name, 0) for name in names)


def test_a_change_of_a_record_raises_the_version_of_its_kind_alone(work: Work):
    ledger = books(work)
    customer, invoice = kinds(work, "customer", "sales_invoice")
    ledger.invoice("100")
    same, after = kinds(work, "customer", "sales_invoice")
    assert same == customer
    assert after > invoice
    save(work, Customer, {"phone": "1"}, find(work, Customer, ledger.customer))
    newer, same = kinds(work, "customer", "sales_invoice")
    assert same == after
    assert newer > customer


def test_a_payment_raises_the_version_of_the_invoice_that_it_settles(work: Work):
    ledger = books(work)
    invoice = ledger.invoice("100")
    before = kinds(work, "sales_invoice", "payment")
    ledger.payment("100", {"voucher": {"kind": "sales_invoice", "id": invoice.id}})
    assert all(new > old for new, old in zip(kinds(work, "sales_invoice", "payment"), before, strict=True))


def test_a_record_that_is_written_without_a_command_raises_its_version_too(work: Work):
    ledger = books(work)
    before = kinds(work, "customer")
    work.session.get_one(Customer, ledger.customer).phone = "2"
    assert kinds(work, "customer") > before


def test_a_request_for_approval_and_its_decision_raise_the_version_of_approvals(work: Work):
    before = kinds(work, "approval")[0]
    asked_for = Approval(
        kind="sales_order", record_id=1, state="pending", role="", reason="limit", currency="EUR", amount=1, facts={},
        requested_by_name="Ada", requested_at=work.now,
    )  # fmt: skip
    work.session.add(asked_for)
    requested = kinds(work, "approval")[0]
    assert requested > before
    asked_for.state = "approved"
    assert kinds(work, "approval")[0] > requested


def test_what_is_rolled_back_raises_nothing(work: Work):
    ledger = books(work)
    before = kinds(work, "customer")
    save(work, Customer, {"phone": "3"}, find(work, Customer, ledger.customer))
    work.session.rollback()
    assert kinds(work, "customer") == before


def test_no_version_comes_again_after_a_backup_was_brought_back(work: Work):
    ledger = books(work)
    saved = kinds(work, "customer")[0]
    save(work, Customer, {"phone": "4"}, find(work, Customer, ledger.customer))
    lost = kinds(work, "customer")[0]
    back = {"version": saved - lost}
    work.session.execute(text("UPDATE kind_version SET version = version + :version WHERE kind = 'customer'"), back)
    save(work, Customer, {"phone": "5"}, find(work, Customer, ledger.customer))
    assert kinds(work, "customer")[0] > lost


def test_all_versions_of_a_commit_rise_in_one_statement(work: Work):
    ledger = books(work)
    work.session.commit()
    for kind, record in ((Customer, ledger.customer), (Supplier, ledger.supplier), (Company, ledger.company)):
        work.session.get_one(kind, record).name = "Renamed"
    work.session.flush()
    before = _inserts(work)
    work.session.commit()
    assert _inserts(work) == before + 1


def test_a_new_default_account_is_used_at_once(work: Work):
    ledger = books(work)
    first = committed(work)
    assert asked(first, lambda later: chart_of(later, ledger.company).of("bank"))
    row = _default(work, ledger, "revenue")
    other = _default(work, ledger, "freight").account_id
    save(work, DefaultAccount, {"account": other}, find(work, DefaultAccount, row.id))
    second = committed(work)
    assert second > first
    assert asked(second, lambda later: chart_of(later, ledger.company).of("revenue")) == other


def test_a_new_rate_of_a_tax_and_a_closed_period_are_seen_at_once(work: Work):
    ledger = books(work)
    code = ledger.tax("V19", "19")
    first = committed(work)
    on = work.now.date()
    assert asked(first, lambda later: taxes_on(later, ledger.company, [code], on)[code].rule.rate) == 19
    assert asked(first, lambda later: books_of(later, ledger.company).closed_until) is None
    tax = find(work, Tax, _id(work, "tax", code))
    save(work, Tax, {"rates": [{"id": tax.rates[0].id, "rate": "20"}]}, tax)
    save(work, Company, {"books_closed_until": "2025-12-31"}, find(work, Company, ledger.company))
    second = committed(work)
    assert asked(second, lambda later: taxes_on(later, ledger.company, [code], on)[code].rule.rate) == 20
    assert str(asked(second, lambda later: books_of(later, ledger.company).closed_until)) == "2025-12-31"


def test_an_archived_company_is_found_no_more(work: Work):
    ledger = books(work)
    first = committed(work)
    ref = LinkRef("company", code=_code(work, "company", ledger.company))
    assert asked(first, lambda later: resolve(later, [ref], None)) == {ref: ledger.company}
    archive(work, find(work, Company, ledger.company))
    second = committed(work)
    assert asked(second, lambda later: resolve(later, [ref], None)) == {}


def test_a_unit_of_work_that_changes_the_setup_sees_its_own_change_and_keeps_nothing(work: Work):
    ledger = books(work)
    version = committed(work)
    company = find(work, Company, ledger.company)
    work.setup_version = version
    assert books_of(work, ledger.company).closed_until is None
    save(work, Company, {"books_closed_until": "2025-12-31"}, company)
    assert setup_moves(work.session)
    assert str(books_of(work, ledger.company).closed_until) == "2025-12-31"
    work.session.rollback()
    assert asked(version, lambda later: books_of(later, ledger.company).closed_until) is None


def test_a_link_that_was_missing_is_found_once_the_same_unit_of_work_has_made_it(work: Work):
    ref = LinkRef("unit", code="crate")
    assert resolve(work, [ref], None) == {}
    with work.session.begin_nested():
        crate = save(work, Unit, {"code": "crate", "name": "Crate", "dimension": "count"})
    assert resolve(work, [ref], None) == {ref: crate.id}
    point = work.session.begin_nested()
    save(work, Unit, {"code": "pallet", "name": "Pallet", "dimension": "count"})
    assert len(resolve(work, [LinkRef("unit", code="pallet")], None)) == 1
    point.rollback()
    assert resolve(work, [LinkRef("unit", code="pallet")], None) == {}


def test_a_chosen_pattern_of_numbers_is_a_change_of_the_setup(work: Work):
    ledger = books(work)
    first = committed(work)
    work.session.add(SeriesPattern(company_id=ledger.company, kind="sales_order", pattern="A{n:03}"))
    assert committed(work) > first


def _inserts(work: Work) -> int:
    return int(work.session.execute(text("SHOW SESSION STATUS LIKE 'Com_insert'")).one()[1])


def _default(work: Work, ledger: Books, role: str) -> Any:
    table = DefaultAccount.__table__
    query = table.select().where(table.c.company_id == ledger.company, table.c.role == role)
    return work.session.execute(query).one()


def _id(work: Work, kind: str, code: str) -> int:
    return int(work.session.scalar(text(f"SELECT id FROM `{kind}` WHERE code = :code"), {"code": code}) or 0)


def _code(work: Work, kind: str, record: int) -> str:
    return str(work.session.scalar(text(f"SELECT code FROM `{kind}` WHERE id = :id"), {"id": record}))
