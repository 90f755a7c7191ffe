"""Parts of the product on other sites, and links for customers; a comment knows by which of them it was made."""

from alembic import op

revision = "20261127_1500"
down_revision = "20261127_1200"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
CREATE TABLE IF NOT EXISTS embed (
    path VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL,
    origin VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci,
    fields VARCHAR(500),
    expires_in VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    comments BOOL NOT NULL,
    acceptance BOOL NOT NULL,
    company_id BIGINT,
    expires_at DATETIME(6),
    revoked_at DATETIME(6),
    used_at DATETIME(6),
    accepted_at DATETIME(6),
    accepted_by VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci,
    id BIGINT NOT NULL AUTO_INCREMENT,
    uid BINARY(16) NOT NULL,
    version INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL,
    created_by_id BIGINT,
    updated_at DATETIME(6) NOT NULL,
    updated_by_id BIGINT,
    custom JSON,
    CONSTRAINT pk_embed PRIMARY KEY (id),
    CONSTRAINT fk_embed_company_id FOREIGN KEY (company_id) REFERENCES company (id) ON DELETE RESTRICT,
    CONSTRAINT uq_embed_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
""",
    "ALTER TABLE comment ADD COLUMN IF NOT EXISTS embed_id BIGINT",
)


def upgrade() -> None:
    """Add what is not there, so that a killed run is run again."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
