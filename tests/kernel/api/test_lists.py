"""Lists of the API: operators, search, order, fields, paging, expansion - and no question that breaks them."""

from typing import Any

import pytest

from erp.kernel.change.described import described
from erp.kernel.change.work import reading
from erp.kernel.records import all_kinds
from erp.kernel.rights import system_actor
from erp.selling.sales_order.model import SalesOrder
from tests.kernel.api.conftest import Program

OPERATORS = ("eq", "ne", "lt", "lte", "gt", "gte", "in", "like", "isnull")
WAYS = (("sort", ""), ("sort", "-"), ("fields", ""), ("expand", ""))
VALUES = ("1", "A' OR 1=1 --", "2026-06-18", "", "true", "１２", "9" * 40, "\x00", "[1]")


@pytest.fixture
def orders(api: Program, shop: Any) -> list[Any]:
    """Three drafts: 1, 2 and 30 apples; the last in two lines."""
    made = [
        shop.draft(SalesOrder, "1", order_date="2026-03-01", customer_reference="red 100%"),
        shop.draft(SalesOrder, "2", order_date="2026-03-02"),
        shop.draft(SalesOrder, "10", "20", order_date="2026-03-02", note="later"),
    ]
    shop.work.session.commit()
    return [one.id for one in made]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("net=20", [1]),
        ("net__eq=20.00", [1]),
        ("net__ne=20", [0, 2]),
        ("net__lt=20", [0]),
        ("net__lte=20", [0, 1]),
        ("net__gt=20", [2]),
        ("net__gte=20&net__lt=300", [1]),
        ("net__in=10,300", [0, 2]),
        ("net__like=00", [0, 1, 2]),
        ("net__like=300.", [2]),
        ("net__isnull=true", []),
        ("order_date=2026-03-02", [1, 2]),
        ("order_date__in=2026-03-01,2026-03-05", [0]),
        ("order_date__like=-03-0", [0, 1, 2]),
        ("date__gte=2026-03-02", [1, 2]),
        ("customer_reference__like=red 100%", [0]),
        ("customer_reference__like=0_", []),
        ("customer_reference__isnull=1", [1, 2]),
        ("customer_reference__ne=blue", [0, 1, 2]),
        ("customer_reference=", [1, 2]),
        ("customer=C", [0, 1, 2]),
        ("customer__in=C,X", [0, 1, 2]),
        ("customer=X", []),
        ("customer__like=custom", [0, 1, 2]),
        ("customer__isnull=false", [0, 1, 2]),
        ("prices_include_tax=true", []),
        ("prices_include_tax__in=true,false", [0, 1, 2]),
        ("status__in=draft,paid", [0, 1, 2]),
        ("status__ne=draft", []),
        ("state=draft", [0, 1, 2]),
        ("number__isnull=true", [0, 1, 2]),
        ("currency=EUR&currency__like=E", [0, 1, 2]),
        ("updated_at__gte=2020-01-01T00:00:00Z", [0, 1, 2]),
        ("updated_at__gte=2120-01-01T00:00:00%2B09:00", []),
        ("version=1", [0, 1, 2]),
        ("q=customer", [0, 1, 2]),
        ("q=nothing", []),
    ],
)
def test_each_operator_finds_what_it_says(api: Program, orders: list[int], asked: str, found: list[int]) -> None:
    rows = api.rows(f"sales-orders?{asked}&sort=id&fields=id")
    assert [row["id"] for row in rows] == [orders[place] for place in found]


def test_tags_are_found_by_each_of_them(api: Program) -> None:
    assert [row["code"] for row in api.rows("items?tax_codes=V19")] == ["A"]
    assert [row["code"] for row in api.rows("items?tax_codes__ne=V19")] == ["F"]
    assert [row["code"] for row in api.rows("items?tax_codes__in=V7,V19")] == ["A"]
    assert [row["code"] for row in api.rows("items?tax_codes__like=19")] == ["A"]


def test_instants_with_an_offset_are_compared_in_utc(api: Program, orders: list[int]) -> None:
    """One second before and after, told in the time of Tokyo."""
    at = api.rows(f"sales-orders?id={orders[0]}")[0]["created_at"]
    assert at.endswith("Z")
    tokyo = f"{int(at[11:13]) + 9:02d}" if int(at[11:13]) < 15 else None
    moment = f"{at[:11]}{tokyo}{at[13:-1]}%2B09:00" if tokyo else at
    assert len(api.rows(f"sales-orders?id={orders[0]}&created_at__gte={moment}")) == 1
    assert api.rows(f"sales-orders?id={orders[0]}&created_at__gt={moment}") == []


@pytest.mark.parametrize(
    "asked",
    [
        "colour=red", "net__about=5", "net__gte=abc", "net__lt=", "net=１０", "net__isnull=perhaps", "order_date=2026-02-30",
        "status=lost", "sort=colour", "sort=--id", "sort=taxes", "fields=colour", "expand=net", "expand=colour",
        "expand=lines.colour", "limit=0", "limit=501", "limit=１０", "after=nonsense", "taxes=5", "taxes__lt=5", "lines=1",
        "id=x", "prices_include_tax=perhaps", "created_by=%27", "net=1&net=2",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_400(api: Program, asked: str) -> None:
    answer = api.get(f"sales-orders?{asked}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["detail"]


def test_the_order_is_the_one_asked_for(api: Program, orders: list[int]) -> None:
    one, two, three = orders
    assert [row["id"] for row in api.rows("sales-orders?sort=-order_date,id")] == [two, three, one]
    assert [row["id"] for row in api.rows("sales-orders?sort=-net")] == [three, two, one]


def test_only_the_fields_asked_for_are_answered(api: Program, orders: list[int]) -> None:
    rows = api.rows("sales-orders?fields=net,customer&sort=id&limit=1")
    assert set(rows[0]) == {"id", "version", "net", "customer"}
    assert set(api.rows("sales-orders?fields=lines&limit=1")[0]) == {"id", "version", "lines"}
    assert set(api.get(f"sales-orders/{orders[0]}?fields=total").json) == {"id", "version", "total"}


@pytest.mark.parametrize("sort", ["id", "-net,id", "order_date", "-customer_reference", "prices_include_tax", "status"])
def test_pages_neither_repeat_nor_miss_a_row_while_others_insert(
    api: Program, orders: list[int], shop: Any, sort: str
) -> None:
    seen, cursor = [], ""
    while True:
        answer = api.get(f"sales-orders?sort={sort}&limit=1&after={cursor}")
        seen += [row["id"] for row in answer.json["data"]]
        cursor = answer.json["next"]
        if cursor is None:
            break
        if len(seen) == 1:
            shop.draft(SalesOrder, "5", order_date="2026-03-02")
            shop.work.session.commit()
    assert set(orders) <= set(seen)
    assert len(seen) == len(set(seen))


def test_rows_of_equal_keys_come_once_although_others_change_between_the_pages(api: Program, shop: Any) -> None:
    made = [shop.draft(SalesOrder, "1", order_date="2026-03-02") for _n in range(9)]
    shop.work.session.commit()
    ids = [one.id for one in made]
    page = api.get("sales-orders?sort=-order_date&limit=3&fields=note").json
    seen = [row["id"] for row in page["data"]]
    left = [one for one in ids if one not in seen]
    assert api.patch(f"sales-orders/{seen[0]}", {"note": "read already"}, If_Match='"1"').status_code == 200
    assert api.patch(f"sales-orders/{left[0]}", {"note": "not read yet"}, If_Match='"1"').status_code == 200
    assert api.delete(f"sales-orders/{seen[1]}").status_code == 204
    assert api.delete(f"sales-orders/{left[1]}").status_code == 204
    rest = []
    while page["next"]:
        page = api.get(f"sales-orders?sort=-order_date&limit=3&fields=note&after={page['next']}").json
        rest += page["data"]
    assert sorted(row["id"] for row in rest) == sorted(set(left) - {left[1]})
    assert {row["id"]: row["note"] for row in rest}[left[0]] == "not read yet"


def test_a_cursor_belongs_to_its_order(api: Program, orders: list[int]) -> None:
    cursor = api.get("sales-orders?sort=-net,id&limit=1").json["next"]
    assert api.get(f"sales-orders?sort=-net,order_date,id&limit=1&after={cursor}").status_code == 400


def test_links_are_expanded_to_what_the_reader_may_see(api: Program, orders: list[int]) -> None:
    row = api.rows("sales-orders?expand=customer,lines.item&fields=customer,lines&sort=id&limit=1")[0]
    assert (row["customer"]["email"], row["customer"]["label"]) == ("customer@example.com", "Customer")
    assert row["lines"][0]["item"]["standard_cost"] == "6"
    one = api.get(f"sales-orders/{orders[0]}?expand=company").json
    assert (one["company"]["currency"], one["company"]["country"]) == ("EUR", "US")


def status_of(api: Program, kind: str, **asked: str) -> int:
    headers = {"Authorization": f"Bearer {api.token}"}
    return api.client.get(f"/api/v1/{kind}", query_string={**asked, "limit": "1"}, headers=headers).status_code


def test_no_value_breaks_a_filter_of_any_type(api: Program, orders: list[int]) -> None:
    """Two fields of each type, own and of an aspect, with every operator and every value."""
    tried: dict[tuple[str, bool], int] = {}
    wrong = []
    for kind in [one for one in all_kinds() if getattr(one, "__api__", True)]:
        with reading(system_actor("test")) as work:
            fields = described(work, kind.__kind__, "api").fields
        for info in fields:
            about = (info.type, info.aspect is not None)
            tried[about] = tried.get(about, 0) + 1
            asked = [(f"{info.name}__{op}", value) for op in OPERATORS for value in VALUES] if tried[about] < 3 else []
            wrong += [
                (name, value)
                for name, value in asked
                if status_of(api, kind.__collection__, **{name: value}) not in {200, 400}
            ]
    assert len(tried) > 12
    assert wrong == []


def test_no_order_or_choice_of_fields_breaks_any_list(api: Program, orders: list[int]) -> None:
    wrong = []
    for kind in [one for one in all_kinds() if getattr(one, "__api__", True)]:
        with reading(system_actor("test")) as work:
            names = [info.name for info in described(work, kind.__kind__, "api").fields]
        names += ["id", "updated_at", "updated_by", "date", "lines", "custom", "'; --"]
        asked = [{way: sign + name} for name in names for way, sign in WAYS]
        wrong += [(kind.__collection__, one) for one in asked if status_of(api, kind.__collection__, **one) >= 500]
    assert wrong == []
