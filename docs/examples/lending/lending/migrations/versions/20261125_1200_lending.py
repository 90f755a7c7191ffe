"""The first schema of the desk."""

from pathlib import Path

from alembic import op

revision = "20261125_1200"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make each table only when it is not there, so that a killed run can be repeated."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n\n")
    for statement in statements:
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)
