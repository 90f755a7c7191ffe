"""Migrations: Alembic's, run by the user with DDL, each step repeatable, so that a killed one is run again.

Ours come first; each extension app has a line of its own (``migrations/versions``) with its own table of versions, so
that an app may come and go without ours noticing.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from erp.kernel.database.grants import apply_grants
from erp.kernel.database.schema import whole_metadata
from erp.kernel.modules import app_folders
from erp.kernel.rights.seed import seed_rights
from erp.settings import WrongSetting, settings

FOLDER = Path(__file__).parent.parent.parent / "migrations"
LOCK = "daifuku_migrate"


def engine_with_ddl() -> Engine:
    """Return the engine of the migration user; raise ``WrongSetting`` when none is set."""
    url = settings().database_migrate_url
    if url is None:
        raise WrongSetting("ERP_DATABASE_MIGRATE_URL is missing: the database user that may change tables")
    return create_engine(url, isolation_level="READ COMMITTED")


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of migrations: where its steps are, and where it is kept which of them have run."""

    versions: Path
    table: str

    def configuration(self, url: str) -> Config:
        """Return Alembic's configuration without a file."""
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.set_main_option("version_locations", str(self.versions))
        config.set_main_option("version_table", self.table)
        config.set_main_option("path_separator", "os")
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        return config

    def pending(self, engine: Engine) -> list[str]:
        """Return the steps of this line that have not run, oldest first."""
        script = ScriptDirectory.from_config(self.configuration(str(engine.url)))
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": self.table})
            current = context.get_current_heads()
        return [one.revision for one in reversed(list(script.iterate_revisions("heads", current or "base")))]


def branches() -> list[Branch]:
    """Return our line, then those of the extension apps."""
    apps = [Branch(folder / "versions", f"alembic_version_{app}") for app, folder in app_folders("migrations")]
    return [Branch(FOLDER / "versions", "alembic_version"), *apps]


def pending(engine: Engine) -> list[str]:
    """Return the migrations that have not run, oldest first."""
    return [revision for branch in branches() for revision in branch.pending(engine)]


def host_of(url: URL) -> str:
    """Return the host part of the account that a URL signs in as: the server decides it, not the URL."""
    engine = create_engine(url.set(database=""))
    with engine.connect() as connection:
        account = str(connection.execute(text("SELECT CURRENT_USER()")).scalar())
    engine.dispose()
    return account.rpartition("@")[2]


def migrate() -> list[str]:
    """Bring the database to the newest schema, seed rights, grant the runtime user; return what was run.

    Two at once wait for each other. What a killed run left half done is completed: every step may be repeated.
    """
    engine = engine_with_ddl()
    metadata = whole_metadata()
    with engine.connect() as connection:
        connection.execute(text("SELECT GET_LOCK(:name, 300)"), {"name": LOCK})
        done = pending(engine)
        for branch in branches() if done else ():
            command.upgrade(branch.configuration(engine.url.render_as_string(hide_password=False)), "heads")
        runtime = make_url(settings().database_url)
        if runtime.username and runtime.username != engine.url.username:
            apply_grants(connection, metadata, str(engine.url.database), runtime.username, host_of(runtime))
        connection.commit()
        with Session(connection) as session:
            seed_rights(session)
            session.commit()
        with contextlib.suppress(Exception):
            connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": LOCK})
    engine.dispose()
    return done
