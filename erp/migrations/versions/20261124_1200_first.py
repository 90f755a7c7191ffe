"""The first schema: every table of the first release, each made only when it is not there."""

from pathlib import Path

from alembic import op

revision = "20261124_1200"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the statements one by one; what a killed run made already is left as it is."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n\n")
    for statement in statements:
        if statement.strip():
            op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
