//! Steps that many tests of the sandbox take.

use serde_json::Value;

use super::{Reply, Running, with_json};

impl Running {
    /// The reply to a request. The path is behind the base path; null is no body.
    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> Reply {
        let request = self.request(method, path);
        match body {
            Value::Null => Reply::to(request).await,
            body => Reply::to(with_json(request, body)).await,
        }
    }

    /// The answer to a request that must succeed, as JSON.
    pub(crate) async fn answer(&self, method: &str, path: &str, body: &Value) -> Value {
        self.send(method, path, body).await.expect(200).json()
    }

    /// The answer to a read in the core part of the API: `/customers`.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let path = format!("/core/sandbox{path}");
        self.answer("GET", &path, &Value::Null).await
    }

    /// A request that must succeed and be answered by this word alone.
    pub(crate) async fn changes(&self, method: &str, path: &str, body: &Value, word: &str) {
        let reply = self.send(method, path, body).await.expect(200);
        assert_eq!(reply.text, word, "{method} {path}");
    }

    /// A request that must be refused for this reason, or one that begins so, and change nothing.
    pub(crate) async fn refuses(
        &self,
        (method, path, body): (&str, &str, &Value),
        status: u16,
        reason: &str,
    ) {
        let before = (self.state().await, self.effects(0).await);
        let reply = self.send(method, path, body).await.expect(status);
        let told = reply.reason();
        assert!(told.starts_with(reason), "{method} {path}: {told}");
        let after = (self.state().await, self.effects(0).await);
        assert_eq!(before, after, "{method} {path}");
    }

    /// Everything the company has.
    pub(crate) async fn state(&self) -> Value {
        self.admin("GET", "/state").await
    }

    /// What happened behind so many effects: kind and operation of each, in their order.
    pub(crate) async fn effects(&self, since: usize) -> Vec<(String, String)> {
        let text = |effect: &Value, name| effect[name].as_str().expect("a text").to_owned();
        let effects = self.effects_in_full(since).await.into_iter();
        effects
            .map(|effect| (text(&effect, "kind"), text(&effect, "operation")))
            .collect()
    }

    /// What happened behind so many effects.
    pub(crate) async fn effects_in_full(&self, since: usize) -> Vec<Value> {
        let report = self.admin("GET", &format!("/effects?since={since}")).await;
        report["effects"].as_array().expect("effects").clone()
    }

    /// The public id of the customer's subscription to a plan.
    pub(crate) async fn subscription(&self, email: &str, plan: &str) -> String {
        let customer = self.customer(email).await;
        let plan = self.id_of("plans", plan).await;
        let state = self.state().await;
        let all = state["subscriptions"].as_object().expect("subscriptions");
        let found = all.values().find(|subscription| {
            subscription["customer"] == customer && subscription["plan_id"] == plan
        });
        let found = found.expect("a subscription to the plan");
        found["unique_id"].as_str().expect("an id").to_owned()
    }

    /// The integer id of what has this name: of `products`, `plans`, `addons` or `allowances`.
    pub(crate) async fn id_of(&self, kind: &str, name: &str) -> i64 {
        let state = self.state().await;
        let all = state[kind].as_object().expect("a table");
        let found = all.values().find(|entry| entry["name"] == name);
        let found = found.unwrap_or_else(|| panic!("nothing of {kind} is called {name}"));
        found["id"].as_i64().expect("an id")
    }
}
