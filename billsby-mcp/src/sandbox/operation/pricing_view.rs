//! How prices and enumerations of the catalogue are shown: some answers write enumerations as names, some
//! as numbers.

use serde_json::{Map, Value, json};

use crate::sandbox::company::{Currency, Cycle, Period, Tier, Unit};
use crate::sandbox::wire;

const UNASSIGNED: &str = "Unassigned";

/// The rhythm and price of a cycle. `named` writes enumerations as names and adds the tiers, as the
/// details of a subscription do; otherwise they are numbers, as in the answers to changes of a plan.
pub(super) fn pricing_model(cycle: &Cycle, currency: Currency, named: bool) -> Value {
    let mut view = listed_pricing_model(cycle, currency, named);
    let term = cycle.contract_term;
    view.insert("contractTerm".into(), json!(term.map(|term| term.count)));
    view.insert("contractTermFrequencyType".into(), unit(term, named));
    view.insert("freeQuantity".into(), json!(cycle.free_quantity));
    if named {
        view.insert("fixedBillingDateMonth".into(), json!(cycle.fixed_month));
        view.insert("tiers".into(), tiers(&cycle.tiers, currency));
    }
    Value::Object(view)
}

/// The part of it that the list of plans has: no price, as with the real API.
pub(super) fn listed_pricing_model(
    cycle: &Cycle,
    currency: Currency,
    named: bool,
) -> Map<String, Value> {
    let fee = cycle.setup_fee;
    let fields = json!({
        "pricingModelId": cycle.pricing_model_id,
        "frequency": cycle.period.count,
        "frequencyType": unit(Some(cycle.period), named),
        "freeTrial": cycle.free_trial.map(|trial| trial.count),
        "freeTrialFrequencyType": unit(cycle.free_trial, named),
        "setupFeePrice": fee,
        "setupFeePriceFormatted": fee.map(|fee| wire::displayed(fee, currency)),
        "billingDateType": number_or_name(cycle.billing_date_type, billing_date_type, named),
        "fixedBillingDateDay": cycle.fixed_day,
        "proRateOption": number_or_name(cycle.pro_rate_option, pro_rate_option, named),
    });
    match fields {
        Value::Object(fields) => fields,
        _ => unreachable!("it is written as an object"),
    }
}

/// Tiers with their prices as displayed.
pub(super) fn tiers(tiers: &[Tier], currency: Currency) -> Value {
    let view = |tier: &Tier| {
        json!({
            "start": tier.start,
            "finish": tier.finish,
            "price": tier.price,
            "priceFormatted": wire::displayed(tier.price, currency),
        })
    };
    tiers.iter().map(view).collect()
}

/// The name of a unit of periods.
pub(super) const fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Daily => "Daily",
        Unit::Weekly => "Weekly",
        Unit::Monthly => "Monthly",
        Unit::Yearly => "Yearly",
    }
}

/// The name of a visibility.
pub(super) const fn visibility_name(number: i64) -> &'static str {
    match number {
        0 => "Public",
        1 => "Hidden",
        2 => "Internal",
        3 => "OffSale",
        _ => UNASSIGNED,
    }
}

/// The name of a way to compute a price.
pub(super) const fn pricing_model_name(number: i64) -> &'static str {
    match number {
        1 => "FlatFee",
        2 => "PerUnit",
        3 => "Reserved",
        4 => "Tiered",
        5 => "Volume",
        6 => "Ranged",
        _ => UNASSIGNED,
    }
}

const fn billing_date_type(number: i64) -> &'static str {
    match number {
        1 => "Anniversary",
        2 => "FixedDayEachMonth",
        3 => "FixedDayOfTheWeek",
        _ => UNASSIGNED,
    }
}

const fn pro_rate_option(number: i64) -> &'static str {
    match number {
        1 => "DoNotProRate",
        2 => "DoNotChargeUntilNextCycle",
        3 => "ProRateBasedOnDaysRemaining",
        _ => UNASSIGNED,
    }
}

/// The unit of a period. The document knows no number for the unit of no period.
fn unit(period: Option<Period>, named: bool) -> Value {
    match (period, named) {
        (Some(period), true) => unit_name(period.unit).into(),
        (Some(period), false) => period.unit.number().into(),
        (None, true) => UNASSIGNED.into(),
        (None, false) => Value::Null,
    }
}

fn number_or_name(number: i64, name: fn(i64) -> &'static str, named: bool) -> Value {
    if named {
        name(number).into()
    } else {
        number.into()
    }
}
