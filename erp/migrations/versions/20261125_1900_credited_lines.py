"""Lines of credit notes name the line of the invoice that they take back."""

from alembic import op

revision = "20261125_1900"
down_revision = "20261125_1500"
branch_labels = None
depends_on = None

TABLES = ("sales_invoice_line", "purchase_invoice_line")


def upgrade() -> None:
    """Add the column only where it is not there, so that a killed run is run again."""
    for table in TABLES:
        op.get_bind().exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS credits_line_id BIGINT NULL")
