CREATE TABLE IF NOT EXISTS tool (
	daily_fee DECIMAL(21, 8) NOT NULL, 
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
	CONSTRAINT pk_tool PRIMARY KEY (id), 
	CONSTRAINT uq_tool_code UNIQUE (code), 
	CONSTRAINT uq_tool_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS customer_lending (
	identity_card VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	record_id BIGINT NOT NULL, 
	CONSTRAINT pk_customer_lending PRIMARY KEY (record_id), 
	CONSTRAINT fk_customer_lending_record_id FOREIGN KEY(record_id) REFERENCES customer (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE TABLE IF NOT EXISTS loan (
	customer_id BIGINT NOT NULL, 
	posting_date DATE NOT NULL, 
	due_date DATE NOT NULL, 
	returned_on DATE, 
	total DECIMAL(21, 6) NOT NULL, 
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
	CONSTRAINT pk_loan PRIMARY KEY (id), 
	CONSTRAINT uq_loan_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_loan_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_loan_amended_from_id FOREIGN KEY(amended_from_id) REFERENCES loan (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_loan_uid UNIQUE (uid), 
	CONSTRAINT fk_loan_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_loan_amended_from_id ON loan (amended_from_id);

CREATE INDEX IF NOT EXISTS ix_loan_company_posting_date ON loan (company_id, posting_date, id);

CREATE INDEX IF NOT EXISTS ix_loan_customer_id ON loan (customer_id);

CREATE INDEX IF NOT EXISTS ix_loan_posting_date ON loan (posting_date, id);

CREATE INDEX IF NOT EXISTS ix_loan_status ON loan (status, id);

CREATE TABLE IF NOT EXISTS loan_line (
	loan_id BIGINT NOT NULL, 
	tool_id BIGINT NOT NULL, 
	note VARCHAR(255) COLLATE utf8mb4_uca1400_as_ci, 
	amount DECIMAL(21, 6) NOT NULL, 
	id BIGINT NOT NULL AUTO_INCREMENT, 
	uid BINARY(16) NOT NULL, 
	`position` INTEGER NOT NULL, 
	CONSTRAINT pk_loan_line PRIMARY KEY (id), 
	CONSTRAINT fk_loan_line_loan_id FOREIGN KEY(loan_id) REFERENCES loan (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_loan_line_tool_id FOREIGN KEY(tool_id) REFERENCES tool (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_loan_line_uid UNIQUE (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_as_ci;

CREATE INDEX IF NOT EXISTS ix_loan_line_loan_id ON loan_line (loan_id);

CREATE INDEX IF NOT EXISTS ix_loan_line_tool_id ON loan_line (tool_id);

