"""The gate seen from a browser: sign in, forgery, forgotten passwords, headers."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from erp.kernel.change.work import Work
from erp.kernel.paper.mail import Mail
from erp.kernel.rights import commands
from erp.kernel.rights.seed import seed_rights
from erp.kernel.rights.throttle import FREE_TRIES
from erp.kernel.rights.user import User
from erp.kernel.web.login import local_path

PASSWORD = "matcha and azuki"


@pytest.fixture
def ada(work: Work) -> User:
    seed_rights(work.session)
    user = commands.add_user(work, "ada", "Ada", email="ada@example.com", password=PASSWORD, language="en")
    work.session.commit()
    return user


@pytest.fixture
def browser(app: Flask, ada: User) -> FlaskClient:
    app.extensions["has company"] = True
    return app.test_client()


def csrf_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert found
    return found[1]


def sign_in(browser: FlaskClient, password: str = PASSWORD, login: str = "ada", **more: str) -> TestResponse:
    token = csrf_of(browser.get("/login"))
    return browser.post("/login", data={"login": login, "password": password, "csrf_token": token, **more})


@pytest.fixture
def signed_in(browser: FlaskClient) -> FlaskClient:
    assert sign_in(browser).status_code == 303
    return browser


def test_ada_signs_in_by_name_or_address_and_goes_where_she_wanted(browser: FlaskClient):
    answer = sign_in(browser, login="ADA@example.com", next="/settings/me")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings/me")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("sid="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/settings/me").status_code == 200


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        (["sales"], "/sales-orders"), (["approver"], "/approvals"), (["buyer"], "/purchase-invoices"),
        (["stock"], "/items"), (["accounts"], "/"), (["accounts", "sales"], "/sales-orders"), (["sales", "buyer"], "/"),
        (["administrator", "sales"], "/"), ([], "/"),
    ],
)  # fmt: skip
def test_everybody_lands_on_the_page_of_his_role(
    browser: FlaskClient, work: Work, ada: User, roles: list[str], page: str
):
    commands.set_roles(work, ada, roles, [commands.EVERY_COMPANY])
    work.session.commit()
    assert sign_in(browser).headers["Location"] == page
    assert browser.get(page).status_code == 200


def test_over_https_the_cookie_is_bound_to_the_host(browser: FlaskClient):
    page = browser.get("/login", base_url="https://localhost")
    answer = browser.post(
        "/login", base_url="https://localhost", data={"login": "ada", "password": PASSWORD, "csrf_token": csrf_of(page)}
    )
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "sid=" in one)
    assert cookie.startswith("__Host-sid=")
    assert "Secure" in cookie
    assert "Strict-Transport-Security" in answer.headers


def test_a_wrong_password_and_an_unknown_name_look_alike(browser: FlaskClient):
    wrong, unknown = sign_in(browser, "wrong"), sign_in(browser, login="nobody")
    assert wrong.status_code == unknown.status_code == 422
    assert "do not match" in wrong.text
    assert "do not match" in unknown.text


def test_guessing_slows_down_and_says_for_how_long(browser: FlaskClient):
    for _try in range(FREE_TRIES["account"]):
        assert sign_in(browser, "wrong").status_code == 422
    answer = sign_in(browser)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


def test_the_form_must_be_ours(browser: FlaskClient):
    browser.get("/login")
    assert browser.post("/login", data={"login": "ada", "password": PASSWORD}).status_code == 403
    other = csrf_of(browser.application.test_client().get("/login"))
    assert browser.post("/login", data={"login": "ada", "password": PASSWORD, "csrf_token": other}).status_code == 403


def test_a_session_is_new_after_signing_in_again(signed_in: FlaskClient):
    before = signed_in.get_cookie("sid")
    token = csrf_of(signed_in.get("/settings/me"))
    signed_in.post("/login", data={"login": "ada", "password": PASSWORD, "csrf_token": token})
    after = signed_in.get_cookie("sid")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    stale = signed_in.application.test_client()
    stale.set_cookie("sid", before.value)
    assert stale.get("/settings/me").status_code == 303


def test_signing_out_ends_the_session(signed_in: FlaskClient):
    token = csrf_of(signed_in.get("/settings/me"))
    assert signed_in.get("/logout").status_code == 404, "no change of state by GET"
    assert signed_in.post("/logout", data={"csrf_token": token}).headers["Location"] == "/login"
    assert signed_in.get("/settings/me").status_code == 303


def test_unsafe_requests_need_the_pages_own_proof(signed_in: FlaskClient):
    token = csrf_of(signed_in.get("/settings/me"))
    facts = {"name": "Ada L.", "language": "en", "timezone": "UTC"}
    assert signed_in.post("/settings/me", data=facts).status_code == 403
    assert signed_in.post("/settings/me", data=facts, headers={"X-CSRF-Token": token}).status_code == 303
    foreign = {"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}
    assert signed_in.post("/settings/me", data=facts, headers=foreign).status_code == 403
    origin = {"X-CSRF-Token": token, "Origin": "https://evil.example"}
    assert signed_in.post("/settings/me", data=facts, headers=origin).status_code == 403


def test_answers_carry_the_protecting_headers(signed_in: FlaskClient):
    headers = signed_in.get("/settings/me").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' ws://localhost;" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "path", ["/settings/me", "/settings/password", "/settings/sessions", "/settings/tokens", "/settings"]
)
def test_own_pages_have_no_inline_script_or_style(signed_in: FlaskClient, path: str):
    page = signed_in.get(path)
    assert page.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", page.text)


def test_nobody_sees_whether_a_page_exists(browser: FlaskClient):
    for path in ("/users", "/no-such-thing", "/settings/roles"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next={path}")
    assert browser.get("/api/v1/users").status_code == 401


@pytest.mark.parametrize(
    "goal",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/%2fevil.example",
        "/a\nb",
        "javascript:x",
        "",
        None,
    ],
)
def test_after_signing_in_nobody_is_sent_to_another_site(goal: str | None):
    assert local_path(goal) == "/"


def test_a_local_goal_is_kept():
    assert (
        local_path("/sales-invoices?status=overdue&sort=-due_date") == "/sales-invoices?status=overdue&sort=-due_date"
    )


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(signed_in: FlaskClient, work: Work):
    outside = signed_in.application.test_client()
    token = csrf_of(outside.get("/password"))
    known = outside.post("/password", data={"login": "ada", "csrf_token": token})
    unknown = outside.post("/password", data={"login": "nobody", "csrf_token": token})
    strip: Callable[[str], str] = lambda text: re.sub(r'content="[^"]*"|X-CSRF-Token": "[^"]*"', "", text)  # noqa: E731
    assert strip(known.text) == strip(unknown.text)
    mail = work.session.scalars(select(Mail)).one()
    link = re.search(r"/password/[\w-]+", mail.text)
    assert mail.to == "ada@example.com"
    assert link
    token = csrf_of(outside.get(link[0]))
    short = outside.post(link[0], data={"password": "short", "password_again": "short", "csrf_token": token})
    assert short.status_code == 422
    new = {"password": "green tea mochi", "password_again": "green tea mochi", "csrf_token": token}
    assert outside.post(link[0], data=new).headers["Location"] == "/login"
    assert outside.post(link[0], data=new).status_code == 404
    assert signed_in.get("/settings/me").status_code == 303, "sessions end when the password changes"
    assert sign_in(outside, "green tea mochi").status_code == 303


def test_a_password_is_changed_with_the_present_one_and_this_browser_stays(signed_in: FlaskClient):
    token = csrf_of(signed_in.get("/settings/password"))
    new = {"password": "green tea mochi", "password_again": "green tea mochi", "csrf_token": token}
    assert signed_in.post("/settings/password", data={**new, "current": "wrong"}).status_code == 422
    assert signed_in.post("/settings/password", data={**new, "current": PASSWORD}).status_code == 303
    assert signed_in.get("/settings/password").status_code == 200


def test_a_token_speaks_for_its_user_in_its_scopes(signed_in: FlaskClient):
    token = csrf_of(signed_in.get("/settings/tokens"))
    page = signed_in.post("/settings/tokens", data={"scopes": "companies:read", "life": "90d", "csrf_token": token})
    text = re.search(r"erp_\d+_[\w-]+", page.text)
    assert text
    program = signed_in.application.test_client()
    bearer = {"Authorization": f"Bearer {text[0]}"}
    refused = program.get("/api/v1/branches", headers=bearer)
    assert (refused.status_code, refused.mimetype) in {
        (404, "application/problem+json"),
        (403, "application/problem+json"),
    }
    assert program.get("/api/v1/branches", headers={"Authorization": "Bearer erp_1_x"}).status_code == 401
    assert text[0] not in signed_in.get("/settings/tokens").text


def test_ada_reads_japanese_when_her_browser_prefers_it(browser: FlaskClient):
    page = browser.get("/login", headers={"Accept-Language": "ja,en;q=0.5"})
    assert '<html lang="ja"' in page.text


def test_an_administrator_edits_the_table_of_rights(app: Flask, work: Work, ada: User):
    commands.set_roles(work, ada, ["administrator"], [commands.EVERY_COMPANY])
    commands.add_role(work, "clerk", "Clerk")
    work.session.commit()
    app.extensions["has company"] = True
    browser = app.test_client()
    sign_in(browser)
    token = csrf_of(browser.get("/settings/roles/clerk"))
    table = {
        "kinds": "unit", "unit.scope": "own", "unit.verbs": ["read", "create"], "also.shown": "1", "also": "ledger:read",
        "home": "/units", "csrf_token": token,
    }  # fmt: skip
    assert browser.post("/settings/roles/clerk", data=table).status_code == 303
    page = browser.get("/settings/roles/clerk").text
    assert 'name="unit.verbs" value="read" checked' in page
    assert 'name="unit.verbs" value="update">' in page
    assert '<option value="own" selected>' in page
    assert 'name="also" value="ledger:read" checked' in page
    assert '<option value="/units" selected>' in page
    assert browser.post("/settings/roles/clerk", data={**table, "home": "//evil.example"}).status_code == 422
    assert browser.post("/settings/roles/clerk", data={**table, "unit.scope": "everything"}).status_code == 422


def test_who_does_not_administer_finds_no_such_page(signed_in: FlaskClient):
    missing = signed_in.get("/settings/roles")
    assert missing.status_code == 404
    token = csrf_of(signed_in.get("/settings/me"))
    assert signed_in.post("/settings/users", data={"login": "x", "csrf_token": token}).status_code == 404
