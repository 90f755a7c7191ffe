"""Comments that change, signs, followers, assignments; notifications by type, put off, and by mail."""

from alembic import op

revision = "20261127_2100"
down_revision = "20261127_1800"
branch_labels = None
depends_on = None

OPTIONS = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci"
CHOICE = "VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL"
COLUMNS = (
    "ALTER TABLE comment ADD COLUMN IF NOT EXISTS edited_at DATETIME(6)",
    f"ALTER TABLE notification ADD COLUMN IF NOT EXISTS type {CHOICE} DEFAULT 'other'",
    "ALTER TABLE notification ADD COLUMN IF NOT EXISTS snoozed_until DATETIME(6)",
    "ALTER TABLE notification ADD COLUMN IF NOT EXISTS in_digest BOOL NOT NULL DEFAULT 0",
)
TABLES = f"""
CREATE TABLE IF NOT EXISTS comment_version (
    id BIGINT NOT NULL AUTO_INCREMENT, comment_id BIGINT NOT NULL, text LONGTEXT NOT NULL, until DATETIME(6) NOT NULL,
    CONSTRAINT pk_comment_version PRIMARY KEY (id),
    CONSTRAINT fk_comment_version_comment_id FOREIGN KEY (comment_id) REFERENCES comment (id) ON DELETE RESTRICT,
    INDEX ix_comment_version_comment_id (comment_id)
) {OPTIONS};
CREATE TABLE IF NOT EXISTS reaction (
    id BIGINT NOT NULL AUTO_INCREMENT, comment_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
    user_name VARCHAR(255) NOT NULL, sign {CHOICE},
    CONSTRAINT pk_reaction PRIMARY KEY (id),
    CONSTRAINT uq_reaction_comment_id_user_id_sign UNIQUE (comment_id, user_id, sign),
    CONSTRAINT fk_reaction_comment_id FOREIGN KEY (comment_id) REFERENCES comment (id) ON DELETE RESTRICT
) {OPTIONS};
CREATE TABLE IF NOT EXISTS follow (
    id BIGINT NOT NULL AUTO_INCREMENT, about_kind {CHOICE}, about_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
    is_on BOOL NOT NULL,
    CONSTRAINT pk_follow PRIMARY KEY (id),
    CONSTRAINT uq_follow_about_kind_about_id_user_id UNIQUE (about_kind, about_id, user_id)
) {OPTIONS};
CREATE TABLE IF NOT EXISTS assignment (
    id BIGINT NOT NULL AUTO_INCREMENT, about_kind {CHOICE}, about_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
    user_name VARCHAR(255) NOT NULL, note VARCHAR(500) NOT NULL, due_on DATE, state {CHOICE},
    created_at DATETIME(6) NOT NULL, created_by_id BIGINT, created_by_name VARCHAR(255) NOT NULL,
    ended_at DATETIME(6), ended_by_id BIGINT, reminded_on DATE,
    CONSTRAINT pk_assignment PRIMARY KEY (id),
    INDEX ix_assignment_about (about_kind, about_id, id),
    INDEX ix_assignment_user (user_id, state, due_on)
) {OPTIONS};
CREATE TABLE IF NOT EXISTS notification_choice (
    id BIGINT NOT NULL AUTO_INCREMENT, user_id BIGINT NOT NULL, type {CHOICE}, channel {CHOICE},
    CONSTRAINT pk_notification_choice PRIMARY KEY (id),
    CONSTRAINT uq_notification_choice_user_id_type UNIQUE (user_id, type)
) {OPTIONS}
"""


def upgrade() -> None:
    """Add what is not there, so that a killed run is run again."""
    for statement in (*COLUMNS, *TABLES.split(";\n")):
        op.get_bind().exec_driver_sql(statement)
