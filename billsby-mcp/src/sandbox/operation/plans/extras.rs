//! Add-ons and allowances that a plan offers with its new cycles, and their prices.

use serde::Deserialize;

use super::cycle_input::{check_tiers, period};
use crate::sandbox::company::{Company, Currency, Offer, Period, PriceModel, Tier};
use crate::sandbox::wire::Refusal;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfferedAddon {
    addon_id: i64,
    #[serde(default)]
    is_forced: bool,
    #[serde(default)]
    addon_price_models: Vec<NewPrice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfferedAllowance {
    allowance_id: i64,
    #[serde(default)]
    is_forced: bool,
    #[serde(default)]
    allowance_price_models: Vec<NewPrice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewPrice {
    currency_iso3_code: Option<Currency>,
    frequency: Option<i64>,
    frequency_type: Option<i64>,
    #[serde(default)]
    flat_fee_price: i64,
    #[serde(default)]
    price_per_unit: i64,
    #[serde(default)]
    included_units: i64,
    #[serde(default)]
    unit_tiers: Vec<Tier>,
}

/// Offers that can be applied without a further check.
pub(super) struct Offers {
    addons: Vec<(Offer, Vec<PriceModel>)>,
    allowances: Vec<(Offer, Vec<PriceModel>)>,
}

/// Checks offers. A price without currency or period has the given ones: those of the plan's product and
/// of its first new cycle.
pub(super) fn checked(
    company: &Company,
    default: (Currency, Period),
    addons: Vec<OfferedAddon>,
    allowances: Vec<OfferedAllowance>,
) -> Result<Offers, Refusal> {
    let mut offers = Offers {
        addons: Vec::new(),
        allowances: Vec::new(),
    };
    for (place, offered) in addons.into_iter().enumerate() {
        let at = format!("/addonPlanInputModels/{place}");
        if !company.addons.contains_key(&offered.addon_id) {
            let reason = format!("{at}/addonId is no add-on");
            return Err(Refusal::bad_request(reason));
        }
        let offer = Offer {
            id: offered.addon_id,
            is_forced: offered.is_forced,
        };
        let at = format!("{at}/addonPriceModels");
        let prices = prices(default, offered.addon_price_models, &at)?;
        offers.addons.push((offer, prices));
    }
    for (place, offered) in allowances.into_iter().enumerate() {
        let at = format!("/allowancePlanInputModel/{place}");
        if !company.allowances.contains_key(&offered.allowance_id) {
            let reason = format!("{at}/allowanceId is no allowance");
            return Err(Refusal::bad_request(reason));
        }
        let offer = Offer {
            id: offered.allowance_id,
            is_forced: offered.is_forced,
        };
        let at = format!("{at}/allowancePriceModels");
        let prices = prices(default, offered.allowance_price_models, &at)?;
        offers.allowances.push((offer, prices));
    }
    Ok(offers)
}

fn prices(
    (currency, default): (Currency, Period),
    prices: Vec<NewPrice>,
    at: &str,
) -> Result<Vec<PriceModel>, Refusal> {
    let prices = prices.into_iter().enumerate().map(|(place, price)| {
        let at = format!("{at}/{place}");
        let amounts = [
            ("flatFeePrice", price.flat_fee_price),
            ("pricePerUnit", price.price_per_unit),
            ("includedUnits", price.included_units),
        ];
        if let Some((name, _)) = amounts.iter().find(|(_, amount)| *amount < 0) {
            return Err(Refusal::bad_request(format!("{at}/{name} is negative")));
        }
        check_tiers(&price.unit_tiers, &format!("{at}/unitTiers"))?;
        let frequency = (price.frequency, price.frequency_type);
        let period = period(Some(default), frequency, &format!("{at}/frequency"))?;
        let no_period = || Refusal::bad_request(format!("{at}/frequency is not positive"));
        Ok(PriceModel {
            currency: price.currency_iso3_code.unwrap_or(currency),
            period: period.ok_or_else(no_period)?,
            flat_fee: price.flat_fee_price,
            per_unit: price.price_per_unit,
            included_units: price.included_units,
            tiers: price.unit_tiers,
        })
    });
    prices.collect()
}

impl Offers {
    /// Makes the plan offer them. A new price replaces the one for the same currency and period.
    pub(super) fn apply(self, company: &mut Company, plan_id: i64) {
        let plan = &mut company.plans[&plan_id];
        for (offer, prices) in self.addons {
            add_offer(&mut plan.addons, offer);
            add_prices(&mut company.addons[&offer.id].prices, prices);
        }
        for (offer, prices) in self.allowances {
            add_offer(&mut plan.allowances, offer);
            add_prices(&mut company.allowances[&offer.id].prices, prices);
        }
    }
}

fn add_offer(offers: &mut Vec<Offer>, offer: Offer) {
    offers.retain(|known| known.id != offer.id);
    offers.push(offer);
}

fn add_prices(known: &mut Vec<PriceModel>, prices: Vec<PriceModel>) {
    for price in prices {
        known.retain(|old| (old.currency, old.period) != (price.currency, price.period));
        known.push(price);
    }
}
