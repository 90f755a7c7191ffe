"""An extension app that is installed joins the product by its entry point, and only then."""

import json
from pathlib import Path

import pytest

from tests.kernel.installed import Installed

PAGE = """
from erp.kernel.change.work import run_work
from erp.kernel.rights import commands, system_actor
from erp.kernel.web.application import create_app
import re
app = create_app()
app.extensions["has company"] = True
with app.app_context():
    run_work(system_actor(), lambda work: commands.add_user(
        work, "mei", "Mei", password="matcha and azuki", roles=["administrator"]))
client = app.test_client()
token = re.search(r'csrf-token" content="([^"]+)', client.get("/login").text)[1]
client.post("/login", data={"login": "mei", "password": "matcha and azuki", "csrf_token": token})
with app.app_context():
    from erp.kernel.rights.user import User
    from sqlalchemy import update
    run_work(system_actor(), lambda work: work.session.execute(update(User).values(language="ja")))
print(client.get("/loans").text)
"""


@pytest.fixture
def elsewhere(installed: Installed, tmp_path: Path) -> Installed:
    """The same database, seen by a Python in which the app is not installed."""
    return Installed(tmp_path, {key: value for key, value in installed.environment.items() if key.startswith("ERP_")})


def test_its_kinds_are_described(installed: Installed):
    answer = installed.erp("describe", "loan", "--json")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert (told["kind"], told["collection"]) == ("loan", "loans")
    assert {"reader", "due_on"} <= {one["name"] for one in told["fields"]}


def test_where_it_is_not_installed_nothing_of_it_exists(elsewhere: Installed):
    answer = elsewhere.erp("describe", "loan")
    assert answer.returncode == 2
    assert "there is no kind “loan”" in answer.stderr
    assert "loans" not in answer.stderr


def test_its_migrations_are_a_branch_of_their_own_and_run_once(installed: Installed):
    again = installed.erp("migrate")
    assert (again.returncode, again.stdout.strip()) == (0, "nothing to migrate")


def test_its_table_is_granted_to_the_runtime_user_and_its_command_reads_it(installed: Installed):
    answer = installed.erp("loans")
    assert (answer.returncode, answer.stdout.strip()) == (0, "0 loans")


def test_its_batches_join_the_timetable(installed: Installed):
    told = json.loads(installed.erp("schedules", "--json").stdout)
    assert {"name": "lending.remind", "cron": "15 6 * * *", "daily": True} in told


def test_its_templates_and_words_are_used(installed: Installed):
    page = installed.run("-c", PAGE)
    assert '<p id="desk">貸出</p>' in page.stdout, page.stderr
    assert "貸出一覧" in page.stdout


def test_an_app_that_cannot_be_loaded_is_named(elsewhere: Installed, tmp_path: Path):
    (tmp_path / "broken-1.0.dist-info").mkdir()
    (tmp_path / "broken-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (tmp_path / "broken-1.0.dist-info" / "entry_points.txt").write_text("[erp.modules]\nbroken = broken_app\n")
    answer = elsewhere.erp("describe", "customer")
    assert answer.returncode == 2
    assert "broken_app" in answer.stderr
    assert "Traceback" not in answer.stderr
