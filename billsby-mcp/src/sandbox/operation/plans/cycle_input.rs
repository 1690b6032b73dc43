//! Cycles as requests give them: which are acceptable, and what they make of a cycle.

use serde::Deserialize;

use crate::sandbox::company::{Cycle, Period, Tier, Unit};
use crate::sandbox::operation::set;
use crate::sandbox::wire::Refusal;

/// The settings of a new cycle, which has those that the document requires, or of a changed one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CycleInput {
    frequency: Option<i64>,
    frequency_type: Option<i64>,
    price: Option<i64>,
    tiers: Option<Vec<Tier>>,
    free_quantity: Option<i64>,
    setup_fee_price: Option<i64>,
    visibility: Option<i64>,
    free_trial: Option<i64>,
    free_trial_frequency_type: Option<i64>,
    contract_term: Option<i64>,
    contract_term_frequency_type: Option<i64>,
    billing_date_type: Option<i64>,
    fixed_billing_date_day: Option<i64>,
    fixed_billing_date_month: Option<i64>,
    pro_rate_option: Option<i64>,
}

/// A new cycle of a plan with this pricing model, still without ids. `at` is the JSON pointer of its
/// settings.
pub(super) fn new_cycle(input: CycleInput, pricing_model: i64, at: &str) -> Result<Cycle, Refusal> {
    let blank = Cycle {
        id: 0,
        pricing_model_id: 0,
        period: Period {
            count: 1,
            unit: Unit::Monthly,
        },
        price: 0,
        tiers: Vec::new(),
        free_quantity: 0,
        setup_fee: None,
        visibility: 0,
        free_trial: None,
        contract_term: None,
        billing_date_type: 1,
        fixed_day: None,
        fixed_month: None,
        pro_rate_option: 1,
    };
    changed(blank, input, pricing_model, at)
}

/// The cycle with what is given written over what is there.
pub(super) fn changed(
    mut cycle: Cycle,
    input: CycleInput,
    pricing_model: i64,
    at: &str,
) -> Result<Cycle, Refusal> {
    let frequency = (input.frequency, input.frequency_type);
    let trial = (input.free_trial, input.free_trial_frequency_type);
    let term = (input.contract_term, input.contract_term_frequency_type);
    cycle.period = period(Some(cycle.period), frequency, &format!("{at}/frequency"))?
        .ok_or_else(|| bad(at, "frequency", "is not positive"))?;
    cycle.free_trial = period(cycle.free_trial, trial, &format!("{at}/freeTrial"))?;
    cycle.contract_term = period(cycle.contract_term, term, &format!("{at}/contractTerm"))?;
    set(&mut cycle.price, input.price);
    set(&mut cycle.tiers, input.tiers);
    set(&mut cycle.free_quantity, input.free_quantity);
    set(&mut cycle.visibility, input.visibility);
    set(&mut cycle.billing_date_type, input.billing_date_type);
    set(&mut cycle.pro_rate_option, input.pro_rate_option);
    cycle.setup_fee = input.setup_fee_price.or(cycle.setup_fee);
    cycle.fixed_day = input.fixed_billing_date_day.or(cycle.fixed_day);
    cycle.fixed_month = input.fixed_billing_date_month.or(cycle.fixed_month);
    check(&cycle, pricing_model, at)?;
    Ok(cycle)
}

/// A period out of its two parts, each of which may stay as it is. One of length 0 is none.
pub(super) fn period(
    present: Option<Period>,
    (count, unit): (Option<i64>, Option<i64>),
    at: &str,
) -> Result<Option<Period>, Refusal> {
    let unit = unit.and_then(Unit::from_number);
    let count = count.or(present.map(|present| present.count)).unwrap_or(0);
    let unit = unit.or(present.map(|present| present.unit));
    match (count, unit) {
        (0, _) => Ok(None),
        (..0, _) => Err(Refusal::bad_request(format!("{at} is negative"))),
        (_, Some(unit)) => Ok(Some(Period { count, unit })),
        (_, None) => {
            let reason = format!("{at} needs {at}FrequencyType beside it");
            Err(Refusal::bad_request(reason))
        }
    }
}

fn check(cycle: &Cycle, pricing_model: i64, at: &str) -> Result<(), Refusal> {
    let amounts = [
        ("price", cycle.price),
        ("setupFeePrice", cycle.setup_fee.unwrap_or(0)),
        ("freeQuantity", cycle.free_quantity),
    ];
    if let Some((name, _)) = amounts.iter().find(|(_, amount)| *amount < 0) {
        return Err(bad(at, name, "is negative"));
    }
    if cycle.billing_date_type != 1 && cycle.fixed_day.is_none() {
        return Err(bad(
            at,
            "fixedBillingDateDay",
            "is needed by billingDateType",
        ));
    }
    if cycle.billing_date_type == 3 && cycle.fixed_day.is_some_and(|day| day > 7) {
        return Err(bad(
            at,
            "fixedBillingDateDay",
            "is no day of a week, 1 to 7",
        ));
    }
    let is_fixable = match cycle.billing_date_type {
        2 => matches!(cycle.period.unit, Unit::Monthly | Unit::Yearly),
        3 => cycle.period.unit == Unit::Weekly,
        _ => true,
    };
    if !is_fixable {
        return Err(bad(
            at,
            "billingDateType",
            "has no meaning for a period of this frequencyType",
        ));
    }
    check_tiers(&cycle.tiers, &format!("{at}/tiers"))?;
    match (pricing_model, cycle.tiers.is_empty()) {
        (1 | 2, false) => Err(bad(at, "tiers", "are not for the plan's pricing model")),
        (4..=6, true) => Err(bad(at, "tiers", "are needed by the plan's pricing model")),
        _ => Ok(()),
    }
}

/// Tiers follow one another from the first unit on; only the last one is open, and it has to be.
pub(super) fn check_tiers(tiers: &[Tier], at: &str) -> Result<(), Refusal> {
    let mut next_start = Some(1);
    for (place, tier) in tiers.iter().enumerate() {
        let at = format!("{at}/{place}");
        let Some(start) = next_start else {
            return Err(bad(&at, "start", "comes after a tier without end"));
        };
        if tier.start != start {
            let reason = format!("is not {start}, where this tier begins");
            return Err(bad(&at, "start", &reason));
        }
        if tier.finish.is_some_and(|finish| finish < tier.start) {
            return Err(bad(&at, "finish", "is before its start"));
        }
        if tier.price < 0 {
            return Err(bad(&at, "price", "is negative"));
        }
        next_start = tier.finish.map(|finish| finish.saturating_add(1));
    }
    Ok(())
}

fn bad(at: &str, name: &str, problem: &str) -> Refusal {
    Refusal::bad_request(format!("{at}/{name} {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiers(ranges: &[(i64, Option<i64>)]) -> Vec<Tier> {
        let tier = |&(start, finish)| Tier {
            start,
            finish,
            price: 100,
        };
        ranges.iter().map(tier).collect()
    }

    fn refused(ranges: &[(i64, Option<i64>)]) -> String {
        check_tiers(&tiers(ranges), "/tiers").unwrap_err().reason
    }

    #[test]
    fn tiers_follow_one_another_from_the_first_unit() {
        for right in [
            &[][..],
            &[(1, None)],
            &[(1, Some(1)), (2, Some(10)), (11, None)],
            &[(1, Some(10))],
        ] {
            assert!(check_tiers(&tiers(right), "/tiers").is_ok(), "{right:?}");
        }
    }

    #[test]
    fn other_tiers_are_refused_where_they_are_wrong() {
        assert!(refused(&[(0, None)]).starts_with("/tiers/0/start "));
        assert!(refused(&[(1, Some(9)), (11, None)]).starts_with("/tiers/1/start "));
        assert!(refused(&[(1, Some(9)), (9, None)]).starts_with("/tiers/1/start "));
        assert!(refused(&[(1, None), (2, None)]).starts_with("/tiers/1/start "));
        assert!(refused(&[(1, Some(0))]).starts_with("/tiers/0/finish "));
    }

    #[test]
    fn half_of_a_period_keeps_the_other_half() {
        let yearly = Some(Period {
            count: 1,
            unit: Unit::Yearly,
        });
        let two_years = period(yearly, (Some(2), None), "/frequency").unwrap();
        assert_eq!(
            two_years.map(|period| (period.count, period.unit)),
            Some((2, Unit::Yearly))
        );
        assert!(
            period(yearly, (Some(0), None), "/freeTrial")
                .unwrap()
                .is_none()
        );
        assert!(period(None, (Some(2), None), "/freeTrial").is_err());
        assert!(period(yearly, (Some(-1), None), "/freeTrial").is_err());
    }
}
