//! What the form of a server changes, and what somebody else has changed while it was open.

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::draft::Draft;
use crate::page::form::Form;
use crate::page::part;
use crate::page::visitor::Visitor;
use crate::provision::Server;

/// How a server is set: its name and its end beside its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings(Map<String, Value>);

/// How a server was when somebody opened its form. The form holds it until it is opened anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    updated_at: Option<Timestamp>,
    settings: Option<Settings>,
}

impl Settings {
    fn of(server: &Server) -> Self {
        let mut body = Draft::of_server(server, server.updated_at).tools_body();
        body["name"] = server.name.as_str().into();
        body["expires_at"] = server.expires_at.map(|at| at.to_string()).into();
        Self::of_body(&body)
    }

    /// What a body says. The order of a list means nothing.
    fn of_body(body: &Value) -> Self {
        let mut settings = Map::new();
        for (name, value) in body.as_object().into_iter().flatten() {
            match value {
                Value::Object(config) if name == "config" => {
                    let config = config.iter();
                    settings.extend(config.map(|(name, value)| (name.clone(), sorted(value))));
                }
                value => drop(settings.insert(name.clone(), value.clone())),
            }
        }
        Self(settings)
    }

    fn has(&self, name: &str, value: &Value) -> bool {
        self.0.get(name) == Some(&sorted(value))
    }
}

fn sorted(value: &Value) -> Value {
    let Value::Array(values) = value else {
        return value.clone();
    };
    let mut values = values.clone();
    values.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    values.dedup();
    Value::Array(values)
}

impl Seen {
    /// How a server is now.
    pub(super) fn now(server: &Server) -> Self {
        Self {
            updated_at: Some(server.updated_at),
            settings: Some(Settings::of(server)),
        }
    }

    /// What a form says of it.
    pub(super) fn of_form(form: &Form) -> Self {
        let settings = form.get("seen").map(serde_json::from_str::<Map<_, _>>);
        Self {
            updated_at: form.read("updated_at"),
            settings: settings.and_then(Result::ok).map(Settings),
        }
    }

    /// Whether the server is still set like this. Another URL is nothing that the form could undo.
    pub(super) fn is_present(&self, server: &Server) -> bool {
        match &self.settings {
            Some(settings) => *settings == Settings::of(server),
            None => self.updated_at == Some(server.updated_at),
        }
    }

    /// What holds it in the form.
    pub(super) fn fields(&self) -> Markup {
        html! {
            @if let Some(at) = self.updated_at { input type="hidden" name="updated_at" value=(at); }
            @if let Some(settings) = &self.settings {
                input type="hidden" name="seen" value=(Value::Object(settings.0.clone()));
            }
        }
    }

    /// Says what was changed meanwhile, above the form with what somebody wants all the same.
    pub(super) fn notice(
        &self,
        visitor: &Visitor,
        server: &Server,
        wanted: &Value,
        path: &str,
    ) -> Markup {
        let (now, wanted) = (Settings::of(server), Settings::of_body(wanted));
        let seen = self.settings.as_ref();
        let changed = seen.into_iter().flat_map(|seen| &seen.0);
        let changed: Vec<_> = changed
            .filter(|(name, value)| !now.has(name, value))
            .collect();
        let head = html! { tr {
            th scope="col" { "Setting" }
            th scope="col" { "When you opened the form" }
            th scope="col" { "Now" }
            th scope="col" { "In this form" }
        } };
        let rows = html! { @for (name, before) in &changed { tr {
            th scope="row" { (label(name)) }
            td { (said(visitor, Some(before))) }
            td { (said(visitor, now.0.get(*name))) }
            td { (said(visitor, wanted.0.get(*name))) }
        } } };
        html! {
            div #problems.notice.bad role="alert" tabindex="-1" {
                p {
                    strong { "The server was changed while this form was open; nothing that you sent was done." }
                    " Its last change was " (part::time(visitor, server.updated_at)) "."
                }
                @if !changed.is_empty() { (part::table("What was changed meanwhile", &head, &rows)) }
                p {
                    "The form is as you filled it in. Save it again, and the server is set to what it says; or "
                    a href=(path) { "open it anew" } ", as the server is now."
                }
            }
        }
    }
}

/// The part of a body that sets something else than there is.
pub(super) fn patch(body: &Value, server: &Server) -> Value {
    let now = Settings::of(server);
    let mut patch = Map::new();
    for (name, value) in body.as_object().into_iter().flatten() {
        match value {
            Value::Object(config) if name == "config" => {
                let others = config.iter().filter(|(name, value)| !now.has(name, value));
                let others = others.map(|(name, value)| (name.clone(), value.clone()));
                let others: Map<String, Value> = others.collect();
                if !others.is_empty() {
                    patch.insert(name.clone(), Value::Object(others));
                }
            }
            value if now.has(name, value) => {}
            value => drop(patch.insert(name.clone(), value.clone())),
        }
    }
    json!(patch)
}

fn label(name: &str) -> String {
    match name {
        "name" => "Name".to_owned(),
        "methods" => "What they may do".to_owned(),
        "tags" => "Groups".to_owned(),
        "tools" => "Only these tools".to_owned(),
        "exclude_tools" => "Without these tools".to_owned(),
        "expires_at" => "End".to_owned(),
        other => other.replace('_', " "),
    }
}

fn said(visitor: &Visitor, value: Option<&Value>) -> Markup {
    html! {
        @match value {
            None => "as it is",
            Some(Value::Null) => "never",
            Some(Value::Bool(flag)) => { @if *flag { "yes" } @else { "no" } }
            Some(Value::Array(words)) => {
                @if words.is_empty() { "none ticked" }
                @for (index, word) in words.iter().enumerate() {
                    @if index > 0 { ", " }
                    (part::text(word.as_str().unwrap_or_default()))
                }
            }
            Some(Value::String(text)) => {
                @match text.parse() {
                    Ok(at) => (part::time(visitor, at)),
                    Err(_) => (part::text(text)),
                }
            }
            Some(other) => (other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    #[tokio::test]
    async fn only_what_differs_is_sent() {
        let scene = Scene::start().await;
        let config =
            json!({"methods": ["write", "read"], "tools": ["refund_invoice", "list_plans"]});
        let server =
            json!({"name": "Desk", "config": config, "expires_at": "2026-12-31T23:59:59Z"});
        let server = scene.server(&server).await;
        let mut body = Draft::of_server(&server, server.updated_at).tools_body();
        body["name"] = "Desk".into();
        assert_eq!(patch(&body, &server), json!({}));
        // The boxes have an order of their own.
        body["config"]["methods"] = json!(["read", "write"]);
        body["expires_at"] = "2026-12-31T23:59:59Z".into();
        assert_eq!(patch(&body, &server), json!({}));
        body["config"]["result_tokens"] = "many".into();
        body["expires_at"] = Value::Null;
        let different = json!({"config": {"result_tokens": "many"}, "expires_at": null});
        assert_eq!(patch(&body, &server), different);
    }

    #[test]
    fn what_was_seen_goes_through_the_form() {
        let settings = json!({"name": "\"Müller\" & Söhne", "tags": ["a", "b"]});
        let seen = Seen {
            updated_at: Some(Timestamp::UNIX_EPOCH),
            settings: Some(Settings::of_body(&settings)),
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("seen", &settings.to_string());
        form.append_pair("updated_at", "1970-01-01T00:00:00Z");
        let form = Form::parse(form.finish().as_bytes());
        assert_eq!(Seen::of_form(&form), seen);
    }
}
