"""Versions of kinds: what is derived from records is kept for as long as none of them changed."""

from alembic import op

revision = "20261125_1500"
down_revision = "20261125_0900"
branch_labels = None
depends_on = None

STATEMENT = """CREATE TABLE IF NOT EXISTS kind_version (
    kind VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
    company_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (kind, company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci"""


def upgrade() -> None:
    """Make the table; it starts empty, for nothing is kept yet."""
    op.get_bind().exec_driver_sql(STATEMENT)
