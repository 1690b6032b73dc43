//! Changes of a plan together with its cycles.

use serde::Deserialize;

use super::cycle_input::{self, CycleInput};
use super::find;
use crate::sandbox::company::{Cycle, Plan};
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::operation::{Call, set};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    name: Option<String>,
    display_name: Option<String>,
    description: Option<String>,
    visibility: Option<i64>,
    feature_tags: Option<Vec<String>>,
    redirect_url: Option<String>,
    alert_email: Option<String>,
    #[serde(default)]
    cycles: Vec<CycleChange>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CycleChange {
    cycle_id: i64,
    #[serde(flatten)]
    settings: CycleInput,
}

/// Changes only what is given: nothing at all if one of the cycles cannot be changed.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let (plan, _) = find(&world.company, call)?;
    let mut changes: Changes = call.body();
    let id = plan.id;
    let cycles = changed_cycles(plan, std::mem::take(&mut changes.cycles))?;

    let plan = &mut world.company.plans[&id];
    plan.cycles = cycles;
    set(&mut plan.name, changes.name);
    set(&mut plan.display_name, changes.display_name);
    set(&mut plan.visibility, changes.visibility);
    set(&mut plan.feature_tags, changes.feature_tags);
    plan.description = changes.description.or(plan.description.take());
    plan.redirect_url = changes.redirect_url.or(plan.redirect_url.take());
    plan.alert_email = changes.alert_email.or(plan.alert_email.take());
    world.note(EffectKind::PlanUpdated, About::id(id));
    Ok(Answer::word("success"))
}

/// All cycles of the plan as they will be.
fn changed_cycles(plan: &Plan, changes: Vec<CycleChange>) -> Result<Vec<Cycle>, Refusal> {
    let mut cycles = plan.cycles.clone();
    for (place, change) in changes.into_iter().enumerate() {
        let at = format!("/cycles/{place}");
        let found = cycles.iter_mut().find(|cycle| cycle.id == change.cycle_id);
        let Some(cycle) = found else {
            let reason = format!("{at}/cycleId is no cycle of this plan");
            return Err(Refusal::bad_request(reason));
        };
        *cycle = cycle_input::changed(cycle.clone(), change.settings, plan.pricing_model, &at)?;
    }
    Ok(cycles)
}
