//! Custom fields and the answers to them.

mod answer;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Call, Operation, set};
use crate::sandbox::company::{Company, CustomField, CustomFieldResponse};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) use answer::check_answer;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("custom_fields.list", list),
    ("custom_fields.create", create),
    ("custom_fields.update", update),
    ("custom_fields.responses", responses),
    ("custom_fields.update_response", update_response),
];

/// The kind of field whose answer is one of its options.
const DROPDOWN: i64 = 5;

#[derive(Deserialize)]
struct NewField {
    #[serde(rename = "type")]
    kind: i64,
    label: String,
    description: String,
    compulsory: bool,
    options: Option<String>,
}

#[derive(Deserialize)]
struct Changes {
    label: Option<String>,
    description: Option<String>,
    compulsory: Option<bool>,
    options: Option<String>,
}

#[derive(Deserialize)]
struct NewAnswer {
    value: String,
}

fn list(world: &mut World, _: &Call<'_>) -> Result<Answer, Refusal> {
    let fields = world.company.custom_fields.values();
    Ok(Answer::plain_json(&fields.map(view).collect::<Value>()))
}

/// Answers a bare word, so that the new id has to be looked up.
fn create(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let new: NewField = call.body();
    check_options(new.kind, new.options.as_deref())?;
    let id = world.company.next_id();
    let field = CustomField {
        id,
        kind: new.kind,
        label: new.label,
        description: new.description,
        compulsory: new.compulsory,
        options: new.options,
    };
    world.company.custom_fields.insert(id, field);
    world.note(EffectKind::CustomFieldCreated, About::id(id));
    Ok(Answer::word("success"))
}

/// Changes only what is given.
fn update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let changes: Changes = call.body();
    let id = call.path("customFieldId");
    let field = id.and_then(|id: i64| world.company.custom_fields.get_mut(&id));
    let field = field.ok_or_else(|| Refusal::not_found("no field has this customFieldId"))?;
    if changes.options.is_some() {
        check_options(field.kind, changes.options.as_deref())?;
        field.options = changes.options;
    }
    set(&mut field.label, changes.label);
    set(&mut field.description, changes.description);
    set(&mut field.compulsory, changes.compulsory);
    let about = About::id(field.id);
    world.note(EffectKind::CustomFieldUpdated, about);
    Ok(Answer::word("success"))
}

fn check_options(kind: i64, options: Option<&str>) -> Result<(), Refusal> {
    if kind == DROPDOWN && answer::options(options).next().is_none() {
        return Err(Refusal::bad_request("/options: a dropdown needs options"));
    }
    Ok(())
}

/// At least one of the filters is needed: what the API does without is unknown.
fn responses(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let customer = customer_filter(company, call)?;
    let product = product_filter(company, call)?;
    if customer.is_none() && product.is_none() {
        return Err(Refusal::bad_request("give customerUniqueId or productId"));
    }
    let found = company.custom_field_responses.values().filter(|response| {
        customer.is_none_or(|id| response.customer == id)
            && product.is_none_or(|id| response.product_id == Some(id))
    });
    let views: Value = found.map(|found| response_view(company, found)).collect();
    Ok(Answer::json(&views))
}

fn customer_filter(company: &Company, call: &Call<'_>) -> Result<Option<UniqueId>, Refusal> {
    let Some(text) = call.query("customerUniqueId") else {
        return Ok(None);
    };
    let id = text.parse().ok();
    match id.filter(|id| company.customers.contains_key(id)) {
        Some(id) => Ok(Some(id)),
        None => Err(Refusal::not_found("no customer has this customerUniqueId")),
    }
}

fn product_filter(company: &Company, call: &Call<'_>) -> Result<Option<i64>, Refusal> {
    let Some(text) = call.query("productId") else {
        return Ok(None);
    };
    let id = text.parse().ok();
    match id.filter(|id| company.products.contains_key(id)) {
        Some(id) => Ok(Some(id)),
        None => Err(Refusal::not_found("no product has this productId")),
    }
}

/// Answers an array of the one answer.
fn update_response(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let new: NewAnswer = call.body();
    let company = &mut world.company;
    let id = call.path("customFieldResponseId");
    let found = id.and_then(|id: i64| company.custom_field_responses.get_mut(&id));
    let Some(response) = found else {
        let reason = "no answer has this customFieldResponseId";
        return Err(Refusal::not_found(reason));
    };
    if let Some(field) = company.custom_fields.get(&response.field_id) {
        check_answer(field, &new.value)
            .map_err(|problem| Refusal::bad_request(format!("/value {problem}")))?;
    }
    response.value = new.value;
    let about = About {
        customer_unique_id: Some(response.customer),
        ..About::id(response.id)
    };
    let response = &*response;
    let view = json!([response_with(
        company.custom_fields.get(&response.field_id),
        response
    )]);
    world.note(EffectKind::CustomFieldAnswered, about);
    Ok(Answer::json(&view))
}

fn response_view(company: &Company, response: &CustomFieldResponse) -> Value {
    response_with(company.custom_fields.get(&response.field_id), response)
}

fn response_with(field: Option<&CustomField>, response: &CustomFieldResponse) -> Value {
    json!({
        "customFieldResponseId": response.id,
        "customField": field.map(view),
        "value": response.value,
    })
}

/// As lists of fields, lists of products and answers show it.
pub(super) fn view(field: &CustomField) -> Value {
    json!({
        "customFieldId": field.id,
        "type": field.kind,
        "label": field.label,
        "description": field.description,
        "options": field.options,
        "compulsory": field.compulsory,
    })
}
