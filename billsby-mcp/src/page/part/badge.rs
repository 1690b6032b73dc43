//! Words with a colour. The colour never says anything by itself.

use maud::{Markup, html};

use crate::record::{Environment, State};
use crate::tool::Effect;

/// What an account is for.
pub(in crate::page) fn environment(environment: Environment) -> Markup {
    let (class, word) = match environment {
        Environment::Live => ("live", "LIVE"),
        Environment::Test => ("test", "TEST"),
        Environment::Sandbox => ("sandbox", "SANDBOX"),
    };
    html! { span.badge.(class) { (word) } }
}

/// How a server or a token stands.
pub(in crate::page) fn state(state: State) -> Markup {
    html! { span.badge.(state.as_str()) { (state.as_str()) } }
}

/// What a call of a tool does.
pub(in crate::page) fn effect(effect: Effect) -> Markup {
    let class = match effect {
        Effect::Read => "read",
        Effect::Write => "write",
        Effect::Money => "money",
        Effect::Message => "message",
        Effect::Irreversible => "irreversible",
        Effect::Accumulates => "accumulates",
    };
    html! { span.badge.(class) { (effect_word(effect)) } }
}

/// The same, where there is only text.
pub(in crate::page) const fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "reads",
        Effect::Write => "changes data",
        Effect::Money => "moves money",
        Effect::Message => "writes to customers",
        Effect::Irreversible => "cannot be undone",
        Effect::Accumulates => "adds up",
    }
}
