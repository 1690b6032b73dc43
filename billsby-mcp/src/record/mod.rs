//! What is kept of accounts, servers and tokens: plain data, as it is in a store.
//!
//! Records that have ended stay as tombstones, so that one can still say why a URL does not work.

mod account;
mod api_token;
mod config;
mod id;
mod server;

pub use account::{AccountRecord, Environment};
pub use api_token::ApiTokenRecord;
pub use config::ServerConfig;
pub use id::{AccountId, ActivityId, ApiTokenId, InvalidId, ServerId};
pub(crate) use server::fits;
pub use server::{OldToken, ServerRecord, State, UrlToken};
