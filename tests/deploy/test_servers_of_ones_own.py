"""systemd and compose start the same processes as bin/dev, from the same nginx template."""

import configparser
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.layout import ROOT, Instance
from deploy.packages import nginx
from deploy.programs import programs_of
from deploy.render import write_nginx

UNITS = ROOT / "deploy" / "systemd"
COMPOSE = ROOT / "deploy" / "compose"


class Unit(configparser.RawConfigParser):
    """A systemd unit: names keep their case and may stand twice."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False)
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read(path)


def started_by_dev(tmp_path: Path) -> dict[str, str]:
    """Return our own processes (not the servers) by name, each with its command behind the program."""
    programs = programs_of(Instance(tmp_path, demo=False))
    return {one.name: one.command.partition(" ")[2] for one in programs if not one.server and one.name != "nginx"}


def units() -> dict[str, Unit]:
    return {path.stem.removeprefix("daifuku-"): Unit(path) for path in UNITS.glob("*.service")}


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((COMPOSE / "compose.yaml").read_text())["services"]
    return found


def test_systemd_starts_what_bin_dev_starts(tmp_path: Path):
    commands = {name: unit["Service"]["ExecStart"].partition(" ")[2] for name, unit in units().items()}
    for name, command in started_by_dev(tmp_path).items():
        assert commands[name] == command
    assert set(commands) == {*started_by_dev(tmp_path), "nginx", "migrate"}


def test_every_unit_belongs_to_the_target_and_comes_back_by_itself():
    wanted = Unit(UNITS / "daifuku.target")["Unit"]["Wants"].split()
    assert sorted(wanted) == sorted(path.name for path in UNITS.glob("*.service"))
    for name, unit in units().items():
        assert unit["Unit"]["PartOf"] == "daifuku.target"
        assert unit["Service"]["User"] == "daifuku"
        assert unit["Service"].get("Restart") == (None if name == "migrate" else "always")


def test_only_the_migration_knows_the_user_with_ddl():
    with_ddl = [path.name for path in UNITS.glob("*") if "migrate.env" in path.read_text()]
    assert with_ddl == ["daifuku-migrate.service"]
    told = [name for name, one in services().items() if "ERP_DATABASE_MIGRATE_URL" in one.get("environment", {})]
    assert told == ["migrate"]


def test_compose_starts_what_bin_dev_starts(tmp_path: Path):
    for name, command in started_by_dev(tmp_path).items():
        assert " ".join(services()[name]["command"][1:]) == command
    servers = {one.name for one in programs_of(Instance(tmp_path, demo=False)) if one.server}
    assert set(services()) == {*started_by_dev(tmp_path), *servers, "nginx", "migrate"}


def test_compose_opens_one_port_to_this_machine_alone():
    assert {name: one["ports"] for name, one in services().items() if "ports" in one} == {
        "nginx": ["127.0.0.1:${PORT:-8000}:8000"]
    }


def test_compose_gives_every_setting_a_value_that_settings_accept():
    from erp.settings import Settings

    secret = "x" * 40
    for service in ("office", "migrate"):
        values = {
            key: re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", value)
            .replace("${RUNTIME_PASSWORD:?set it in .env}", secret)
            .replace("${ERP_SECRET_KEY:?set it in .env}", secret)
            for key, value in services()[service]["environment"].items()
            if not value.endswith(":-}")
        }
        assert Settings.from_environment(values).database_url.startswith("mysql+pymysql://daifuku:")


@pytest.mark.parametrize("listen", ["127.0.0.1:8000", "8080"])
def test_nginx_accepts_its_configuration(tmp_path: Path, listen: str):
    for name in ("log", "nginx-temp", "run"):
        (tmp_path / name).mkdir()
    written = write_nginx(
        tmp_path, run=tmp_path / "run", data=tmp_path, files=tmp_path / "files", listen=listen, login_rate="30r/m"
    )
    done = subprocess.run(
        [nginx(tmp_path), "-t", "-q", "-c", str(written)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
