CREATE TABLE IF NOT EXISTS approval (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	record_id BIGINT NOT NULL, 
	company_id BIGINT, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	role VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	reason VARCHAR(500) NOT NULL, 
	amount DECIMAL(21, 6), 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin, 
	facts JSON, 
	requested_by_id BIGINT, 
	requested_by_name VARCHAR(255) NOT NULL, 
	requested_at DATETIME(6) NOT NULL, 
	decided_by_id BIGINT, 
	decided_by_name VARCHAR(255), 
	decided_at DATETIME(6), 
	comment TEXT, 
	CONSTRAINT pk_approval PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_approval_record ON approval (kind, record_id);

CREATE INDEX IF NOT EXISTS ix_approval_state ON approval (state, id);

CREATE TABLE IF NOT EXISTS audit_entry (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	at DATETIME(6) NOT NULL, 
	user_id BIGINT, 
	user_name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL, 
	session_id BIGINT, 
	ip VARCHAR(64) NOT NULL, 
	action VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	record_id BIGINT, 
	company_id BIGINT, 
	changes JSON, 
	note VARCHAR(1000) NOT NULL, 
	CONSTRAINT pk_audit_entry PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_audit_entry_at ON audit_entry (at);

CREATE INDEX IF NOT EXISTS ix_audit_entry_record ON audit_entry (kind, record_id, id);

CREATE TABLE IF NOT EXISTS `blob` (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	CONSTRAINT pk_blob PRIMARY KEY (sha256)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS comment (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	about_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	about_id BIGINT NOT NULL, 
	text TEXT NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	created_by_name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_comment PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_comment_about ON comment (about_kind, about_id, id);

CREATE TABLE IF NOT EXISTS company (
	legal_name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	country VARCHAR(2) NOT NULL, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	fiscal_year_month VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	timezone VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	language VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	number_format VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	tax_id VARCHAR(40), 
	registration_number VARCHAR(40), 
	street VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	postal_code VARCHAR(20), 
	city VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	region VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	phone VARCHAR(60), 
	email VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	website VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	bank_name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	bank_account VARCHAR(60), 
	bank_code VARCHAR(40), 
	bank_account_holder VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	letterhead_text TEXT, 
	invoice_remark TEXT, 
	logo_file_id BIGINT, 
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
	CONSTRAINT pk_company PRIMARY KEY (id), 
	CONSTRAINT uq_company_code UNIQUE (code), 
	CONSTRAINT uq_company_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS currency (
	symbol VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	decimals BIGINT NOT NULL, 
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
	CONSTRAINT pk_currency PRIMARY KEY (id), 
	CONSTRAINT uq_currency_code UNIQUE (code), 
	CONSTRAINT uq_currency_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS custom_field (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	name VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	label VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL, 
	type VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	choices JSON, 
	required BOOL NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_custom_field PRIMARY KEY (id), 
	CONSTRAINT uq_custom_field_kind_name UNIQUE (kind, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS feature_switch (
	`key` VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	is_on BOOL NOT NULL, 
	CONSTRAINT pk_feature_switch PRIMARY KEY (`key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS idempotency_key (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	scope VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	`key` VARCHAR(200) COLLATE utf8mb4_nopad_bin NOT NULL, 
	request_hash BLOB(32) NOT NULL, 
	status INTEGER, 
	headers VARCHAR(2000), 
	`body` BLOB(16777215), 
	created_at DATETIME(6) NOT NULL, 
	CONSTRAINT pk_idempotency_key PRIMARY KEY (id), 
	CONSTRAINT uq_idempotency_key_scope_key UNIQUE (scope, `key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_idempotency_key_created_at ON idempotency_key (created_at);

CREATE TABLE IF NOT EXISTS import_profile (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL, 
	fields JSON NOT NULL, 
	CONSTRAINT pk_import_profile PRIMARY KEY (id), 
	CONSTRAINT uq_import_profile_kind_name UNIQUE (kind, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS issued_number (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	series_id BIGINT NOT NULL, 
	n BIGINT NOT NULL, 
	number VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	record_id BIGINT NOT NULL, 
	at DATETIME(6) NOT NULL, 
	CONSTRAINT pk_issued_number PRIMARY KEY (id), 
	CONSTRAINT uq_issued_number_series_id_n UNIQUE (series_id, n)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS item_group (
	parent_id BIGINT, 
	description TEXT, 
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
	CONSTRAINT pk_item_group PRIMARY KEY (id), 
	CONSTRAINT uq_item_group_code UNIQUE (code), 
	CONSTRAINT fk_item_group_parent_id FOREIGN KEY(parent_id) REFERENCES item_group (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_item_group_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_item_group_parent_id ON item_group (parent_id);

CREATE TABLE IF NOT EXISTS kind_version (
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	company_id BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	CONSTRAINT pk_kind_version PRIMARY KEY (kind, company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS label_override (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	company_id BIGINT, 
	language VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	field VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	text VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL, 
	CONSTRAINT pk_label_override PRIMARY KEY (id), 
	CONSTRAINT uq_label_override_company_id_language_kind_field UNIQUE (company_id, language, kind, field)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS ledger_head (
	company_id BIGINT NOT NULL, 
	seq BIGINT NOT NULL, 
	CONSTRAINT pk_ledger_head PRIMARY KEY (company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS login_attempt (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	`key` BINARY(32) NOT NULL, 
	failures INTEGER NOT NULL, 
	last_at DATETIME(6) NOT NULL, 
	open_at DATETIME(6) NOT NULL, 
	CONSTRAINT pk_login_attempt PRIMARY KEY (id), 
	CONSTRAINT uq_login_attempt_key UNIQUE (`key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_login_attempt_last_at ON login_attempt (last_at);

CREATE TABLE IF NOT EXISTS mail (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	`key` VARCHAR(190) NOT NULL, 
	message_id VARCHAR(190) NOT NULL, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	sender VARCHAR(320) NOT NULL, 
	reply_to VARCHAR(320), 
	`to` TEXT NOT NULL, 
	subject VARCHAR(500) NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT, 
	about_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	about_id BIGINT, 
	attempts INTEGER NOT NULL, 
	answer VARCHAR(500) NOT NULL, 
	next_at DATETIME(6) NOT NULL, 
	leased_until DATETIME(6), 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	sent_at DATETIME(6), 
	CONSTRAINT pk_mail PRIMARY KEY (id), 
	CONSTRAINT uq_mail_key UNIQUE (`key`), 
	CONSTRAINT uq_mail_message_id UNIQUE (message_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_mail_about ON mail (about_kind, about_id, id);

CREATE INDEX IF NOT EXISTS ix_mail_state ON mail (state, next_at);

CREATE TABLE IF NOT EXISTS notification (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	user_id BIGINT NOT NULL, 
	message VARCHAR(500) NOT NULL, 
	words JSON, 
	url VARCHAR(500) NOT NULL, 
	about_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	about_id BIGINT, 
	created_at DATETIME(6) NOT NULL, 
	read_at DATETIME(6), 
	CONSTRAINT pk_notification PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_notification_user ON notification (user_id, read_at, id);

CREATE TABLE IF NOT EXISTS number_series (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	company_id BIGINT NOT NULL, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	`period` VARCHAR(16) NOT NULL, 
	pattern VARCHAR(64) NOT NULL, 
	last BIGINT NOT NULL, 
	CONSTRAINT pk_number_series PRIMARY KEY (id), 
	CONSTRAINT uq_number_series_company_id_kind_period UNIQUE (company_id, kind, `period`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS open_item_allocation (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	company_id BIGINT NOT NULL, 
	item VARCHAR(96) COLLATE utf8mb4_nopad_bin NOT NULL, 
	against VARCHAR(96) COLLATE utf8mb4_nopad_bin NOT NULL, 
	amount DECIMAL(21, 6) NOT NULL, 
	amount_company DECIMAL(21, 6) NOT NULL, 
	against_company DECIMAL(21, 6) NOT NULL, 
	by_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	by_id BIGINT NOT NULL, 
	effective_on DATE NOT NULL, 
	posted_at DATETIME(6) NOT NULL, 
	CONSTRAINT pk_open_item_allocation PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_open_item_allocation_against ON open_item_allocation (against);

CREATE INDEX IF NOT EXISTS ix_open_item_allocation_by ON open_item_allocation (by_kind, by_id);

CREATE INDEX IF NOT EXISTS ix_open_item_allocation_item ON open_item_allocation (item);

CREATE TABLE IF NOT EXISTS party_balance (
	company_id BIGINT NOT NULL, 
	party_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	party_id BIGINT NOT NULL, 
	balance DECIMAL(21, 6) NOT NULL, 
	CONSTRAINT pk_party_balance PRIMARY KEY (company_id, party_kind, party_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS payment_terms (
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
	CONSTRAINT pk_payment_terms PRIMARY KEY (id), 
	CONSTRAINT uq_payment_terms_code UNIQUE (code), 
	CONSTRAINT uq_payment_terms_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS process_heartbeat (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	name VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	host VARCHAR(190) COLLATE utf8mb4_nopad_bin NOT NULL, 
	pid BIGINT NOT NULL, 
	started_at DATETIME(6) NOT NULL, 
	beat_at DATETIME(6) NOT NULL, 
	CONSTRAINT pk_process_heartbeat PRIMARY KEY (id), 
	CONSTRAINT uq_process_heartbeat_name_host UNIQUE (name, host)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS rights_version (
	id INTEGER NOT NULL, 
	version BIGINT NOT NULL, 
	CONSTRAINT pk_rights_version PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS role (
	home VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL, 
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
	CONSTRAINT pk_role PRIMARY KEY (id), 
	CONSTRAINT uq_role_code UNIQUE (code), 
	CONSTRAINT uq_role_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS schedule_run (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	name VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	business_date DATE NOT NULL, 
	slot VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	task_id BIGINT, 
	created_at DATETIME(6) NOT NULL, 
	CONSTRAINT pk_schedule_run PRIMARY KEY (id), 
	CONSTRAINT uq_schedule_run_name_business_date_slot UNIQUE (name, business_date, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS search_entry (
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	record_id BIGINT NOT NULL, 
	company_id BIGINT, 
	title VARCHAR(255) NOT NULL, 
	detail VARCHAR(255) NOT NULL, 
	folded VARCHAR(190) COLLATE utf8mb4_nopad_bin NOT NULL, 
	words TEXT NOT NULL, 
	CONSTRAINT pk_search_entry PRIMARY KEY (kind, record_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_search_entry_folded ON search_entry (folded);

CREATE FULLTEXT INDEX IF NOT EXISTS ix_search_entry_words ON search_entry (words);

CREATE TABLE IF NOT EXISTS series_pattern (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	company_id BIGINT NOT NULL, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	pattern VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_series_pattern PRIMARY KEY (id), 
	CONSTRAINT uq_series_pattern_company_id_kind UNIQUE (company_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS task (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	name VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	queue VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	args JSON NOT NULL, 
	unique_key VARCHAR(190) COLLATE utf8mb4_nopad_bin, 
	user_id BIGINT, 
	token_id BIGINT, 
	company_id BIGINT, 
	language VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	timezone VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	priority INTEGER NOT NULL, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	run_at DATETIME(6) NOT NULL, 
	handed_until DATETIME(6), 
	leased_until DATETIME(6), 
	lease_token VARCHAR(32), 
	attempts INTEGER NOT NULL, 
	max_attempts INTEGER NOT NULL, 
	done BIGINT NOT NULL, 
	total BIGINT, 
	result JSON, 
	error TEXT, 
	created_at DATETIME(6) NOT NULL, 
	started_at DATETIME(6), 
	ended_at DATETIME(6), 
	CONSTRAINT pk_task PRIMARY KEY (id), 
	CONSTRAINT uq_task_unique_key UNIQUE (unique_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_task_due ON task (state, run_at, id);

CREATE INDEX IF NOT EXISTS ix_task_user ON task (user_id, id);

CREATE TABLE IF NOT EXISTS territory (
	parent_id BIGINT, 
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
	CONSTRAINT pk_territory PRIMARY KEY (id), 
	CONSTRAINT uq_territory_code UNIQUE (code), 
	CONSTRAINT fk_territory_parent_id FOREIGN KEY(parent_id) REFERENCES territory (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_territory_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_territory_parent_id ON territory (parent_id);

CREATE TABLE IF NOT EXISTS typing_buffer (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	user_id BIGINT NOT NULL, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	record_key VARCHAR(64) NOT NULL, 
	form JSON NOT NULL, 
	updated_at DATETIME(6) NOT NULL, 
	CONSTRAINT pk_typing_buffer PRIMARY KEY (id), 
	CONSTRAINT uq_typing_buffer_user_id_kind_record_key UNIQUE (user_id, kind, record_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS unit (
	dimension VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	numerator BIGINT NOT NULL, 
	denominator BIGINT NOT NULL, 
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
	CONSTRAINT pk_unit PRIMARY KEY (id), 
	CONSTRAINT uq_unit_code UNIQUE (code), 
	CONSTRAINT uq_unit_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS user (
	login VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	email VARCHAR(254) COLLATE utf8mb4_nopad_bin, 
	language VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	timezone VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	password_hash VARCHAR(255) COLLATE utf8mb4_nopad_bin, 
	must_change BOOL NOT NULL, 
	current_company_id BIGINT, 
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
	CONSTRAINT pk_user PRIMARY KEY (id), 
	CONSTRAINT uq_user_login UNIQUE (login), 
	CONSTRAINT uq_user_email UNIQUE (email), 
	CONSTRAINT uq_user_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS account (
	parent_id BIGINT, 
	is_group BOOL NOT NULL, 
	root_type VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	role VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin, 
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
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT uq_account_company_id_code UNIQUE (company_id, code), 
	CONSTRAINT fk_account_parent_id FOREIGN KEY(parent_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_account_uid UNIQUE (uid), 
	CONSTRAINT fk_account_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_account_parent_id ON account (parent_id);

CREATE TABLE IF NOT EXISTS api_token (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	hash BINARY(32) NOT NULL, 
	user_id BIGINT NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	scopes JSON NOT NULL, 
	company_id BIGINT, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	expires_at DATETIME(6) NOT NULL, 
	last_used_at DATETIME(6), 
	revoked_at DATETIME(6), 
	CONSTRAINT pk_api_token PRIMARY KEY (id), 
	CONSTRAINT fk_api_token_user_id FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_api_token_user_id ON api_token (user_id);

CREATE TABLE IF NOT EXISTS branch (
	street VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	postal_code VARCHAR(20), 
	city VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	phone VARCHAR(60), 
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
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_branch PRIMARY KEY (id), 
	CONSTRAINT uq_branch_company_id_code UNIQUE (company_id, code), 
	CONSTRAINT uq_branch_uid UNIQUE (uid), 
	CONSTRAINT fk_branch_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS company_accounts (
	books_closed_until DATE, 
	conventions JSON, 
	default_terms_id BIGINT, 
	record_id BIGINT NOT NULL, 
	CONSTRAINT pk_company_accounts PRIMARY KEY (record_id), 
	CONSTRAINT fk_company_accounts_default_terms_id FOREIGN KEY(default_terms_id) REFERENCES payment_terms (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_company_accounts_record_id FOREIGN KEY(record_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS customer (
	credit_limit DECIMAL(21, 6), 
	territory_id BIGINT, 
	country VARCHAR(2), 
	kana VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	language VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin, 
	tax_id VARCHAR(40), 
	email VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	phone VARCHAR(60), 
	website VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	note TEXT, 
	company_id BIGINT, 
	company_key BIGINT GENERATED ALWAYS AS (coalesce(company_id, 0)) STORED, 
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
	CONSTRAINT pk_customer PRIMARY KEY (id), 
	CONSTRAINT uq_customer_company_key_code UNIQUE (company_key, code), 
	CONSTRAINT fk_customer_territory_id FOREIGN KEY(territory_id) REFERENCES territory (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_customer_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_customer_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_customer_company_id ON customer (company_id);

CREATE INDEX IF NOT EXISTS ix_customer_territory_id ON customer (territory_id);

CREATE TABLE IF NOT EXISTS exchange_rate (
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	valid_from DATE NOT NULL, 
	rate DECIMAL(24, 12) NOT NULL, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_exchange_rate PRIMARY KEY (id), 
	CONSTRAINT uq_exchange_rate_company_id_currency_valid_from UNIQUE (company_id, currency, valid_from), 
	CONSTRAINT uq_exchange_rate_uid UNIQUE (uid), 
	CONSTRAINT fk_exchange_rate_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS field_right (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	role_id BIGINT NOT NULL, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	field VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	level VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	CONSTRAINT pk_field_right PRIMARY KEY (id), 
	CONSTRAINT uq_field_right_role_id_kind_field UNIQUE (role_id, kind, field), 
	CONSTRAINT fk_field_right_role_id FOREIGN KEY(role_id) REFERENCES role (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS file (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	sha256 VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	mime VARCHAR(128) NOT NULL, 
	size BIGINT NOT NULL, 
	purpose VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	about_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	about_id BIGINT, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	CONSTRAINT pk_file PRIMARY KEY (id), 
	CONSTRAINT fk_file_sha256 FOREIGN KEY(sha256) REFERENCES `blob` (sha256) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_file_about ON file (about_kind, about_id, id);

CREATE INDEX IF NOT EXISTS ix_file_created_by_id ON file (created_by_id);

CREATE INDEX IF NOT EXISTS ix_file_sha256 ON file (sha256);

CREATE TABLE IF NOT EXISTS item (
	type VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	unit_id BIGINT NOT NULL, 
	group_id BIGINT, 
	sales_price DECIMAL(21, 8), 
	standard_cost DECIMAL(21, 8), 
	description TEXT, 
	barcode VARCHAR(40), 
	company_id BIGINT, 
	company_key BIGINT GENERATED ALWAYS AS (coalesce(company_id, 0)) STORED, 
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
	CONSTRAINT pk_item PRIMARY KEY (id), 
	CONSTRAINT uq_item_company_key_code UNIQUE (company_key, code), 
	CONSTRAINT fk_item_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_item_group_id FOREIGN KEY(group_id) REFERENCES item_group (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_item_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_item_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_item_company_id ON item (company_id);

CREATE INDEX IF NOT EXISTS ix_item_group_id ON item (group_id);

CREATE INDEX IF NOT EXISTS ix_item_unit_id ON item (unit_id);

CREATE TABLE IF NOT EXISTS journal_entry (
	posting_date DATE NOT NULL, 
	reason VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	total DECIMAL(21, 6) NOT NULL, 
	source_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	number VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	status VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	submitted_at DATETIME(6), 
	submitted_by_id BIGINT, 
	cancelled_at DATETIME(6), 
	cancel_reason TEXT, 
	approval_state VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	amended_from_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_journal_entry PRIMARY KEY (id), 
	CONSTRAINT uq_journal_entry_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_journal_entry_amended_from_id FOREIGN KEY(amended_from_id) REFERENCES journal_entry (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_journal_entry_uid UNIQUE (uid), 
	CONSTRAINT fk_journal_entry_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_journal_entry_amended_from_id ON journal_entry (amended_from_id);

CREATE INDEX IF NOT EXISTS ix_journal_entry_company_posting_date ON journal_entry (company_id, posting_date, id);

CREATE INDEX IF NOT EXISTS ix_journal_entry_posting_date ON journal_entry (posting_date, id);

CREATE INDEX IF NOT EXISTS ix_journal_entry_status ON journal_entry (status, id);

CREATE TABLE IF NOT EXISTS one_time_link (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	hash BINARY(32) NOT NULL, 
	user_id BIGINT NOT NULL, 
	purpose VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	expires_at DATETIME(6) NOT NULL, 
	used_at DATETIME(6), 
	CONSTRAINT pk_one_time_link PRIMARY KEY (id), 
	CONSTRAINT uq_one_time_link_hash UNIQUE (hash), 
	CONSTRAINT fk_one_time_link_user_id FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_one_time_link_user_id ON one_time_link (user_id);

CREATE TABLE IF NOT EXISTS payment_terms_line (
	payment_terms_id BIGINT NOT NULL, 
	part VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	percent DECIMAL(9, 6), 
	amount DECIMAL(21, 6), 
	parts BIGINT, 
	months BIGINT NOT NULL, 
	days BIGINT NOT NULL, 
	set_day BIGINT, 
	discount_percent DECIMAL(9, 6), 
	discount_amount DECIMAL(21, 6), 
	discount_days BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_payment_terms_line PRIMARY KEY (id), 
	CONSTRAINT fk_payment_terms_line_payment_terms_id FOREIGN KEY(payment_terms_id) REFERENCES payment_terms (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_payment_terms_line_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_payment_terms_line_payment_terms_id ON payment_terms_line (payment_terms_id);

CREATE TABLE IF NOT EXISTS price_list (
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	prices_include_tax BOOL NOT NULL, 
	valid_from DATE, 
	valid_to DATE, 
	company_id BIGINT, 
	company_key BIGINT GENERATED ALWAYS AS (coalesce(company_id, 0)) STORED, 
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
	CONSTRAINT pk_price_list PRIMARY KEY (id), 
	CONSTRAINT uq_price_list_company_key_code UNIQUE (company_key, code), 
	CONSTRAINT fk_price_list_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_price_list_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_price_list_company_id ON price_list (company_id);

CREATE TABLE IF NOT EXISTS reconciliation (
	posting_date DATE NOT NULL, 
	reason VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	write_off BOOL NOT NULL, 
	number VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	status VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	submitted_at DATETIME(6), 
	submitted_by_id BIGINT, 
	cancelled_at DATETIME(6), 
	cancel_reason TEXT, 
	approval_state VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	amended_from_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_reconciliation PRIMARY KEY (id), 
	CONSTRAINT uq_reconciliation_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_reconciliation_amended_from_id FOREIGN KEY(amended_from_id) REFERENCES reconciliation (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_reconciliation_uid UNIQUE (uid), 
	CONSTRAINT fk_reconciliation_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_reconciliation_amended_from_id ON reconciliation (amended_from_id);

CREATE INDEX IF NOT EXISTS ix_reconciliation_company_posting_date ON reconciliation (company_id, posting_date, id);

CREATE INDEX IF NOT EXISTS ix_reconciliation_posting_date ON reconciliation (posting_date, id);

CREATE INDEX IF NOT EXISTS ix_reconciliation_status ON reconciliation (status, id);

CREATE TABLE IF NOT EXISTS role_right (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	role_id BIGINT NOT NULL, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	verb VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	scope VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	CONSTRAINT pk_role_right PRIMARY KEY (id), 
	CONSTRAINT uq_role_right_role_id_kind_verb UNIQUE (role_id, kind, verb), 
	CONSTRAINT fk_role_right_role_id FOREIGN KEY(role_id) REFERENCES role (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS session_row (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	hash BINARY(32) NOT NULL, 
	user_id BIGINT NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	last_seen_at DATETIME(6) NOT NULL, 
	expires_at DATETIME(6) NOT NULL, 
	idle_seconds INTEGER NOT NULL, 
	revoked_at DATETIME(6), 
	auth_level VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	second_factor_at DATETIME(6), 
	csrf BINARY(32) NOT NULL, 
	ip VARCHAR(64) NOT NULL, 
	agent VARCHAR(255) NOT NULL, 
	last_gtid VARCHAR(190) NOT NULL, 
	CONSTRAINT pk_session_row PRIMARY KEY (id), 
	CONSTRAINT uq_session_row_hash UNIQUE (hash), 
	CONSTRAINT fk_session_row_user_id FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_session_row_expires_at ON session_row (expires_at);

CREATE INDEX IF NOT EXISTS ix_session_row_user_id ON session_row (user_id);

CREATE TABLE IF NOT EXISTS supplier (
	country VARCHAR(2), 
	kana VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	language VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin, 
	tax_id VARCHAR(40), 
	email VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	phone VARCHAR(60), 
	website VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	note TEXT, 
	company_id BIGINT, 
	company_key BIGINT GENERATED ALWAYS AS (coalesce(company_id, 0)) STORED, 
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
	CONSTRAINT pk_supplier PRIMARY KEY (id), 
	CONSTRAINT uq_supplier_company_key_code UNIQUE (company_key, code), 
	CONSTRAINT fk_supplier_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_supplier_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_supplier_company_id ON supplier (company_id);

CREATE TABLE IF NOT EXISTS user_key (
	user_id BIGINT NOT NULL, 
	`key` VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	CONSTRAINT pk_user_key PRIMARY KEY (user_id, `key`), 
	CONSTRAINT fk_user_key_user_id FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS user_role (
	user_id BIGINT NOT NULL, 
	role_id BIGINT NOT NULL, 
	CONSTRAINT pk_user_role PRIMARY KEY (user_id, role_id), 
	CONSTRAINT fk_user_role_user_id FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_user_role_role_id FOREIGN KEY(role_id) REFERENCES role (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS contact (
	name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci NOT NULL, 
	job_title VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	email VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	phone VARCHAR(60), 
	customer_id BIGINT, 
	supplier_id BIGINT, 
	company_id BIGINT, 
	`position` INTEGER NOT NULL, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	CONSTRAINT pk_contact PRIMARY KEY (id), 
	CONSTRAINT fk_contact_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_contact_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_contact_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_contact_customer_id ON contact (customer_id);

CREATE INDEX IF NOT EXISTS ix_contact_supplier_id ON contact (supplier_id);

CREATE TABLE IF NOT EXISTS customer_accounts (
	receivable_account_id BIGINT, 
	terms_id BIGINT, 
	record_id BIGINT NOT NULL, 
	CONSTRAINT pk_customer_accounts PRIMARY KEY (record_id), 
	CONSTRAINT fk_customer_accounts_receivable_account_id FOREIGN KEY(receivable_account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_customer_accounts_terms_id FOREIGN KEY(terms_id) REFERENCES payment_terms (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_customer_accounts_record_id FOREIGN KEY(record_id) REFERENCES customer (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS customer_address (
	customer_id BIGINT NOT NULL, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	`use` VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	street VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	postal_code VARCHAR(20), 
	city VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	region VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	country VARCHAR(2), 
	CONSTRAINT pk_customer_address PRIMARY KEY (id), 
	CONSTRAINT fk_customer_address_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_customer_address_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_customer_address_customer_id ON customer_address (customer_id);

CREATE TABLE IF NOT EXISTS customer_selling (
	price_list_id BIGINT, 
	record_id BIGINT NOT NULL, 
	CONSTRAINT pk_customer_selling PRIMARY KEY (record_id), 
	CONSTRAINT fk_customer_selling_price_list_id FOREIGN KEY(price_list_id) REFERENCES price_list (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_customer_selling_record_id FOREIGN KEY(record_id) REFERENCES customer (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS default_account (
	role VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	account_id BIGINT NOT NULL, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_default_account PRIMARY KEY (id), 
	CONSTRAINT uq_default_account_company_id_role UNIQUE (company_id, role), 
	CONSTRAINT fk_default_account_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_default_account_uid UNIQUE (uid), 
	CONSTRAINT fk_default_account_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_default_account_account_id ON default_account (account_id);

CREATE TABLE IF NOT EXISTS employee (
	job_title VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	email VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	phone VARCHAR(60), 
	reports_to_id BIGINT, 
	hired_on DATE, 
	left_on DATE, 
	born_on DATE, 
	user_id BIGINT, 
	branch_id BIGINT, 
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
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_employee PRIMARY KEY (id), 
	CONSTRAINT uq_employee_company_id_code UNIQUE (company_id, code), 
	CONSTRAINT fk_employee_reports_to_id FOREIGN KEY(reports_to_id) REFERENCES employee (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_employee_user_id FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_employee_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_employee_uid UNIQUE (uid), 
	CONSTRAINT fk_employee_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_employee_branch_id ON employee (branch_id);

CREATE INDEX IF NOT EXISTS ix_employee_reports_to_id ON employee (reports_to_id);

CREATE INDEX IF NOT EXISTS ix_employee_user_id ON employee (user_id);

CREATE TABLE IF NOT EXISTS import_run (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	file_id BIGINT NOT NULL, 
	options JSON NOT NULL, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	result JSON, 
	kept JSON, 
	message VARCHAR(500) NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	CONSTRAINT pk_import_run PRIMARY KEY (id), 
	CONSTRAINT fk_import_run_file_id FOREIGN KEY(file_id) REFERENCES file (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_import_run_created_by_id ON import_run (created_by_id);

CREATE TABLE IF NOT EXISTS item_accounts (
	income_account_id BIGINT, 
	expense_account_id BIGINT, 
	tax_codes JSON, 
	record_id BIGINT NOT NULL, 
	CONSTRAINT pk_item_accounts PRIMARY KEY (record_id), 
	CONSTRAINT fk_item_accounts_income_account_id FOREIGN KEY(income_account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_item_accounts_expense_account_id FOREIGN KEY(expense_account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_item_accounts_record_id FOREIGN KEY(record_id) REFERENCES item (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS item_price (
	price_list_id BIGINT NOT NULL, 
	item_id BIGINT NOT NULL, 
	price DECIMAL(21, 8) NOT NULL, 
	from_quantity DECIMAL(21, 6) NOT NULL, 
	valid_from DATE, 
	valid_to DATE, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	CONSTRAINT pk_item_price PRIMARY KEY (id), 
	CONSTRAINT fk_item_price_price_list_id FOREIGN KEY(price_list_id) REFERENCES price_list (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_item_price_item_id FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_item_price_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_item_price_item_id ON item_price (item_id);

CREATE INDEX IF NOT EXISTS ix_item_price_list_item ON item_price (price_list_id, item_id);

CREATE TABLE IF NOT EXISTS mail_attachment (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	mail_id BIGINT NOT NULL, 
	file_id BIGINT, 
	print_key VARCHAR(190), 
	CONSTRAINT pk_mail_attachment PRIMARY KEY (id), 
	CONSTRAINT fk_mail_attachment_mail_id FOREIGN KEY(mail_id) REFERENCES mail (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_mail_attachment_file_id FOREIGN KEY(file_id) REFERENCES file (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_mail_attachment_mail_id ON mail_attachment (mail_id);

CREATE INDEX IF NOT EXISTS ix_mail_attachment_print_key ON mail_attachment (print_key);

CREATE TABLE IF NOT EXISTS open_item (
	`key` VARCHAR(96) COLLATE utf8mb4_nopad_bin NOT NULL, 
	company_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	party_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	party_id BIGINT NOT NULL, 
	voucher_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	voucher_id BIGINT NOT NULL, 
	voucher_number VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	nature VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	instalment BIGINT NOT NULL, 
	effective_on DATE NOT NULL, 
	due_on DATE, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	invoiced DECIMAL(21, 6) NOT NULL, 
	amount DECIMAL(21, 6) NOT NULL, 
	amount_company DECIMAL(21, 6) NOT NULL, 
	outstanding DECIMAL(21, 6) NOT NULL, 
	outstanding_company DECIMAL(21, 6) NOT NULL, 
	credited DECIMAL(21, 6) NOT NULL, 
	discount DECIMAL(21, 6) NOT NULL, 
	discount_until DATE, 
	is_open BOOL NOT NULL, 
	CONSTRAINT pk_open_item PRIMARY KEY (`key`), 
	CONSTRAINT fk_open_item_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_open_item_due ON open_item (company_id, is_open, due_on);

CREATE INDEX IF NOT EXISTS ix_open_item_party ON open_item (company_id, party_kind, party_id, is_open);

CREATE INDEX IF NOT EXISTS ix_open_item_voucher ON open_item (voucher_kind, voucher_id, instalment);

CREATE TABLE IF NOT EXISTS payment (
	direction VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	customer_id BIGINT, 
	supplier_id BIGINT, 
	posting_date DATE NOT NULL, 
	account_id BIGINT NOT NULL, 
	amount DECIMAL(21, 6) NOT NULL, 
	reference VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	rate DECIMAL(24, 12), 
	company_amount DECIMAL(21, 6), 
	excess VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	take_discount BOOL NOT NULL, 
	manual_taxes JSON, 
	unallocated DECIMAL(21, 6) NOT NULL, 
	number VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	status VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	submitted_at DATETIME(6), 
	submitted_by_id BIGINT, 
	cancelled_at DATETIME(6), 
	cancel_reason TEXT, 
	approval_state VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	amended_from_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_payment PRIMARY KEY (id), 
	CONSTRAINT uq_payment_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_payment_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_payment_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_payment_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_payment_amended_from_id FOREIGN KEY(amended_from_id) REFERENCES payment (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_payment_uid UNIQUE (uid), 
	CONSTRAINT fk_payment_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_payment_amended_from_id ON payment (amended_from_id);

CREATE INDEX IF NOT EXISTS ix_payment_company_posting_date ON payment (company_id, posting_date, id);

CREATE INDEX IF NOT EXISTS ix_payment_customer_id ON payment (customer_id);

CREATE INDEX IF NOT EXISTS ix_payment_posting_date ON payment (posting_date, id);

CREATE INDEX IF NOT EXISTS ix_payment_status ON payment (status, id);

CREATE INDEX IF NOT EXISTS ix_payment_supplier_id ON payment (supplier_id);

CREATE TABLE IF NOT EXISTS print (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	`key` VARCHAR(190) NOT NULL, 
	file_id BIGINT NOT NULL, 
	about_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	about_id BIGINT NOT NULL, 
	format VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	language VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	CONSTRAINT pk_print PRIMARY KEY (id), 
	CONSTRAINT uq_print_key UNIQUE (`key`), 
	CONSTRAINT fk_print_file_id FOREIGN KEY(file_id) REFERENCES file (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_print_about ON print (about_kind, about_id, id);

CREATE TABLE IF NOT EXISTS purchase_invoice (
	supplier_id BIGINT NOT NULL, 
	supplier_reference VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	credits_id BIGINT, 
	credit_note BOOL NOT NULL, 
	note TEXT, 
	open_due DATE, 
	due_date DATE, 
	outstanding DECIMAL(21, 6) NOT NULL, 
	posting_date DATE NOT NULL, 
	rate DECIMAL(24, 12), 
	company_amount DECIMAL(21, 6), 
	prices_include_tax BOOL NOT NULL, 
	discount JSON, 
	allowances JSON, 
	charges JSON, 
	manual_taxes JSON, 
	prepaid DECIMAL(21, 6) NOT NULL, 
	rounding_given DECIMAL(21, 6), 
	net DECIMAL(21, 6) NOT NULL, 
	tax DECIMAL(21, 6) NOT NULL, 
	total DECIMAL(21, 6) NOT NULL, 
	rounding DECIMAL(21, 6) NOT NULL, 
	payable DECIMAL(21, 6) NOT NULL, 
	taxes JSON, 
	instalments JSON, 
	breakdown JSON, 
	terms_id BIGINT, 
	number VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	status VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	submitted_at DATETIME(6), 
	submitted_by_id BIGINT, 
	cancelled_at DATETIME(6), 
	cancel_reason TEXT, 
	approval_state VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	amended_from_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_purchase_invoice PRIMARY KEY (id), 
	CONSTRAINT uq_purchase_invoice_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_purchase_invoice_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_purchase_invoice_credits_id FOREIGN KEY(credits_id) REFERENCES purchase_invoice (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_purchase_invoice_terms_id FOREIGN KEY(terms_id) REFERENCES payment_terms (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_purchase_invoice_amended_from_id FOREIGN KEY(amended_from_id) REFERENCES purchase_invoice (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_purchase_invoice_uid UNIQUE (uid), 
	CONSTRAINT fk_purchase_invoice_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_purchase_invoice_amended_from_id ON purchase_invoice (amended_from_id);

CREATE INDEX IF NOT EXISTS ix_purchase_invoice_company_posting_date ON purchase_invoice (company_id, posting_date, id);

CREATE INDEX IF NOT EXISTS ix_purchase_invoice_credits_id ON purchase_invoice (credits_id);

CREATE INDEX IF NOT EXISTS ix_purchase_invoice_posting_date ON purchase_invoice (posting_date, id);

CREATE INDEX IF NOT EXISTS ix_purchase_invoice_status ON purchase_invoice (status, id);

CREATE INDEX IF NOT EXISTS ix_purchase_invoice_supplier_id ON purchase_invoice (supplier_id);

CREATE TABLE IF NOT EXISTS reconciliation_line (
	reconciliation_id BIGINT NOT NULL, 
	voucher JSON NOT NULL, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_reconciliation_line PRIMARY KEY (id), 
	CONSTRAINT fk_reconciliation_line_reconciliation_id FOREIGN KEY(reconciliation_id) REFERENCES reconciliation (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_reconciliation_line_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_reconciliation_line_reconciliation_id ON reconciliation_line (reconciliation_id);

CREATE TABLE IF NOT EXISTS sales_order (
	customer_id BIGINT NOT NULL, 
	order_date DATE NOT NULL, 
	delivery_date DATE, 
	customer_reference VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	price_list_id BIGINT, 
	note TEXT, 
	billed DECIMAL(21, 6) NOT NULL, 
	rate DECIMAL(24, 12), 
	company_amount DECIMAL(21, 6), 
	prices_include_tax BOOL NOT NULL, 
	discount JSON, 
	allowances JSON, 
	charges JSON, 
	manual_taxes JSON, 
	prepaid DECIMAL(21, 6) NOT NULL, 
	rounding_given DECIMAL(21, 6), 
	net DECIMAL(21, 6) NOT NULL, 
	tax DECIMAL(21, 6) NOT NULL, 
	total DECIMAL(21, 6) NOT NULL, 
	rounding DECIMAL(21, 6) NOT NULL, 
	payable DECIMAL(21, 6) NOT NULL, 
	taxes JSON, 
	instalments JSON, 
	breakdown JSON, 
	terms_id BIGINT, 
	number VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	status VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	submitted_at DATETIME(6), 
	submitted_by_id BIGINT, 
	cancelled_at DATETIME(6), 
	cancel_reason TEXT, 
	approval_state VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	amended_from_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_sales_order PRIMARY KEY (id), 
	CONSTRAINT uq_sales_order_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_sales_order_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_order_price_list_id FOREIGN KEY(price_list_id) REFERENCES price_list (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_order_terms_id FOREIGN KEY(terms_id) REFERENCES payment_terms (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_order_amended_from_id FOREIGN KEY(amended_from_id) REFERENCES sales_order (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_sales_order_uid UNIQUE (uid), 
	CONSTRAINT fk_sales_order_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_sales_order_amended_from_id ON sales_order (amended_from_id);

CREATE INDEX IF NOT EXISTS ix_sales_order_company_order_date ON sales_order (company_id, order_date, id);

CREATE INDEX IF NOT EXISTS ix_sales_order_customer_id ON sales_order (customer_id);

CREATE INDEX IF NOT EXISTS ix_sales_order_order_date ON sales_order (order_date, id);

CREATE INDEX IF NOT EXISTS ix_sales_order_status ON sales_order (status, id);

CREATE TABLE IF NOT EXISTS selling_settings (
	approval_limit DECIMAL(21, 6), 
	sales_price_list_id BIGINT, 
	record_id BIGINT NOT NULL, 
	CONSTRAINT pk_selling_settings PRIMARY KEY (record_id), 
	CONSTRAINT fk_selling_settings_sales_price_list_id FOREIGN KEY(sales_price_list_id) REFERENCES price_list (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_selling_settings_record_id FOREIGN KEY(record_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS supplier_accounts (
	payable_account_id BIGINT, 
	terms_id BIGINT, 
	record_id BIGINT NOT NULL, 
	CONSTRAINT pk_supplier_accounts PRIMARY KEY (record_id), 
	CONSTRAINT fk_supplier_accounts_payable_account_id FOREIGN KEY(payable_account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_supplier_accounts_terms_id FOREIGN KEY(terms_id) REFERENCES payment_terms (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_supplier_accounts_record_id FOREIGN KEY(record_id) REFERENCES supplier (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS supplier_address (
	supplier_id BIGINT NOT NULL, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	`use` VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	name VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	street VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	postal_code VARCHAR(20), 
	city VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	region VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	country VARCHAR(2), 
	CONSTRAINT pk_supplier_address PRIMARY KEY (id), 
	CONSTRAINT fk_supplier_address_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_supplier_address_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_supplier_address_supplier_id ON supplier_address (supplier_id);

CREATE TABLE IF NOT EXISTS tax (
	tax_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	sequence BIGINT NOT NULL, 
	affects_base BOOL NOT NULL, 
	cash_basis BOOL NOT NULL, 
	deductible BOOL NOT NULL, 
	discounted BOOL NOT NULL, 
	category VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	head VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	sales_account_id BIGINT, 
	purchase_account_id BIGINT, 
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
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_tax PRIMARY KEY (id), 
	CONSTRAINT uq_tax_company_id_code UNIQUE (company_id, code), 
	CONSTRAINT fk_tax_sales_account_id FOREIGN KEY(sales_account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_tax_purchase_account_id FOREIGN KEY(purchase_account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_tax_uid UNIQUE (uid), 
	CONSTRAINT fk_tax_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS journal_entry_line (
	journal_entry_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	customer_id BIGINT, 
	supplier_id BIGINT, 
	debit DECIMAL(21, 6), 
	credit DECIMAL(21, 6), 
	description VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin, 
	amount_transaction DECIMAL(21, 6), 
	due_date DATE, 
	tax_id BIGINT, 
	tax_side VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	dimensions JSON, 
	open_item VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_journal_entry_line PRIMARY KEY (id), 
	CONSTRAINT fk_journal_entry_line_journal_entry_id FOREIGN KEY(journal_entry_id) REFERENCES journal_entry (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_journal_entry_line_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_journal_entry_line_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_journal_entry_line_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_journal_entry_line_tax_id FOREIGN KEY(tax_id) REFERENCES tax (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_journal_entry_line_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_journal_entry_line_account_id ON journal_entry_line (account_id);

CREATE INDEX IF NOT EXISTS ix_journal_entry_line_journal_entry_id ON journal_entry_line (journal_entry_id);

CREATE TABLE IF NOT EXISTS ledger_entry (
	id BIGINT NOT NULL AUTO_INCREMENT, 
	company_id BIGINT NOT NULL, 
	seq BIGINT NOT NULL, 
	uid BINARY(16) NOT NULL, 
	voucher_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	voucher_id BIGINT NOT NULL, 
	voucher_number VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	voucher_line_id BIGINT, 
	rule VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	effective_on DATE NOT NULL, 
	posted_at DATETIME(6) NOT NULL, 
	account_id BIGINT NOT NULL, 
	party_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	party_id BIGINT, 
	amount DECIMAL(21, 6) NOT NULL, 
	side VARCHAR(1) COLLATE utf8mb4_nopad_bin NOT NULL, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	amount_transaction DECIMAL(21, 6) NOT NULL, 
	rate DECIMAL(24, 12), 
	dimensions JSON, 
	tax_id BIGINT, 
	tax_base DECIMAL(21, 6), 
	tax_side VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	due_on DATE, 
	open_item VARCHAR(96) COLLATE utf8mb4_nopad_bin, 
	reverses BIGINT, 
	CONSTRAINT pk_ledger_entry PRIMARY KEY (id), 
	CONSTRAINT uq_ledger_entry_company_id_seq UNIQUE (company_id, seq), 
	CONSTRAINT fk_ledger_entry_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_ledger_entry_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_ledger_entry_tax_id FOREIGN KEY(tax_id) REFERENCES tax (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_ledger_entry_account ON ledger_entry (company_id, account_id, effective_on, seq);

CREATE INDEX IF NOT EXISTS ix_ledger_entry_day ON ledger_entry (company_id, effective_on, account_id);

CREATE INDEX IF NOT EXISTS ix_ledger_entry_open_item ON ledger_entry (open_item);

CREATE INDEX IF NOT EXISTS ix_ledger_entry_party ON ledger_entry (company_id, party_kind, party_id, account_id);

CREATE INDEX IF NOT EXISTS ix_ledger_entry_tax ON ledger_entry (company_id, tax_id, effective_on);

CREATE INDEX IF NOT EXISTS ix_ledger_entry_voucher ON ledger_entry (voucher_kind, voucher_id);

CREATE TABLE IF NOT EXISTS payment_allocation (
	payment_id BIGINT NOT NULL, 
	voucher JSON NOT NULL, 
	instalment BIGINT, 
	amount DECIMAL(21, 6), 
	discount DECIMAL(21, 6), 
	write_off DECIMAL(21, 6), 
	voucher_kind VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	voucher_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_payment_allocation PRIMARY KEY (id), 
	CONSTRAINT fk_payment_allocation_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_payment_allocation_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_payment_allocation_payment_id ON payment_allocation (payment_id);

CREATE INDEX IF NOT EXISTS ix_payment_allocation_voucher ON payment_allocation (voucher_kind, voucher_id);

CREATE TABLE IF NOT EXISTS purchase_invoice_line (
	purchase_invoice_id BIGINT NOT NULL, 
	unit_id BIGINT, 
	description VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	quantity DECIMAL(21, 6) NOT NULL, 
	price DECIMAL(21, 8) NOT NULL, 
	base_quantity DECIMAL(21, 6) NOT NULL, 
	discount_percent DECIMAL(9, 6) NOT NULL, 
	tax_codes JSON, 
	amount DECIMAL(21, 6) NOT NULL, 
	amount_given DECIMAL(21, 6), 
	allowances JSON, 
	deductible_percent DECIMAL(9, 6) NOT NULL, 
	dimensions JSON, 
	tax_amounts JSON, 
	item_id BIGINT, 
	account_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_purchase_invoice_line PRIMARY KEY (id), 
	CONSTRAINT fk_purchase_invoice_line_purchase_invoice_id FOREIGN KEY(purchase_invoice_id) REFERENCES purchase_invoice (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_purchase_invoice_line_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_purchase_invoice_line_item_id FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_purchase_invoice_line_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_purchase_invoice_line_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_purchase_invoice_line_item_id ON purchase_invoice_line (item_id);

CREATE INDEX IF NOT EXISTS ix_purchase_invoice_line_purchase_invoice_id ON purchase_invoice_line (purchase_invoice_id);

CREATE TABLE IF NOT EXISTS sales_invoice (
	customer_id BIGINT NOT NULL, 
	order_id BIGINT, 
	credits_id BIGINT, 
	credit_note BOOL NOT NULL, 
	customer_reference VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	price_list_id BIGINT, 
	note TEXT, 
	open_due DATE, 
	due_date DATE, 
	outstanding DECIMAL(21, 6) NOT NULL, 
	posting_date DATE NOT NULL, 
	rate DECIMAL(24, 12), 
	company_amount DECIMAL(21, 6), 
	prices_include_tax BOOL NOT NULL, 
	discount JSON, 
	allowances JSON, 
	charges JSON, 
	manual_taxes JSON, 
	prepaid DECIMAL(21, 6) NOT NULL, 
	rounding_given DECIMAL(21, 6), 
	net DECIMAL(21, 6) NOT NULL, 
	tax DECIMAL(21, 6) NOT NULL, 
	total DECIMAL(21, 6) NOT NULL, 
	rounding DECIMAL(21, 6) NOT NULL, 
	payable DECIMAL(21, 6) NOT NULL, 
	taxes JSON, 
	instalments JSON, 
	breakdown JSON, 
	terms_id BIGINT, 
	number VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	state VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	status VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL, 
	currency VARCHAR(3) COLLATE utf8mb4_nopad_bin NOT NULL, 
	submitted_at DATETIME(6), 
	submitted_by_id BIGINT, 
	cancelled_at DATETIME(6), 
	cancel_reason TEXT, 
	approval_state VARCHAR(64) COLLATE utf8mb4_nopad_bin, 
	amended_from_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME(6) NOT NULL, 
	created_by_id BIGINT, 
	updated_at DATETIME(6) NOT NULL, 
	updated_by_id BIGINT, 
	custom JSON, 
	company_id BIGINT NOT NULL, 
	CONSTRAINT pk_sales_invoice PRIMARY KEY (id), 
	CONSTRAINT uq_sales_invoice_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_sales_invoice_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_order_id FOREIGN KEY(order_id) REFERENCES sales_order (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_credits_id FOREIGN KEY(credits_id) REFERENCES sales_invoice (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_price_list_id FOREIGN KEY(price_list_id) REFERENCES price_list (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_terms_id FOREIGN KEY(terms_id) REFERENCES payment_terms (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_amended_from_id FOREIGN KEY(amended_from_id) REFERENCES sales_invoice (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_sales_invoice_uid UNIQUE (uid), 
	CONSTRAINT fk_sales_invoice_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_sales_invoice_amended_from_id ON sales_invoice (amended_from_id);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_company_posting_date ON sales_invoice (company_id, posting_date, id);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_credits_id ON sales_invoice (credits_id);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_customer_id ON sales_invoice (customer_id);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_open_due ON sales_invoice (company_id, open_due);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_order_id ON sales_invoice (order_id);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_posting_date ON sales_invoice (posting_date, id);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_status ON sales_invoice (status, id);

CREATE TABLE IF NOT EXISTS sales_order_line (
	sales_order_id BIGINT NOT NULL, 
	billed_quantity DECIMAL(21, 6) NOT NULL, 
	price DECIMAL(21, 8) NOT NULL, 
	unit_id BIGINT, 
	description VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	quantity DECIMAL(21, 6) NOT NULL, 
	base_quantity DECIMAL(21, 6) NOT NULL, 
	discount_percent DECIMAL(9, 6) NOT NULL, 
	tax_codes JSON, 
	amount DECIMAL(21, 6) NOT NULL, 
	amount_given DECIMAL(21, 6), 
	allowances JSON, 
	deductible_percent DECIMAL(9, 6) NOT NULL, 
	dimensions JSON, 
	tax_amounts JSON, 
	item_id BIGINT, 
	account_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_sales_order_line PRIMARY KEY (id), 
	CONSTRAINT fk_sales_order_line_sales_order_id FOREIGN KEY(sales_order_id) REFERENCES sales_order (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_order_line_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_order_line_item_id FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_order_line_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_sales_order_line_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_sales_order_line_item_id ON sales_order_line (item_id);

CREATE INDEX IF NOT EXISTS ix_sales_order_line_sales_order_id ON sales_order_line (sales_order_id);

CREATE TABLE IF NOT EXISTS tax_rate (
	tax_id BIGINT NOT NULL, 
	valid_from DATE, 
	valid_to DATE, 
	rate DECIMAL(21, 8) NOT NULL, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_tax_rate PRIMARY KEY (id), 
	CONSTRAINT fk_tax_rate_tax_id FOREIGN KEY(tax_id) REFERENCES tax (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_tax_rate_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_tax_rate_tax_id ON tax_rate (tax_id);

CREATE TABLE IF NOT EXISTS sales_invoice_line (
	sales_invoice_id BIGINT NOT NULL, 
	order_line_id BIGINT, 
	price DECIMAL(21, 8) NOT NULL, 
	unit_id BIGINT, 
	description VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	quantity DECIMAL(21, 6) NOT NULL, 
	base_quantity DECIMAL(21, 6) NOT NULL, 
	discount_percent DECIMAL(9, 6) NOT NULL, 
	tax_codes JSON, 
	amount DECIMAL(21, 6) NOT NULL, 
	amount_given DECIMAL(21, 6), 
	allowances JSON, 
	deductible_percent DECIMAL(9, 6) NOT NULL, 
	dimensions JSON, 
	tax_amounts JSON, 
	item_id BIGINT, 
	account_id BIGINT, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_sales_invoice_line PRIMARY KEY (id), 
	CONSTRAINT fk_sales_invoice_line_sales_invoice_id FOREIGN KEY(sales_invoice_id) REFERENCES sales_invoice (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_line_order_line_id FOREIGN KEY(order_line_id) REFERENCES sales_order_line (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_line_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_line_item_id FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_sales_invoice_line_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_sales_invoice_line_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_sales_invoice_line_item_id ON sales_invoice_line (item_id);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_line_order_line_id ON sales_invoice_line (order_line_id);

CREATE INDEX IF NOT EXISTS ix_sales_invoice_line_sales_invoice_id ON sales_invoice_line (sales_invoice_id);

