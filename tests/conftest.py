"""Real servers for every test: one private MariaDB and Redis a run, one database for each worker process."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings as search
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from deploy.layout import Instance
from deploy.servers import Servers, make_users

DATA = "ERP_TEST_DATA"
search.register_profile("steady", derandomize=True)
search.register_profile("wandering")
search.load_profile(os.environ.get("ERP_TEST_SEARCH", "steady"))
"""Cases made up by Hypothesis are the same in every run; ``ERP_TEST_SEARCH=wandering`` looks for new ones."""


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, then point this process's settings at a database of its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None and DATA not in os.environ:
        _start_servers()
    if worker is None and config.getoption("numprocesses", None):
        return
    instance = Instance(Path(os.environ[DATA]), demo=True, fast=True)
    name = f"test_{worker or 'one'}_{os.getpid()}"
    make_users(instance, name)
    environment = instance.environment(name)
    environment |= {"ERP_LOG_LEVEL": "ERROR", "ERP_FILES": tempfile.mkdtemp(prefix="daifuku-files-"), "ERP_DEMO": "1"}
    environment |= own_redis(environment, worker)
    atexit.register(shutil.rmtree, environment["ERP_FILES"], ignore_errors=True)
    os.environ.update(environment)


def own_redis(environment: dict[str, str], worker: str | None) -> dict[str, str]:
    """Return a numbered database of each Redis and a secret of its own: neighbours do not hear each other."""
    number = int((worker or "gw0").removeprefix("gw")) + 1
    urls = {name: f"{url}?db={number}" for name, url in environment.items() if name.startswith("ERP_REDIS_")}
    return urls | {"ERP_SECRET_KEY": f"{environment['ERP_SECRET_KEY']}-{number}"}


def _start_servers() -> None:
    data = Path(tempfile.mkdtemp(prefix="daifuku-test-"))
    os.environ[DATA] = str(data)
    servers = Servers(Instance(data, demo=True, fast=True)).start()

    def stop() -> None:
        servers.stop()
        shutil.rmtree(data, ignore_errors=True)

    atexit.register(stop)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """No test speaks the language of the one before."""
    from erp.kernel.text import in_language

    with in_language("en"):
        yield


@pytest.fixture(scope="session")
def whole_app() -> Iterator[Flask]:
    """The application on a migrated database: the schema comes from the migrations, the rights from the grants."""
    from erp.kernel.database.migrate import migrate
    from erp.kernel.web.application import create_app

    migrate()
    app = create_app()
    app.testing = True
    with app.app_context():
        yield app


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The application as one test sees it."""
    kept = dict(whole_app.extensions)
    yield whole_app
    whole_app.extensions.clear()
    whole_app.extensions.update(kept)


@pytest.fixture
def savepoint(whole_app: Flask) -> Iterator[None]:
    """Every session of the test joins one transaction, which is rolled back at its end; commits are savepoints."""
    from erp.kernel.change.derived import forget_derived
    from erp.kernel.change.kept import forget_kept
    from erp.kernel.change.work import use_sessions
    from erp.kernel.records import db
    from erp.kernel.records.setup import forget_setup
    from erp.kernel.rights.loading import forget_rights

    engine: Engine = db.engine
    connection = engine.connect()
    transaction = connection.begin()
    use_sessions(
        lambda: Session(
            bind=connection, join_transaction_mode="create_savepoint", autoflush=False, expire_on_commit=False
        )
    )
    forget_rights()
    forget_setup()
    forget_kept()
    forget_derived()
    yield
    use_sessions(None)
    transaction.rollback()
    connection.close()
    forget_rights()
    forget_setup()
    forget_kept()
    forget_derived()


@pytest.fixture
def committed(whole_app: Flask) -> Iterator[None]:
    """Real transactions on real connections; what the test leaves behind is removed by the migration user."""
    from erp.kernel.change.derived import forget_derived
    from erp.kernel.change.kept import forget_kept
    from erp.kernel.records.setup import forget_setup
    from erp.kernel.redis_roles import connection
    from erp.kernel.rights.loading import forget_rights
    from tests.leftovers import heads, remove_after

    before = heads()
    yield
    remove_after(before)
    connection("queue").flushdb()
    forget_rights()
    forget_setup()
    forget_kept()
    forget_derived()


@pytest.fixture
def work(savepoint: None) -> Iterator["Work"]:  # type: ignore[name-defined]  # noqa: F821
    """A unit of work of the product itself, rolled back at the end."""
    from erp.kernel.change.work import Work, entered, new_session
    from erp.kernel.rights import system_actor

    session = new_session()
    one = Work(session, system_actor("test"))
    with entered(one):
        yield one
    session.close()
