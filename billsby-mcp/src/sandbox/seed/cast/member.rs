//! Somebody of the cast.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::sandbox::company::{Card, Person};
use crate::sandbox::id::UniqueId;
use crate::sandbox::seed::address::address;
use crate::sandbox::seed::books::Books;

/// A customer who is there in every sandbox.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox::seed) struct Member {
    pub(super) name: (&'static str, &'static str),
    pub(super) home: [&'static str; 5],
    /// Since they came.
    pub(super) days: i64,
    pub(super) card: Option<Plastic>,
    pub(super) history: fn(&mut Books<'_>, UniqueId),
}

/// What a card does, in its last four digits and its years to live.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plastic {
    last4: &'static str,
    years: i16,
}

impl Plastic {
    pub(super) const GOOD: Self = Self {
        last4: "4242",
        years: 3,
    };
    pub(super) const DECLINES: Self = Self {
        last4: "0002",
        ..Self::GOOD
    };
    pub(super) const PENDS: Self = Self {
        last4: "3220",
        ..Self::GOOD
    };
    pub(super) const EXPIRED: Self = Self {
        last4: "1111",
        years: -1,
    };
}

impl Member {
    pub(in crate::sandbox::seed) fn came(&self, now: Timestamp) -> Timestamp {
        now - SignedDuration::from_hours(24 * self.days)
    }

    /// Becomes a customer and lives their history.
    pub(in crate::sandbox::seed) fn enter(self, books: &mut Books<'_>) {
        let came = books.ago(SignedDuration::from_hours(24 * self.days));
        let (first, last) = self.name;
        let year = books.now.to_zoned(TimeZone::UTC).year();
        let email = format!("{first}.{last}@example.com").to_lowercase();
        let person = Person {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            card: self.card.map(|card| Card {
                full_name: format!("{first} {last}"),
                token: format!("tok_{first}").to_lowercase(),
                expiry_month: 7,
                expiry_year: year + card.years,
                card_type: "visa".to_owned(),
                last4: card.last4.to_owned(),
            }),
            email,
            address: address(self.home),
            phone: None,
        };
        let customer = books.customer(person, came);
        (self.history)(books, customer);
    }
}
