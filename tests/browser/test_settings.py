"""Pages of one’s own: passwords by mail, keys for programs, sessions; files that become records; events of developers."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from tests.browser.steps import LIVE

SignedIn = Callable[..., Page]


def test_a_key_for_a_program_is_shown_once_works_and_is_taken_back(signed_in: SignedIn, site: str) -> None:
    page, name = signed_in("admin"), f"Till {uuid4().hex[:6]}"
    page.goto("/settings/tokens")
    page.fill("#name", name)
    page.fill("#scopes", "all")
    page.locator("main form .btn.pri").first.click()
    shown = re.search(r"erp_\d+_[\w-]+", page.content())
    assert shown is not None
    asks = {"Authorization": f"Bearer {shown[0]}"}
    stranger = signed_in("stock").context.request
    assert stranger.get(f"{site}/api/v1/kinds", headers=asks).status == 200
    page.goto("/settings/tokens")
    expect(page.locator("main")).not_to_contain_text(shown[0])

    page.locator("main tbody tr", has_text=name).locator("button").click()
    expect(page.locator("main tbody tr", has_text=name)).to_have_count(0)

    assert stranger.get(f"{site}/api/v1/kinds", headers=asks).status == 401


def test_a_session_in_another_browser_is_ended(site: str, browser: Browser, signed_in: SignedIn) -> None:
    other = browser.new_context(base_url=site)
    far = other.new_page()
    far.goto("/login")
    far.fill("#login", "buyer")
    far.fill("#password", "daifuku-demo")
    far.keyboard.press("Enter")
    far.wait_for_url(lambda url: "/login" not in url)
    page = signed_in("buyer")
    page.goto("/settings/sessions")
    rows = page.locator("main button", has_text="End")
    before = rows.count()

    rows.first.click()
    page.wait_for_load_state()

    assert page.locator("main button", has_text="End").count() == before - 1
    other.close()


def test_a_file_is_tried_without_saving_and_then_imported(signed_in: SignedIn, tmp_path: Path) -> None:
    code = f"IMP{uuid4().hex[:5].upper()}"
    file = tmp_path / "customers.csv"
    file.write_text(f"code,name\n{code},Kontor {code}\n", encoding="utf-8")
    page = signed_in("admin")
    page.goto("/customers/import")
    page.set_input_files("#file", file)
    page.click("button[name=dry_run][value='1']")
    expect(page.locator("#import-run")).to_contain_text("1 new", timeout=45_000)
    expect(page.locator("#import-run")).to_contain_text("nothing was saved")
    assert page.request.get(f"/customers/totals?q={code}").text().count("Total of 0") == 1

    page.click("text=Import now")

    expect(page.locator("#import-run")).to_contain_text("Show the list", timeout=45_000)
    page.goto(f"/customers?q={code}")
    expect(page.locator("#rows tr[data-id]")).to_have_count(1)


def test_who_forgot_a_password_is_mailed_a_link_and_chooses_a_new_one(
    site: str, browser: Browser, signed_in: SignedIn
) -> None:
    login = f"inv{uuid4().hex[:6]}"
    admin = signed_in("admin")
    admin.goto("/settings/users")
    admin.fill("#login", login)
    admin.fill("#name", "Ida Invited")
    admin.fill("#email", f"{login}@example.com")
    admin.click("text=Send invitation")
    context = browser.new_context(base_url=site)
    page = context.new_page()
    for words in ("invited", "forgotten"):
        if words == "forgotten":
            page.goto("/password")
            page.fill("#login", login)
            page.click(".btn.pri")
        page.goto(_link(page, login, known=words == "forgotten"))
        page.fill("#password", f"matcha and azuki {words}")
        page.fill("#password_again", f"matcha and azuki {words}")
        page.click(".btn.pri")
        page.fill("#login", login)
        page.fill("#password", f"matcha and azuki {words}")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        context.clear_cookies()
    context.close()


def _link(page: Page, login: str, *, known: bool) -> str:
    """Return the link in the newest mail to somebody; ``known``: the second mail to this person."""
    for _try in range(60):
        mails = [one for one in page.request.get("/dev/mail.json").json() if login in str(one["to"])]
        if len(mails) > known:
            newest = max(mails, key=lambda one: one["id"])
            text = page.request.get(next(part["url"] for part in newest["parts"] if "plain" in part["type"])).text()
            found = re.search(r"/password/[\w.-]+", text)
            assert found, text
            return found[0]
        page.wait_for_timeout(500)
    raise AssertionError("no mail came")


def test_an_event_of_a_developer_starts_a_request_without_script(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/help")
    page.wait_for_selector(LIVE)
    page.evaluate(
        "() => { const el = document.createElement('p'); el.id = 'asks';"
        " el.setAttribute('hx-get', '/jobs/running'); el.setAttribute('hx-trigger', 'live:app.event from:body');"
        " document.querySelector('main').append(el); htmx.process(el) }"
    )

    page.evaluate("() => erp.fire(document.body, 'live:app.event', { reason: 'tried' })")

    expect(page.locator("#asks")).to_contain_text("running")
