"""A stale click changes nothing: the version is asked on every verb, by forms and by the API."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from erp.kernel.change.verbs import verbs_of
from erp.kernel.change.work import Work
from erp.kernel.records import all_kinds
from erp.kernel.rights import commands, tokens
from erp.kernel.rights.seed import seed_rights
from tests.access.makers import make_all
from tests.kernel.house import Browser, House, Program


def test_every_verb_of_every_kind_refuses_an_old_version(app: Flask, work: Work) -> None:
    app.extensions["has company"] = True
    seed_rights(work.session)
    root = commands.add_user(work, "root", "Root", roles=["administrator"])
    made = make_all(work.session, root.id)
    token, _row = tokens.make_token(work.session, root.id, ["all"], now=work.now, life=timedelta(hours=1))
    work.session.commit()
    headers = {"Authorization": f"Bearer {token}", "If-Match": '"7"'}
    client, tried, wrong = app.test_client(), 0, []
    for kind in all_kinds():
        one = made.get((kind.__kind__, "A"))
        if one is None or not getattr(kind, "__api__", True):
            continue
        base = f"/api/v1/{kind.__collection__}/{one}"
        asked = [("POST", f"{base}/{verb.route}") for verb in verbs_of(kind)] + [("PATCH", base), ("DELETE", base)]
        for method, url in asked:
            answer = client.open(url, method=method, headers=headers, json={})
            tried += 1
            if (answer.status_code, (answer.get_json() or {}).get("code")) != (412, "stale"):
                wrong.append(f"{method} {url}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert tried > 100


@pytest.fixture
def ada(house: House) -> Program:
    return house.program("ada")


@pytest.fixture
def ben(house: House) -> Browser:
    return house.browser("ben")


def test_a_change_by_the_api_says_which_version_it_was_made_on(house: House, ada: Program) -> None:
    draft = ada.post("sales-orders", house.order()).get_json()
    path, note = f"sales-orders/{draft['id']}", {"customer_reference": "PO 1"}
    missing = ada.ask("PATCH", path, note)
    assert (missing.status_code, missing.get_json()["code"]) == (428, "version_required")
    odd = ada.ask("PATCH", path, note, If_Match='"abc"')
    assert odd.status_code == 400
    done = ada.ask("PATCH", path, note, If_Match='"1"')
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')
    stale = ada.ask("PATCH", path, note, If_Match='"1"')
    assert (stale.status_code, stale.get_json()["code"]) == (412, "stale")
    assert ada.post(f"{path}/submission", If_Match='"1"').status_code == 412
    assert ada.get(path).get_json()["state"] == "draft"
    assert ada.post(f"{path}/submission", If_Match='"2"').status_code == 200


def order(house: House, ada: Program, *quantities: str) -> str:
    return f"/sales-orders/{ada.post('sales-orders', house.order(*quantities)).get_json()['id']}"


def test_a_form_without_a_version_changes_nothing(house: House, ada: Program, ben: Browser) -> None:
    path = order(house, ada)
    for goal in (path, f"{path}/submission", f"{path}/deletion"):
        answer = ben.post(goal, {"_form": "sales_order", "customer": "C"})
        assert answer.status_code == 409, goal
        assert "reload it" in answer.text
    assert ada.get(path[1:]).get_json()["version"] == 1


def test_a_stale_form_shows_both_versions_and_saves_the_choice(house: House, ada: Program, ben: Browser) -> None:
    path = order(house, ada, "1", "2")
    lines = ada.get(path[1:]).get_json()["lines"]
    first, second = (str(line["id"]) for line in lines)
    new = [{"id": lines[0]["id"], "quantity": "5"}, {"id": lines[1]["id"], "_delete": True}]
    ada.ask("PATCH", path[1:], {"customer_reference": "theirs", "lines": new}, If_Match='"1"')
    typed = {
        "_form": "sales_order", "version": "1", "customer": "C", "customer_reference": "mine",
        f"lines.{first}.item": "A", f"lines.{first}.quantity": "7", f"lines.{second}.item": "A",
        f"lines.{second}.quantity": "3", "lines.n3.item": "A", "lines.n3.quantity": "9",
    }  # fmt: skip
    conflict = ben.post(path, typed)
    assert conflict.status_code == 409
    text = re.sub(r"\s+", " ", conflict.text)
    assert "Saved now (Ada)" in text
    for theirs, mine in (("theirs", "mine"), ("5", "7")):
        assert f'value="{theirs}"> {theirs}' in text or f'value="{theirs}">{theirs}' in text
        assert f'value="{mine}" checked>{mine}' in text
    assert f'name="lines.gone{second}._delete"' in text, (
        "the line that somebody removed while I changed it is offered as a new one"
    )
    assert ada.get(path[1:]).get_json()["customer_reference"] == "theirs"

    chosen = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', conflict.text))
    chosen |= {"customer_reference": "theirs", f"lines.{first}.quantity": "7", f"lines.gone{second}._delete": "1"}
    assert chosen["version"] == "2"
    assert ben.post(path, chosen).status_code == 303
    saved = ada.get(path[1:]).get_json()
    assert saved["customer_reference"] == "theirs"
    assert [line["quantity"] for line in saved["lines"]] == ["7", "9"]


def test_of_two_people_who_submit_the_same_draft_one_is_told(house: House, ada: Program, ben: Browser) -> None:
    path = order(house, ada)
    line = ada.get(path[1:]).get_json()["lines"][0]["id"]
    form = {"_form": "sales_order", "version": "1", "customer": "C", f"lines.{line}.item": "A"}
    carl = house.browser("carl")
    first = ben.post(f"{path}/submission", {**form, f"lines.{line}.quantity": "1"})
    second = carl.post(f"{path}/submission", {**form, f"lines.{line}.quantity": "4"})
    assert (first.status_code, second.status_code) == (303, 409)
    assert "no longer a draft" in second.text
    assert "<td>1</td><td>4</td>" in second.text, "what Carl typed is shown beside what was submitted"
    assert "Save these choices" not in second.text
    assert house.value("SELECT COUNT(*) FROM issued_number WHERE kind = 'sales_order'") == 1


def test_the_same_in_japanese(house: House, ada: Program, ben: Browser) -> None:
    path = order(house, ada)
    form = {"_form": "sales_order", "version": "1", "customer": "C"}
    ben.post(f"{path}/submission", form)
    answer = house.browser("hana", language="ja").post(f"{path}/submission", form)
    assert answer.status_code == 409
    assert "下書きではありません" in answer.text
