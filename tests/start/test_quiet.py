"""A fresh trading company is quiet: what is not wanted every day is folded away, and still found by name."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from erp.kernel.change.described import described
from erp.kernel.change.work import Work, reading, run_work
from erp.kernel.records import all_kinds
from erp.kernel.rights import system_actor
from erp.kernel.rights.loading import actor_by_login
from erp.start.commands import FirstRun, set_up
from tests.kernel.house import Browser, House

GROUPS, ENTRIES, FIELDS, GRID, COLUMNS, SETTINGS = 6, 24, 12, 6, 6, 15


@pytest.fixture
def admin(app: Flask, committed: None) -> Browser:
    """The first administrator of a company that was set up a moment ago, and nothing else."""
    app.extensions["has company"] = True
    wanted = FirstRun("Kalo Trading", "US", login="root", person="Root", password="matcha and azuki")
    company = run_work(system_actor("first run"), lambda work: set_up(work, wanted).id)
    with reading(system_actor("test")) as work:
        actor = actor_by_login(work.session, "root")
    assert actor is not None
    assert actor.user_id is not None
    return House(app, company).sign_in(actor.user_id)


def between(text: str, start: str, end: str) -> str:
    return text[text.index(start) :].split(end, 1)[0]


def test_the_navigation_fits_on_a_screen(admin: Browser) -> None:
    nav = between(admin.get("/").text, '<nav class="nav"', "</nav>")
    groups, links = nav.count("<details"), re.findall(r'<a href="(/[^"]*)"', nav)
    assert 1 <= groups <= GROUPS
    assert 10 <= len(links) <= ENTRIES, links
    for link in links:
        assert admin.get(link).status_code == 200, link


@pytest.mark.parametrize("kind", ["sales-orders", "sales-invoices", "purchase-invoices", "payments", "journal-entries"])
def test_a_form_asks_little_at_first(admin: Browser, kind: str) -> None:
    page = admin.get(f"/{kind}/new").text
    form = between(page, '<form id="doc-form"', '<div class="rail"')
    visible = between(form, "<section", '<table class="lines"')
    fields = re.findall(r'<(?:input(?! type="hidden")|select|textarea)\b[^>]*\bname="([^"$]+)"', visible)
    assert 1 <= len(fields) <= FIELDS, fields
    heads = [
        re.sub(r"<span class=.vh.>.*?</span>|<[^>]+>", "", one) for one in re.findall(r"<th\b.*?</th>", form, re.DOTALL)
    ]
    columns = [words for words in heads if words.strip()]
    assert 2 <= len(columns) <= GRID, columns


def test_the_rest_of_a_form_is_under_more(admin: Browser) -> None:
    page = admin.get("/sales-orders/new").text
    more = between(page, '<details class="more" id="more">', "</details>")
    for name in ("company", "currency", "price_list", "terms", "prices_include_tax", "note"):
        assert f'name="{name}"' in more, name
    assert 'name="lines.n1.discount_percent"' in between(page, 'id="more-lines-n1"', "</tr>")


def test_a_discount_that_is_given_has_its_column(admin: Browser) -> None:
    page = admin.post("/sales-orders", {"_form": "sales_order", "_add": "lines", "lines.n1.discount_percent": "5"}).text
    assert "Discount %" in between(page, '<table class="lines"', "</thead>")
    assert "Discount %" not in between(admin.get("/sales-orders/new").text, '<table class="lines"', "</thead>")


def test_lists_have_six_columns_at_the_most(admin: Browser) -> None:
    def columns(work: Work) -> dict[str, int]:
        return {kind.__kind__: len(described(work, kind.__kind__, "list").columns) for kind in all_kinds()}

    counted = run_work(system_actor("test"), columns)
    assert max(counted.values()) <= COLUMNS
    head = between(admin.get("/accounts").text, "<thead>", "</thead>")
    assert 2 <= head.count('<th scope="col"') <= COLUMNS


def test_the_first_page_of_settings_is_short(admin: Browser) -> None:
    lines = re.findall(
        r'<li>.*?<a class="link" href="([^"]+)"', between(admin.get("/settings").text, "<main", "</main>")
    )
    assert 5 <= len(lines) <= SETTINGS, lines
    for line in lines:
        assert admin.get(line).status_code == 200, line


def test_what_has_no_entry_is_found_by_its_name(admin: Browser) -> None:
    for typed, found in (("item gr", "/item-groups"), ("journal", "/journal-entries"), ("new curr", "/currencies/new")):
        assert f'"{found}"' in admin.get(f"/palette?q={typed}&pages=1").text, typed


def test_everybody_sees_only_what_he_may_open(admin: Browser) -> None:
    house = House(admin.client.application, 0)
    house.company = house.value("SELECT id FROM company")
    for role in ("sales", "approver", "accounts", "stock", "buyer"):
        person = house.browser(role, role)
        nav = between(person.get("/").text, '<nav class="nav"', "</nav>")
        links = re.findall(r'<a href="(/[^"]*)"', nav)
        assert len(links) < ENTRIES
        for link in links:
            assert person.get(link).status_code == 200, f"{role}: {link}"


@pytest.mark.parametrize("kind", ["payments", "journal-entries", "sales-invoices", "purchase-invoices", "sales-orders"])
def test_a_new_document_begins_with_the_day_of_its_company(admin: Browser, kind: str):
    page = admin.get(f"/{kind}/new").text
    day = "order_date" if kind == "sales-orders" else "posting_date" if "invoices" in kind else "date"
    found = re.search(rf'<input[^>]*name="{day}"[^>]*>', page)
    assert found is not None
    house = House(admin.client.application, 0)
    zone = ZoneInfo(house.value("SELECT timezone FROM company"))
    assert f'value="{datetime.now(zone).date().isoformat()}"' in found[0]
