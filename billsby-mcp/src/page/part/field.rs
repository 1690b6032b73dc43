//! Controls with their labels, their hints, and what is wrong with them.

use clap::ValueEnum;
use maud::{Markup, html};

use crate::page::form::Wrong;

/// A control with one value. Its id is its name.
pub(in crate::page) struct Field<'a> {
    pub(in crate::page) name: &'a str,
    pub(in crate::page) label: &'a str,
    pub(in crate::page) hint: &'a str,
    /// Where it is in the body that it is sent in, so that what is wrong is shown here.
    pub(in crate::page) pointer: &'a str,
    pub(in crate::page) wrong: &'a Wrong,
}

/// One of several values.
#[derive(Debug, Clone)]
pub(in crate::page) struct Choice {
    pub(in crate::page) value: String,
    pub(in crate::page) label: String,
    pub(in crate::page) hint: String,
    pub(in crate::page) is_chosen: bool,
}

impl Choice {
    /// A value without a hint.
    pub(in crate::page) fn new(
        value: impl Into<String>,
        label: impl Into<String>,
        is_chosen: bool,
    ) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
            is_chosen,
        }
    }
}

impl Field<'_> {
    /// A line of text. `kind` is the type of the input.
    pub(in crate::page) fn input(&self, kind: &str, value: &str) -> Markup {
        self.line(kind, Some(value), false, "off")
    }

    /// The same, where nothing else will do.
    pub(in crate::page) fn required(&self, kind: &str, value: &str) -> Markup {
        self.line(kind, Some(value), true, "off")
    }

    /// A secret to type. It is never shown again, and the browser must not offer the admin token for it.
    pub(in crate::page) fn secret(&self, is_required: bool) -> Markup {
        self.line("password", None, is_required, "new-password")
    }

    fn line(&self, kind: &str, value: Option<&str>, is_required: bool, fill: &str) -> Markup {
        self.around(&html! {
            input id=(self.name) name=(self.name) type=(kind) value=[value] required[is_required]
                aria-describedby=[self.described()] aria-invalid=[self.invalid()]
                autocomplete=(fill) spellcheck="false";
        })
    }

    fn around(&self, control: &Markup) -> Markup {
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                (control)
                @if !self.hint.is_empty() { p.hint id={ (self.name) "-hint" } { (self.hint) } }
                (errors(self.name, self.pointer, self.wrong))
            }
        }
    }

    fn described(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.name));
        let error = self.invalid().map(|_| format!("{}-error", self.name));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (one, other) => one.or(other),
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        let is_wrong = self.wrong.at(self.pointer).next().is_some();
        (is_wrong && !self.pointer.is_empty()).then_some("true")
    }
}

fn errors(name: &str, pointer: &str, wrong: &Wrong) -> Markup {
    let mut problems = wrong.at(pointer).peekable();
    html! {
        @if !pointer.is_empty() && problems.peek().is_some() {
            ul.error id={ (name) "-error" } { @for problem in problems { li { (problem) } } }
        }
    }
}

/// A list to choose one from.
pub(in crate::page) fn choose(field: &Field<'_>, choices: &[Choice]) -> Markup {
    field.around(&html! {
        select id=(field.name) name=(field.name)
            aria-describedby=[field.described()] aria-invalid=[field.invalid()] {
            @for choice in choices {
                option value=(choice.value) selected[choice.is_chosen] { (choice.label) }
            }
        }
    })
}

/// A group of which one can be chosen.
pub(in crate::page) fn radios(field: &Field<'_>, choices: &[Choice]) -> Markup {
    group(field, "radio", choices)
}

/// A group of which any can be chosen.
pub(in crate::page) fn boxes(field: &Field<'_>, choices: &[Choice]) -> Markup {
    group(field, "checkbox", choices)
}

fn group(field: &Field<'_>, kind: &str, choices: &[Choice]) -> Markup {
    html! {
        fieldset.(kind) id=(field.name) aria-describedby=[field.described()] {
            legend { (field.label) }
            @if !field.hint.is_empty() { p.hint id={ (field.name) "-hint" } { (field.hint) } }
            div.choices {
                @for (index, choice) in choices.iter().enumerate() {
                    @let id = format!("{}-{index}", field.name);
                    div.choice {
                        input id=(id) type=(kind) name=(field.name) value=(choice.value)
                            checked[choice.is_chosen]
                            aria-describedby=[(!choice.hint.is_empty()).then(|| format!("{id}-hint"))];
                        label for=(id) { (choice.label) }
                        @if !choice.hint.is_empty() { p.hint id={ (id) "-hint" } { (choice.hint) } }
                    }
                }
            }
            (errors(field.name, field.pointer, field.wrong))
        }
    }
}

/// The words of an enumeration with what its documentation says of them.
pub(in crate::page) fn options<T: ValueEnum + PartialEq>(chosen: &T) -> Vec<Choice> {
    let values = T::value_variants().iter().filter_map(|value| {
        let word = value.to_possible_value()?;
        let help = word.get_help().map(ToString::to_string).unwrap_or_default();
        let help = help.replace('`', "");
        let label = if help.is_empty() {
            word.get_name().to_owned()
        } else {
            format!("{}: {help}", word.get_name())
        };
        Some(Choice::new(word.get_name(), label, value == chosen))
    });
    values.collect()
}
