"""Receipts of requests for approval, and flows that mail their approvers."""

from alembic import op

revision = "20261127_0900"
down_revision = "20261126_1300"
branch_labels = None
depends_on = None

RECEIPT = """
CREATE TABLE IF NOT EXISTS approval_receipt (
    approval_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    delivered_at DATETIME(6) NOT NULL,
    seen_at DATETIME(6),
    CONSTRAINT pk_approval_receipt PRIMARY KEY (approval_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
"""


def upgrade() -> None:
    """Add what is not there, so that a killed run is run again."""
    connection = op.get_bind()
    connection.exec_driver_sql(RECEIPT)
    connection.exec_driver_sql("ALTER TABLE approval_flow ADD COLUMN IF NOT EXISTS mails BOOL NOT NULL DEFAULT FALSE")
    connection.exec_driver_sql("ALTER TABLE approval_flow ALTER COLUMN mails DROP DEFAULT")
