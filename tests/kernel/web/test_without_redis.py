"""With every Redis away people sign in, work and sign out; what waits for a worker is written down."""

from flask import Flask

from erp.kernel.rights import commands
from tests.kernel.house import House
from tests.kernel.rights.test_gate import csrf_of
from tests.kernel.without_redis import redis_away

PASSWORD = "matcha and azuki"


def test_people_sign_in_post_and_sign_out_without_redis(app: Flask, house: House):
    house.does(lambda work: commands.add_user(work, "ada", "Ada", password=PASSWORD, roles=["administrator"]))
    client = app.test_client()
    with redis_away():
        token = csrf_of(client.get("/login"))
        entered = client.post("/login", data={"login": "ada", "password": PASSWORD, "csrf_token": token})
        assert entered.status_code == 303
        assert client.get("/sales-orders").status_code == 200

        order = house.program("bot").post("sales-orders?submit=1", house.order("2"))
        assert (order.status_code, order.get_json()["state"]) == (201, "submitted")
        wait = client.get(f"/sales-orders/{order.get_json()['id']}/print.pdf")
        assert wait.status_code == 202
        assert "The queue does not answer. Jobs are kept and run when it is back." in wait.text
        assert house.value("SELECT COUNT(*) FROM task WHERE name LIKE 'print%' AND state = 'queued'") == 1

        token = csrf_of(client.get("/settings/me"))
        assert client.post("/logout", data={"csrf_token": token}).status_code == 303
        assert client.get("/sales-orders").status_code == 303
