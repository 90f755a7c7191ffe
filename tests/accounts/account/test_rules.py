"""A chart stays a tree of one type each, and accounts do not change what is booked on them."""

from typing import Any

import pytest
from sqlalchemy import select

from erp.accounts.account.model import Account, DefaultAccount
from erp.accounts.account.rules import ChartFacts, account_problems, default_problems
from erp.company.company import Company
from erp.kernel.change import find, save
from erp.kernel.errors import Problems
from tests.accounts.makers import Books, books


def refused(refusal: pytest.ExceptionInfo[Problems]) -> set[tuple[str, str]]:
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def account(ledger: Books, code: str) -> Any:
    query = select(Account.id).where(Account.company_id == ledger.company, Account.code == code)
    return find(ledger.work, Account, ledger.work.session.scalars(query).one())


def make(ledger: Books, code: str, **more: Any) -> Any:
    payload = {"company": ledger.company, "code": code, "name": code, "root_type": "asset", **more}
    return save(ledger.work, Account, payload)


def test_an_account_does_not_stand_below_itself(ledger: Books) -> None:
    top = make(ledger, "X1", is_group=True)
    below = make(ledger, "X2", parent=top.id, is_group=True)
    with pytest.raises(Problems) as refusal:
        save(ledger.work, Account, {"parent": below.id}, top)
    assert refused(refusal) == {("parent", "circle")}


def test_an_account_has_the_type_of_the_one_above(ledger: Books) -> None:
    top = make(ledger, "X1", is_group=True)
    with pytest.raises(Problems) as refusal:
        make(ledger, "X2", parent=top.id, root_type="expense")
    assert refused(refusal) == {("root_type", "other_type")}


def test_what_is_booked_on_keeps_its_type_and_takes_entries(ledger: Books) -> None:
    ledger.journal({"account": "1100", "debit": "10"}, {"account": "4100", "credit": "10"})
    with pytest.raises(Problems) as refusal:
        save(
            ledger.work, Account, {"root_type": "liability", "is_group": True, "parent": None}, account(ledger, "1100")
        )
    assert refused(refusal) == {("root_type", "booked"), ("is_group", "booked")}
    ledger.work.session.expire_all()
    renamed = save(ledger.work, Account, {"name": "Petty cash"}, account(ledger, "1100"))
    assert renamed.name == "Petty cash"


def test_an_account_with_open_items_keeps_its_role(ledger: Books) -> None:
    ledger.invoice("10")
    with pytest.raises(Problems) as refusal:
        save(ledger.work, Account, {"role": None}, account(ledger, "1200"))
    assert refused(refusal) == {("role", "booked")}


def test_a_default_account_can_be_booked_on(ledger: Books) -> None:
    query = select(DefaultAccount).where(
        DefaultAccount.company_id == ledger.company, DefaultAccount.role == "receivable"
    )
    default = ledger.work.session.scalars(query).one()
    for code, field in (("1100", "other_role"), ("1000", "account_is_group")):
        with pytest.raises(Problems) as refusal:
            save(ledger.work, DefaultAccount, {"account": account(ledger, code).id}, default)
        assert refused(refusal) == {("account", field)}


def test_a_customer_stands_on_an_account_that_keeps_open_items(ledger: Books) -> None:
    from erp.parties.customer import Customer

    save(ledger.work, Customer, {"receivable_account": account(ledger, "1100").id},
         find(ledger.work, Customer, ledger.customer))  # fmt: skip
    ledger.work.facts.clear()
    with pytest.raises(Problems) as refusal:
        ledger.invoice("10")
    assert refused(refusal) == {("account", "no_open_items")}


def test_books_that_have_begun_keep_their_currency(ledger: Books) -> None:
    other = books(ledger.work)
    save(ledger.work, Company, {"currency": "USD"}, find(ledger.work, Company, other.company))
    ledger.invoice("10")
    with pytest.raises(Problems) as refusal:
        save(ledger.work, Company, {"currency": "USD"}, find(ledger.work, Company, ledger.company))
    assert refused(refusal) == {("currency", "booked")}


def test_a_company_has_a_currency_that_exists(ledger: Books) -> None:
    with pytest.raises(Problems) as refusal:
        save(ledger.work, Company, {"currency": "QQQ"}, find(ledger.work, Company, ledger.company))
    assert refused(refusal) == {("currency", "unknown_currency")}


def test_an_account_stands_below_one_of_its_own_chart_and_type(ledger: Books) -> None:
    other = books(ledger.work)
    payload = {"company": ledger.company, "code": "1199", "name": "Till", "root_type": "asset"}
    with pytest.raises(Problems) as refusal:
        save(ledger.work, Account, {**payload, "parent": account(ledger, "4000").id})
    assert refused(refusal) == {("root_type", "other_type")}
    elsewhere = Account(company_id=ledger.company, parent_id=account(other, "1000").id, root_type="asset")
    found = account_problems(elsewhere, ChartFacts(parent=account(other, "1000")))
    assert [problem.code for problem in found] == ["other_company"]


def test_what_is_booked_keeps_its_type_and_takes_entries(ledger: Books) -> None:
    ledger.journal({"account": "5100", "debit": "1"}, {"account": "1100", "credit": "1"})
    changed = {"is_group": True, "root_type": "asset", "parent": None}
    with pytest.raises(Problems) as refusal:
        save(ledger.work, Account, changed, account(ledger, "5100"))
    assert refused(refusal) == {("is_group", "booked"), ("root_type", "booked")}


def test_a_default_account_is_of_this_chart(ledger: Books) -> None:
    default = DefaultAccount(company_id=ledger.company, role="rounding", account_id=1)
    found = default_problems(default, account(books(ledger.work), "1100"))
    assert [problem.code for problem in found] == ["other_company"]
    assert default_problems(default, None) == []
    assert default_problems(default, account(ledger, "1100")) == []
