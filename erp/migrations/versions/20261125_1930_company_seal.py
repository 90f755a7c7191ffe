"""A company has a seal, printed on Japanese papers."""

from alembic import op

revision = "20261125_1930"
down_revision = "20261125_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column only where it is not there, so that a killed run is run again."""
    op.get_bind().exec_driver_sql("ALTER TABLE company ADD COLUMN IF NOT EXISTS seal VARCHAR(9) NULL")
