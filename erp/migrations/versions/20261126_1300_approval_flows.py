"""Approvals go through flows: steps and seats, a sentence for each decision, deputies; a customer has an owner."""

from alembic import op

revision = "20261126_1300"
down_revision = "20261125_1930"
branch_labels = None
depends_on = None

COLUMNS = (
    "plan JSON",
    "step INTEGER NOT NULL DEFAULT 0",
    "taken JSON",
    "due_at DATETIME(6)",
    "reminded_at DATETIME(6)",
    "escalated_at DATETIME(6)",
    "content_version INTEGER",
    "content_links JSON",
)

STATEMENTS = (
    """
CREATE TABLE IF NOT EXISTS approval_decision (
    id BIGINT NOT NULL AUTO_INCREMENT,
    approval_id BIGINT NOT NULL,
    at DATETIME(6) NOT NULL,
    what VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    step INTEGER NOT NULL,
    seat VARCHAR(255) NOT NULL,
    user_id BIGINT,
    user_name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL,
    behalf_id BIGINT,
    behalf_name VARCHAR(255),
    comment TEXT,
    CONSTRAINT pk_approval_decision PRIMARY KEY (id),
    INDEX ix_approval_decision_approval (approval_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
""",
    """
CREATE TABLE IF NOT EXISTS approval_flow (
    for_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    position BIGINT NOT NULL,
    `condition` TEXT,
    reason VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci,
    replaces_limits BOOL NOT NULL,
    own_requests BOOL NOT NULL,
    after VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    reopen_percent DECIMAL(9, 6),
    notify_role_id BIGINT,
    only_company_id BIGINT,
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
    CONSTRAINT pk_approval_flow PRIMARY KEY (id),
    CONSTRAINT uq_approval_flow_code UNIQUE (code),
    CONSTRAINT fk_approval_flow_notify_role_id FOREIGN KEY(notify_role_id) REFERENCES `role` (id) ON DELETE RESTRICT,
    CONSTRAINT fk_approval_flow_only_company_id FOREIGN KEY(only_company_id) REFERENCES company (id) ON DELETE RESTRICT,
    CONSTRAINT uq_approval_flow_uid UNIQUE (uid),
    INDEX ix_approval_flow_notify_role_id (notify_role_id),
    INDEX ix_approval_flow_only_company_id (only_company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
""",
    """
CREATE TABLE IF NOT EXISTS approval_flow_step (
    flow_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    name VARCHAR(255),
    who VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    role_id BIGINT,
    user_id BIGINT,
    document_field VARCHAR(64),
    `condition` VARCHAR(500),
    people BIGINT NOT NULL,
    consult BOOL NOT NULL,
    quorum BIGINT,
    hours BIGINT,
    escalate_id BIGINT,
    editable VARCHAR(500),
    id BIGINT NOT NULL AUTO_INCREMENT,
    uid BINARY(16) NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_approval_flow_step PRIMARY KEY (id),
    CONSTRAINT fk_approval_flow_step_flow_id FOREIGN KEY(flow_id) REFERENCES approval_flow (id) ON DELETE RESTRICT,
    CONSTRAINT fk_approval_flow_step_role_id FOREIGN KEY(role_id) REFERENCES `role` (id) ON DELETE RESTRICT,
    CONSTRAINT fk_approval_flow_step_user_id FOREIGN KEY(user_id) REFERENCES `user` (id) ON DELETE RESTRICT,
    CONSTRAINT fk_approval_flow_step_escalate_id FOREIGN KEY(escalate_id) REFERENCES `role` (id) ON DELETE RESTRICT,
    CONSTRAINT uq_approval_flow_step_uid UNIQUE (uid),
    INDEX ix_approval_flow_step_escalate_id (escalate_id),
    INDEX ix_approval_flow_step_flow_id (flow_id),
    INDEX ix_approval_flow_step_role_id (role_id),
    INDEX ix_approval_flow_step_user_id (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
""",
    """
CREATE TABLE IF NOT EXISTS approval_deputy (
    occasion VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL,
    absent_id BIGINT NOT NULL,
    deputy_id BIGINT NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    id BIGINT NOT NULL AUTO_INCREMENT,
    uid BINARY(16) NOT NULL,
    version INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL,
    created_by_id BIGINT,
    updated_at DATETIME(6) NOT NULL,
    updated_by_id BIGINT,
    custom JSON,
    CONSTRAINT pk_approval_deputy PRIMARY KEY (id),
    CONSTRAINT fk_approval_deputy_absent_id FOREIGN KEY(absent_id) REFERENCES `user` (id) ON DELETE RESTRICT,
    CONSTRAINT fk_approval_deputy_deputy_id FOREIGN KEY(deputy_id) REFERENCES `user` (id) ON DELETE RESTRICT,
    CONSTRAINT uq_approval_deputy_uid UNIQUE (uid),
    INDEX ix_approval_deputy_absent_id (absent_id),
    INDEX ix_approval_deputy_deputy_id (deputy_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci
""",
    "ALTER TABLE approval ADD INDEX IF NOT EXISTS ix_approval_due (state, due_at)",
    "ALTER TABLE customer ADD COLUMN IF NOT EXISTS owner_id BIGINT",
    "ALTER TABLE customer ADD INDEX IF NOT EXISTS ix_customer_owner_id (owner_id)",
    "ALTER TABLE customer ADD CONSTRAINT FOREIGN KEY IF NOT EXISTS fk_customer_owner_id (owner_id) REFERENCES `user` (id) ON DELETE RESTRICT",
)

TOLD = """
INSERT INTO approval_decision (approval_id, at, what, step, seat, user_id, user_name, comment)
SELECT a.id, a.requested_at, 'requested', 0, '', a.requested_by_id, a.requested_by_name, a.reason FROM approval a
WHERE NOT EXISTS (SELECT 1 FROM approval_decision d WHERE d.approval_id = a.id)
UNION ALL
SELECT a.id, a.decided_at, a.state, 0, '', a.decided_by_id, COALESCE(a.decided_by_name, ''), a.comment FROM approval a
WHERE a.state <> 'pending' AND NOT EXISTS (SELECT 1 FROM approval_decision d WHERE d.approval_id = a.id)
"""
"""What was decided before there were flows, told as it is told from now on; again only where nothing was told."""


def upgrade() -> None:
    """Add what is not there, so that a killed run is run again."""
    connection = op.get_bind()
    for column in COLUMNS:
        connection.exec_driver_sql(f"ALTER TABLE approval ADD COLUMN IF NOT EXISTS {column}")
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(TOLD)
