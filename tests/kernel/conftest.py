"""A company that sells: rolled back with the test, or with real commits; and an extension app that is installed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from deploy.layout import Instance
from deploy.servers import make_users, run_sql
from tests.kernel.house import House, open_house
from tests.kernel.installed import SITE, Installed, speak_japanese


@pytest.fixture
def house(app: Flask, committed: None) -> House:
    """A committed company in EUR with a chart, a tax of 19 %, a limit of 1000, two items and a customer."""
    return open_house(app)


@pytest.fixture
def shop(work: Any) -> Any:
    """The same company, rolled back with the test."""
    from tests.selling.shop import open_shop

    return open_shop(work)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """An instance with a database of its own, whose Python finds the lending desk."""
    site = tmp_path_factory.mktemp("site") / "site"
    shutil.copytree(SITE, site)
    speak_japanese(site, {"Loan": "貸出", "Loans": "貸出一覧"})
    instance = Instance(Path(os.environ["ERP_TEST_DATA"]), demo=True, fast=True)
    name = f"test_lending_{os.getpid()}"
    make_users(instance, name)
    settings = instance.environment(name) | {
        "ERP_LOG_LEVEL": "ERROR", "ERP_FILES": str(site / "files"),
        **{key: value for key, value in os.environ.items() if key.startswith("ERP_REDIS_")},
    }  # fmt: skip
    one = Installed(site, settings)
    made = one.erp("migrate")
    assert made.returncode == 0, made.stderr
    yield one
    run_sql(instance, f"DROP DATABASE {name}")
