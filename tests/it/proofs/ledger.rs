//! What a client knows of the servers that it made, from the answers that it got.

use serde_json::{Value, json};

use super::admin::{Admin, text};

/// A server as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) path: String,
    pub(super) state: Shape,
    pub(super) is_revoked: bool,
    /// The secret that opens it.
    pub(super) token: String,
    /// The secret before, if it opens it as well.
    pub(super) old: Option<String>,
    /// Secrets that no longer open it.
    pub(super) gone: Vec<String>,
}

/// What one patch changes together: parts of two patches in one server would be half a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) number: u32,
}

impl Shape {
    /// The body of a request that makes a server so, or changes it.
    pub(super) fn body(&self, owner: &str) -> Value {
        let tag = ["invoices", "customers", "plans"][self.number as usize % 3];
        json!({
            "name": self.name(owner),
            "config": {"tags": [tag], "result_tokens": 1_000 + self.number},
            "expires_at": format!("2999-01-01T00:00:{:02}Z", self.number % 60),
        })
    }

    fn name(&self, owner: &str) -> String {
        format!("{owner} {}", self.number)
    }

    /// Whether an answer shows just this, in every field.
    pub(super) fn is_in(&self, owner: &str, shown: &Value) -> bool {
        let body = self.body(owner);
        shown["name"] == body["name"]
            && shown["config"]["tags"] == body["config"]["tags"]
            && shown["config"]["result_tokens"] == body["config"]["result_tokens"]
            && shown["expires_at"] == body["expires_at"]
    }
}

impl Known {
    /// A server that was just made.
    pub(super) fn new(account: &str, state: Shape, made: &Value) -> Self {
        Self {
            path: format!("/integrated-account/{account}/mcp/{}", text(made, "id")),
            state,
            is_revoked: false,
            token: text(made, "token"),
            old: None,
            gone: Vec::new(),
        }
    }

    /// After a rotation; with an overlap the secret before goes on.
    pub(super) fn rotated(&self, token: String, overlaps: bool) -> Self {
        let mut next = self.clone();
        next.gone.extend(next.old.take());
        let before = std::mem::replace(&mut next.token, token);
        if overlaps {
            next.old = Some(before);
        } else {
            next.gone.push(before);
        }
        next
    }

    pub(super) fn patched(&self, state: Shape) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    pub(super) fn revoked(&self) -> Self {
        Self {
            is_revoked: true,
            ..self.clone()
        }
    }

    /// Whether what the API shows is this.
    pub(super) fn is_shown(&self, owner: &str, shown: &Value) -> bool {
        let state = if self.is_revoked { "revoked" } else { "active" };
        let hint = shown["token_hint"].as_str().unwrap_or_default();
        shown["state"] == state
            && self.token.ends_with(hint)
            && !hint.is_empty()
            && self.state.is_in(owner, shown)
    }

    /// The same without its secret.
    pub(super) fn state_is_shown(&self, owner: &str, shown: &Value) -> bool {
        shown["state"] == "active" && self.state.is_in(owner, shown)
    }

    /// Everything must be as it was acknowledged: what the API shows, and which secrets open the server.
    pub(super) async fn verify(&self, admin: &Admin, owner: &str) {
        let shown = admin.get(&self.path).await.expect("the server");
        assert!(self.is_shown(owner, &shown), "{self:?} is shown as {shown}");
        self.verify_secrets(admin).await;
    }

    /// The same for the secrets alone.
    pub(super) async fn verify_secrets(&self, admin: &Admin) {
        let open = [Some(&self.token), self.old.as_ref()];
        for token in open.into_iter().flatten() {
            assert_eq!(admin.opens(token).await, !self.is_revoked, "{self:?}");
        }
        for token in &self.gone {
            assert!(
                !admin.opens(token).await,
                "{self:?}: a replaced secret works"
            );
        }
    }
}
