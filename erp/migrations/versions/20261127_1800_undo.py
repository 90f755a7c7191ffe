"""What may be taken back for some seconds."""

from alembic import op

revision = "20261127_1800"
down_revision = "20261127_1500"
branch_labels = None
depends_on = None

STEPS = """
CREATE TABLE IF NOT EXISTS undo_step (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    what VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    record_id BIGINT NOT NULL,
    content JSON NOT NULL,
    at DATETIME(6) NOT NULL,
    taken_at DATETIME(6),
    CONSTRAINT pk_undo_step PRIMARY KEY (id),
    INDEX ix_undo_step_at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
"""


def upgrade() -> None:
    """Add what is not there, so that a killed run is run again."""
    op.get_bind().exec_driver_sql(STEPS)
