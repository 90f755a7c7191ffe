"""What is typed is kept, also when the session ended or the server did not answer meanwhile."""

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PASSWORD, SignedIn

NOTE = "[name=customer_reference]"


def new_order(page: Page) -> None:
    page.goto("/sales-orders/new")
    expect(page.locator(NOTE)).to_be_visible()


def test_what_is_typed_after_the_session_ended_is_there_after_signing_in(signed_in: SignedIn) -> None:
    page = signed_in("sales")
    new_order(page)
    page.context.clear_cookies()
    page.fill(NOTE, "typed too late")
    expect(page.locator("#toasts")).to_contain_text("You are signed out")

    page.goto("/login")
    page.fill("[name=login]", "sales")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    new_order(page)

    expect(page.locator(NOTE)).to_have_value("typed too late")
    page.reload()
    expect(page.locator(NOTE)).to_have_value("typed too late")


def test_what_is_typed_while_the_server_is_away_is_kept_when_it_is_back(signed_in: SignedIn) -> None:
    page = signed_in("sales")
    new_order(page)

    def away(route: Route) -> None:
        route.abort()

    page.route("**/buffer", away)
    page.fill(NOTE, "typed while away")
    expect(page.locator("#toasts")).to_contain_text("what you typed is kept")
    page.unroute("**/buffer", away)
    with page.expect_response(lambda answer: "/buffer" in answer.url and answer.ok):
        pass
    page.reload()

    expect(page.locator(NOTE)).to_have_value("typed while away")
