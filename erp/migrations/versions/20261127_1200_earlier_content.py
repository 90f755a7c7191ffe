"""What a record held before each of its changes, for a few days: people who change it at once are brought together."""

from alembic import op

revision = "20261127_1200"
down_revision = "20261127_0900"
branch_labels = None
depends_on = None

EARLIER = """
CREATE TABLE IF NOT EXISTS earlier_content (
    id BIGINT NOT NULL AUTO_INCREMENT,
    kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    record_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    content JSON NOT NULL,
    at DATETIME(6) NOT NULL,
    CONSTRAINT pk_earlier_content PRIMARY KEY (id),
    INDEX ix_earlier_content_record (kind, record_id, version),
    INDEX ix_earlier_content_at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
"""


def upgrade() -> None:
    """Add what is not there, so that a killed run is run again."""
    op.get_bind().exec_driver_sql(EARLIER)
