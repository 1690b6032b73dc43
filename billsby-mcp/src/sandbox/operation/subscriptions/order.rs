//! What a customer orders at checkout, checked before anything is created.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::billing::{Outcome, Quote, Terms, after, day_of_month, first, happened, open};
use crate::sandbox::company::{
    Address, Company, CustomFieldResponse, Period, Product, Subscription, SubscriptionStatus,
};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::EffectKind;
use crate::sandbox::operation::custom_fields::check_answer;
use crate::sandbox::operation::selection::{Selection, on_sale, unpriced};
use crate::sandbox::wire::Refusal;
use crate::sandbox::world::World;

/// The part of a request that is about the subscription.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewOrder {
    #[serde(flatten)]
    selection: Selection,
    #[serde(default)]
    coupon_codes: Vec<Value>,
    #[serde(default)]
    custom_field_response: Vec<Answered>,
    shipping_address: Option<Address>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    custom_field_id: i64,
    value: String,
}

/// An order that can be carried out.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) product_id: i64,
    terms: Terms,
    trial_end: Option<Timestamp>,
    contract_end: Option<Timestamp>,
    quote: Quote,
    answers: Vec<Answered>,
    shipping_address: Option<Address>,
}

impl NewOrder {
    /// Checks an order of a new customer, or of one who may have answered some questions before.
    pub(super) fn check(
        self,
        company: &Company,
        customer: Option<UniqueId>,
        at: Timestamp,
    ) -> Result<Order, Refusal> {
        if !self.coupon_codes.is_empty() {
            return Err(Refusal::bad_request(
                "/couponCodes/0/couponCode is no coupon",
            ));
        }
        let (plan, cycle) = on_sale(company, self.selection.cycle_id)?;
        let product = company.products.get(&plan.product_id);
        let product = product.ok_or_else(|| Refusal::not_found("the product is gone"))?;
        check_answers(company, product, customer, &self.custom_field_response)?;
        let terms = self.selection.terms(plan)?;
        Ok(Order {
            product_id: product.id,
            quote: first(company, &terms, at).map_err(|why| unpriced(&why))?,
            terms,
            trial_end: end(at, cycle.free_trial, "free trial")?,
            contract_end: end(at, cycle.contract_term, "contract term")?,
            answers: self.custom_field_response,
            shipping_address: self.shipping_address,
        })
    }
}

impl Order {
    /// What has to be paid at once: nothing with a free trial.
    pub(super) fn amount(&self) -> i64 {
        match self.trial_end {
            Some(_) => 0,
            None => self.quote.amount,
        }
    }

    /// Starts the subscription. `outcome` is what came of the attempt to collect the amount.
    pub(super) fn carry_out(
        self,
        world: &mut World,
        at: Timestamp,
        customer: UniqueId,
        outcome: Outcome,
    ) -> UniqueId {
        let id = UniqueId::random(&mut world.random);
        let data = json!({
            "planId": self.terms.plan_id,
            "cycleId": self.terms.cycle_id,
            "units": self.terms.units,
        });
        let subscription = Subscription {
            id: world.company.next_id(),
            unique_id: id,
            customer,
            product_id: self.product_id,
            plan_id: self.terms.plan_id,
            cycle_id: self.terms.cycle_id,
            units: self.terms.units,
            status: SubscriptionStatus::InTrial,
            created_on: at,
            period_start: at,
            billing_day: day_of_month(self.trial_end.unwrap_or(at)),
            next_billing: None,
            contract_end: self.contract_end,
            next: None,
            addons: self.terms.addons,
            allowances: self.terms.allowances,
            counters: Vec::new(),
            feature_tags: Vec::new(),
            shipping_address: self.shipping_address,
            revenue: 0,
            events: Vec::new(),
        };
        world.company.subscriptions.insert(id, subscription);
        if let Some(customer) = world.company.customers.get_mut(&customer) {
            customer.subscriptions.push(id);
        }
        store_answers(&mut world.company, customer, self.product_id, self.answers);
        happened(world, at, id, EffectKind::SubscriptionCreated, data);
        match self.trial_end {
            Some(end) => world.company.set_next_billing(id, Some(end)),
            None => {
                open(world, at, id, self.quote, outcome);
            }
        }
        id
    }
}

/// When a length of time ends that the cycle may have.
fn end(at: Timestamp, length: Option<Period>, what: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(length) = length else {
        return Ok(None);
    };
    let beyond = || {
        let reason = format!("the {what} of the cycle would end beyond the calendar");
        Refusal::bad_request(reason)
    };
    after(at, length).map(Some).ok_or_else(beyond)
}

fn check_answers(
    company: &Company,
    product: &Product,
    customer: Option<UniqueId>,
    answers: &[Answered],
) -> Result<(), Refusal> {
    for (index, answer) in answers.iter().enumerate() {
        let refuse =
            |reason: &str| Refusal::bad_request(format!("/customFieldResponse/{index}/{reason}"));
        let field = company.custom_fields.get(&answer.custom_field_id);
        let field = field.ok_or_else(|| refuse("customFieldId is the id of no custom field"))?;
        check_answer(field, &answer.value).map_err(|why| refuse(&format!("value {why}")))?;
        let mut earlier = answers[..index].iter();
        if earlier.any(|earlier| earlier.custom_field_id == answer.custom_field_id) {
            return Err(refuse("customFieldId is there twice"));
        }
    }
    let is_answered = |id: i64| {
        let mut before = company.custom_field_responses.values();
        answers.iter().any(|answer| answer.custom_field_id == id)
            || before.any(|before| Some(before.customer) == customer && before.field_id == id)
    };
    let asked = product.ordered_custom_fields.iter();
    let compulsory = asked.filter(|id| {
        let field = company.custom_fields.get(*id);
        field.is_some_and(|field| field.compulsory)
    });
    let missing: Vec<String> = compulsory
        .filter(|id| !is_answered(**id))
        .map(i64::to_string)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::bad_request(format!(
        "/customFieldResponse has no answers to compulsory custom fields of the product: {}",
        missing.join(", ")
    )))
}

fn store_answers(company: &mut Company, customer: UniqueId, product: i64, answers: Vec<Answered>) {
    for answer in answers {
        let id = company.next_id();
        let response = CustomFieldResponse {
            id,
            field_id: answer.custom_field_id,
            customer,
            product_id: Some(product),
            value: answer.value,
        };
        company.custom_field_responses.insert(id, response);
    }
}
