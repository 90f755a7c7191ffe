"""Idempotency keys and batches: a repeat gets the first answer, a crash repeats nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from erp.kernel.change import Work
from erp.kernel.web import batches
from erp.kernel.work import Task, run_task
from tests.kernel.api.conftest import Program, problems
from tests.kernel.api.test_verbs import an_order


def test_a_repeat_gets_the_first_answer(api: Program, shop: Any) -> None:
    first = api.post("sales-orders?submit=1", an_order(shop), Idempotency_Key="k1")
    again = api.post("sales-orders?submit=1", an_order(shop), Idempotency_Key="k1")
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, first.headers["ETag"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(api.rows("sales-orders")) == 1


def test_a_key_belongs_to_one_request_and_one_token(
    api: Program, shop: Any, program_of: Callable[..., Program]
) -> None:
    api.post("sales-orders", an_order(shop), Idempotency_Key="k1")
    other = api.post("sales-orders", an_order(shop, "3"), Idempotency_Key="k1")
    assert (other.status_code, problems(other)) == (422, [("Idempotency-Key", None, "key_reused")])
    assert api.post("sales-orders?submit=1", an_order(shop), Idempotency_Key="k1").status_code == 422
    assert program_of("ada").post("sales-orders", an_order(shop), Idempotency_Key="k1").status_code == 201
    assert len(api.rows("sales-orders")) == 2


def test_a_refused_request_is_not_remembered(api: Program, shop: Any) -> None:
    wrong = {**an_order(shop), "customer": "NOPE"}
    assert api.post("sales-orders", wrong, Idempotency_Key="k1").status_code == 422
    assert api.post("sales-orders", an_order(shop), Idempotency_Key="k1").status_code == 201
    assert api.post("sales-orders", an_order(shop), Idempotency_Key="x" * 181).status_code == 400


def test_verbs_changes_and_deletions_repeat_as_well(api: Program, shop: Any) -> None:
    order = api.post("sales-orders", an_order(shop)).json["id"]
    for _time in range(2):
        changed = api.patch(f"sales-orders/{order}", {"note": "x"}, If_Match='"1"', Idempotency_Key="p")
        assert (changed.status_code, changed.json["version"]) == (200, 2)
    for _time in range(2):
        assert api.post(f"sales-orders/{order}/submission", Idempotency_Key="s").json["number"] == "SO-2026-00001"
    gone = api.post("sales-orders", an_order(shop)).json["id"]
    for _time in range(2):
        assert api.delete(f"sales-orders/{gone}", Idempotency_Key="d").status_code == 204


def test_a_batch_goes_on_behind_what_is_refused(api: Program, shop: Any) -> None:
    documents = [an_order(shop), {**an_order(shop), "customer": "NOPE"}, an_order(shop, "200")]
    answer = api.post("sales-orders/batch", {"documents": documents, "submit": True})
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [one["status"] for one in results] == [201, 422, 202]
    assert results[0]["document"]["number"] == "SO-2026-00001"
    assert results[1]["problem"]["errors"][0]["field"] == "customer"


def test_a_batch_of_all_or_nothing_tells_every_problem_and_keeps_nothing(api: Program, shop: Any) -> None:
    wrong = {**an_order(shop), "lines": [{"item": "NOPE", "quantity": "1"}]}
    body = {"documents": [an_order(shop), wrong, {**an_order(shop), "customer": "X"}], "all_or_nothing": True}
    answer = api.post("sales-orders/batch", body)
    assert answer.status_code == 422
    assert problems(answer) == [
        ("documents.1.lines.1.item", 1, "not_found"),
        ("documents.2.customer", None, "not_found"),
    ]
    assert api.rows("sales-orders") == []
    body["documents"] = [an_order(shop), an_order(shop)]
    assert [one["status"] for one in api.post("sales-orders/batch", body).json["results"]] == [201, 201]


def test_a_batch_that_died_halfway_goes_on_with_the_same_key(
    api: Program, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"documents": [an_order(shop, "1"), an_order(shop, "2"), an_order(shop, "3")], "submit": True}
    kept = batches.jsonify

    def die(**answer: Any) -> Any:
        raise SystemExit("the process is gone before the answer is kept")

    monkeypatch.setattr(batches, "jsonify", die)
    with pytest.raises(SystemExit):
        api.post("sales-orders/batch", body, Idempotency_Key="b")
    monkeypatch.setattr(batches, "jsonify", kept)
    again = api.post("sales-orders/batch", body, Idempotency_Key="b").json["results"]
    numbers = ["SO-2026-00001", "SO-2026-00002", "SO-2026-00003"]
    assert [one["document"]["number"] for one in again] == numbers
    assert sorted(row["number"] for row in api.rows("sales-orders?fields=number")) == numbers


@pytest.mark.parametrize(
    "wrong", [{}, {"documents": 5}, {"documents": [5]}, {"documents": [], "submit": "yes"}, {"documents": [], "x": 1}]
)
def test_a_batch_of_another_shape_is_refused(api: Program, wrong: dict[str, Any]) -> None:
    assert api.post("sales-orders/batch", wrong).status_code == 422


@pytest.mark.parametrize("together", [False, True])
def test_more_than_a_hundred_are_made_by_a_job(api: Program, shop: Any, work: Work, together: bool) -> None:
    documents = [{"company": shop.ledger.company, "code": f"N{n}", "name": "New"} for n in range(101)]
    if not together:
        documents[7] = {**documents[7], "code": "N6"}
    asked = api.post("customers/batch", {"documents": documents, "all_or_nothing": together})
    assert asked.status_code == 202
    assert api.get(f"jobs/{asked.json['job']}").json["state"] == "queued"
    assert run_task(asked.json["job"]) == "done"
    job = api.get(f"jobs/{asked.json['job']}").json
    assert {"state", "done", "total", "result", "error"} <= set(job)
    results = job["result"]["results"]
    assert [one["status"] for one in results[:9]] == [201] * 7 + [201 if together else 422, 201]
    assert set(results[0]["document"]) == {"id", "number", "version", "links"}
    assert len(api.rows("customers?code__like=N&limit=200")) == (101 if together else 100)
    assert work.session.get(Task, asked.json["job"]) is not None
