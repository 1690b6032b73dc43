//! Random subscriptions and what they were billed.

use jiff::{SignedDuration, Timestamp};
use rand::RngExt as _;

use crate::sandbox::company::{
    CounterEntry, CounterOperation, CreditNoteStatus, InvoiceStatus, TakenAddon, Unit,
};
use crate::sandbox::id::UniqueId;
use crate::sandbox::seed::books::{Bill, Bills, Books, Refund, Terms};
use crate::sandbox::seed::calendar::{DAY, back, next};
use crate::sandbox::seed::catalogue::Tariffs;

/// What a subscription is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    Coffee,
    Desk,
    Box,
}

/// How a subscription has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Runs,
    /// Runs, but the last invoice is open.
    Owes,
    /// Runs, and the last payment is under way.
    Waits,
    Trial,
    Suspended,
    Paused,
    Cancelled,
}

/// The last that happened to a subscription, after everything was billed.
#[derive(Debug)]
pub(super) struct Turn {
    subscription: UniqueId,
    fate: Fate,
    at: Timestamp,
    /// If it is paused.
    resumes: Timestamp,
}

impl Fate {
    pub(super) fn random(books: &mut Books<'_>) -> Self {
        match books.random.random_range(0..100) {
            0..58 => Self::Runs,
            58..64 => Self::Owes,
            64..68 => Self::Waits,
            68..74 => Self::Trial,
            74..81 => Self::Suspended,
            81..86 => Self::Paused,
            _ => Self::Cancelled,
        }
    }
}

/// What is taken from a product. Only coffee can be tried for free.
pub(super) fn terms(books: &mut Books<'_>, product: Product, fate: Fate) -> Terms {
    let catalogue = books.catalogue;
    let cycle = |books: &mut Books<'_>, tariffs: Tariffs| {
        if books.happens(75) {
            tariffs.monthly
        } else {
            tariffs.yearly
        }
    };
    match product {
        _ if fate == Fate::Trial => Terms::one(catalogue.pro_trial),
        Product::Coffee => {
            let plans = [catalogue.basic, catalogue.pro, catalogue.enterprise];
            let plan = *books.random.pick(&plans);
            Terms::one(cycle(books, plan))
        }
        Product::Desk => {
            let plan = *books.random.pick(&[catalogue.starter, catalogue.team]);
            let mut terms = Terms::one(cycle(books, plan));
            terms.units = books.random.random_range(1..=25);
            for (addon_id, most) in [(catalogue.priority_support, 1), (catalogue.extra_seats, 10)] {
                if books.happens(30) {
                    let quantity = books.random.random_range(1..=most);
                    terms.addons.push(TakenAddon { addon_id, quantity });
                }
            }
            if books.happens(40) {
                terms.allowances.push(catalogue.api_calls);
            }
            terms
        }
        Product::Box => Terms::one(catalogue.classic),
    }
}

/// Adds a subscription of a customer who came at `came`, and what it is to be billed.
pub(super) fn subscription(
    books: &mut Books<'_>,
    customer: UniqueId,
    terms: Terms,
    fate: Fate,
    came: Timestamp,
    bills: &mut Bills,
) -> Turn {
    let now = books.now;
    if fate == Fate::Trial {
        let began = between(books, came.max(now - 13 * DAY), now);
        let subscription = books.try_out(customer, began);
        return Turn {
            subscription,
            fate,
            at: began,
            resumes: began,
        };
    }
    let period = terms.tariff.period;
    // A month has at least 28 days, so the next renewal is still to come.
    let shortest = if period.unit == Unit::Yearly {
        365 * DAY
    } else {
        28 * DAY
    };
    let earliest = match fate {
        Fate::Cancelled => came,
        _ => came.max(now - shortest),
    };
    let latest = between(books, earliest, now);
    let mut statuses = vec![last_status(books, fate)];
    let more: i64 = books.random.random_range(0..4);
    for before in 1..=more {
        if back(latest, period, before) < came {
            break;
        }
        statuses.push(closed(books));
    }
    statuses.reverse();
    let has_counter = !terms.allowances.is_empty();
    let id = books.subscribe(customer, terms, latest, &statuses, bills);
    adorn_last(books, bills);
    if has_counter {
        count(books, id, latest);
    }
    let end = next(latest, period);
    Turn {
        subscription: id,
        fate,
        at: between(books, latest, end.min(now)),
        resumes: end + DAY * books.random.random_range(1..60),
    }
}

impl Turn {
    pub(super) fn take(self, books: &mut Books<'_>) {
        match self.fate {
            Fate::Suspended => {
                books.suspend(self.subscription, self.at, "the card was declined");
            }
            Fate::Paused => books.pause(self.subscription, self.at, self.resumes),
            Fate::Cancelled => books.cancel(self.subscription, self.at),
            Fate::Runs | Fate::Owes | Fate::Waits | Fate::Trial => {}
        }
    }
}

/// Adds a one-time charge.
pub(super) fn charge(books: &mut Books<'_>, came: Timestamp, bills: &mut Bills) {
    let now = books.now;
    let at = between(books, came, now);
    let amount = books.random.random_range(5..400) * 100;
    let what = *books
        .random
        .pick(&["Espresso machine service", "Gift box", "Barista workshop"]);
    let status = closed(books);
    bills.add(Bill::charge(at, what, amount, status));
    adorn_last(books, bills);
}

fn last_status(books: &mut Books<'_>, fate: Fate) -> InvoiceStatus {
    match fate {
        Fate::Owes | Fate::Suspended => InvoiceStatus::Unpaid,
        Fate::Waits => InvoiceStatus::Pending,
        Fate::Cancelled if books.happens(10) => InvoiceStatus::Unpaid,
        Fate::Cancelled if books.happens(15) => InvoiceStatus::WrittenOff,
        _ => closed(books),
    }
}

fn closed(books: &mut Books<'_>) -> InvoiceStatus {
    match books.random.random_range(0..100) {
        0..90 => InvoiceStatus::Paid,
        90..96 => InvoiceStatus::PaidOffline,
        _ => InvoiceStatus::WrittenOff,
    }
}

/// Gives the last bill a refund or a few declined attempts, now and then.
fn adorn_last(books: &mut Books<'_>, bills: &mut Bills) {
    let now = books.now;
    let Some(bill) = bills.last() else { return };
    if books.happens(20) {
        bill.decline(books.random.random_range(0..3));
    }
    if bill.is_paid() && books.happens(12) {
        let at = between(books, bill.issued(), now);
        let percent = *books.random.pick(&[25, 50, 100, 100]);
        let status = match books.random.random_range(0..100) {
            0..70 => CreditNoteStatus::Paid,
            70..85 => CreditNoteStatus::Pending,
            _ => CreditNoteStatus::Failed,
        };
        bill.refund(Refund {
            at,
            percent,
            status,
        });
    }
}

/// Adds some use of the allowance since the period began.
fn count(books: &mut Books<'_>, subscription: UniqueId, since: Timestamp) {
    let now = books.now;
    let at = between(books, since, now);
    let entry = CounterEntry {
        counter_id: books.catalogue.api_call_counter,
        at,
        counted_at: at,
        operation: CounterOperation::Increment,
        value: books.random.random_range(1..900),
    };
    books.subscription_mut(subscription).counters.push(entry);
}

/// A random time after `from` and no later than `to`. It takes one random number, however far apart they
/// are, so that what is drawn afterwards depends on the seed alone.
fn between(books: &mut Books<'_>, from: Timestamp, to: Timestamp) -> Timestamp {
    let micros = to.as_microsecond() - from.as_microsecond();
    let chance: u64 = books.random.random();
    let after = (i128::from(micros.max(1)) * i128::from(chance)) >> 64;
    let after = i64::try_from(after).expect("no more than all of it");
    (from + SignedDuration::from_micros(after + 1)).min(to)
}
