"""A page of another site, on another port: what it shows of ours, that it stays true, and what it is refused."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT
from tests.browser.test_every_page import flaws

SignedIn = Callable[..., Page]
EXAMPLES, VENDOR = ROOT / "docs/examples/embeds", ROOT / "tests/browser/vendor"
LIBRARIES = {"htmx-4.min.js": ROOT / "static/vendor/htmx.min.js"} | {
    name: VENDOR / name for name in ("htmx-2.min.js", "turbo-8.js")
}
SECOND = 1000


LISTEN = """([home, token]) => new Promise(done => {
    const about = {transports: ["websocket"], query: {embed: 1}, auth: {embed: token}, forceNew: true, reconnection: false}
    const socket = io(home, about)
    socket.on("connect", () => done("let in"))
    socket.on("connect_error", () => done("refused"))
})"""


class Shop:
    """Another site: the example pages of the documentation with an address of ours put in."""

    def __init__(self, home: str) -> None:
        self.home, self.address = home, ""
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/").split("?")[0]
                path = LIBRARIES.get(name) or EXAMPLES / name
                if not path.is_file():
                    self.send_error(404)
                    return
                text = path.read_text(encoding="utf-8")
                if name.endswith(".html"):
                    text = text.replace("DAIFUKU", shop.home).replace("EMBED", shop.address)
                body = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html" if name.endswith(".html") else "text/javascript")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: Any) -> None:
                del words

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def shop(site: str) -> Iterator[Shop]:
    one = Shop(site)
    yield one
    one.server.shutdown()


@pytest.fixture(scope="module")
def ask(site: str, data: Path) -> Callable[..., Any]:
    """Ask the API as the administrator of the demo."""
    words = ["token", "create", "--user", "admin", "--scope", "all", "--expires-in", "1h", "--json"]
    erp = [str(Path(sys.executable).parent / "erp"), "--data", str(data), *words]
    own = {name: value for name, value in os.environ.items() if not name.startswith("ERP_")}
    made = subprocess.run(
        erp, check=True, capture_output=True, text=True, cwd=ROOT, env={**own, "PYTHONPATH": str(ROOT)}
    )
    token = json.loads(made.stdout)["token"]

    def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = json.dumps(body if body is not None else {}).encode() if method != "GET" else None
        request = urllib.request.Request(f"{site}/api/v1/{path}", sent, method=method)
        request.add_header("Authorization", f"Bearer {token}")
        request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.read().decode()}") from None

    return call


@pytest.fixture
def order(ask: Callable[..., Any]) -> dict[str, Any]:
    """A submitted order of the demo: nothing of it is invoiced."""
    [item] = ask("GET", "items?q=Chai&limit=1")["data"]
    body = {"customer": {"code": "ALFKI"}, "lines": [{"item": item["id"], "quantity": "2", "price": "10"}]}
    return dict(ask("POST", "sales-orders?submit=1", body))


@pytest.fixture
def guest(browser: Browser) -> Iterator[Page]:
    """A reader of the other site, who has no cookie of ours."""
    context = browser.new_context(viewport={"width": 900, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.mark.parametrize("way", ["plain", "htmx4", "htmx2", "turbo", "frame"])
def test_a_page_of_another_site_follows_the_document(
    way: str, shop: Shop, guest: Page, ask: Callable[..., Any], order: dict[str, Any]
) -> None:
    path = f"/sales-orders/{order['id']}"
    shop.address = ask("POST", "embeds", {"path": path, "origin": shop.origin, "expires_in": 600})["url"]
    guest.goto(f"{shop.origin}/{way}.html")
    inside: Any = guest.frame_locator("iframe") if way == "frame" else guest
    status = inside.locator(".dfk-status")
    expect(status).to_have_attribute("data-status", "to_bill")
    expect(inside.get_by_text(order["number"]).first).to_be_visible()
    guest.wait_for_timeout(SECOND)
    bill = ask("POST", f"sales-orders/{order['id']}/invoice")
    began = time.monotonic()
    ask("POST", f"sales-invoices/{bill['id']}/submission", If_Match=f'"{bill["version"]}"')
    expect(status).to_have_attribute("data-status", "completed", timeout=2 * SECOND)
    assert time.monotonic() - began < 2
    assert guest.context.cookies() == []


def test_when_it_is_revoked_the_open_page_is_told_within_five_seconds(
    shop: Shop, guest: Page, ask: Callable[..., Any], order: dict[str, Any]
) -> None:
    made = ask("POST", "embeds", {"path": f"/sales-orders/{order['id']}", "origin": shop.origin, "expires_in": 600})
    shop.address = made["url"]
    guest.goto(f"{shop.origin}/htmx4.html")
    expect(guest.locator(".dfk-status")).to_be_visible()
    guest.wait_for_timeout(SECOND)
    ask("POST", f"embeds/{made['id']}/revocation", If_Match=f'"{made["version"]}"')
    expect(guest.locator(".dfk-status")).to_have_count(0, timeout=5 * SECOND)
    guest.reload()
    guest.wait_for_timeout(SECOND)
    expect(guest.locator(".dfk-status")).to_have_count(0)


def test_another_site_gets_nothing(
    site: str, shop: Shop, guest: Page, ask: Callable[..., Any], order: dict[str, Any]
) -> None:
    made = ask(
        "POST", "embeds", {"path": f"/sales-orders/{order['id']}", "origin": "https://shop.example", "expires_in": 600}
    )
    shop.address = made["url"]
    guest.goto(f"{shop.origin}/plain.html")
    told = guest.evaluate("url => fetch(url).then(answer => answer.status, error => String(error))", made["url"])
    assert "TypeError" in str(told), "the browser lets the page read nothing, not even the status"
    token = made["url"].rsplit("/", 1)[1]
    heard = guest.evaluate(LISTEN, [site, token])
    assert heard == "refused"
    guest.goto(f"{shop.origin}/frame.html")
    guest.wait_for_timeout(SECOND)
    assert order["number"] not in (guest.frames[-1].content() if len(guest.frames) > 1 else "")


def test_a_dealer_orders_from_his_own_page(
    shop: Shop, guest: Page, ask: Callable[..., Any], order: dict[str, Any]
) -> None:
    customer = order["customer"]["id"]
    names = ["customer_reference", "lines.item", "lines.quantity"]
    body = {"path": f"/sales-orders/new?customer={customer}", "origin": shop.origin, "fields": names, "expires_in": 600}
    shop.address = ask("POST", "embeds", body)["url"]
    reference = f"DEALER-{time.time_ns()}"
    guest.goto(f"{shop.origin}/htmx4.html")
    guest.get_by_label("Customer’s reference").fill(reference)
    guest.locator("[name='lines.1.item']").select_option(index=1)
    guest.locator("[name='lines.1.quantity']").fill("none")
    guest.get_by_role("button", name="Send").click()
    expect(guest.locator("[aria-invalid=true]")).to_have_value("none")
    expect(guest.get_by_label("Customer’s reference")).to_have_value(reference)
    guest.locator("[name='lines.1.quantity']").fill("4")
    guest.get_by_role("button", name="Send").click()
    expect(guest.locator(".dfk-told")).to_contain_text("Thank you")
    [made] = ask("GET", f"sales-orders?customer_reference={reference}")["data"]
    assert made["state"] == "draft"


def test_a_customer_accepts_by_the_link_and_sales_sees_it(
    site: str, guest: Page, signed_in: SignedIn, order: dict[str, Any]
) -> None:
    sales = signed_in("admin")
    sales.goto(f"/sales-orders/{order['id']}")
    sales.get_by_role("link", name="Link for somebody outside").click()
    expect(sales.locator("[name=path]")).to_have_value(f"/sales-orders/{order['id']}")
    sales.locator("form#doc-form [name=expires_in]").fill("12h")
    sales.keyboard.press("Control+s")
    address = sales.locator("#embed-url")
    expect(address).to_be_visible()
    url = address.input_value()
    assert url.startswith(f"{site}/embed/")
    sales.goto(f"/sales-orders/{order['id']}")
    sales.wait_for_selector("[data-live=on]")

    guest.goto(url)
    expect(guest.get_by_role("heading", name=re.compile(order["number"]))).to_be_visible()
    assert flaws(guest) == []
    guest.set_viewport_size({"width": 360, "height": 780})
    assert guest.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    guest.locator("form", has_text="Accept").get_by_label("Your name").fill("Hanako Mori")
    guest.get_by_role("button", name="Accept").click()
    expect(guest.locator(".dfk-told")).to_contain_text("Accepted by Hanako Mori")
    expect(sales.locator("#timeline")).to_contain_text("Hanako Mori accepted this by link", timeout=4 * SECOND)
    guest.locator("form", has_text="Comment").get_by_label("Your name").fill("Hanako Mori")
    guest.get_by_label("Comment").fill("Please deliver in the morning.")
    guest.get_by_role("button", name="Send").click()
    expect(guest.locator(".dfk-said")).to_contain_text("in the morning")
    expect(sales.locator("#timeline")).to_contain_text("in the morning", timeout=4 * SECOND)


def test_the_page_of_an_embed_says_what_to_paste(shop: Shop, signed_in: SignedIn, order: dict[str, Any]) -> None:
    admin = signed_in("admin")
    admin.goto(f"/embeds/new?path=/sales-orders/{order['id']}")
    admin.locator("[name=origin]").fill("shop.example")
    admin.keyboard.press("Control+s")
    expect(admin.locator("#doc-form [aria-invalid=true]")).to_have_attribute("name", "origin")
    admin.locator("[name=origin]").fill(shop.origin)
    admin.keyboard.press("Control+s")
    expect(admin.get_by_label("htmx 4")).to_contain_text("hx-get")
    assert flaws(admin) == []
    admin.set_viewport_size({"width": 360, "height": 780})
    assert admin.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
