"""What a test with real commits leaves behind, and how it is removed: as the user who may delete from ledgers too."""

from sqlalchemy import text

from erp.kernel.database.migrate import engine_with_ddl
from erp.kernel.database.schema import whole_metadata

SEEDED = {"role", "role_right", "field_right", "rights_version"}
"""Filled by the migration; of these only what the test added is removed."""


def heads() -> dict[str, int]:
    """Return the last id of each table that the migration filled."""
    engine = engine_with_ddl()
    with engine.connect() as connection:
        found = {name: int(connection.scalar(text(f"SELECT COALESCE(MAX(id), 0) FROM `{name}`"))) for name in SEEDED}
    engine.dispose()
    return found


def remove_after(before: dict[str, int]) -> None:
    """Delete every row of this test."""
    names = [table.name for table in whole_metadata().sorted_tables]
    filled = " UNION ALL ".join(f"(SELECT '{name}' FROM `{name}` LIMIT 1)" for name in names)
    engine = engine_with_ddl()
    with engine.begin() as connection:
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for (name,) in connection.execute(text(filled)).all():
            where = f" WHERE id > {before[name]}" if name in before else ""
            connection.execute(text(f"DELETE FROM `{name}`{where}"))
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))
    engine.dispose()
