//! Secrets: how they are made, recognised, kept and compared. Nothing here is ever shown by `Debug`.
//!
//! ```text
//! master key ──wraps──▶ keyring: a sealing key (API keys) and a hashing key (tokens)
//! ```
//!
//! Tokens are not kept at all, only keyed hashes of them. The keyring is kept in the store, wrapped with
//! the master key, which is kept elsewhere.

mod keyring;
mod master_key;
mod token;

pub use keyring::{Keyring, Unreadable, WrongMasterKey};
pub use master_key::{InvalidMasterKey, MasterKey};
pub use token::{SecretToken, TokenHash, TokenKind};
