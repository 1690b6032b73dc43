//! A sandbox with steps that tests of money take again and again.

use serde_json::{Value, json};

use super::{Reply, Running};

/// A card that pays, one that declines, and one whose payments stay under way.
pub(super) const PAYS: &str = "4242";
pub(super) const DECLINES: &str = "0002";
pub(super) const PENDS: &str = "3220";

pub(super) struct Shop {
    pub(super) sandbox: Running,
}

/// A customer with a subscription.
pub(super) struct Member {
    pub(super) customer: String,
    pub(super) subscription: String,
}

impl Shop {
    pub(super) async fn open() -> Self {
        Self {
            sandbox: Running::start().await,
        }
    }

    pub(super) async fn state(&self) -> Value {
        self.sandbox.admin("GET", "/state").await
    }

    /// Ids of a plan and of its cycle that is billed every `Monthly` or `Yearly`, without a trial.
    pub(super) async fn cycle(&self, plan: &str, unit: &str) -> (i64, i64) {
        self.find_cycle(plan, unit, false).await
    }

    pub(super) async fn trial(&self) -> (i64, i64) {
        self.find_cycle("Pro", "Monthly", true).await
    }

    async fn find_cycle(&self, plan: &str, unit: &str, has_trial: bool) -> (i64, i64) {
        let state = self.state().await;
        let plan = named(&state["plans"], plan);
        let mut cycles = plan["cycles"].as_array().expect("cycles").iter();
        let cycle = cycles.find(|cycle| {
            cycle["period"]["unit"] == unit && cycle["free_trial"].is_null() != has_trial
        });
        (id(plan), id(cycle.expect("the cycle")))
    }

    /// The id of something with a name: `addons`, `allowances`, `products`.
    pub(super) async fn id_of(&self, kind: &str, name: &str) -> i64 {
        id(named(&self.state().await[kind], name))
    }

    /// Adds a cycle to a plan of Coffee Club: a flat monthly price, unless `more` says otherwise. Ids of the
    /// plan and of the cycle.
    pub(super) async fn add_cycle(&self, plan: &str, price: i64, more: Value) -> (i64, i64) {
        let mut cycle = json!({
            "frequency": 1, "frequencyType": 3, "price": price, "billingDateType": 1,
            "visibility": 0,
        });
        for (name, value) in more.as_object().expect("an object") {
            cycle[name] = value.clone();
        }
        let body = json!({"cyclesInputModel": [cycle], "addonPlanInputModels": []});
        let product = self.id_of("products", "Coffee Club").await;
        let plan = self.id_of("plans", plan).await;
        let path = format!("/products/{product}/plans/{plan}/cycles");
        let created = self.sandbox.core_with("POST", &path, &body).await;
        (plan, number(&created.expect(200).json()[0]["cycleId"]))
    }

    /// A new customer with a subscription.
    pub(super) async fn join(&self, cycle: i64, last4: &str) -> Member {
        self.join_with(&joining(cycle, last4)).await
    }

    pub(super) async fn join_with(&self, body: &Value) -> Member {
        let reply = self.sandbox.core_with("POST", "/subscriptions", body).await;
        let created = reply.expect(200).json();
        Member {
            customer: text(&created["customerUniqueId"]),
            subscription: text(&created["subscriptionUniqueId"]),
        }
    }

    pub(super) async fn set_card(&self, customer: &str, last4: &str) {
        let card = json!({
            "fullName": "A Customer", "paymentCardtoken": "tok_1", "expiryMonth": 12,
            "expiryYear": 2049, "cardType": "visa", "last4Digits": last4,
        });
        let path = format!("/customers/{customer}/paymentCard");
        self.sandbox
            .core_with("PUT", &path, &card)
            .await
            .expect(200);
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.sandbox.core("GET", path).await.expect(200).json()
    }

    pub(super) async fn put(&self, path: &str) -> Reply {
        self.sandbox.core("PUT", path).await
    }

    pub(super) async fn subscription(&self, id: &str) -> Value {
        self.get(&format!("/subscriptions/{id}")).await
    }

    /// The invoices of a customer, the oldest first.
    pub(super) async fn invoices(&self, customer: &str) -> Vec<Value> {
        let invoices = self.get(&format!("/customers/{customer}/invoices")).await;
        invoices.as_array().expect("invoices").clone()
    }

    pub(super) async fn credit_notes(&self, customer: &str) -> Vec<Value> {
        let notes = self
            .get(&format!("/customers/{customer}/creditNotes"))
            .await;
        notes.as_array().expect("credit notes").clone()
    }

    /// The invoice that was issued last, with what only the details have.
    pub(super) async fn last_invoice(&self, customer: &str) -> Value {
        let invoices = self.invoices(customer).await;
        let number = text(&invoices.last().expect("an invoice")["invoiceNumber"]);
        self.invoice(&number).await
    }

    pub(super) async fn invoice(&self, number: &str) -> Value {
        let request = self
            .sandbox
            .request("GET", &format!("/core/invoices/{number}"));
        Reply::to(request).await.expect(200).json()
    }

    pub(super) async fn charge(&self, customer: &str, amount: i64) -> Reply {
        let body = json!({"amount": amount, "currencyCode": "USD", "description": "Mugs"});
        let path = format!("/customers/{customer}/invoices");
        self.sandbox.core_with("POST", &path, &body).await
    }

    pub(super) async fn refund(&self, customer: &str, number: &str, amount: i64) -> Reply {
        let body = json!({"invoiceNumber": number, "amount": amount});
        let path = format!("/customers/{customer}/refunds");
        self.sandbox.core_with("POST", &path, &body).await
    }

    pub(super) async fn change_plan(&self, member: &Member, to: (i64, i64), more: Value) -> Reply {
        let mut body = json!({
            "customerUniqueId": member.customer, "planId": to.0, "cycleId": to.1,
        });
        for (name, value) in more.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let path = format!("/subscriptions/{}/plan", member.subscription);
        self.sandbox.core_with("PUT", &path, &body).await
    }

    pub(super) async fn set_renewal(&self, subscription: &str, at: &str, pause: bool) -> Reply {
        let body = json!({"newRenewalDate": at, "pauseSubscription": pause});
        let path = format!("/subscriptions/{subscription}/renewaldate");
        self.sandbox.core_with("PUT", &path, &body).await
    }

    pub(super) async fn advance(&self, by: &str) {
        self.sandbox
            .admin_with("POST", "/clock", &json!({"advance": by}))
            .await;
    }

    /// All effects on a customer since the start.
    pub(super) async fn effects(&self, customer: &str) -> Vec<Value> {
        let path = format!("/effects?customerUniqueId={customer}");
        let report = self.sandbox.admin("GET", &path).await;
        report["effects"].as_array().expect("effects").clone()
    }

    /// Their kinds, in order.
    pub(super) async fn kinds(&self, customer: &str) -> Vec<String> {
        let effects = self.effects(customer).await;
        effects.iter().map(|effect| text(&effect["kind"])).collect()
    }

    /// Calls that must be refused with a status and a reason that contains a text, and that must leave
    /// the company as it was.
    pub(super) async fn refuses(&self, method: &str, path: &str, body: &Value, told: (u16, &str)) {
        let before = self.state().await;
        let reply = match body {
            Value::Null => self.sandbox.core(method, path).await,
            body => self.sandbox.core_with(method, path, body).await,
        };
        let reply = reply.expect(told.0);
        let reason = reply.reason();
        assert!(reason.contains(told.1), "{method} {path}: {reason}");
        assert!(
            self.state().await == before,
            "{method} {path} changed something"
        );
    }
}

/// A request for a new customer with a subscription.
pub(super) fn joining(cycle: i64, last4: &str) -> Value {
    json!({
        "firstName": "Alma", "lastName": "Reyes", "email": "alma.reyes@example.com",
        "cycleId": cycle, "Units": 1,
        "address": {
            "addressLine1": "5 Mill Lane", "city": "Bath", "state": "Somerset",
            "postCode": "BA1 1AA", "country": "GBR",
        },
        "cardDetails": {
            "fullName": "Alma Reyes", "paymentCardToken": "tok_1", "expiryMonth": 12,
            "expiryYear": 2049, "cardType": "visa", "last4Digits": last4,
        },
    })
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

/// A number that may be sent as text.
pub(super) fn number(value: &Value) -> i64 {
    match value {
        Value::String(digits) => digits.parse().expect("digits"),
        value => value.as_i64().expect("a number"),
    }
}

fn named<'a>(things: &'a Value, name: &str) -> &'a Value {
    let mut things = things.as_object().expect("things by id").values();
    let found = things.find(|thing| thing["name"] == name);
    found.unwrap_or_else(|| panic!("nothing is named {name}"))
}

fn id(thing: &Value) -> i64 {
    thing["id"].as_i64().expect("an id")
}
