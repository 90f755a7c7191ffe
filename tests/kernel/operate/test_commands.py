"""The operator's command: listed at once, and plain about a server that is away."""

import os
import subprocess
import sys

import click
import pytest

from deploy.layout import ROOT
from erp.kernel.cli import VERBS, cli

AWAY = {
    "ERP_DATABASE_URL": "mysql+pymysql://daifuku:none@localhost/daifuku?unix_socket=/tmp/nowhere.sock",
    "ERP_DATABASE_MIGRATE_URL": "mysql+pymysql://daifuku:none@localhost/daifuku?unix_socket=/tmp/nowhere.sock",
}


def erp(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "erp.kernel.cli", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_list_of_commands_loads_nothing_of_the_product():
    program = (
        "import sys; from erp.kernel.cli import cli; cli(['--help'], standalone_mode=False);"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('sqlalchemy', 'flask', 'weasyprint', 'redis')))"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "[]"
    assert all(f"  {name} " in told for name in VERBS)


@pytest.mark.parametrize("name", sorted(VERBS))
def test_each_command_is_where_the_list_says_and_does_what_it_says(name: str):
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    assert found.name == name
    first = VERBS[name][1].split()[0]
    assert (found.help or "").startswith(first), f"{name} says something else: {found.help}"


@pytest.mark.parametrize("words", ["audit", "user add ben --invite", "migrate"])
def test_without_the_database_a_command_says_so_in_one_line(words: str):
    told = erp(*words.split(), **AWAY)
    assert told.returncode == 3, told.stderr
    assert told.stderr.startswith("erp: the database does not answer. What was saved before is kept;")
    assert told.stderr.count("\n") == 1


def test_without_the_database_a_backup_is_refused_in_one_line(tmp_path: object):
    told = erp("backup", str(tmp_path), **AWAY)
    assert told.returncode == 1
    assert told.stderr.startswith("erp: ")
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("words", ["doctor", "status"])
def test_what_looks_after_the_parts_names_the_database_that_is_away(words: str):
    told = erp(words, **AWAY)
    assert told.returncode == 1
    assert "database" in told.stdout
    assert "does not answer" in told.stdout
    assert told.stderr == ""


def test_without_redis_commands_work_and_the_doctor_names_it():
    away = {f"ERP_REDIS_{role}_URL": "unix:///tmp/nowhere.sock" for role in ("CACHE", "QUEUE", "REALTIME")}
    assert erp("schedules", **away).returncode == 0
    told = erp("doctor", **away)
    assert told.returncode == 1
    for role in ("cache", "queue", "realtime"):
        assert f"redis_{role}: does not answer" in told.stdout
