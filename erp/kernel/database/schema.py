"""The schema as the declarations say it: written down once as the first migration, compared with the database after."""

import sys
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import MetaData, Table
from sqlalchemy.dialects.mysql import mariadb
from sqlalchemy.schema import CreateIndex, CreateTable

from erp import DEPARTMENTS
from erp.kernel.modules import load_models
from erp.kernel.records.base import Base

OPTIONS = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci"


def whole_metadata() -> MetaData:
    """Return the tables of the kernel, of every department and of extension apps."""
    load_models(DEPARTMENTS)
    return Base.metadata


def tables_of(package: str) -> list[Table]:
    """Return the tables that a package declares (``erp``, or an extension app), in order of their references."""
    tables = whole_metadata().sorted_tables
    owner = {mapper.local_table: mapper.class_.__module__.split(".")[0] for mapper in Base.registry.mappers}
    return [table for table in tables if owner.get(table, "erp") == package]


def statements(tables: Iterable[Table]) -> list[str]:
    """Return one statement for each table and index; each may be run again."""
    dialect = mariadb.MariaDBDialect()
    found = []
    for table in tables:
        create = str(CreateTable(table, if_not_exists=True).compile(dialect=dialect)).strip()
        found.append(f"{create.rstrip()} {OPTIONS}" if "ENGINE=" not in create else create)
        indexes = sorted(table.indexes, key=lambda one: str(one.name))
        found += [str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect)) for index in indexes]
    return found


FIRST = Path(__file__).parent.parent.parent / "migrations" / "versions" / "20261124_1200_first.sql"


def main() -> None:
    """Write the statements of a first migration: ours, or of the extension app and into the file that are named.

    Until the first release there is nothing to migrate from, so ours is written anew.
    """
    package, path = (sys.argv[1], Path(sys.argv[2])) if len(sys.argv) == 3 else ("erp", FIRST)
    path.write_text(";\n\n".join(statements(tables_of(package))) + ";\n\n", encoding="utf-8")


if __name__ == "__main__":
    main()
