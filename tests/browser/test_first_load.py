"""A first load weighs at most 90 kB as sent, a further page at most 12 kB."""

from collections.abc import Callable

from playwright.sync_api import Page

KILO = 1000


def sent(page: Page, path: str) -> int:
    """Return the bytes that came over the wire for a page and everything it loads."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(path, wait_until="networkidle")
    session.detach()
    return sum(sizes)


def test_the_first_page_weighs_at_most_90_kilobytes(signed_in: Callable[..., Page]) -> None:
    assert sent(signed_in(), "/sales-invoices") <= 90 * KILO


def test_a_further_page_weighs_at_most_12_kilobytes(signed_in: Callable[..., Page]) -> None:
    page = signed_in()
    page.goto("/sales-invoices", wait_until="networkidle")

    assert sent(page, "/sales-orders/1") <= 12 * KILO
