"""Tags at records."""

from alembic import op

revision = "20261127_2330"
down_revision = "20261127_2300"
branch_labels = None
depends_on = None

TAGS = """
CREATE TABLE IF NOT EXISTS record_tag (
    id BIGINT NOT NULL AUTO_INCREMENT,
    about_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    about_id BIGINT NOT NULL,
    name VARCHAR(40) NOT NULL,
    CONSTRAINT pk_record_tag PRIMARY KEY (id),
    CONSTRAINT uq_record_tag_about_kind_about_id_name UNIQUE (about_kind, about_id, name),
    INDEX ix_record_tag_name (name, about_kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
"""


def upgrade() -> None:
    """Add what is not there, so that a killed run is run again."""
    op.get_bind().exec_driver_sql(TAGS)
