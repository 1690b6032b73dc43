//! What things cost, how they are collected and paid back, and what happens when time passes.
//!
//! Everything here takes the time at which it happens: renewals happen when they were due, not when
//! somebody next asks.

mod charge;
mod history;
mod period;
mod price;
mod quote;
mod refund;
mod renewal;

pub(crate) use charge::{
    Bill, Outcome, about as about_invoice, decline, issue, received, settle, try_card,
};
pub(crate) use history::happened;
pub(crate) use period::{after, day_of_month};
pub(crate) use price::{Unpriced, total};
pub(crate) use quote::{Quote, change, first, recurring};
pub(crate) use refund::{credit, pay_out, unused};
pub(crate) use renewal::{due_quote, open, run_due, was_billed};

/// What a subscription is billed by, now or from its next renewal.
pub(crate) type Terms = super::company::NextPlan;

impl super::company::Subscription {
    /// What it is billed by now.
    pub(crate) fn terms(&self) -> Terms {
        Terms {
            plan_id: self.plan_id,
            cycle_id: self.cycle_id,
            units: self.units,
            addons: self.addons.clone(),
            allowances: self.allowances.clone(),
        }
    }
}
