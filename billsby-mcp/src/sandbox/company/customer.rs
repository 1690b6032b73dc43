//! Customers, their addresses and cards.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::sandbox::id::{DocumentNumber, UniqueId};

/// Somebody who is billed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Customer {
    /// The integer id, which no call accepts.
    pub(crate) id: i64,
    pub(crate) unique_id: UniqueId,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) additional_email: Option<String>,
    pub(crate) billing_address: Address,
    pub(crate) phone: Option<Phone>,
    pub(crate) tax_reg_number: Option<String>,
    pub(crate) marketing_consent: bool,
    pub(crate) card: Option<Card>,
    pub(crate) created_on: Timestamp,
    /// All of them, the cancelled ones too, in the order of their beginning.
    pub(crate) subscriptions: Vec<UniqueId>,
    /// In the order of their issue.
    pub(crate) invoices: Vec<DocumentNumber>,
    pub(crate) credit_notes: Vec<DocumentNumber>,
    /// The counter in the number of the last invoice or credit note.
    pub(crate) documents: u32,
    /// Paid so far, less what was paid back; minor units.
    pub(crate) paid: i64,
}

/// What is known of a customer before they buy anything.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) address: Address,
    pub(crate) phone: Option<Phone>,
    pub(crate) card: Option<Card>,
}

/// A postal address.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the fields are the API's own")]
pub(crate) struct Address {
    pub(crate) address_line1: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) address_line2: Option<String>,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) post_code: String,
    /// ISO 3166-1 alpha-3.
    pub(crate) country: String,
}

/// A telephone number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Phone {
    pub(crate) country: Option<String>,
    pub(crate) dial_code: Option<String>,
    pub(crate) number: Option<String>,
}

/// A card on file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the fields are the API's own")]
pub(crate) struct Card {
    pub(crate) full_name: String,
    pub(crate) token: String,
    pub(crate) expiry_month: i8,
    pub(crate) expiry_year: i16,
    pub(crate) card_type: String,
    pub(crate) last4: String,
}

impl Customer {
    /// Somebody who has not bought anything yet.
    pub(crate) fn new(id: i64, unique_id: UniqueId, created_on: Timestamp, person: Person) -> Self {
        Self {
            id,
            unique_id,
            first_name: person.first_name,
            last_name: person.last_name,
            email: person.email,
            additional_email: None,
            billing_address: person.address,
            phone: person.phone,
            tax_reg_number: None,
            marketing_consent: false,
            card: person.card,
            created_on,
            subscriptions: Vec::new(),
            invoices: Vec::new(),
            credit_notes: Vec::new(),
            documents: 0,
            paid: 0,
        }
    }
}

/// What happens when a card is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardBehaviour {
    Pays,
    /// The payment stays under way, as with a bank debit.
    Pends,
    Declines {
        why: &'static str,
    },
}

impl Card {
    /// The last four digits decide, as with the test cards of payment gateways: 0002 and 9995 decline,
    /// 3220 stays pending, all others pay until they expire.
    pub(crate) fn behaviour(&self, now: Timestamp) -> CardBehaviour {
        if self.is_expired(now) {
            return CardBehaviour::Declines {
                why: "the card has expired",
            };
        }
        match self.last4.as_str() {
            "0002" => CardBehaviour::Declines {
                why: "the card was declined",
            },
            "9995" => CardBehaviour::Declines {
                why: "the card has insufficient funds",
            },
            "3220" => CardBehaviour::Pends,
            _ => CardBehaviour::Pays,
        }
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        let today = now.to_zoned(TimeZone::UTC).date();
        Date::new(self.expiry_year, self.expiry_month, 1)
            .is_ok_and(|month| month.last_of_month() < today)
    }
}
