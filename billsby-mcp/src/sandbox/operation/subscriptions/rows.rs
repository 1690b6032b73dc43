//! Subscriptions in lists.

use crate::sandbox::company::{Company, Customer, Plan, Product, Subscription, SubscriptionStatus};
use crate::sandbox::operation::row::{Cell, Column, Row, TimeShape};

/// A subscription in the list of the company, which writes the ids of product and plan as text.
#[derive(Debug)]
pub(super) struct SubscriptionRow<'a> {
    pub(super) subscription: &'a Subscription,
    product: Option<&'a Product>,
    plan: Option<&'a Plan>,
    /// `None` if the customer was deleted.
    customer: Option<&'a Customer>,
}

/// A subscription in the list of its customer, which calls the id that calls take `subscriptionId`.
#[derive(Debug)]
pub(super) struct CustomerSubscription<'a>(SubscriptionRow<'a>);

impl<'a> SubscriptionRow<'a> {
    pub(super) fn new(company: &'a Company, subscription: &'a Subscription) -> Self {
        Self {
            subscription,
            product: company.products.get(&subscription.product_id),
            plan: company.plans.get(&subscription.plan_id),
            customer: company.customers.get(&subscription.customer),
        }
    }

    pub(super) fn is_of_product(&self, name: &str) -> bool {
        let mut product = self.product.into_iter();
        product.any(|product| is_name(&product.name, name))
    }

    pub(super) fn is_of_plan(&self, name: &str) -> bool {
        self.plan.is_some_and(|plan| is_name(&plan.name, name))
    }

    fn of_customer(&self, cell: impl FnOnce(&Customer) -> Cell<'_>) -> Cell<'_> {
        self.customer.map(cell).into()
    }

    fn product_name(&self) -> Cell<'_> {
        self.product.map(|product| Cell::Text(&product.name)).into()
    }

    fn plan_name(&self) -> Cell<'_> {
        self.plan.map(|plan| Cell::Text(&plan.name)).into()
    }

    fn created_on(&self, shape: TimeShape) -> Cell<'_> {
        Cell::Time(self.subscription.created_on, shape)
    }

    fn is_in_trial(&self) -> Cell<'_> {
        Cell::Flag(self.subscription.status == SubscriptionStatus::InTrial)
    }
}

impl<'a> CustomerSubscription<'a> {
    pub(super) fn new(company: &'a Company, subscription: &'a Subscription) -> Self {
        Self(SubscriptionRow::new(company, subscription))
    }

    fn next_billing(&self) -> Cell<'_> {
        let at = self.0.subscription.next_billing;
        at.map(|at| Cell::Time(at, TimeShape::WithZ)).into()
    }

    fn currency(&self) -> Cell<'_> {
        let product = self.0.product;
        product
            .map(|product| Cell::Text(product.billing_currency.as_str()))
            .into()
    }
}

impl Row for SubscriptionRow<'_> {
    fn columns<'t>() -> &'t [Column<Self>]
    where
        Self: 't,
    {
        &[
            ("subscriptionId", |row| Cell::Number(row.subscription.id)),
            ("subscriptionUniqueId", |row| {
                Cell::Unique(row.subscription.unique_id)
            }),
            ("customerId", |row| {
                row.of_customer(|customer| Cell::Number(customer.id))
            }),
            ("customerUniqueId", |row| {
                Cell::Unique(row.subscription.customer)
            }),
            ("customerFullname", |row| row.of_customer(full_name)),
            ("customerEmail", |row| {
                row.of_customer(|customer| Cell::Text(&customer.email))
            }),
            ("status", |row| Cell::Text(status(row.subscription.status))),
            ("isInFreeTrial", SubscriptionRow::is_in_trial),
            ("productId", |row| Cell::Digits(row.subscription.product_id)),
            ("productName", SubscriptionRow::product_name),
            ("planId", |row| Cell::Digits(row.subscription.plan_id)),
            ("planName", SubscriptionRow::plan_name),
            ("createdOn", |row| row.created_on(TimeShape::WithoutZone)),
        ]
    }
}

impl Row for CustomerSubscription<'_> {
    fn columns<'t>() -> &'t [Column<Self>]
    where
        Self: 't,
    {
        &[
            ("subscriptionId", |row| {
                Cell::Unique(row.0.subscription.unique_id)
            }),
            ("status", |row| {
                Cell::Text(status(row.0.subscription.status))
            }),
            ("productId", |row| {
                Cell::Number(row.0.subscription.product_id)
            }),
            ("productName", |row| row.0.product_name()),
            ("planId", |row| Cell::Number(row.0.subscription.plan_id)),
            ("planName", |row| row.0.plan_name()),
            ("units", |row| Cell::Number(row.0.subscription.units)),
            ("revenue", |row| Cell::Digits(row.0.subscription.revenue)),
            ("currency", CustomerSubscription::currency),
            ("nextBilling", CustomerSubscription::next_billing),
            ("createdOn", |row| row.0.created_on(TimeShape::WithZ)),
        ]
    }
}

/// The word of a status on the wire.
pub(super) const fn status(status: SubscriptionStatus) -> &'static str {
    match status {
        SubscriptionStatus::Active => "Active",
        SubscriptionStatus::InTrial => "InTrial",
        SubscriptionStatus::Suspended => "Suspended",
        SubscriptionStatus::Paused => "Paused",
        SubscriptionStatus::Cancelled => "Cancelled",
    }
}

fn full_name(customer: &Customer) -> Cell<'_> {
    Cell::Words(&customer.first_name, &customer.last_name)
}

fn is_name(name: &str, wanted: &str) -> bool {
    name.to_lowercase() == wanted.to_lowercase()
}
