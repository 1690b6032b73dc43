//! Webhooks: what Billsby tells you by itself when something changes.
//!
//! Set the address, and a secret, in the control panel under Settings, Configuration, API keys
//! and webhooks. Billsby then sends a POST for each event. This module checks the [`Secret`] and
//! reads the body into a [`Delivery`]; the HTTP server is yours.
//!
//! ```
//! use billsby_sdk::webhook::{Delivery, Event, Secret};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let secret = Secret::new("correct horse battery staple")?;
//!
//! // What your HTTP server received.
//! let header = Some("correct horse battery staple");
//! let body = br#"{
//!     "Type": "InvoiceCreated",
//!     "Id": "6f2c1f4e-8b1d-4a57-9a53-0d3f1f0a7c11",
//!     "InvoiceNumber": "8WER0F4J1R-3",
//!     "InvoiceAmount": 1450,
//!     "CurrencyCode": "USD"
//! }"#;
//!
//! assert!(secret.matches(header)); // otherwise answer 401 and stop
//! let delivery = Delivery::parse(body)?;
//! match &delivery.event {
//!     Event::InvoiceCreated(invoice) => {
//!         let amount = invoice.amount.ok_or("no amount")?;
//!         let currency = invoice.currency_code.as_deref().unwrap_or_default();
//!         assert_eq!(amount.in_currency(currency).to_string(), "14.50 USD");
//!     }
//!     Event::Test => println!("somebody pressed the Test button"),
//!     other => println!("not interested in {}", other.kind()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What a webhook proves, and what not
//!
//! * **There is no signature.** Billsby sends the secret itself in a header, so whoever sees one
//!   call can make others. Use HTTPS only, keep the header out of logs, and treat a body as a
//!   hint, not as proof.
//! * **The contents are thin.** Take the key from the event and read the object back through the
//!   [`Client`](crate::Client) before you act on it; what you read is also newer than the event.
//! * **Every event may come twice, late, or in another order than it happened.** Nothing is
//!   documented about order, and the body has no time of sending. [`Delivery::id`] is the only
//!   means to recognise a repeated event: store it together with the work it caused.
//! * **Whether a failed call is repeated, and when, is not documented.** Answer 200 quickly, do
//!   the work afterwards, and compare with the API from time to time if you must not miss anything.
//!
//! The example `webhook_receiver` is a complete receiver on axum.

mod delivery;
mod event;
mod secret;

pub use delivery::{Delivery, InvalidBody};
pub use event::{CreditNoteEvent, CustomerEvent, Event, InvoiceEvent, SubscriptionEvent};
pub use secret::{EmptySecret, Secret};
