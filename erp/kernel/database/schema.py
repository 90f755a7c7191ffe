"""The schema as the declarations say it: written down once as the first migration, compared with the database after."""

from pathlib import Path

from sqlalchemy import MetaData
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


def statements(metadata: MetaData) -> list[str]:
    """Return one statement for each table and index, in order of their references; each may be run again."""
    dialect = mariadb.MariaDBDialect()
    found = []
    for table in metadata.sorted_tables:
        create = str(CreateTable(table, if_not_exists=True).compile(dialect=dialect)).strip()
        found.append(f"{create.rstrip()} {OPTIONS}" if "ENGINE=" not in create else create)
        indexes = sorted(table.indexes, key=lambda one: str(one.name))
        found += [str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect)) for index in indexes]
    return found


def main() -> None:
    """Write the first migration's statements anew: until the first release there is nothing to migrate from."""
    path = Path(__file__).parent.parent.parent / "migrations" / "versions" / "20261124_1200_first.sql"
    path.write_text(";\n\n".join(statements(whole_metadata())) + ";\n\n", encoding="utf-8")


if __name__ == "__main__":
    main()
