//! What a request selects from the catalogue: a cycle, units, add-ons and allowances.

use serde::Deserialize;

use crate::sandbox::billing::{Terms, Unpriced};
use crate::sandbox::company::{Company, Cycle, Offer, Plan, TakenAddon};
use crate::sandbox::wire::Refusal;

const OFF_SALE: i64 = 3;

/// An add-on in a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddonSelection {
    add_on_id: i64,
    quantity: Option<i64>,
}

/// Extras and units in a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Selection {
    pub(super) cycle_id: i64,
    /// The creation of a customer with a subscription spells it with a capital letter.
    #[serde(alias = "Units")]
    units: Option<i64>,
    #[serde(default)]
    add_ons: Vec<AddonSelection>,
    #[serde(default)]
    allowances: Vec<i64>,
}

impl Selection {
    /// What is to be billed. What the plan forces on everybody is included.
    pub(super) fn terms(self, plan: &Plan) -> Result<Terms, Refusal> {
        let addons = addons(plan, self.add_ons)?;
        Ok(Terms {
            plan_id: plan.id,
            cycle_id: self.cycle_id,
            units: self.units.unwrap_or(1),
            addons,
            allowances: allowances(plan, self.allowances)?,
        })
    }
}

/// A plan that can be bought, with its cycle.
pub(super) fn on_sale(company: &Company, cycle_id: i64) -> Result<(&Plan, &Cycle), Refusal> {
    let (plan, cycle) = company
        .cycle(cycle_id)
        .ok_or_else(|| Refusal::bad_request("/cycleId is the id of no cycle"))?;
    let product = company.products.get(&plan.product_id);
    let visibilities = [
        (
            "product",
            product.map_or(OFF_SALE, |product| product.visibility),
        ),
        ("plan", plan.visibility),
        ("cycle", cycle.visibility),
    ];
    for (thing, visibility) in visibilities {
        if visibility == OFF_SALE {
            let reason = format!("/cycleId is not for sale: its {thing} is off sale");
            return Err(Refusal::bad_request(reason));
        }
    }
    Ok((plan, cycle))
}

/// Says that something has no price.
pub(super) fn unpriced(why: &Unpriced) -> Refusal {
    Refusal::bad_request(format!("the subscription cannot be billed: {why}"))
}

fn addons(plan: &Plan, selected: Vec<AddonSelection>) -> Result<Vec<TakenAddon>, Refusal> {
    let mut taken: Vec<TakenAddon> = Vec::with_capacity(selected.len());
    for (index, selection) in selected.into_iter().enumerate() {
        let refuse = |reason| Refusal::bad_request(format!("/addOns/{index}/{reason}"));
        let addon_id = selection.add_on_id;
        if !offers(&plan.addons, addon_id) {
            return Err(refuse("addOnId is no add-on of the plan"));
        }
        if taken.iter().any(|taken| taken.addon_id == addon_id) {
            return Err(refuse("addOnId is there twice"));
        }
        let quantity = selection.quantity.unwrap_or(1);
        if quantity < 1 {
            return Err(refuse("quantity is less than 1"));
        }
        taken.push(TakenAddon { addon_id, quantity });
    }
    for forced in plan.addons.iter().filter(|offer| offer.is_forced) {
        if !taken.iter().any(|taken| taken.addon_id == forced.id) {
            taken.push(TakenAddon {
                addon_id: forced.id,
                quantity: 1,
            });
        }
    }
    Ok(taken)
}

fn allowances(plan: &Plan, selected: Vec<i64>) -> Result<Vec<i64>, Refusal> {
    let mut taken: Vec<i64> = Vec::with_capacity(selected.len());
    for (index, id) in selected.into_iter().enumerate() {
        let refuse = |reason| Refusal::bad_request(format!("/allowances/{index} is {reason}"));
        if !offers(&plan.allowances, id) {
            return Err(refuse("no allowance of the plan"));
        }
        if taken.contains(&id) {
            return Err(refuse("there twice"));
        }
        taken.push(id);
    }
    for forced in plan.allowances.iter().filter(|offer| offer.is_forced) {
        if !taken.contains(&forced.id) {
            taken.push(forced.id);
        }
    }
    Ok(taken)
}

fn offers(offers: &[Offer], id: i64) -> bool {
    offers.iter().any(|offer| offer.id == id)
}
