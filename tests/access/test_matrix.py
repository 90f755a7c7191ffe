"""The access matrix: every route, topic and report × role × record of two companies, against the declared table."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from erp.kernel.change.work import Work
from erp.kernel.live.views import topic_rooms
from erp.kernel.paper.reports import all_reports
from erp.kernel.records import Record
from erp.kernel.rights.loading import identify_token
from erp.kernel.rights.registry import all_surfaces, surface_of
from erp.kernel.work.jobs import all_jobs
from tests.access.house import House, house, kinds
from tests.access.table import ROLES, Try, is_visible, scope_of, tries

__all__ = ["house"]

MISSING = 987654321


def bare(text: str, *ids: int) -> str:
    """Return an answer without what differs from request to request."""
    text = re.sub(r'content="[^"]{20,}"|"X-CSRF-Token": "[^"]*"|value="[\w-]{80,}"', "", text)
    for one in ids:
        text = re.sub(rf"\b{one}\b", "N", text)
    return text


def told(answer: TestResponse, record_id: int) -> tuple[object, ...]:
    """Return all that an answer tells: status, headers and body, byte for byte but for ids and fresh proofs."""
    fresh = {"Content-Length", "Set-Cookie", "X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset"}
    headers = {name: value for name, value in answer.headers.items() if name not in fresh}
    return (
        answer.status_code,
        bare(str(sorted(headers.items())), record_id, MISSING),
        bare(answer.text, record_id, MISSING),
    )


def test_every_route_is_registered(app: Flask):
    unknown = sorted({rule.endpoint for rule in app.url_map.iter_rules() if surface_of(rule.endpoint) is None})
    assert unknown == []


def test_no_registered_route_is_gone(app: Flask):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    stale = [name for name in all_surfaces() if "." in name and ":" not in name and name not in endpoints]
    assert stale == []


def test_every_job_is_registered(app: Flask):
    assert [job.name for job in all_jobs() if surface_of(f"job:{job.name}") is None] == []


def test_what_anybody_may_open_is_a_short_list(app: Flask):
    public = {name.split(".")[0] for name, one in all_surfaces().items() if one.public}
    assert public <= {
        "static",
        "bundles",
        "error_pages",
        "login",
        "start",
        "health",
        "live",
        "mail",
        "prints",
        "embeds",
    }, "say why in this list"


def test_who_is_not_signed_in_gets_nowhere(app: Flask, work: Work):
    app.extensions["has company"] = True
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        surface = surface_of(rule.endpoint)
        if surface is None or surface.public:
            continue
        url = re.sub(r"<int:\w+>", "1", rule.rule).replace("<collection>", "users")
        url = re.sub(r"<(\w+:)?\w+>", "x", url)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(url, method=method)
            allowed = {401} if url.startswith("/api/") else {303, 401}
            assert answer.status_code in allowed, f"{method} {url}: {answer.status_code}"
            if answer.status_code == 303:
                assert answer.headers["Location"].startswith("/login"), f"{method} {url}"


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_as_the_table_says(house: House):
    wrong: list[str] = []
    for kind in kinds():
        for place in ("A", "B"):
            wrong += _route_by_route(house, kind, place)
    assert not wrong, "\n".join(wrong)


def _route_by_route(house: House, kind: type[Record], place: str) -> list[str]:
    record_id = house.made[kind.__kind__, place]
    wrong = []
    for one in tries(house.app, kind, record_id):
        if place == "B" and not (one.on_record and scope_of(house.role, kind.__kind__, one.verb)):
            continue  # refused by kind, as tried with A already
        answer = house.ask(one)
        problem = _verdict(house, kind, place, one, answer.status_code)
        if problem:
            wrong.append(f"{house.role}: {one.method} {one.url} ({place}) -> {answer.status_code}, {problem}")
        elif answer.status_code in {302, 404} and one.on_record:
            url = one.url.replace(f"/{record_id}", f"/{MISSING}")
            missing = house.ask(Try(one.method, url, one.verb, on_record=True))
            if told(missing, record_id) != told(answer, record_id):
                wrong.append(f"{house.role}: {one.method} {one.url}: the answer tells that there is something")
    return wrong


def _verdict(house: House, kind: type[Record], place: str, one: Try, status: int) -> str:
    """Return what is wrong with the answer, or an empty text."""
    name = kind.__kind__
    reads, does = scope_of(house.role, name, "read"), scope_of(house.role, name, one.verb)
    if status >= 500:
        return "broken"
    if not reads and not does:
        return "" if status == 404 else "expected 404: the kind is none of his business"
    if not does:
        return "" if status in {403, 404} else f"expected 403: no right to {one.verb}"
    if one.on_record and not is_visible(house.role, kind, place):
        led_on = {302} if one.method == "GET" else set()  # to the record's page, which is asked in its turn
        return "" if status in {404} | led_on else "expected 404: the record is hidden"
    if status in {401, 403}:
        return f"expected to be let in: {one.verb} is {does}"
    return ""


@pytest.mark.parametrize("role", ROLES)
def test_every_route_of_a_fixed_right_asks_it(house: House):
    """Settings, jobs, reports: what names its kind and verb in the registry is asked before the view runs."""
    wrong = []
    for rule in house.app.url_map.iter_rules():
        surface = surface_of(rule.endpoint)
        if surface is None or not surface.is_guarded:
            continue
        allowed = any(scope_of(house.role, surface.kind, verb) for verb in surface.verb.split("|"))
        url = re.sub(r"<int:\w+>", str(MISSING), rule.rule)
        url = re.sub(r"<(\w+:)?\w+>", "none", url)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            status = house.ask(Try(method, url, surface.verb, on_record=False)).status_code
            refused = status in {403, 404}
            if status >= 500 or (not allowed and not refused) or (allowed and status in {401, 403}):
                wrong.append(f"{house.role}: {method} {url} -> {status}, {surface.verb} of {surface.kind} is {allowed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_every_list_and_topic_holds_what_the_role_may_see(house: House):
    wrong = []
    identity = identify_token(house.work.session, house.token, house.work.now)
    assert identity is not None
    listener = Work(house.work.session, identity.actor)
    for kind in kinds():
        seen = {place for place in ("A", "B", "mine") if is_visible(house.role, kind, place)}
        expected = {house.made[kind.__kind__, place] for place in seen}
        if getattr(kind, "__api__", True):
            answer = house.ask(Try("GET", f"/api/v1/{kind.__collection__}?limit=200", "read", on_record=False))
            listed = {row["id"] for row in answer.get_json()["data"]} if answer.status_code == 200 else set()
            if listed != expected:
                wrong.append(f"{kind.__kind__}: lists {listed}, expected {expected}")
        heard = {
            house.made[kind.__kind__, place]
            for place in ("A", "B", "mine")
            if topic_rooms(listener, {"kind": kind.__kind__, "id": house.made[kind.__kind__, place]})
        }
        if heard != expected:
            wrong.append(f"{kind.__kind__}: hears {heard}, expected {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_every_report_asks_its_right_and_its_company(house: House):
    wrong = []
    for report in all_reports():
        verb, kind = report.right
        allowed = scope_of(house.role, kind, verb) == "all"
        for place in ("A", "B"):
            url = f"/api/v1/reports/{report.name}?company={house.made['company', place]}"
            status = house.ask(Try("GET", url, "read", on_record=False)).status_code
            foreign = place == "B" and house.role != "administrator"
            if (
                status >= 500
                or (status == 200 and (not allowed or foreign))
                or (allowed and not foreign and status in {401, 403, 404})
            ):
                wrong.append(f"{report.name} of {place}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["sales", "administrator"])
def test_a_hidden_field_is_nowhere(house: House):
    hidden = house.role != "administrator"
    record_id = house.made["employee", "A"]
    url = f"/api/v1/employees/{record_id}"
    read = house.ask(Try("GET", url, "read", on_record=True)).get_json()
    assert ("born_on" in read) is not hidden
    listed = house.ask(Try("GET", "/api/v1/employees", "read", on_record=False)).get_json()["data"]
    assert all(("born_on" in row) is not hidden for row in listed)
    for question in ("born_on=2000-01-01", "sort=born_on", "fields=born_on"):
        status = house.ask(Try("GET", f"/api/v1/employees?{question}", "read", on_record=False)).status_code
        assert status == (400 if hidden else 200), question
    kinds_answer = house.ask(Try("GET", "/api/v1/kinds/employees", "read", on_record=False)).text
    assert ("born_on" in kinds_answer) is not hidden
    page = house.ask(Try("GET", f"/employees/{record_id}", "read", on_record=True)).text
    assert ("born_on" in page) is not hidden
