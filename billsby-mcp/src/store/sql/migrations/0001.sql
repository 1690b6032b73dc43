-- The single row of what there is once. Every commit updates it first, and so waits for the one before it.
CREATE TABLE store (
    only_one {number} PRIMARY KEY CHECK (only_one = 1),
    generation {number} NOT NULL,
    keyring {bytes},
    admin_token {bytes}
){strict};
INSERT INTO store (only_one, generation) VALUES (1, 0);

CREATE TABLE accounts (
    id {id} PRIMARY KEY,
    label {text} NOT NULL,
    company_domain {text} NOT NULL,
    environment {text} NOT NULL,
    base_url {text},
    api_key {bytes} NOT NULL,
    created_at {number} NOT NULL,
    updated_at {number} NOT NULL,
    deleted_at {number},
    generation {number} NOT NULL
){strict};
CREATE INDEX accounts_by_generation ON accounts (generation);

CREATE TABLE servers (
    id {id} PRIMARY KEY,
    account {id} NOT NULL REFERENCES accounts (id),
    name {text} NOT NULL,
    config {text} NOT NULL,
    token_hash {bytes} UNIQUE,
    token_hint {text},
    old_token_hash {bytes},
    old_token_until {number},
    created_at {number} NOT NULL,
    updated_at {number} NOT NULL,
    expires_at {number},
    revoked_at {number},
    generation {number} NOT NULL,
    folded_name {text} NOT NULL
){strict};
CREATE INDEX servers_by_generation ON servers (generation);
CREATE INDEX servers_by_account ON servers (account, id);
CREATE INDEX servers_by_old_token ON servers (old_token_hash) WHERE old_token_hash IS NOT NULL;

CREATE TABLE api_tokens (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    hash {bytes} UNIQUE,
    hint {text} NOT NULL,
    server {id} REFERENCES servers (id),
    created_at {number} NOT NULL,
    expires_at {number},
    revoked_at {number},
    generation {number} NOT NULL
){strict};
CREATE INDEX api_tokens_by_generation ON api_tokens (generation);

CREATE TABLE claims (
    key {bytes} PRIMARY KEY,
    request {bytes} NOT NULL,
    answer {bytes} NOT NULL,
    until {number} NOT NULL
){strict};
CREATE INDEX claims_by_end ON claims (until);

-- Refers to no other table, so that calls can be written down later and kept or forgotten on their own.
CREATE TABLE activity (
    id {id} PRIMARY KEY,
    at {number} NOT NULL,
    server {id},
    account {id},
    client_name {text},
    client_version {text},
    tool {text} NOT NULL,
    is_write {flag} NOT NULL,
    is_error {flag} NOT NULL,
    outcome {text} NOT NULL,
    status {number},
    milliseconds {number} NOT NULL,
    keys {text} NOT NULL,
    customer {text},
    invoice {text}
){strict};
CREATE INDEX activity_by_time ON activity (at);
CREATE INDEX activity_by_server ON activity (server, id);
CREATE INDEX activity_by_account ON activity (account, id);
CREATE INDEX activity_by_customer ON activity (customer, id) WHERE customer IS NOT NULL;
CREATE INDEX activity_by_invoice ON activity (invoice, id) WHERE invoice IS NOT NULL;

CREATE TABLE server_usage (
    server {id} PRIMARY KEY,
    last_used_at {number} NOT NULL,
    calls {number} NOT NULL,
    errors {number} NOT NULL,
    writes {number} NOT NULL
){strict};
