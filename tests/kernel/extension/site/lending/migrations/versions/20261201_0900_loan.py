"""The table of loans."""

from alembic import op
from lending.loan import Loan
from sqlalchemy.dialects.mysql import mariadb
from sqlalchemy.schema import CreateTable

revision = "lending_20261201"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table unless a killed run made it already."""
    create = CreateTable(Loan.__table__, if_not_exists=True).compile(dialect=mariadb.MariaDBDialect())
    op.get_bind().exec_driver_sql(str(create).replace("%", "%%"))
