//! Prices by pricing model, in exact integers.

use std::fmt;

use crate::sandbox::company::{Cycle, Line, Plan, PriceModel, Tier};

/// No bill is larger, in minor units: so no sum of bills overflows.
const LARGEST: i64 = 1_000_000_000_000;

/// Why something cannot be billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unpriced {
    /// An amount is negative or beyond all bounds.
    OutOfBounds,
    /// The cycle is not there any more, or is none of the plan.
    NoCycle,
    /// An add-on has no price in the currency for the period.
    Addon(i64),
    /// An allowance has no price in the currency for the period.
    Allowance(i64),
    /// The calendar ends before the period does.
    NoEnd,
}

impl fmt::Display for Unpriced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfBounds => {
                write!(
                    formatter,
                    "an amount is not within 0 and {LARGEST} minor units"
                )
            }
            Self::NoCycle => formatter.write_str("the plan has no such cycle"),
            Self::Addon(id) => no_price(formatter, "add-on", *id),
            Self::Allowance(id) => no_price(formatter, "allowance", *id),
            Self::NoEnd => formatter.write_str("the period would end beyond the calendar"),
        }
    }
}

fn no_price(formatter: &mut fmt::Formatter<'_>, kind: &str, id: i64) -> fmt::Result {
    write!(
        formatter,
        "{kind} {id} has no price in the currency of the product for the period of the cycle"
    )
}

/// How units become money.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tariff<'a> {
    model: Model,
    /// The price of everything, or of a unit.
    price: i64,
    tiers: &'a [Tier],
    free_quantity: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    /// Whatever the units.
    FlatFee,
    PerUnit,
    /// Each unit at the price of its own tier.
    Tiered,
    /// All units at the price of the tier that their number falls into.
    Volume,
    /// The price of the tier that the number of units falls into, whatever the number.
    Ranged,
}

/// A part of a price: `amount` is `units` times `unit_price`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) units: i64,
    pub(super) unit_price: i64,
    pub(super) amount: i64,
}

impl Model {
    /// A reserved quantity is priced as the range it falls into; a model that needs tiers and has none
    /// counts units.
    fn of(number: i64, tiers: &[Tier]) -> Self {
        match number {
            1 => Self::FlatFee,
            2 => Self::PerUnit,
            _ if tiers.is_empty() => Self::PerUnit,
            4 => Self::Tiered,
            5 => Self::Volume,
            _ => Self::Ranged,
        }
    }
}

impl<'a> Tariff<'a> {
    pub(super) fn of_cycle(plan: &Plan, cycle: &'a Cycle) -> Self {
        Self {
            model: Model::of(plan.pricing_model, &cycle.tiers),
            price: cycle.price,
            tiers: &cycle.tiers,
            free_quantity: cycle.free_quantity,
        }
    }

    pub(super) fn of_addon(model: i64, prices: &'a PriceModel) -> Self {
        let model = Model::of(model, &prices.tiers);
        Self {
            model,
            price: match model {
                Model::FlatFee => prices.flat_fee,
                _ => prices.per_unit,
            },
            tiers: &prices.tiers,
            free_quantity: 0,
        }
    }

    /// Units of an allowance beyond those that are included; with a flat fee they are included too.
    pub(super) fn of_overage(model: i64, prices: &'a PriceModel) -> Self {
        Self {
            model: Model::of(model, &prices.tiers),
            price: match model {
                1 => 0,
                _ => prices.per_unit,
            },
            tiers: &prices.tiers,
            free_quantity: prices.included_units,
        }
    }

    /// What so many units cost. There is always at least one part.
    pub(super) fn parts(&self, units: i64) -> Result<Vec<Part>, Unpriced> {
        let billed = units.saturating_sub(self.free_quantity.max(0)).max(0);
        match self.model {
            Model::FlatFee => Ok(vec![part(1, self.price)?]),
            Model::PerUnit => Ok(vec![part(billed, self.price)?]),
            Model::Volume => Ok(vec![part(billed, self.tier(billed).price)?]),
            Model::Ranged => {
                let ranges = i64::from(billed > 0);
                Ok(vec![part(ranges, self.tier(billed).price)?])
            }
            Model::Tiered => self.by_tier(billed),
        }
    }

    /// The tier of a number of units; the last one is open, whatever it says.
    fn tier(&self, units: i64) -> Tier {
        let is_within = |tier: &&Tier| tier.finish.is_none_or(|finish| units <= finish);
        let tier = self.tiers.iter().find(is_within).or(self.tiers.last());
        *tier.expect("models that need tiers have some")
    }

    fn by_tier(&self, units: i64) -> Result<Vec<Part>, Unpriced> {
        let mut parts = Vec::new();
        let mut counted = 0;
        while counted < units {
            let tier = self.tier(counted + 1);
            let is_last = self
                .tiers
                .last()
                .is_some_and(|last| last.start == tier.start);
            let finish = tier.finish.filter(|_| !is_last).unwrap_or(units).min(units);
            parts.push(part(finish - counted, tier.price)?);
            counted = finish;
        }
        if parts.is_empty() {
            parts.push(part(0, self.tier(0).price)?);
        }
        Ok(parts)
    }
}

/// The line of an invoice for a part of the price of a period.
pub(super) fn line(description: &str, part: Part) -> Line {
    Line {
        description: description.to_owned(),
        units: part.units,
        unit_price: part.unit_price,
        discount: 0,
        amount: part.amount,
        is_recurring: true,
    }
}

/// The sum of lines.
pub(crate) fn total(lines: &[Line]) -> Result<i64, Unpriced> {
    let mut amounts = lines.iter().map(|line| line.amount);
    let total = amounts.try_fold(0_i64, i64::checked_add);
    total.and_then(bounded).ok_or(Unpriced::OutOfBounds)
}

fn part(units: i64, unit_price: i64) -> Result<Part, Unpriced> {
    let amount = units.checked_mul(unit_price).and_then(bounded);
    Ok(Part {
        units,
        unit_price,
        amount: amount.ok_or(Unpriced::OutOfBounds)?,
    })
}

fn bounded(amount: i64) -> Option<i64> {
    (0..=LARGEST).contains(&amount).then_some(amount)
}

#[cfg(test)]
mod tests;
