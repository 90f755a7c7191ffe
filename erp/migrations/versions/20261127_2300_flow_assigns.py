"""Who sees to a document once a flow has approved it."""

from alembic import op

revision = "20261127_2300"
down_revision = "20261127_2100"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE approval_flow ADD COLUMN IF NOT EXISTS assign_to_id BIGINT",
    "ALTER TABLE approval_flow ADD INDEX IF NOT EXISTS ix_approval_flow_assign_to_id (assign_to_id)",
    "ALTER TABLE approval_flow ADD CONSTRAINT FOREIGN KEY IF NOT EXISTS fk_approval_flow_assign_to_id (assign_to_id)"
    " REFERENCES `user` (id) ON DELETE RESTRICT",
)


def upgrade() -> None:
    """Add what is not there, so that a killed run is run again."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
