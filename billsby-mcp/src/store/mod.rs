//! Where records are kept.
//!
//! A store is a sequence of generations. Each [`Batch`] makes a new one, as a whole or not at all, and every
//! record says in which generation it was last written. So whoever holds copies asks for what has changed
//! since the generation it knows, and whoever changes a record says which generation of it was read:
//! a change that somebody else has overtaken is refused.

mod error;
mod open;
mod postgres;
mod redis;
mod sql;
mod sqlite;
mod token_store;
mod url;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

pub use self::redis::{InvalidTokenStoreUrl, RedisTokenStore, TokenStoreUrl};
pub use error::StoreError;
pub use open::{Lock, open};
pub use postgres::Address;
pub use token_store::TokenStore;
pub use url::{InvalidStoreUrl, StoreUrl};

use crate::activity::{Entry, Usage};
use crate::record::{
    AccountId, AccountRecord, ActivityId, ApiTokenId, ApiTokenRecord, ServerId, ServerRecord, State,
};
use crate::secret::TokenHash;

/// Keeps records. Every backend passes the same tests.
#[async_trait]
pub trait Store: Send + Sync {
    /// Writes everything in a batch, or nothing. Once it has returned, what was written survives whatever
    /// happens to this program.
    async fn commit(&self, batch: Batch) -> Result<Commit, StoreError>;

    /// The wrapped keyring, once there is one.
    async fn keyring(&self) -> Result<Option<Vec<u8>>, StoreError>;
    /// The keyed hash of the admin token, once one has been made.
    async fn admin_token(&self) -> Result<Option<TokenHash>, StoreError>;

    /// What has changed since a generation. Since 0: everything but records that have ended and that
    /// therefore nobody needs to know. If the store has been put back to before that generation: nothing, in
    /// the generation that it has; then whoever asks has to read everything anew.
    async fn changes_since(&self, generation: u64) -> Result<Changes, StoreError>;
    /// Waits until there may be more than a generation, at most so long.
    async fn changed(&self, known: u64, limit: Duration);
    /// How often the connection to it was lost and made again. Behind a new one there may be another copy of
    /// it, which had not got everything, so whoever holds copies has to read everything anew.
    fn losses(&self) -> u64 {
        0
    }

    /// An account, also one that has been deleted.
    async fn account(&self, id: AccountId) -> Result<Option<AccountRecord>, StoreError>;
    /// Accounts, newest first, without those that have been deleted.
    async fn accounts(&self, page: Page<AccountId>) -> Result<Vec<AccountRecord>, StoreError>;
    /// A server, also one that has ended.
    async fn server(&self, id: ServerId) -> Result<Option<ServerRecord>, StoreError>;
    /// The server that a secret belongs to or belonged to, whether it opens it or not.
    async fn server_by_token(&self, hash: TokenHash) -> Result<Option<ServerRecord>, StoreError>;
    /// Servers, newest first.
    async fn servers(&self, query: ServerQuery) -> Result<Vec<ServerRecord>, StoreError>;
    /// An API token, also one that has ended.
    async fn api_token(&self, id: ApiTokenId) -> Result<Option<ApiTokenRecord>, StoreError>;
    /// API tokens, newest first, without those that have been revoked.
    async fn api_tokens(&self, page: Page<ApiTokenId>) -> Result<Vec<ApiTokenRecord>, StoreError>;
    /// What a claim has led to, if it was made and is not over.
    async fn claimed(&self, key: &[u8; 32], now: Timestamp) -> Result<Option<Claim>, StoreError>;

    /// Adds calls to the activity and to the usage of their servers.
    async fn record(&self, entries: Vec<Entry>) -> Result<(), StoreError>;
    /// Calls, newest first.
    async fn activity(&self, query: ActivityQuery) -> Result<Vec<Entry>, StoreError>;
    /// How calls are spread over time: a bucket for each step of so many milliseconds, from the query's `from`
    /// on, in which there was one. The first bucket comes first. The query's page does not count.
    async fn timeline(
        &self,
        query: ActivityQuery,
        step_milliseconds: i64,
    ) -> Result<Vec<Bucket>, StoreError>;
    /// The usage of servers; of those never used there is none.
    async fn usage(&self, servers: &[ServerId]) -> Result<Vec<(ServerId, Usage)>, StoreError>;

    /// Tidies: what ended before `ended` loses its hashes, claims that are over and calls from before
    /// `activity` go. Nothing that still works depends on it.
    async fn sweep(&self, sweep: Sweep) -> Result<(), StoreError>;
    /// Says that the store answers, and what it is: `sqlite`, `postgres`, `memory`.
    async fn check(&self) -> Result<&'static str, StoreError>;
    /// Puts everything into the file that whoever makes a copy would copy. Only a convenience, for when no more
    /// is coming.
    async fn settle(&self) {}
}

/// Changes that are made together.
#[derive(Debug, Default)]
pub struct Batch {
    /// Nothing is written if this has been claimed before.
    pub claim: Option<Claim>,
    /// The time. An earlier claim that is over by then does not count; without a time every one does.
    pub now: Option<Timestamp>,
    /// The wrapped keyring that something here was sealed or hashed with. If the store has another one,
    /// nothing is written.
    pub keyring: Option<Vec<u8>>,
    /// Accounts that must still be as they were: not deleted, and of this generation.
    pub unchanged: Vec<(AccountId, u64)>,
    /// What is written. A record of generation 0 must be new; any other must be kept in just that
    /// generation.
    pub changes: Vec<Change>,
    /// Revokes every server of this account that has not ended.
    pub revoke_servers: Option<(AccountId, Timestamp)>,
}

/// One change. The generation of a record is the one it was read in; the store writes the new one.
#[derive(Debug)]
pub enum Change {
    /// The wrapped keyring in the place of this one; there must be none if that is none.
    Keyring {
        /// What must be there now.
        expected: Option<Vec<u8>>,
        /// What will be.
        wrapped: Vec<u8>,
    },
    /// The hash of the admin token, if there is none yet.
    AdminToken(TokenHash),
    /// An account.
    Account(AccountRecord),
    /// A server.
    Server(Box<ServerRecord>),
    /// An API token.
    ApiToken(ApiTokenRecord),
}

/// A request that must have its effect once, however often it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// A keyed hash of what the request is known by.
    pub key: [u8; 32],
    /// A keyed hash of the request itself: another one with the same key is a mistake.
    pub request: [u8; 32],
    /// The answer it got, sealed.
    pub answer: Vec<u8>,
    /// How long the claim counts.
    pub until: Timestamp,
}

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Commit {
    /// It is written, in this generation.
    Done(u64),
    /// Nothing is: the claim was made before, and led to this.
    Claimed(Claim),
    /// Nothing is: a record is no longer as it was read, or is not new.
    Overtaken,
    /// Nothing is: the store has another keyring.
    Rekeyed,
}

/// What has changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// The generation that this leads to.
    pub generation: u64,
    /// Accounts, also deleted ones.
    pub accounts: Vec<AccountRecord>,
    /// Servers, also revoked ones.
    pub servers: Vec<ServerRecord>,
    /// API tokens, also revoked ones.
    pub api_tokens: Vec<ApiTokenRecord>,
}

/// A part of a list, newest first.
#[derive(Debug, Clone, Copy)]
pub struct Page<I> {
    /// The last one of the page before.
    pub after: Option<I>,
    /// How many at most.
    pub limit: u32,
}

/// Which servers are wanted.
#[derive(Debug, Clone)]
pub struct ServerQuery {
    /// Those of this account.
    pub account: Option<AccountId>,
    /// Those that stand like this at this time.
    pub state: Option<(State, Timestamp)>,
    /// Those whose name contains this, in any case.
    pub name: Option<String>,
    /// The page.
    pub page: Page<ServerId>,
}

/// Which calls are wanted.
#[derive(Debug, Clone)]
pub struct ActivityQuery {
    /// Those of this server.
    pub server: Option<ServerId>,
    /// Those of this account.
    pub account: Option<AccountId>,
    /// Those of this tool, by its name in the inventory.
    pub tool: Option<String>,
    /// Those with this outcome.
    pub outcome: Option<billsby_sdk::Outcome>,
    /// Those that gave an error, or those that did not.
    pub is_error: Option<bool>,
    /// Those that named this customer.
    pub customer: Option<String>,
    /// Those that named this invoice.
    pub invoice: Option<String>,
    /// Those from this time on.
    pub from: Option<Timestamp>,
    /// Those before this time.
    pub until: Option<Timestamp>,
    /// The page.
    pub page: Page<ActivityId>,
}

/// The calls of one step of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// How many steps lie before it.
    pub index: u64,
    /// Calls that began in it.
    pub calls: u64,
    /// Those that gave an error.
    pub errors: u64,
    /// Those of tools that can change something.
    pub writes: u64,
    /// How long half of them took at most, in milliseconds: the longest of the shorter half.
    pub p50: u32,
    /// How long 95 of 100 took at most, in the same way.
    pub p95: u32,
}

/// What is tidied away.
#[derive(Debug, Clone, Copy)]
pub struct Sweep {
    /// Now: claims and replaced secrets that are over go.
    pub now: Timestamp,
    /// What ended before this time can no longer be brought back.
    pub ended: Timestamp,
    /// Calls from before this time are no longer kept.
    pub activity: Timestamp,
}
