"""What stands in front of the application: proxies that tell who asks, keys of programs, languages on offer."""

import dataclasses

import pytest
from flask import Flask, request

from erp.kernel import text
from erp.settings import settings


def test_the_asker_is_who_the_nearest_proxy_names(app: Flask):
    seen = []
    app.before_request_funcs.setdefault(None, []).insert(
        0, lambda: seen.append((request.remote_addr, request.is_secure))
    )
    try:
        client = app.test_client()
        client.get("/healthz", headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7", "X-Forwarded-Proto": "https"})
        client.get("/healthz", headers={"X-Forwarded-For": "203.0.113.7"})
    finally:
        app.before_request_funcs[None].pop(0)
    assert seen == [("203.0.113.7", True), ("203.0.113.7", False)]


def test_a_program_with_a_wrong_key_is_told_so_and_not_sent_to_sign_in(app: Flask):
    app.extensions["has company"] = True
    for path in ("/sales-invoices", "/login", "/"):
        answer = app.test_client().get(path, headers={"Authorization": "Bearer erp_1_wrong", "Accept": "text/html"})
        assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in"), path


def test_only_languages_on_offer_are_spoken(app: Flask, monkeypatch: pytest.MonkeyPatch):
    app.extensions["has company"] = True
    client = app.test_client()
    both = client.get("/login", headers={"Accept-Language": "ja"}).text
    assert 'lang="ja"' in both
    assert "English</button>" in both
    one = dataclasses.replace(settings(), languages=("en",))
    monkeypatch.setattr(text, "settings", lambda: one)
    page = client.get("/login?lang=ja", headers={"Accept-Language": "ja"}).text
    assert '<html lang="en"' in page
    assert "日本語" not in page
