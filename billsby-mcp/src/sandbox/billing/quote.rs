//! What a period of a subscription costs, before anything is billed.

use jiff::Timestamp;

use super::Terms;
use super::period::{self, Share};
use super::price::{Tariff, Unpriced, line, total};
use crate::sandbox::company::{
    Company, Currency, Cycle, Line, Period, Plan, PriceModel, Product, Subscription,
};

/// A period and its bill.
#[derive(Debug)]
pub(crate) struct Quote {
    pub(crate) end: Timestamp,
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<Line>,
    /// The sum of the lines.
    pub(crate) amount: i64,
    /// The share of the period that is billed, if it is not all of it.
    pub(crate) proration: Option<f64>,
}

/// What a subscription is billed by, looked up.
struct Found<'a> {
    product: &'a Product,
    plan: &'a Plan,
    cycle: &'a Cycle,
}

/// The first period of a subscription. The setup fee is billed in full, however short the period is.
pub(crate) fn first(company: &Company, terms: &Terms, at: Timestamp) -> Result<Quote, Unpriced> {
    let found = find(company, terms)?;
    let mut quote = anew(company, &found, terms, at)?;
    if let Some(fee) = found.cycle.setup_fee.filter(|fee| *fee > 0) {
        quote.lines.push(Line::once("Setup fee", fee));
    }
    quote.finished()
}

/// The period that begins with a change of plan, at once or to another cycle on renewal: as a first one,
/// without a setup fee and with what was used beyond the allowances until then.
pub(crate) fn change(
    company: &Company,
    subscription: &Subscription,
    terms: &Terms,
    at: Timestamp,
) -> Result<Quote, Unpriced> {
    let mut quote = anew(company, &find(company, terms)?, terms, at)?;
    quote.lines.extend(overage(company, subscription, at)?);
    quote.finished()
}

/// The next period of a subscription, with what was used beyond the allowances in the ended one.
pub(super) fn renewal(
    company: &Company,
    subscription: &Subscription,
    terms: &Terms,
    at: Timestamp,
) -> Result<Quote, Unpriced> {
    let found = find(company, terms)?;
    let end = period::next_end(found.cycle, at, subscription.billing_day);
    let mut lines = lines(company, &found, terms, Share::ALL)?;
    lines.extend(overage(company, subscription, at)?);
    let quote = Quote {
        end: end.ok_or(Unpriced::NoEnd)?,
        currency: found.product.billing_currency,
        lines,
        amount: 0,
        proration: None,
    };
    quote.finished()
}

/// What every whole period costs, without what is used beyond the allowances.
pub(crate) fn recurring(company: &Company, terms: &Terms) -> Result<i64, Unpriced> {
    let found = find(company, terms)?;
    total(&lines(company, &found, terms, Share::ALL)?)
}

impl Quote {
    fn finished(mut self) -> Result<Self, Unpriced> {
        self.amount = total(&self.lines)?;
        Ok(self)
    }
}

/// A period that follows no other.
fn anew(
    company: &Company,
    found: &Found<'_>,
    terms: &Terms,
    at: Timestamp,
) -> Result<Quote, Unpriced> {
    let end = period::first_end(found.cycle, at).ok_or(Unpriced::NoEnd)?;
    let share = period::first_share(found.cycle, at, end);
    Ok(Quote {
        end,
        currency: found.product.billing_currency,
        lines: lines(company, found, terms, share)?,
        amount: 0,
        proration: share.factor(),
    })
}

fn find<'a>(company: &'a Company, terms: &Terms) -> Result<Found<'a>, Unpriced> {
    let find = || {
        let plan = company.plans.get(&terms.plan_id)?;
        let mut cycles = plan.cycles.iter();
        Some(Found {
            product: company.products.get(&plan.product_id)?,
            plan,
            cycle: cycles.find(|cycle| cycle.id == terms.cycle_id)?,
        })
    };
    find().ok_or(Unpriced::NoCycle)
}

/// The lines for a share of a period: the plan, its add-ons, the fees of its allowances.
fn lines(
    company: &Company,
    found: &Found<'_>,
    terms: &Terms,
    share: Share,
) -> Result<Vec<Line>, Unpriced> {
    let mut lines = parts(
        &found.plan.display_name,
        Tariff::of_cycle(found.plan, found.cycle),
        terms.units,
    )?;
    for taken in &terms.addons {
        let id = taken.addon_id;
        let addon = company.addons.get(&id).ok_or(Unpriced::Addon(id))?;
        let prices = found.price(&addon.prices).ok_or(Unpriced::Addon(id))?;
        let tariff = Tariff::of_addon(addon.pricing_model, prices);
        lines.extend(parts(&addon.display_name, tariff, taken.quantity)?);
    }
    for id in &terms.allowances {
        let unpriced = Unpriced::Allowance(*id);
        let allowance = company.allowances.get(id).ok_or(unpriced)?;
        let prices = found.price(&allowance.prices).ok_or(unpriced)?;
        if prices.flat_fee > 0 {
            lines.push(Line {
                is_recurring: true,
                ..Line::once(&allowance.display_name, prices.flat_fee)
            });
        }
    }
    for line in lines.iter_mut().filter(|_| share != Share::ALL) {
        let billed = share.of(line.amount);
        line.discount = line.amount - billed;
        line.amount = billed;
    }
    Ok(lines)
}

/// What was used beyond the allowances in the period that ends now.
fn overage(
    company: &Company,
    subscription: &Subscription,
    at: Timestamp,
) -> Result<Vec<Line>, Unpriced> {
    let mut lines = Vec::new();
    // Without its old cycle nothing says what the units cost.
    let Ok(found) = find(company, &subscription.terms()) else {
        return Ok(lines);
    };
    for id in &subscription.allowances {
        let Some(allowance) = company.allowances.get(id) else {
            continue;
        };
        let Some(prices) = found.price(&allowance.prices) else {
            continue;
        };
        // What is still in the queue was used as well.
        let used = subscription.usage(
            allowance.counter_id,
            subscription.period_start..at,
            Timestamp::MAX,
        );
        if used > prices.included_units {
            let tariff = Tariff::of_overage(allowance.pricing_model, prices);
            let description = format!("{}: usage beyond the allowance", allowance.display_name);
            let beyond = parts(&description, tariff, used)?.into_iter();
            lines.extend(beyond.map(|line| Line {
                is_recurring: false,
                ..line
            }));
        }
    }
    Ok(lines)
}

fn parts(description: &str, tariff: Tariff<'_>, units: i64) -> Result<Vec<Line>, Unpriced> {
    let parts = tariff.parts(units)?.into_iter();
    Ok(parts.map(|part| line(description, part)).collect())
}

impl Found<'_> {
    /// The price in the product's currency for the cycle's period.
    fn price<'a>(&self, prices: &'a [PriceModel]) -> Option<&'a PriceModel> {
        let currency: Currency = self.product.billing_currency;
        let period: Period = self.cycle.period;
        let mut prices = prices.iter();
        prices.find(|price| price.currency == currency && price.period == period)
    }
}
