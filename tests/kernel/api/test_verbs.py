"""Verbs of the API: submission and its approvals, what is made from what, cancellation, money."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.kernel.api.conftest import Program, problems

DAY = "2026-03-01"


def an_order(shop: Any, quantity: str = "2") -> dict[str, Any]:
    line = {"item": "A", "quantity": quantity}
    return {"company": shop.ledger.company, "customer": "C", "order_date": DAY, "lines": [line]}


def an_invoice(shop: Any, quantity: str = "2") -> dict[str, Any]:
    line = {"item": "A", "quantity": quantity}
    return {"company": shop.ledger.company, "customer": "C", "posting_date": DAY, "lines": [line]}


@pytest.fixture
def ada(shop: Any, program_of: Callable[..., Program]) -> Program:
    """Ada sells."""
    return program_of("ada", ("sales",), company=shop.ledger.company)


@pytest.fixture
def ben(shop: Any, program_of: Callable[..., Program]) -> Program:
    """Ben approves."""
    return program_of("ben", ("approver",), company=shop.ledger.company)


def test_a_submission_below_the_limit_answers_the_document(ada: Program, shop: Any) -> None:
    draft = ada.post("sales-orders", an_order(shop)).json
    assert draft["verbs"] == ["submission", "deletion"]
    done = ada.post(f"sales-orders/{draft['id']}/submission")
    assert (done.status_code, done.json["state"], done.json["status"]) == (200, "submitted", "to_bill")
    assert done.json["number"] == "SO-2026-00001"
    assert ada.post(f"sales-orders/{draft['id']}/submission").status_code == 409


def test_above_the_limit_it_waits_for_who_may_approve(ada: Program, ben: Program, shop: Any) -> None:
    asked = ada.post("sales-orders?submit=1", an_order(shop, "200"))
    assert asked.status_code == 202
    order, approval = asked.json["document"], asked.json["approval"]
    assert (order["state"], order["status"], order["number"]) == ("draft", "awaiting_approval", None)
    assert (set(approval), [one["label"] for one in approval["approvers"]]) == ({"id", "reason", "approvers"}, ["Ben"])
    path = f"sales-orders/{order['id']}"
    assert ada.patch(path, {"note": "x"}, If_Match=f'"{order["version"]}"').status_code == 409
    assert ada.delete(path).status_code == 409
    assert ada.post(f"{path}/approval").status_code == 403
    done = ben.post(f"{path}/approval", {"comment": "fine"})
    assert (done.status_code, done.json["state"], done.json["number"]) == (200, "submitted", "SO-2026-00001")
    assert ben.post(f"{path}/approval").status_code == 409


@pytest.mark.parametrize(
    ("route", "who", "status"),
    [("rejection", "ben", "returned"), ("return", "ben", "returned"), ("withdrawal", "ada", "draft")],
)
def test_a_request_can_be_turned_down_or_taken_back(
    ada: Program, ben: Program, shop: Any, route: str, who: str, status: str
) -> None:
    order = ada.post("sales-orders?submit=1", an_order(shop, "200")).json["document"]
    path, program = f"sales-orders/{order['id']}", {"ada": ada, "ben": ben}[who]
    done = program.post(f"{path}/{route}", {"comment": "not now"})
    assert (done.status_code, done.json["state"], done.json["status"]) == (200, "draft", status)
    change = ada.patch(path, {"note": "cheaper"}, If_Match=done.headers["ETag"])
    assert change.status_code == 200
    assert ada.post(f"{path}/submission").status_code == 202


def test_an_order_is_invoiced_in_parts_and_a_credit_note_takes_back(api: Program, shop: Any) -> None:
    order = api.post("sales-orders?submit=1", an_order(shop, "5")).json
    line = order["lines"][0]["id"]
    part = api.post(f"sales-orders/{order['id']}/invoice", {"lines": [{"order_line": line, "quantity": "2"}]})
    assert (part.status_code, part.json["state"], part.json["lines"][0]["quantity"]) == (201, "draft", "2")
    assert part.json["order"] == {"id": order["id"], "number": "SO-2026-00001", "label": "SO-2026-00001"}
    much = api.post(f"sales-orders/{order['id']}/invoice", {"lines": [{"order_line": line, "quantity": "9"}]})
    assert (much.status_code, problems(much)) == (422, [("lines.1.quantity", 1, "more_than_left")])
    path = f"sales-invoices/{part.json['id']}"
    invoice = api.post(f"{path}/submission").json
    assert (invoice["number"], invoice["status"], invoice["outstanding"]) == ("SI-2026-00001", "unpaid", "23.80")
    assert [(one["amount"], one["outstanding"]) for one in invoice["instalments"]] == [("23.80", "23.80")]
    note = api.post(f"{path}/credit-note").json
    assert (note["credits"]["number"], note["lines"][0]["quantity"]) == ("SI-2026-00001", "-2")
    api.post(f"sales-invoices/{note['id']}/submission")
    assert api.get(path).json["status"] == "credited"


def test_a_preview_shows_what_the_ledger_then_holds(api: Program, shop: Any) -> None:
    path = f"sales-invoices/{api.post('sales-invoices', an_invoice(shop)).json['id']}"
    planned = api.get(f"{path}/preview").json["entries"]
    assert api.get(f"{path}/ledger").json == {"entries": []}
    api.post(f"{path}/submission")
    booked = api.get(f"{path}/ledger").json["entries"]
    shown = {"seq", "effective_on", "posted_at", "account", "party", "debit", "credit", "currency", "amount_transaction",
             "rule", "reverses"}  # fmt: skip
    assert shown <= set(booked[0])
    assert [row["seq"] for row in booked] == [1, 2, 3]
    assert [(row["account"]["code"], Decimal(row["debit"]), Decimal(row["credit"])) for row in booked] == [
        ("1200", Decimal("23.8"), 0), ("4100", 0, Decimal(20)), ("2200", 0, Decimal("3.8")),
    ]  # fmt: skip
    assert [{k: v for k, v in row.items() if k not in {"seq", "posted_at"}} for row in booked] == planned
    assert api.get(f"{path}/preview").status_code == 409


def test_a_preview_of_a_wrong_draft_tells_what_would_refuse_it(api: Program, shop: Any) -> None:
    draft = api.post("sales-invoices", {**an_invoice(shop), "lines": []}).json["id"]
    shown = api.get(f"sales-invoices/{draft}/preview").json
    assert (shown["entries"], [one["code"] for one in shown["errors"]]) == ([], ["no_lines"])


def test_a_cancellation_says_why_and_books_the_opposite(api: Program, shop: Any) -> None:
    path = f"sales-invoices/{api.post('sales-invoices?submit=1', an_invoice(shop)).json['id']}"
    assert problems(api.post(f"{path}/cancellation")) == [("reason", None, "required")]
    for wrong in (
        {"reason": 5},
        {"reason": "x", "date": 5},
        {"reason": "x", "date": "soon"},
        {"reason": "x", "color": 1},
    ):
        assert api.post(f"{path}/cancellation", wrong).status_code == 422
    done = api.post(f"{path}/cancellation", {"reason": "typo", "date": "2026-03-05"})
    assert (done.status_code, done.json["state"], done.json["verbs"]) == (200, "cancelled", ["amendment"])
    booked = api.get(f"{path}/ledger").json["entries"]
    assert [row["reverses"] for row in booked] == [None, None, None, 1, 2, 3]
    assert {row["effective_on"] for row in booked[3:]} == {"2026-03-05"}
    amended = api.post(f"{path}/amendment")
    assert (amended.status_code, amended.json["state"], amended.json["net"]) == (201, "draft", "20.00")


def test_money_is_allocated_taken_back_and_allocated_again(api: Program, shop: Any) -> None:
    invoice = api.post("sales-invoices?submit=1", an_invoice(shop)).json
    voucher = {"kind": "sales-invoice", "number": invoice["number"]}
    sent = {
        "company": shop.ledger.company, "direction": "receive", "party": {"customer": "C"}, "date": "2026-03-10",
        "account": {"code": "1110"}, "amount": "10.00", "allocations": [{"voucher": voucher, "amount": "10.00"}],
    }  # fmt: skip
    payment = api.post("payments?submit=1", sent)
    assert payment.status_code == 201, payment.text
    path = f"payments/{payment.json['id']}"
    assert payment.json["party"]["customer"]["code"] == "C"
    assert payment.json["allocations"][0]["voucher"]["number"] == invoice["number"]
    shown = api.get(f"sales-invoices/{invoice['id']}").json
    assert (shown["outstanding"], shown["instalments"][0]["outstanding"]) == ("13.80", "13.80")
    assert api.post(f"{path}/deallocation").json["unallocated"] == "10.00"
    assert api.get(f"sales-invoices/{invoice['id']}").json["outstanding"] == "23.80"
    again = api.post(f"{path}/allocation", {"allocations": [{"voucher": voucher, "amount": "4.00"}]})
    assert (again.status_code, again.json["unallocated"]) == (200, "6.00")
    assert api.get(f"sales-invoices/{invoice['id']}").json["outstanding"] == "19.80"


@pytest.mark.parametrize(
    "wrong",
    [
        {"allocations": "x"}, {"allocations": [5]}, {"allocations": [{"voucher": 5}]}, {"date": "soon"}, {"date": 5},
        {"allocations": [{"voucher": {"kind": "sales-invoice", "number": "SI-2026-00001"}, "instalment": "x"}]},
        {"allocations": [{"voucher": {"kind": "sales-invoice", "number": "SI-2026-00001"}, "amount": "１"}]},
        {"allocations": [{"voucher": {"kind": "sales-invoice", "number": "SI-2026-00001"}, "amount": {}}]},
        {"allocations": [{"voucher": {"kind": "sales-invoice", "id": "x"}}]}, {"payment": 5}, {"work": 5},
    ],
)  # fmt: skip
def test_a_wrong_allocation_is_refused(api: Program, shop: Any, wrong: dict[str, Any]) -> None:
    api.post("sales-invoices?submit=1", an_invoice(shop))
    sent = {"company": shop.ledger.company, "customer": "C", "date": DAY, "account": "1110", "amount": "10.00"}
    payment = api.post("payments?submit=1", sent).json
    answer = api.post(f"payments/{payment['id']}/allocation", wrong)
    assert answer.status_code == 422, answer.text
    assert api.get(f"payments/{payment['id']}").json["unallocated"] == "10.00"


def test_a_journal_entry_is_told_where_it_is_wrong(api: Program, shop: Any) -> None:
    lines = [{"account": "1110", "debit": "5.00"}, {"account": {"code": "4100"}, "credit": "5.00"}]
    sent = {"company": shop.ledger.company, "date": DAY, "reason": "opening", "lines": lines}
    done = api.post("journal-entries?submit=1", sent)
    assert (done.status_code, done.json["number"]) == (201, "JE-2026-00001")
    owed = [{"account": "1200", "party": {"customer": "C"}, "debit": "7.00"}, {"account": "4100", "credit": "7.00"}]
    kept = api.post("journal-entries", {**sent, "lines": owed}).json
    assert [(line["party"] or {}).get("customer", {}).get("code") for line in kept["lines"]] == ["C", None]
    assert api.patch(f"journal-entries/{kept['id']}", kept, If_Match='"1"').json["version"] == 1
    group = [lines[0], {"account": "3000", "credit": "5.00"}]
    refused = api.post("journal-entries?submit=1", {**sent, "lines": group})
    assert problems(refused) == [("lines.2.account", 2, "account_is_group")]
    uneven = [lines[0], {"account": "4100", "credit": "4.00"}]
    assert problems(api.post("journal-entries?submit=1", {**sent, "lines": uneven})) == [("lines", None, "unbalanced")]
    assert api.rows("journal-entries?fields=number&state=submitted") == [
        {"id": done.json["id"], "version": done.json["version"], "number": "JE-2026-00001"}
    ]
