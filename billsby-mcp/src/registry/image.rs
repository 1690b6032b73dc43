//! Everything that is live, as one process knows it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::record::{
    AccountId, AccountRecord, ApiTokenId, ApiTokenRecord, OldToken, ServerConfig, ServerId,
    ServerRecord, State, UrlToken, fits,
};
use crate::secret::TokenHash;
use crate::store::Changes;

/// So many configurations may be kept beside those that servers have, before they are looked through.
const SPARE_CONFIGS: usize = 1_000;

/// Everything that is live: what has not been revoked or deleted. What has expired is in here, too, because its
/// time may be extended.
#[derive(Debug, Default)]
pub(super) struct Image {
    /// The generation of the store that this is.
    pub(super) generation: u64,
    /// How often the connection to the store had been lost when it was read.
    pub(super) losses: u64,
    accounts: HashMap<AccountId, Arc<AccountRecord>>,
    servers: HashMap<ServerId, Arc<Row>>,
    by_hash: HashMap<TokenHash, ServerId>,
    api_tokens: HashMap<TokenHash, Arc<ApiTokenRecord>>,
    api_hashes: HashMap<ApiTokenId, TokenHash>,
    /// Most servers are configured like others.
    configs: HashSet<Arc<ServerConfig>>,
    /// What ended in a generation that is still to be read, by its id: earlier states of it no longer count.
    ended: HashMap<String, u64>,
}

/// A server in little room: there may be very many.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: ServerId,
    pub(super) account: AccountId,
    pub(super) config: Arc<ServerConfig>,
    name: Box<str>,
    token: Option<Box<UrlToken>>,
    old_token: Option<Box<OldToken>>,
    created_at: Timestamp,
    updated_at: Timestamp,
    expires_at: Option<Timestamp>,
    pub(super) generation: u64,
}

impl Row {
    fn new(record: ServerRecord, config: Arc<ServerConfig>) -> Self {
        Self {
            id: record.id,
            account: record.account,
            config,
            name: record.name.into(),
            token: record.token.map(Box::new),
            old_token: record.old_token.map(Box::new),
            created_at: record.created_at,
            updated_at: record.updated_at,
            expires_at: record.expires_at,
            generation: record.generation,
        }
    }

    /// The whole record again.
    pub(super) fn record(&self) -> ServerRecord {
        ServerRecord {
            id: self.id,
            account: self.account,
            name: self.name.to_string(),
            config: ServerConfig::clone(&self.config),
            token: self.token.as_deref().cloned(),
            old_token: self.old_token.as_deref().cloned(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            expires_at: self.expires_at,
            revoked_at: None,
            generation: self.generation,
        }
    }

    /// Whether it can be used at a time.
    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        State::of(None, self.expires_at, now) == State::Active
    }

    /// Whether a secret opens it at a time.
    pub(super) fn is_open_to(&self, hash: &TokenHash, now: Timestamp) -> bool {
        fits(self.token.as_deref(), self.old_token.as_deref(), hash, now) && self.is_active(now)
    }

    fn hashes(&self) -> impl Iterator<Item = TokenHash> {
        let current = self.token.iter().map(|token| token.hash);
        current.chain(self.old_token.iter().map(|old| old.hash))
    }
}

impl Image {
    /// The server that a secret belongs to, with its account.
    pub(super) fn by_hash(&self, hash: &TokenHash) -> Option<(Arc<Row>, Arc<AccountRecord>)> {
        self.by_id(*self.by_hash.get(hash)?)
    }

    /// A server with its account.
    pub(super) fn by_id(&self, id: ServerId) -> Option<(Arc<Row>, Arc<AccountRecord>)> {
        let row = self.servers.get(&id)?;
        let account = self.accounts.get(&row.account)?;
        Some((Arc::clone(row), Arc::clone(account)))
    }

    pub(super) fn account(&self, id: AccountId) -> Option<Arc<AccountRecord>> {
        self.accounts.get(&id).cloned()
    }

    pub(super) fn api_token(&self, hash: &TokenHash) -> Option<Arc<ApiTokenRecord>> {
        self.api_tokens.get(hash).cloned()
    }

    /// How many accounts, servers and API tokens there are.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        (
            self.accounts.len(),
            self.servers.len(),
            self.api_tokens.len(),
        )
    }

    /// Takes over what has changed.
    pub(super) fn apply(&mut self, changes: Changes) {
        let generation = changes.generation;
        self.put_all(changes);
        self.generation = generation;
        self.ended.retain(|_, ended| *ended > generation);
        if self.configs.len() > self.servers.len() + SPARE_CONFIGS {
            self.configs.retain(|config| Arc::strong_count(config) > 1);
        }
    }

    /// Takes over what has just been written, although what was written before it may be missing. The servers of
    /// one account may have been revoked with it.
    pub(super) fn take_over(&mut self, written: Changes, revoked: Option<AccountId>) {
        let generation = written.generation;
        if generation <= self.generation {
            return;
        }
        let ended = ended(&written);
        self.put_all(written);
        let ended = ended.into_iter().map(|id| (id, generation));
        self.ended.extend(ended);
        if let Some(account) = revoked {
            self.revoke_all(account, generation);
        }
    }

    fn put_all(&mut self, changes: Changes) {
        for account in changes.accounts {
            self.put_account(account);
        }
        for server in changes.servers {
            self.put(server);
        }
        for token in changes.api_tokens {
            self.put_api_token(token);
        }
    }

    fn put_account(&mut self, account: AccountRecord) {
        let known = self.accounts.get(&account.id);
        if known.is_some_and(|known| known.generation > account.generation)
            || self.has_ended(&account.id, account.generation)
        {
            return;
        }
        if account.deleted_at.is_some() {
            self.accounts.remove(&account.id);
        } else {
            self.accounts.insert(account.id, Arc::new(account));
        }
    }

    /// Takes over one server, unless a later state of it is known.
    pub(super) fn put(&mut self, record: ServerRecord) {
        let id = record.id;
        if self.has_ended(&id, record.generation) {
            return;
        }
        if let Some(known) = self.servers.get(&id) {
            if known.generation > record.generation {
                return;
            }
            for hash in known.hashes() {
                self.by_hash.remove(&hash);
            }
        }
        // Without any secret left it has ended long ago.
        if record.revoked_at.is_some() || (record.token.is_none() && record.old_token.is_none()) {
            self.servers.remove(&id);
            return;
        }
        let config = self.shared(&record.config);
        let row = Row::new(record, config);
        self.by_hash.extend(row.hashes().map(|hash| (hash, id)));
        self.servers.insert(id, Arc::new(row));
    }

    /// Takes every server of an account away.
    fn revoke_all(&mut self, account: AccountId, generation: u64) {
        let servers = self.servers.values().filter(|row| row.account == account);
        for row in servers.cloned().collect::<Vec<_>>() {
            for hash in row.hashes() {
                self.by_hash.remove(&hash);
            }
            self.servers.remove(&row.id);
            self.ended.insert(row.id.to_string(), generation);
        }
    }

    /// Whether something ended later than in a generation.
    fn has_ended(&self, id: &impl ToString, generation: u64) -> bool {
        // Nearly always there is nothing.
        !self.ended.is_empty()
            && self
                .ended
                .get(&id.to_string())
                .is_some_and(|ended| *ended > generation)
    }

    fn put_api_token(&mut self, token: ApiTokenRecord) {
        if self.has_ended(&token.id, token.generation) {
            return;
        }
        if let Some(hash) = self.api_hashes.remove(&token.id) {
            self.api_tokens.remove(&hash);
        }
        if let (Some(hash), None) = (token.hash, token.revoked_at) {
            self.api_hashes.insert(token.id, hash);
            self.api_tokens.insert(hash, Arc::new(token));
        }
    }

    fn shared(&mut self, config: &ServerConfig) -> Arc<ServerConfig> {
        if let Some(known) = self.configs.get(config) {
            return Arc::clone(known);
        }
        let config = Arc::new(config.clone());
        self.configs.insert(Arc::clone(&config));
        config
    }
}

/// The ids of what has ended.
fn ended(changes: &Changes) -> Vec<String> {
    let accounts = changes.accounts.iter();
    let accounts = accounts.filter(|account| account.deleted_at.is_some());
    let servers = changes.servers.iter();
    let servers = servers.filter(|server| server.revoked_at.is_some());
    let tokens = changes.api_tokens.iter();
    let tokens = tokens.filter(|token| token.revoked_at.is_some());
    accounts
        .map(|account| account.id.to_string())
        .chain(servers.map(|server| server.id.to_string()))
        .chain(tokens.map(|token| token.id.to_string()))
        .collect()
}
