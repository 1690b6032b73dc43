//! One normal call of every operation, on the default company.

use serde_json::{Value, json};

use crate::sandbox::{Reply, Running};

const PAGE: &str = "page=1&pageSize=100";

/// A call: values of the path, query, body.
pub(super) struct Case {
    pub(super) operation: &'static str,
    pub(super) path: Vec<(&'static str, String)>,
    pub(super) query: String,
    pub(super) body: Value,
}

/// The ids that the calls need.
pub(super) struct Ids {
    state: Value,
}

impl Ids {
    pub(super) async fn of(sandbox: &Running) -> Self {
        let state = sandbox.state().await;
        Self { state }
    }

    fn find(&self, kind: &str, is_it: impl Fn(&Value) -> bool) -> &Value {
        let things = self.state[kind].as_object().expect("things by their ids");
        let found = things.values().find(|thing| is_it(thing));
        found.unwrap_or_else(|| panic!("none of {kind}"))
    }

    /// A customer's public id.
    pub(super) fn customer(&self, first_name: &str) -> String {
        let email = format!("{first_name}.").to_lowercase();
        let is_it = |one: &Value| {
            let own = one["email"].as_str().expect("an address");
            own.starts_with(&email) && own.ends_with("@example.com")
        };
        text(&self.find("customers", is_it)["unique_id"])
    }

    /// The number of the customer's newest invoice or credit note.
    pub(super) fn newest(&self, kind: &str, first_name: &str) -> String {
        let customer = &self.state["customers"][self.customer(first_name)];
        let numbers = customer[kind].as_array().expect("numbers");
        text(numbers.last().expect("a document"))
    }

    /// The public id of the customer's running subscription to a plan.
    pub(super) fn subscription(&self, first_name: &str, plan: &str) -> String {
        let (customer, plan) = (self.customer(first_name), self.named("plans", plan));
        let is_it = |one: &Value| one["customer"] == customer && one["plan_id"] == plan;
        text(&self.find("subscriptions", is_it)["unique_id"])
    }

    /// The id of what has this name.
    pub(super) fn named(&self, kind: &str, name: &str) -> i64 {
        let found = self.find(kind, |one| one["name"] == name || one["label"] == name);
        found["id"].as_i64().expect("an id")
    }

    /// The ids of a plan's cycles.
    pub(super) fn cycles(&self, plan: &str) -> Vec<i64> {
        let found = self.find("plans", |one| one["name"] == plan);
        let cycles = found["cycles"].as_array().expect("cycles").iter();
        cycles
            .map(|cycle| cycle["id"].as_i64().expect("an id"))
            .collect()
    }

    pub(super) fn counter(&self) -> String {
        text(&self.find("allowances", |_| true)["counter_id"])
    }

    /// The number of a credit note that failed though the card would pay now.
    fn payable_note(&self) -> String {
        let would_pay = |number: &str| {
            let (customer, _) = number.split_once('-').expect("a number");
            let card = &self.state["customers"][customer]["card"];
            let declines = ["0002", "9995", "3220"]
                .iter()
                .any(|last4| card["last4"] == *last4);
            card["expiry_year"].as_i64() > Some(2026) && !declines
        };
        let is_it = |note: &Value| note["status"] == "Failed" && would_pay(&text(&note["number"]));
        text(&self.find("credit_notes", is_it)["number"])
    }

    fn response(&self, first_name: &str) -> i64 {
        let customer = self.customer(first_name);
        let found = self.find("custom_field_responses", |one| one["customer"] == customer);
        found["id"].as_i64().expect("an id")
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

impl Case {
    /// Makes the call.
    pub(super) async fn send(&self, sandbox: &Running, method: &str, template: &str) -> Reply {
        let mut path = template.replace("{companyDomain}", "sandbox");
        for (name, value) in &self.path {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        assert!(!path.contains('{'), "{}: {path}", self.operation);
        if !self.query.is_empty() {
            path = format!("{path}?{}", self.query);
        }
        sandbox.send(method, &path, &self.body).await
    }
}

/// The calls of all operations.
pub(super) fn cases(ids: &Ids) -> Vec<Case> {
    let mut cases = reads(ids);
    cases.extend(money(ids));
    cases.extend(customers(ids));
    cases.extend(subscriptions(ids));
    cases.extend(catalogue(ids));
    cases
}

fn case<const N: usize>(operation: &'static str, path: [(&'static str, String); N]) -> Case {
    Case {
        operation,
        path: path.into(),
        query: String::new(),
        body: Value::Null,
    }
}

fn page(operation: &'static str) -> Case {
    Case {
        query: PAGE.to_owned(),
        ..case(operation, [])
    }
}

fn reads(ids: &Ids) -> Vec<Case> {
    let mary = || ("customerUniqueId", ids.customer("Mary"));
    let grace = || ("customerUniqueId", ids.customer("Grace"));
    let basic = || ("subscriptionUniqueId", ids.subscription("Mary", "Basic"));
    let team = || ("subscriptionUniqueId", ids.subscription("Mary", "Team"));
    let invoice = || ("invoiceNumber", ids.newest("invoices", "Mary"));
    let product = || {
        (
            "productId",
            ids.named("products", "Coffee Club").to_string(),
        )
    };
    let addon = ids.named("addons", "Extra seats").to_string();
    let allowance = ids.named("allowances", "API calls").to_string();
    vec![
        page("customers.list"),
        case("customers.get", [mary()]),
        case("payments.logs", [mary(), invoice()]),
        page("subscriptions.list"),
        case("subscriptions.get", [team()]),
        case(
            "subscriptions.get",
            [(
                "subscriptionUniqueId",
                ids.subscription("Grace", "Enterprise"),
            )],
        ),
        case("subscriptions.list_for_customer", [mary()]),
        case("subscriptions.shipping_address", [basic()]),
        Case {
            query: PAGE.to_owned(),
            ..case("subscriptions.event_logs", [basic()])
        },
        case("feature_tags.list_for_customer", [mary()]),
        case("feature_tags.list_for_subscription", [basic()]),
        case("feature_tags.split", [basic()]),
        page("invoices.list"),
        case("invoices.list_for_customer", [mary()]),
        case("invoices.get", [invoice()]),
        page("credit_notes.list"),
        case("credit_notes.list_for_customer", [grace()]),
        page("products.list"),
        case("products.get", [product()]),
        case("plans.list", [product()]),
        case("add_ons.list", []),
        case("add_ons.get", [("addonId", addon)]),
        case("add_ons.list_for_subscription", [team()]),
        case("allowances.list", []),
        case("allowances.get", [("allowanceId", allowance)]),
        case("allowances.list_for_subscription", [team()]),
        case("counters.get", [team(), ("counterId", ids.counter())]),
        case("custom_fields.list", []),
        Case {
            query: format!("customerUniqueId={}", ids.customer("Mary")),
            ..case("custom_fields.responses", [])
        },
    ]
}

fn money(ids: &Ids) -> Vec<Case> {
    let dana = || ("customerUniqueId", ids.customer("Dana"));
    let open = || ("invoiceNumber", ids.newest("invoices", "Omar"));
    let note = ("creditNoteNumber", ids.payable_note());
    let charge = json!({"amount": 1250, "currencyCode": "USD", "description": "Gift box"});
    let refund = json!({"invoiceNumber": ids.newest("invoices", "Dana"), "amount": 1900});
    let card = json!({
        "fullName": "Yuki Tanaka", "paymentCardtoken": "tok_1", "expiryMonth": 5, "expiryYear": 2031,
        "cardType": "visa", "last4Digits": "4242",
    });
    vec![
        Case {
            body: charge,
            ..case("invoices.charge", [dana()])
        },
        Case {
            body: refund,
            ..case("invoices.refund", [dana()])
        },
        case("invoices.reattempt_payment", [open()]),
        case("invoices.mark_paid_offline", [open()]),
        case("invoices.write_off", [open()]),
        Case {
            body: card,
            ..case(
                "payments.update_card",
                [("customerUniqueId", ids.customer("Yuki"))],
            )
        },
        case("credit_notes.reattempt_payment", [note]),
        case("payments.request_card_update", [dana()]),
    ]
}

fn address() -> Value {
    json!({"addressLine1": "1 Pier Road", "city": "Hull", "state": "Yorkshire", "postCode": "HU1 1AA", "country": "GBR"})
}

fn customers(ids: &Ids) -> Vec<Case> {
    let sofia = || ("customerUniqueId", ids.customer("Sofia"));
    let person = json!({"firstName": "Ada", "lastName": "Byron", "email": "ada@example.org"});
    let mut new = person.clone();
    let mut profile = person;
    new.as_object_mut()
        .expect("an object")
        .extend(address().as_object().expect("an object").clone());
    profile["billingAddress"] = address();
    let answer = json!({"value": "Conference"});
    vec![
        Case {
            body: new,
            ..case("customers.create", [])
        },
        Case {
            body: profile,
            ..case("customers.update", [sofia()])
        },
        case("customers.erase_personal_data", [sofia()]),
        case("customers.delete", [sofia()]),
        Case {
            body: answer,
            ..case(
                "custom_fields.update_response",
                [("customFieldResponseId", ids.response("Mary").to_string())],
            )
        },
    ]
}

fn subscriptions(ids: &Ids) -> Vec<Case> {
    let sofia = ("customerUniqueId", ids.customer("Sofia"));
    let dana = || ("subscriptionUniqueId", ids.subscription("Dana", "Pro"));
    let team = || ("subscriptionUniqueId", ids.subscription("Mary", "Team"));
    let basic = ids.cycles("Basic")[0];
    let new = json!({
        "firstName": "Ada", "lastName": "Byron", "email": "ada@example.org", "cycleId": basic, "Units": 1,
        "address": address(),
        "cardDetails": {
            "fullName": "Ada Byron", "paymentCardToken": "tok_1", "expiryMonth": 5, "expiryYear": 2031,
            "cardType": "visa", "last4Digits": "4242",
        },
    });
    let change = json!({
        "customerUniqueId": ids.customer("Dana"), "planId": ids.named("plans", "Basic"), "cycleId": basic,
        "issueRefund": true, "planChangeType": 1,
    });
    let tags = json!({"subscriptionUniqueIds": [dana().1], "tagNames": ["vip"]});
    vec![
        Case {
            body: new,
            ..case("subscriptions.create", [])
        },
        Case {
            body: json!({"cycleId": basic}),
            ..case("subscriptions.add_to_customer", [sofia])
        },
        Case {
            body: change,
            ..case("subscriptions.change_plan", [dana()])
        },
        Case {
            body: json!({"newRenewalDate": "2026-03-20T00:00:00Z"}),
            ..case("subscriptions.update_renewal_date", [dana()])
        },
        Case {
            body: address(),
            ..case("subscriptions.update_shipping_address", [dana()])
        },
        Case {
            query: format!("customerUniqueId={}", ids.customer("Dana")),
            ..case("subscriptions.cancel", [dana()])
        },
        Case {
            body: tags,
            ..case("feature_tags.add", [])
        },
        Case {
            query: format!("subsId={}", ids.subscription("Mary", "Basic")),
            ..case(
                "feature_tags.remove",
                [("tagname", "early-access".to_owned())],
            )
        },
        Case {
            body: json!({"operationType": "Increment", "value": 5}),
            ..case("counters.update", [team(), ("counterId", ids.counter())])
        },
    ]
}

fn catalogue(ids: &Ids) -> Vec<Case> {
    let product = || {
        (
            "productId",
            ids.named("products", "Coffee Club").to_string(),
        )
    };
    let plan = || ("planId", ids.named("plans", "Pro").to_string());
    let order = ["Pro", "Basic", "Enterprise"].map(|name| ids.named("plans", name));
    let field = ids.named("custom_fields", "Delivery notes").to_string();
    let name = |name: &str| json!({"name": name, "displayName": name, "visibility": 0});
    let mut new_product = name("Tea Club");
    new_product["billingCurrency"] = json!("EUR");
    let mut new_plan = name("Office");
    new_plan["pricingModel"] = json!(2);
    let cycle = json!({"frequency": 3, "frequencyType": 3, "price": 12_900, "billingDateType": 1, "visibility": 0});
    vec![
        Case {
            body: new_product,
            ..case("products.create", [])
        },
        Case {
            body: json!({"description": "Beans."}),
            ..case("products.update", [product()])
        },
        Case {
            body: new_plan,
            ..case("plans.create", [product()])
        },
        Case {
            body: json!({"description": "Most liked."}),
            ..case("plans.update", [product(), plan()])
        },
        Case {
            body: json!({"orderedPlanIds": order}),
            ..case("plans.reorder", [product()])
        },
        Case {
            body: json!({"cyclesInputModel": [cycle], "addonPlanInputModels": []}),
            ..case("cycles.create", [product(), plan()])
        },
        Case {
            body: json!({"type": 0, "label": "Grind", "description": "How fine?", "compulsory": false}),
            ..case("custom_fields.create", [])
        },
        Case {
            body: json!({"description": "Where to?"}),
            ..case("custom_fields.update", [("customFieldId", field)])
        },
    ]
}
