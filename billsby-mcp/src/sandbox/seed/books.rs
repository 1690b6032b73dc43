//! Writes histories into a company, so that what was billed, paid and paid back adds up.

mod bill;
mod document;

use jiff::{SignedDuration, Timestamp};
use rand::RngExt as _;
use serde_json::{Value, json};

use super::calendar::{back, day_of_month, next};
use super::catalogue::{self, Catalogue, Tariff};
use crate::sandbox::company::{
    Company, CustomFieldResponse, Customer, Event, InvoiceStatus, Person, Subscription,
    SubscriptionStatus, TakenAddon,
};
use crate::sandbox::id::UniqueId;
use crate::sandbox::random::Random;
use crate::sandbox::wire::with_z;

pub(super) use bill::{Bill, Bills, Refund};

/// A company in the making.
#[derive(Debug)]
pub(super) struct Books<'a> {
    pub(super) company: Company,
    pub(super) catalogue: Catalogue,
    pub(super) now: Timestamp,
    pub(super) random: &'a mut Random,
}

/// What is subscribed to.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) tariff: Tariff,
    pub(super) units: i64,
    pub(super) addons: Vec<TakenAddon>,
    pub(super) allowances: Vec<i64>,
}

impl Terms {
    pub(super) const fn one(tariff: Tariff) -> Self {
        Self {
            tariff,
            units: 1,
            addons: Vec::new(),
            allowances: Vec::new(),
        }
    }
}

impl<'a> Books<'a> {
    /// The books of a company that sells and has no customers yet. There is room for this many of a crowd.
    pub(super) fn open(now: Timestamp, customers: u32, random: &'a mut Random) -> Self {
        // What is random below a second must not depend on when the company is made.
        let now = Timestamp::from_second(now.as_second()).expect("in range");
        let mut company = Company::default();
        let catalogue = catalogue::fill(&mut company, random);
        let customers = customers as usize + 20;
        company.customers.reserve(customers);
        company.subscriptions.reserve(customers * 5 / 4);
        company.invoices.reserve(customers * 3);
        Self {
            company,
            catalogue,
            now,
            random,
        }
    }

    /// A time in the past. The part below a second is random.
    pub(super) fn ago(&mut self, before: SignedDuration) -> Timestamp {
        let micros = self.random.random_range(1..1_000_000);
        let seconds = before.as_secs() + i64::from(before.subsec_nanos() > 0);
        let second = self.now - SignedDuration::from_secs(seconds);
        (second + SignedDuration::from_micros(micros)).min(self.now)
    }

    /// A random number from 0 to 1.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(self.random.random_range(0..=1_000_000)) / 1e6
    }

    /// Whether something happens that happens this often in a hundred.
    pub(super) fn happens(&mut self, percent: u32) -> bool {
        self.random.random_range(0..100) < percent
    }

    pub(super) fn customer(&mut self, person: Person, came: Timestamp) -> UniqueId {
        let unique_id = UniqueId::random(self.random);
        let mut customer = Customer::new(self.company.next_id(), unique_id, came, person);
        customer.marketing_consent = self.random.random();
        self.company.customers.insert(unique_id, customer);
        unique_id
    }

    pub(super) fn customer_mut(&mut self, customer: UniqueId) -> &mut Customer {
        &mut self.company.customers[&customer]
    }

    pub(super) fn subscription_mut(&mut self, subscription: UniqueId) -> &mut Subscription {
        &mut self.company.subscriptions[&subscription]
    }

    /// Begins a subscription that is billed from its first day and runs on.
    /// `latest` is when its present period began; the statuses are those of its invoices, the oldest
    /// first.
    pub(super) fn subscribe(
        &mut self,
        customer: UniqueId,
        terms: Terms,
        latest: Timestamp,
        statuses: &[InvoiceStatus],
        bills: &mut Bills,
    ) -> UniqueId {
        let period = terms.tariff.period;
        let count = i64::try_from(statuses.len()).expect("a few");
        let began = back(latest, period, count - 1);
        let end = next(latest, period);
        let id = self.begin(customer, terms, [began, latest, end]);
        self.subscription_mut(id)
            .events
            .reserve_exact(statuses.len());
        for (before, &status) in (0..count).rev().zip(statuses) {
            let start = back(latest, period, before);
            let end = match before {
                0 => end,
                _ => back(latest, period, before - 1),
            };
            bills.add(Bill::period(id, start, end, status));
        }
        id
    }

    /// Begins a subscription with a free trial.
    pub(super) fn try_out(&mut self, customer: UniqueId, began: Timestamp) -> UniqueId {
        let terms = Terms::one(self.catalogue.pro_trial);
        let end = next(began, catalogue::TRIAL);
        let id = self.begin(customer, terms, [began, began, end]);
        self.subscription_mut(id).billing_day = day_of_month(end);
        self.subscription_mut(id).status = SubscriptionStatus::InTrial;
        id
    }

    fn begin(
        &mut self,
        customer: UniqueId,
        terms: Terms,
        [began, period_start, next_billing]: [Timestamp; 3],
    ) -> UniqueId {
        let unique_id = UniqueId::random(self.random);
        let Tariff {
            product_id,
            plan_id,
            cycle_id,
            ..
        } = terms.tariff;
        let units = terms.units;
        let subscription = Subscription {
            id: self.company.next_id(),
            unique_id,
            customer,
            product_id,
            plan_id,
            cycle_id,
            units,
            status: SubscriptionStatus::Active,
            created_on: began,
            period_start,
            billing_day: day_of_month(period_start),
            next_billing: Some(next_billing),
            contract_end: None,
            next: None,
            addons: terms.addons,
            allowances: terms.allowances,
            counters: Vec::new(),
            feature_tags: Vec::new(),
            shipping_address: None,
            revenue: 0,
            events: Vec::new(),
        };
        self.company.subscriptions.insert(unique_id, subscription);
        self.customer_mut(customer).subscriptions.push(unique_id);
        let data = json!({"planId": plan_id, "cycleId": cycle_id, "units": units});
        self.event(unique_id, began, "SubscriptionCreated", data);
        unique_id
    }

    /// Ends a subscription.
    pub(super) fn cancel(&mut self, subscription: UniqueId, at: Timestamp) {
        self.stop(subscription, SubscriptionStatus::Cancelled, None);
        self.event(subscription, at, "SubscriptionCancelled", json!({}));
    }

    /// Stops a subscription, which is not billed until it is paid.
    pub(super) fn suspend(&mut self, subscription: UniqueId, at: Timestamp, why: &str) {
        self.stop(subscription, SubscriptionStatus::Suspended, None);
        self.event(
            subscription,
            at,
            "SubscriptionSuspended",
            json!({"reason": why}),
        );
    }

    /// Stops a subscription for a while.
    pub(super) fn pause(&mut self, subscription: UniqueId, at: Timestamp, until: Timestamp) {
        let found = self.subscription_mut(subscription);
        let data = json!({
            "previousRenewalDate": found.next_billing.map(with_z),
            "newRenewalDate": with_z(until),
            "pauseSubscription": true,
        });
        found.billing_day = day_of_month(until);
        self.stop(subscription, SubscriptionStatus::Paused, Some(until));
        self.event(subscription, at, "RenewalDateChanged", data);
    }

    fn stop(
        &mut self,
        subscription: UniqueId,
        status: SubscriptionStatus,
        next_billing: Option<Timestamp>,
    ) {
        let subscription = self.subscription_mut(subscription);
        subscription.next_billing = next_billing;
        subscription.status = status;
    }

    /// Writes down what happened to a subscription.
    pub(super) fn event(&mut self, subscription: UniqueId, at: Timestamp, kind: &str, data: Value) {
        let event = Event {
            id: self.company.next_id(),
            at,
            kind: kind.to_owned(),
            data: data.into(),
        };
        self.subscription_mut(subscription).events.push(event);
    }

    /// The finished company.
    pub(super) fn close(mut self) -> Company {
        self.company.rebuild_due();
        self.company
    }

    /// Writes down what a customer answered at the checkout of a product.
    pub(super) fn answer(&mut self, customer: UniqueId, product: i64, field: i64, value: &str) {
        let id = self.company.next_id();
        let response = CustomFieldResponse {
            id,
            field_id: field,
            customer,
            product_id: Some(product),
            value: value.to_owned(),
        };
        self.company.custom_field_responses.insert(id, response);
    }
}
