"""The life of documents and masters: what may follow what, what it leaves in the audit trail and in the books."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from erp.catalog.item import Item
from erp.catalog.unit import Unit
from erp.kernel.change import Work, amend, archive, cancel, delete, find, restore, save, submit
from erp.kernel.change.audit import AuditEntry, write_waiting
from erp.kernel.change.verbs import perform, verbs_now
from erp.kernel.errors import Conflict, NotAllowed, NotFound, Problems, Stale
from erp.kernel.rights import Actor
from erp.parties.customer import Customer
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.model import SalesOrder
from tests.selling.shop import Shop


def trail(work: Work, record: Any) -> list[tuple[str, Any]]:
    """Return (action, changes) of a record, oldest first."""
    write_waiting(work.session)
    query = select(AuditEntry.action, AuditEntry.changes).order_by(AuditEntry.id)
    about = (AuditEntry.kind == record.__kind__, AuditEntry.record_id == record.id)
    return [(row.action, row.changes) for row in work.session.execute(query.where(*about))]


def an_invoice(shop: Shop, quantity: str = "2") -> Any:
    draft = shop.draft(SalesInvoice, quantity, posting_date="2026-03-01")
    submit(shop.work, draft)
    return shop.again(draft)


def test_a_life_is_told_by_its_audit_trail(shop: Shop) -> None:
    draft = shop.draft(SalesInvoice, "2", posting_date="2026-03-01")
    save(shop.work, SalesInvoice, {"lines": [{"id": draft.lines[0].id, "quantity": "3"}]}, draft)
    submit(shop.work, draft)
    cancel(shop.work, shop.again(draft), reason="typed twice")
    assert [action for action, _changes in trail(shop.work, draft)] == ["create", "update", "submit", "cancel"]


def test_a_change_is_kept_with_before_and_after(shop: Shop) -> None:
    draft = shop.draft(SalesOrder, "2", "5")
    rows = [{"id": draft.lines[0].id, "quantity": "3"}, {"id": draft.lines[1].id, "_delete": True}]
    save(shop.work, SalesOrder, {"customer_reference": "PO 7", "lines": rows}, draft)
    changes = trail(shop.work, draft)[-1][1]
    assert changes["customer_reference"] == [None, "PO 7"]
    assert changes["lines.1.quantity"] == ["2", "3"]
    assert changes["lines.2.quantity"] == ["5", None]
    assert changes["net"] == ["70", "30"]
    assert "currency" not in changes


def test_a_save_that_changes_nothing_bumps_no_version_and_leaves_no_trace(shop: Shop) -> None:
    draft = shop.draft(SalesOrder, "2")
    save(shop.work, SalesOrder, {"lines": [{"id": draft.lines[0].id, "quantity": "2.000"}]}, draft)
    assert draft.version == 1
    assert [action for action, _changes in trail(shop.work, draft)] == ["create"]


def test_an_idle_save_of_a_master_with_aspects_changes_nothing_either(shop: Shop) -> None:
    item = find(shop.work, Item, shop.draft(SalesOrder, "1").lines[0].item_id)
    save(shop.work, Item, {"name": "Apple", "tax_codes": ["V19"]}, item)
    assert item.version == 1
    save(shop.work, Item, {"tax_codes": []}, item)
    assert item.version == 2
    assert trail(shop.work, item)[-1] == ("update", {"tax_codes": [["V19"], []]})


def test_who_and_from_where_is_kept(shop: Shop) -> None:
    shop.work.actor = Actor(user_id=7, login="ada", name="Ada", is_admin=True, companies=None, session_id=9)
    shop.work.ip = "192.0.2.7"
    shop.draft(SalesOrder, "2")
    write_waiting(shop.work.session)
    row = shop.work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "sales_order")).one()
    assert (row.user_id, row.user_name, row.session_id, row.ip) == (7, "Ada", 9, "192.0.2.7")
    assert (row.company_id, row.at) == (shop.ledger.company, shop.work.now)


def test_only_a_draft_is_changed_submitted_or_deleted(shop: Shop) -> None:
    invoice = an_invoice(shop)
    for act in (
        lambda: save(shop.work, SalesInvoice, {"customer_reference": "x"}, invoice),
        lambda: submit(shop.work, invoice),
        lambda: delete(shop.work, invoice),
        lambda: amend(shop.work, invoice),
    ):
        with pytest.raises(Conflict):
            act()
    assert shop.again(invoice).version == invoice.version


def test_cancelling_books_the_opposite_of_what_was_booked(shop: Shop) -> None:
    invoice = an_invoice(shop)
    before = shop.ledger.entries(invoice)
    cancel(shop.work, invoice, reason="typed twice")
    booked = shop.ledger.entries(invoice)
    assert len(before) == 3
    assert booked[:3] == before
    assert sorted(booked[3:]) == sorted((code, -amount) for code, amount in before)
    assert (invoice.state, invoice.status, invoice.cancel_reason) == ("cancelled", "cancelled", "typed twice")


def test_cancelling_reverses_what_was_booked_not_what_would_be_booked_today(shop: Shop) -> None:
    invoice = an_invoice(shop)
    from erp.accounts.tax.model import Tax

    row = shop.work.session.scalars(select(Tax).where(Tax.code == "V19")).one()
    tax = find(shop.work, Tax, row.id)
    save(shop.work, Tax, {"rates": [{"id": tax.rates[0].id, "rate": "7"}]}, tax)
    cancel(shop.work, shop.again(invoice), reason="typed twice")
    sums: dict[str, Decimal] = {}
    for code, amount in shop.ledger.entries(invoice):
        sums[code] = sums.get(code, Decimal(0)) + amount
    assert set(sums.values()) == {Decimal(0)}


def test_a_cancellation_needs_a_reason_and_a_submitted_document(shop: Shop) -> None:
    invoice = an_invoice(shop)
    with pytest.raises(Problems) as refused:
        cancel(shop.work, invoice, reason="  ")
    assert [(one.field, one.code) for one in refused.value.problems] == [("reason", "required")]
    cancel(shop.work, invoice, reason="typed twice")
    with pytest.raises(Conflict):
        cancel(shop.work, invoice, reason="again")


def test_an_amendment_is_a_new_draft_of_the_same_content(shop: Shop) -> None:
    invoice = an_invoice(shop)
    with pytest.raises(Conflict):
        amend(shop.work, invoice)
    cancel(shop.work, invoice, reason="wrong price")
    draft: Any = amend(shop.work, shop.again(invoice))
    assert (draft.state, draft.number, draft.amended_from_id) == ("draft", None, invoice.id)
    assert [(line.item_id, line.quantity, line.price) for line in draft.lines] == [
        (line.item_id, line.quantity, line.price) for line in invoice.lines
    ]
    assert {line.id for line in draft.lines}.isdisjoint(line.id for line in invoice.lines)
    assert (draft.net, draft.tax, draft.total) == (Decimal(20), Decimal("3.80"), Decimal("23.80"))
    assert trail(shop.work, draft) == [("amend", {"amended_from": [None, invoice.number]})]
    submit(shop.work, draft)
    assert draft.number != invoice.number


def test_a_document_is_replaced_once(shop: Shop) -> None:
    invoice = an_invoice(shop)
    cancel(shop.work, invoice, reason="wrong price")
    first = amend(shop.work, shop.again(invoice))
    with pytest.raises(Conflict) as refused:
        amend(shop.work, shop.again(invoice))
    assert f"Draft {first.id}" in refused.value.message
    delete(shop.work, shop.again(first))
    assert amend(shop.work, shop.again(invoice)).amended_from_id == invoice.id


def test_the_buttons_follow_the_state(shop: Shop) -> None:
    invoice = shop.draft(SalesInvoice, "2", posting_date="2026-03-01")

    def offered() -> set[str]:
        return {verb.verb for verb in verbs_now(shop.work, shop.again(invoice))}

    assert {"submit", "delete"} <= offered()
    assert not {"cancel", "amend"} & offered()
    submit(shop.work, shop.again(invoice))
    assert "cancel" in offered()
    assert not {"submit", "delete", "amend"} & offered()
    cancel(shop.work, shop.again(invoice), reason="typed twice")
    assert "amend" in offered()
    assert not {"submit", "delete", "cancel"} & offered()


def test_a_master_is_archived_restored_and_deleted_while_nothing_refers_to_it(shop: Shop) -> None:
    used = find(shop.work, Customer, shop.ledger.customer)
    shop.draft(SalesOrder, "1")
    with pytest.raises(Conflict):
        delete(shop.work, used)
    used = shop.again(used)
    archive(shop.work, used)
    with pytest.raises(Problems) as refused:
        shop.draft(SalesOrder, "1")
    assert [(one.field, one.code) for one in refused.value.problems] == [("customer", "not_found")]
    restore(shop.work, used)
    shop.draft(SalesOrder, "1")
    assert trail(shop.work, used)[-2:] == [
        ("archive", {"state": ["active", "archived"]}), ("restore", {"state": ["archived", "active"]}),
    ]  # fmt: skip
    unused: Any = save(shop.work, Unit, {"code": "crate", "name": "Crate"})
    delete(shop.work, unused)
    with pytest.raises(NotFound):
        find(shop.work, Unit, unused.id)
    action, gone = trail(shop.work, unused)[-1]
    assert (action, gone["code"], gone["name"]) == ("delete", ["crate", None], ["Crate", None])


def test_a_verb_asks_its_right_whoever_calls_it(shop: Shop) -> None:
    draft = shop.draft(SalesOrder, "1")
    shop.work.actor = Actor(user_id=7, name="Stan", roles=frozenset({"stock"}), companies=None)
    for act in (
        lambda: submit(shop.work, draft),
        lambda: delete(shop.work, draft),
        lambda: save(shop.work, SalesOrder, {"customer_reference": "x"}, draft),
        lambda: perform(shop.work, SalesOrder, draft.id, "submission", {}),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        perform(shop.work, SalesOrder, draft.id, "no-such-verb", {})


def test_a_verb_of_a_kind_asks_the_version(shop: Shop) -> None:
    draft = shop.draft(SalesOrder, "1")
    with pytest.raises(Stale) as refused:
        perform(shop.work, SalesOrder, draft.id, "submission", {}, version=7)
    assert (refused.value.theirs, refused.value.current) == (7, 1)


def test_what_was_deleted_goes_with_its_lines_and_aspects(shop: Shop) -> None:
    item: Any = save(shop.work, Item, {"company": shop.ledger.company, "code": "Z", "name": "Zest", "unit": {"code": "pc"},
                                       "tax_codes": ["V19"]})  # fmt: skip
    delete(shop.work, find(shop.work, Item, item.id))
    with pytest.raises(NotFound):
        find(shop.work, Item, item.id)
