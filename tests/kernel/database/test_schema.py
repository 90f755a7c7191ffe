"""The database that the migrations make is the one that the declarations describe, and its users may what they must."""

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from erp.kernel.database.grants import append_only, cascades_into
from erp.kernel.database.migrate import engine_with_ddl, migrate, pending
from erp.kernel.database.schema import whole_metadata
from erp.kernel.records import db
from erp.settings import settings

LEDGERS = {"ledger_entry", "audit_entry", "issued_number"}


def test_migrations_make_what_the_declarations_say(app: Flask):
    inspector = inspect(db.engine)
    wanted = whole_metadata()
    found = {name: {one["name"] for one in inspector.get_columns(name)} for name in inspector.get_table_names()}
    found.pop("alembic_version", None)
    assert found == {table.name: {column.name for column in table.columns} for table in wanted.tables.values()}


def test_indexes_of_the_declarations_are_there(app: Flask):
    inspector = inspect(db.engine)
    for table in whole_metadata().tables.values():
        made = {one["name"] for one in inspector.get_indexes(table.name)}
        assert {str(one.name) for one in table.indexes} <= made, table.name


def test_migrating_again_changes_nothing(app: Flask):
    assert migrate() == []
    assert pending(engine_with_ddl()) == []


def test_no_amount_is_a_float(app: Flask):
    rows = _rows("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
                 " AND data_type IN ('float', 'double')")  # fmt: skip
    assert rows == []


def test_ledgers_are_append_only(app: Flask):
    assert set(append_only(whole_metadata())) >= LEDGERS


@pytest.mark.parametrize("statement", ["UPDATE {t} SET id = id", "DELETE FROM {t}", "TRUNCATE {t}", "DROP TABLE {t}"])
def test_the_runtime_user_can_only_add_to_a_ledger(app: Flask, statement: str):
    engine = create_engine(settings().database_url)
    try:
        for table in append_only(whole_metadata()):
            with engine.connect() as connection, pytest.raises((OperationalError, ProgrammingError)) as refused:
                connection.execute(text(statement.format(t=table)))
            assert "denied" in str(refused.value)
    finally:
        engine.dispose()


def test_no_cascade_reaches_a_ledger(app: Flask):
    engine = engine_with_ddl()
    with engine.connect() as connection:
        assert cascades_into(connection, append_only(whole_metadata()), str(engine.url.database)) == []
    engine.dispose()


def test_writes_are_read_committed_and_exact(app: Flask):
    with db.engine.connect() as connection:
        mode, isolation = connection.execute(text("SELECT @@sql_mode, @@tx_isolation")).one()
    assert "STRICT_ALL_TABLES" in mode
    assert isolation == "READ-COMMITTED"


def _rows(query: str) -> list[object]:
    with db.engine.connect() as connection:
        return list(connection.execute(text(query)))
