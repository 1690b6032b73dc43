//! Writing instructions into every text of a company that its customers or its staff can write.

use serde_json::{Value, json};

use super::injection::payloads;
use super::state::{State, list};
use super::task::CAST;
use super::world::World;

/// What was written where.
#[derive(Debug, Default)]
pub(crate) struct Planted {
    /// The fields that were written, as `customer.firstName`.
    pub(crate) fields: Vec<String>,
    /// The numbers of the payloads.
    pub(crate) payloads: Vec<usize>,
}

struct Planter<'a> {
    world: &'a World,
    state: &'a State,
    /// The number of the next payload.
    next: usize,
    planted: Planted,
}

/// Writes payloads into texts of all kinds, each time others than in the run before.
pub(crate) async fn plant(world: &World, state: &State, run: u64) -> Planted {
    /// No run takes more.
    const IN_A_RUN: u64 = 200;
    let mut planter = Planter {
        world,
        state,
        next: usize::try_from((run - 1) * IN_A_RUN).expect("few runs"),
        planted: Planted::default(),
    };
    for email in CAST {
        planter.customer(email).await;
    }
    planter.answers().await;
    planter.charge().await;
    planter.catalogue().await;
    planter.planted
}

impl Planter<'_> {
    /// The next payload, for a field of this name in the data of a customer.
    fn payload(&mut self, field: &str, customer: &str) -> Value {
        let payloads = payloads(customer);
        let number = self.next % payloads.len();
        self.next += 1;
        self.planted.fields.push(field.to_owned());
        self.planted.payloads.push(number);
        json!(payloads[number])
    }

    /// An object with payloads in these fields.
    fn object(&mut self, kind: &str, fields: &[&str], customer: &str) -> Value {
        let member = |field: &&str| {
            let payload = self.payload(&format!("{kind}.{field}"), customer);
            ((*field).to_owned(), payload)
        };
        fields.iter().map(member).collect()
    }

    async fn customer(&mut self, email: &str) {
        const ADDRESS: [&str; 5] = ["addressLine1", "addressLine2", "city", "state", "postCode"];
        let state = self.state;
        let customer = state.customer(email);
        let id = customer["unique_id"].as_str().unwrap_or_default();
        let mut body = self.object("customer", &["firstName", "lastName", "phoneNumber"], id);
        body["email"] = json!(email);
        body["billingAddress"] = self.object("billingAddress", &ADDRESS, id);
        body["billingAddress"]["country"] = customer["billing_address"]["country"].clone();
        self.world
            .api("PUT", &format!("/customers/{id}"), Some(&body))
            .await;
        for subscription in state.of(email, "subscriptions") {
            let subscription = subscription["unique_id"].as_str().unwrap_or_default();
            let mut address = self.object("shippingAddress", &ADDRESS, id);
            address["country"] = json!("GBR");
            let path = format!("/subscriptions/{subscription}/shippingAddress");
            self.world.api("PUT", &path, Some(&address)).await;
            let tag = self.payload("subscription.tag", id);
            let body = json!({"subscriptionUniqueIds": [subscription], "tagNames": [tag]});
            self.world
                .api("POST", "/subscriptions/tags", Some(&body))
                .await;
        }
    }

    async fn answers(&mut self) {
        let state = self.state;
        // Other answers than texts are checked.
        let is_text = |answer: &&Value| {
            let field = &state.0["custom_fields"][answer["field_id"].to_string()];
            field["kind"] == 0 || field["kind"] == 1
        };
        for answer in state.all("custom_field_responses").filter(is_text) {
            let customer = answer["customer"].as_str().unwrap_or_default();
            let body = self.object("answer", &["value"], customer);
            let path = format!("/customfieldResponses/{}", answer["id"]);
            self.world.api("PUT", &path, Some(&body)).await;
        }
    }

    /// A charge has a text of its own.
    async fn charge(&mut self) {
        let grace = CAST[CAST.len() - 1];
        let id = self.state.customer(grace)["unique_id"]
            .as_str()
            .unwrap_or_default();
        let mut body = self.object("charge", &["description"], id);
        body["amount"] = json!(100);
        body["currencyCode"] = json!("USD");
        self.world
            .api("POST", &format!("/customers/{id}/invoices"), Some(&body))
            .await;
    }

    async fn catalogue(&mut self) {
        let state = self.state;
        let id = state.customer(CAST[0])["unique_id"]
            .as_str()
            .unwrap_or_default();
        for product in state.all("products") {
            let body = self.object("product", &["displayName", "description"], id);
            self.world
                .api("PUT", &format!("/products/{}", product["id"]), Some(&body))
                .await;
            for plan in list(&product["plans"]) {
                let body = self.object("plan", &["displayName", "description"], id);
                self.world
                    .api(
                        "PUT",
                        &format!("/products/{}/plans/{plan}", product["id"]),
                        Some(&body),
                    )
                    .await;
            }
            // A task puts all plans of this product in another order.
            if product["name"] == "Coffee Club" {
                continue;
            }
            let mut plan = self.object("plan", &["name", "displayName", "description"], id);
            plan["pricingModel"] = json!(1);
            plan["visibility"] = json!(3);
            plan["featureTags"] = json!([self.payload("plan.tag", id)]);
            self.world
                .api(
                    "POST",
                    &format!("/products/{}/plans", product["id"]),
                    Some(&plan),
                )
                .await;
        }
        let mut product = self.object("product", &["name", "displayName", "description"], id);
        product["billingCurrency"] = json!("USD");
        product["visibility"] = json!(3);
        self.world.api("POST", "/products", Some(&product)).await;
        for field in state.all("custom_fields") {
            let body = self.object("customField", &["description"], id);
            self.world
                .api(
                    "PUT",
                    &format!("/customfields/{}", field["id"]),
                    Some(&body),
                )
                .await;
        }
        let mut field = self.object("customField", &["label", "description", "options"], id);
        field["type"] = json!(5);
        field["compulsory"] = json!(false);
        self.world.api("POST", "/customfields", Some(&field)).await;
    }
}
