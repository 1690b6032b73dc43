//! A typed client for the [Billsby](https://www.billsby.com) subscription billing API.
//!
//! ```no_run
//! use billsby_sdk::Client;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let api_key = std::env::var("BILLSBY_API_KEY")?;
//!     let client = Client::new(api_key, "widgets".parse()?)?;
//!
//!     let page = client.customers().list().search("quinn").send().await?;
//!     for customer in &page.results {
//!         println!("{:?}", customer.customer_unique_id);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Reading the answers
//!
//! * Every field of an answer may be absent: the API documents none as certain.
//! * Amounts are whole numbers of the currency's minor unit ([`types::Amount`]).
//! * Enumerations have an `Unknown` value that keeps what the API wrote.
//! * The kinds of keys have types of their own ([`key`]); two of them cannot be mixed up.
//! * [`Response`] gives the typed value and the raw answer behind it.
//!
//! # When something goes wrong
//!
//! There is one [`Error`]. [`Error::outcome`] says whether the call took effect.
//!
//! A call that only reads is tried up to three times when Billsby is busy or the connection breaks. A
//! call that changes something is never sent twice, whatever the settings: see [`RetryPolicy`].
//!
//! Two limits of time apply: [`ClientBuilder::attempt_timeout`] for each attempt and
//! [`ClientBuilder::deadline`] for all of them together. Every attempt is an event of the `tracing`
//! crate at debug level, with operation, attempt, status and time, and nothing about a customer.
//!
//! # What the document does not mention
//!
//! [`Call::with_query`] and [`Call::with_body_field`] add what a documented call does not know;
//! [`Client::request`] makes any other call.
//!
//! # Features
//!
//! * `rustls` (default): TLS in Rust, with the certificates the operating system trusts.
//! * `native-tls`: the operating system's own TLS. With both features, `rustls` is used.
//! * `webhooks`: reads the webhooks that Billsby sends.

#[macro_use]
pub mod types;

mod call;
mod client;
mod error;
mod headers;
mod page;
mod rate_limit;
mod raw;
mod response;
mod retry;
mod stream;
mod transport;
mod url;
#[cfg(feature = "webhooks")]
pub mod webhook;

#[rustfmt::skip]
mod generated;

pub use call::{AnswerForm, Call, Effect, Method, Operation};
pub use client::{ApiKey, Client, ClientBuilder};
pub use error::{Error, Outcome};
pub use generated::{BASE_URL, DOCUMENT_VERSION, key, model, resource};
pub use page::Page;
pub use rate_limit::RateLimit;
pub use raw::RawCall;
pub use response::Response;
pub use retry::RetryPolicy;
pub use types::InvalidKey;

/// Compiles the example in the read-me.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
