"""The rights of the runtime database user, generated from the tables: append-only ones may only grow."""

import re
from collections.abc import Iterable

from sqlalchemy import Connection, MetaData, text

APPEND = "SELECT, INSERT"
ORDINARY = "SELECT, INSERT, UPDATE, DELETE"


def append_only(metadata: MetaData) -> list[str]:
    """Return the tables whose rows are never changed or deleted."""
    return sorted(table.name for table in metadata.tables.values() if table.info.get("append_only"))


def account(user: str, host: str) -> str:
    """Return an account as statements name it: nothing in it may end the quotation."""
    for name in (user, host):
        if not re.fullmatch(r"[A-Za-z0-9_.:%-]+", name):
            raise ValueError(name)
    return f"`{user}`@`{host}`"


def grants(metadata: MetaData, database: str, user: str, host: str = "localhost") -> list[str]:
    """Return the statements that give ``user`` exactly the rights it needs on every table."""
    if not re.fullmatch(r"[A-Za-z0-9_]+", database):
        raise ValueError(database)
    insert_only = set(append_only(metadata))
    return [
        f"GRANT {APPEND if name in insert_only else ORDINARY} ON `{database}`.`{name}` TO {account(user, host)}"
        for name in sorted(table.name for table in metadata.tables.values())
    ]


def apply_grants(connection: Connection, metadata: MetaData, database: str, user: str, host: str = "localhost") -> None:
    """Take every right away and give those of now; a run-time connection keeps what it is doing."""
    for name in set(append_only(metadata)):
        _revoke(connection, database, name, user, host)
    for statement in grants(metadata, database, user, host):
        connection.execute(text(statement))


def _revoke(connection: Connection, database: str, name: str, user: str, host: str) -> None:
    held = connection.execute(
        text("SELECT Table_priv FROM mysql.tables_priv WHERE Db = :db AND Table_name = :t AND User = :u AND Host = :h"),
        {"db": database, "t": name, "u": user, "h": host},
    ).scalar() if _may_read_rights(connection) else None  # fmt: skip
    if held and {"Update", "Delete"} & set(str(held).split(",")):
        connection.execute(text(f"REVOKE UPDATE, DELETE ON `{database}`.`{name}` FROM {account(user, host)}"))


def _may_read_rights(connection: Connection) -> bool:
    try:
        connection.execute(text("SELECT 1 FROM mysql.tables_priv LIMIT 1"))
    except Exception:  # noqa: BLE001 - the migration user need not see the server's own tables
        return False
    return True


def cascades_into(connection: Connection, tables: Iterable[str], database: str) -> list[str]:
    """Return foreign keys that would delete or change rows of ``tables`` behind the grants' back."""
    rows = connection.execute(
        text(
            "SELECT table_name, constraint_name, delete_rule, update_rule FROM information_schema.referential_constraints"
            " WHERE constraint_schema = :db"
        ),
        {"db": database},
    )
    wanted = set(tables)
    return [
        f"{row[0]}.{row[1]}" for row in rows
        if row[0] in wanted and {row[2], row[3]} & {"CASCADE", "SET NULL", "SET DEFAULT"}
    ]  # fmt: skip
