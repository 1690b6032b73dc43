//! A typed client for the [Billsby](https://www.billsby.com) subscription billing API.
//!
//! # Start
//!
//! A [`Client`] needs an API key and the company's domain. Both are in the control panel: the key
//! under Settings, Configuration, API keys and webhooks, the domain in the panel's own address. Make
//! one client and keep it; its clones share their connections.
//!
//! ```no_run
//! use billsby_sdk::Client;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(std::env::var("BILLSBY_API_KEY")?, "widgets".parse()?)?;
//! client.verify().await?; // optional: do key and domain work?
//! # Ok(())
//! # }
//! ```
//!
//! Calls are grouped by what they work on, as in `client.customers()`. What a call needs are its
//! arguments. What it can do without is set by name, and `send` sends it. It must run on Tokio.
//!
//! # Read one thing
//!
//! ```no_run
//! use billsby_sdk::key::CustomerUniqueId;
//!
//! # async fn example(client: billsby_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let id: CustomerUniqueId = "8WER0F4J1R".parse()?;
//! let customer = client.customers().get(&id).send().await?;
//! println!("{:?} since {:?}", customer.status, customer.created_on);
//! println!("as the API wrote it: {}", customer.text());
//! # Ok(())
//! # }
//! ```
//!
//! * Every kind of id is a type of its own in [`key`], so one does not compile in place of another.
//! * `send` gives a [`Response`]. It can be used like the value, and has status, headers and body.
//! * Any field of an answer may be `None`: the API promises none of them.
//! * An enumeration keeps a value that it does not know as `Unknown`. Match with a wildcard arm.
//! * `{:?}` of a model shows its name only: the fields hold personal data.
//!
//! # Lists
//!
//! A long list comes in pages of at most 100 entries. `into_stream` reads page after page, each when
//! its first entry is wanted. It ends by itself, also where the API miscounts.
//!
//! ```no_run
//! use std::pin::pin;
//! use futures_util::TryStreamExt;
//!
//! # async fn example(client: billsby_sdk::Client) -> Result<(), billsby_sdk::Error> {
//! let second = client.customers().list().search("quinn").page(2).send().await?;
//! println!("{} of {:?}", second.results.len(), second.row_count);
//!
//! let mut all = pin!(client.invoices().list().into_stream());
//! while let Some(invoice) = all.try_next().await? {
//!     println!("{:?}", invoice.invoice_number);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Create and change
//!
//! What is sent is a struct of [`model`]. `new` takes everything that the API needs, so nothing can be
//! forgotten, and setters take the rest. Where `new` would take many texts in a row, it takes a struct
//! that names each of them.
//!
//! ```no_run
//! use billsby_sdk::model::{NewCustomer, NewCustomerRequired, UpdateProduct};
//!
//! # async fn example(client: billsby_sdk::Client) -> Result<(), billsby_sdk::Error> {
//! let customer = NewCustomer::new(NewCustomerRequired {
//!     first_name: "Mary",
//!     last_name: "Quinn",
//!     email: "mary.quinn@example.com",
//!     address_line1: "1 High Street",
//!     city: "Leeds",
//!     state: "West Yorkshire",
//!     post_code: "LS1 4AP",
//!     country: "GBR",
//! })
//! .address_line2("Flat 3");
//! let created = client.customers().create(&customer).send().await?;
//! println!("{:?}", created.customer_unique_id);
//!
//! let renamed = UpdateProduct::default().display_name("Widgets, large");
//! client.products().update(17.into(), &renamed).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! An update without a single field is refused before it is sent. Several updates of this API replace
//! the whole object; the method says so. Read it first, then send all of it.
//!
//! # Money
//!
//! An [`Amount`](types::Amount) is a whole number of the smallest unit: 1450 is $14.50. The currency
//! stands beside it. Where the API also writes texts such as `$14.50`, the field is an
//! [`AmountOrText`](types::AmountOrText).
//!
//! ```no_run
//! use billsby_sdk::key::CustomerUniqueId;
//! use billsby_sdk::model::OneTimeCharge;
//! use billsby_sdk::types::Amount;
//!
//! # async fn example(client: billsby_sdk::Client, customer: CustomerUniqueId) -> Result<(), billsby_sdk::Error> {
//! let price = Amount::from_minor_units(1450);
//! println!("charging {}", price.in_currency("USD")); // 14.50 USD
//! let charge = OneTimeCharge::new(price, "USD", "Training");
//! client.invoices().charge(&customer, &charge).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Write safely
//!
//! The API has no idempotency keys: a charge that is sent twice is made twice. So a call that changes
//! something is sent once, whatever the settings. When it fails, ask [`Error::outcome`] what has
//! happened:
//!
//! ```no_run
//! use billsby_sdk::Outcome;
//! use billsby_sdk::key::InvoiceNumber;
//!
//! # async fn example(client: billsby_sdk::Client, number: InvoiceNumber) {
//! match client.invoices().reattempt_payment(&number).send().await {
//!     Ok(_) => println!("charged"),
//!     Err(error) => match error.outcome() {
//!         Outcome::NotSent | Outcome::Rejected => println!("nothing has changed: {error}"),
//!         Outcome::Done => println!("charged, but the answer is unusable: {error}"),
//!         Outcome::Unknown => println!("look at the invoice before you try again: {error}"),
//!     },
//! }
//! # }
//! ```
//!
//! # Errors
//!
//! There is one [`Error`]. Its text says what happened and what to do, holds nothing personal, and can
//! be logged. Questions such as [`Error::is_not_found`] tell the usual cases apart. What the API itself
//! wrote is in [`Error::message`] and [`Error::body`], and may be personal.
//!
//! # Retries and time limits
//!
//! A call that only reads is tried up to three times when the API is busy or the connection breaks.
//! Each attempt has 30 seconds, and a call with all its attempts three times that. Set it for a client
//! or for one call:
//!
//! ```no_run
//! use std::time::Duration;
//! use billsby_sdk::{Client, RetryPolicy};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder("key", "widgets".parse()?)
//!     .attempt_timeout(Duration::from_secs(10))
//!     .deadline(Duration::from_secs(60))
//!     .retry(RetryPolicy::attempts(5))
//!     .build()?;
//! let page = client.customers().list().with_retry(RetryPolicy::off()).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Every attempt is an event of the `tracing` crate at debug level: operation, attempt, status and time,
//! and nothing about a customer.
//!
//! # Rate limits
//!
//! Billsby documents none. Where an answer speaks of one, [`Response::rate_limit`] and
//! [`Error::rate_limit`] give what it says. Too many calls are an error with [`Error::is_rate_limited`]
//! and often [`Error::retry_after`]; a read waits that long by itself before its next attempt.
//!
//! # Several companies
//!
//! [`Client::for_company`] gives a client for another domain with the same key, settings and
//! connections. A company with a key of its own needs a client of its own.
//!
//! ```no_run
//! # async fn example(client: billsby_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
//! for domain in ["widgets", "gadgets"] {
//!     let products = client.for_company(domain.parse()?).products().list().send().await?;
//!     println!("{domain}: {:?} products", products.row_count);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What the document does not mention
//!
//! [`Call::with_query`] and [`Call::with_body_field`] add to a call what its document leaves out.
//! [`Client::request`] makes any other call, with the same key, limits and errors. What an answer has
//! beyond its type is in [`Response::json`].
//!
//! ```no_run
//! use billsby_sdk::Method;
//!
//! # async fn example(client: billsby_sdk::Client) -> Result<(), billsby_sdk::Error> {
//! let path = "/{companyDomain}/coupons/{couponCode}";
//! let call = client.request(Method::Get, "core", path).path_value("couponCode", "SPRING");
//! println!("{}", call.send().await?["discount"]);
//! # Ok(())
//! # }
//! ```
//!
//! # Webhooks
//!
//! With the feature `webhooks`, the module `webhook` checks that a call comes from Billsby and reads its
//! body. It says what an event proves and what not.
//!
//! ```no_run
//! # #[cfg(feature = "webhooks")]
//! # fn example(header: Option<&str>, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
//! use billsby_sdk::webhook::{Delivery, Event, Secret};
//!
//! let secret = Secret::new(std::env::var("BILLSBY_WEBHOOK_SECRET")?)?;
//! if secret.matches(header) {
//!     match Delivery::parse(body)?.event {
//!         Event::InvoiceCreated(invoice) => println!("{:?}", invoice.invoice_number),
//!         other => println!("not for us: {}", other.kind()),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `rustls` | yes | TLS in Rust; trusts the certificates of the operating system |
//! | `native-tls` | no | the TLS library of the operating system; `rustls` wins where both are on |
//! | `webhooks` | no | the module `webhook` |
//!
//! Without either TLS only `http` addresses work, such as a test server's.

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
