"""Kinds that are rows: one table names them, one keeps their records."""

from alembic import op

revision = "20261125_0900"
down_revision = "20261124_1200"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
CREATE TABLE IF NOT EXISTS custom_kind (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    label VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL,
    plural_label VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL,
    icon VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    CONSTRAINT pk_custom_kind PRIMARY KEY (id),
    CONSTRAINT uq_custom_kind_name UNIQUE (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
""",
    """
CREATE TABLE IF NOT EXISTS custom_record (
    company_id BIGINT,
    of_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL,
    state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    id BIGINT NOT NULL AUTO_INCREMENT,
    uid BINARY(16) NOT NULL,
    version INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL,
    created_by_id BIGINT,
    updated_at DATETIME(6) NOT NULL,
    updated_by_id BIGINT,
    custom JSON,
    CONSTRAINT pk_custom_record PRIMARY KEY (id),
    CONSTRAINT uq_custom_record_of_kind_code UNIQUE (of_kind, code),
    CONSTRAINT fk_custom_record_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT,
    CONSTRAINT uq_custom_record_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
""",
    """
CREATE INDEX IF NOT EXISTS ix_custom_record_company_id ON custom_record (company_id)
""",
)


def upgrade() -> None:
    """Make each table only when it is not there, so that a killed run is run again."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
