//! What is to be billed, before it has a number.

use jiff::Timestamp;

use crate::sandbox::company::{CreditNoteStatus, InvoiceStatus};
use crate::sandbox::id::UniqueId;

/// Everything a customer was ever billed, in any order.
#[derive(Debug, Default)]
pub(in crate::sandbox::seed) struct Bills(Vec<Bill>);

/// An invoice to be written.
#[derive(Debug)]
pub(in crate::sandbox::seed) struct Bill {
    pub(super) at: Timestamp,
    pub(super) subject: Subject,
    pub(super) status: InvoiceStatus,
    /// How often the card was declined before it came to this.
    pub(super) declined: u8,
    pub(super) refund: Option<Refund>,
}

/// What is billed.
#[derive(Debug)]
pub(super) enum Subject {
    Period {
        subscription: UniqueId,
        end: Timestamp,
    },
    Charge {
        description: &'static str,
        amount: i64,
    },
}

/// Money that goes back.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox::seed) struct Refund {
    pub(in crate::sandbox::seed) at: Timestamp,
    /// Of the invoice.
    pub(in crate::sandbox::seed) percent: i64,
    pub(in crate::sandbox::seed) status: CreditNoteStatus,
}

/// What is written next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Bill(usize),
    /// The refund of a bill.
    Refund(usize, Refund),
}

impl Bill {
    /// The bill for a period, which is issued when it begins.
    pub(super) fn period(
        subscription: UniqueId,
        start: Timestamp,
        end: Timestamp,
        status: InvoiceStatus,
    ) -> Self {
        Self {
            at: start,
            subject: Subject::Period { subscription, end },
            status,
            declined: u8::from(status == InvoiceStatus::Unpaid),
            refund: None,
        }
    }

    /// A one-time charge.
    pub(in crate::sandbox::seed) fn charge(
        at: Timestamp,
        description: &'static str,
        amount: i64,
        status: InvoiceStatus,
    ) -> Self {
        Self {
            at,
            subject: Subject::Charge {
                description,
                amount,
            },
            status,
            declined: u8::from(status == InvoiceStatus::Unpaid),
            refund: None,
        }
    }

    /// Pays some of it back.
    pub(in crate::sandbox::seed) fn refund(&mut self, refund: Refund) {
        self.refund = Some(refund);
    }

    /// Lets the card be declined this often before it comes to what it came to.
    pub(in crate::sandbox::seed) fn decline(&mut self, times: u8) {
        self.declined = times;
    }

    pub(in crate::sandbox::seed) fn issued(&self) -> Timestamp {
        self.at
    }

    pub(in crate::sandbox::seed) fn is_paid(&self) -> bool {
        self.status == InvoiceStatus::Paid
    }
}

impl Bills {
    pub(in crate::sandbox::seed) fn add(&mut self, bill: Bill) {
        self.0.push(bill);
    }

    /// The bill that was added last.
    pub(in crate::sandbox::seed) fn last(&mut self) -> Option<&mut Bill> {
        self.0.last_mut()
    }

    pub(super) fn get(&self, index: usize) -> &Bill {
        &self.0[index]
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All bills and their refunds in the order of time.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        for (index, bill) in self.0.iter().enumerate() {
            steps.push((bill.at, Step::Bill(index)));
            if let Some(refund) = bill.refund {
                steps.push((refund.at, Step::Refund(index, refund)));
            }
        }
        steps.sort_by_key(|(at, _)| *at);
        steps.into_iter().map(|(_, step)| step).collect()
    }
}
