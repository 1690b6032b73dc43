//! The controls of a tool's arguments.

use maud::{Markup, html};
use serde_json::Value;

use super::arguments::written;
use super::schema::{Input, Kind, bounds, description, example, may_be_empty, text};
use crate::page::form::{Form, Wrong};

/// Controls with what was typed into them, and what is wrong with that.
pub(super) struct Controls<'a> {
    pub(super) form: &'a Form,
    pub(super) wrong: &'a Wrong,
}

impl Controls<'_> {
    /// The controls of an object. Those of one that need not be there are required only once it is.
    pub(super) fn show(&self, inputs: &[Input<'_>], is_required: bool) -> Markup {
        html! {
            @for input in inputs {
                @match &input.kind {
                    Kind::Group(inputs) => (self.group(input, inputs, is_required)),
                    _ => (self.field(input, is_required && input.is_required && !may_be_empty(input.schema))),
                }
            }
        }
    }

    fn group(&self, input: &Input<'_>, inputs: &[Input<'_>], is_required: bool) -> Markup {
        html! {
            fieldset {
                legend { (input.name) (mark(input)) }
                @if let Some(description) = description(input.schema) { p.hint { (description) } }
                (self.show(inputs, is_required && input.is_required))
            }
        }
    }

    fn field(&self, input: &Input<'_>, must_be_filled: bool) -> Markup {
        let id = &input.pointer;
        let hint = hint(input);
        let problems: Vec<&str> = self.wrong.at(id).collect();
        let described = [
            (!hint.is_empty()).then(|| format!("{id}-hint")),
            (!problems.is_empty()).then(|| format!("{id}-error")),
        ];
        let described: Vec<String> = described.into_iter().flatten().collect();
        let control = Control {
            input,
            value: self.form.get(id).unwrap_or_default(),
            must_be_filled,
            described: (!described.is_empty()).then(|| described.join(" ")),
            invalid: (!problems.is_empty()).then_some("true"),
        };
        html! {
            div.field {
                label for=(id) { (input.name) (mark(input)) }
                (control.show())
                @if !hint.is_empty() { p.hint id={ (id) "-hint" } { (hint) } }
                @if !problems.is_empty() {
                    ul.error id={ (id) "-error" } { @for problem in &problems { li { (problem) } } }
                }
                @if matches!(input.kind, Kind::Json) { (form_of(input)) }
            }
        }
    }
}

fn mark(input: &Input<'_>) -> Markup {
    html! { @if input.is_required { " " span.soft { "(required)" } } }
}

/// What a value is, and what is wanted of it.
fn hint(input: &Input<'_>) -> String {
    let description = description(input.schema).unwrap_or_default();
    let how = match &input.kind {
        Kind::Lines(_) => "One on each line",
        Kind::Json => "As JSON",
        _ => "",
    };
    let bounds = bounds(input.schema);
    let parts = [description.trim_end_matches('.'), how, &bounds];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(". ")
}

/// What a value looks like that has to be written as JSON.
fn form_of(input: &Input<'_>) -> Markup {
    let example = example(input.schema);
    if example.is_null() {
        return html! {};
    }
    html! {
        details {
            summary { "What it looks like" }
            pre.result tabindex="0" role="group" aria-label={ "Example of " (input.name) } { (format!("{example:#}")) }
            (outline(input.schema))
        }
    }
}

/// The members of the objects within a value.
fn outline(schema: &Value) -> Markup {
    let inner = schema.get("items").unwrap_or(schema);
    let members = super::schema::inputs(inner);
    html! {
        @if !members.is_empty() {
            ul {
                @for member in &members {
                    li {
                        code { (member.name) } (mark(member))
                        @if let Some(description) = description(member.schema) { " " (description) }
                        @if let Kind::Word(words) = &member.kind {
                            " One of " (words.iter().map(written).collect::<Vec<_>>().join(", ")) "."
                        }
                        @let bounds = bounds(member.schema);
                        @if !bounds.is_empty() { " " (bounds) "." }
                        (outline(member.schema))
                    }
                }
            }
        }
    }
}

/// What is filled in.
struct Control<'a> {
    input: &'a Input<'a>,
    value: &'a str,
    must_be_filled: bool,
    described: Option<String>,
    invalid: Option<&'static str>,
}

impl Control<'_> {
    fn show(&self) -> Markup {
        match &self.input.kind {
            Kind::Flag => self.select(&[("true", "yes"), ("false", "no")]),
            Kind::Word(words) => {
                let words: Vec<String> = words.iter().map(written).collect();
                let words: Vec<_> = words.iter().map(|word| (&**word, &**word)).collect();
                self.select(&words)
            }
            Kind::Lines(_) | Kind::Json | Kind::Group(_) => self.area(),
            Kind::Date => self.line("date", None),
            Kind::Whole => self.line("number", Some("1")),
            Kind::Number => self.line("number", Some("any")),
            Kind::Text => self.line("text", None),
        }
    }

    fn line(&self, kind: &str, step: Option<&str>) -> Markup {
        let id = &self.input.pointer;
        let bound = |keyword: &str| self.input.schema.get(keyword).map(Value::to_string);
        html! {
            input id=(id) name=(id) type=(kind) value=(self.value) step=[step] required[self.must_be_filled]
                min=[bound("minimum")] max=[bound("maximum")]
                minlength=[bound("minLength")] maxlength=[bound("maxLength")]
                pattern=[text(self.input.schema, "pattern")]
                aria-describedby=[&self.described] aria-invalid=[self.invalid]
                autocomplete="off" spellcheck="false";
        }
    }

    fn area(&self) -> Markup {
        let id = &self.input.pointer;
        html! {
            textarea id=(id) name=(id) rows="4" required[self.must_be_filled]
                aria-describedby=[&self.described] aria-invalid=[self.invalid]
                autocomplete="off" spellcheck="false" { "\n" (self.value) }
        }
    }

    fn select(&self, words: &[(&str, &str)]) -> Markup {
        let id = &self.input.pointer;
        html! {
            select id=(id) name=(id) required[self.must_be_filled]
                aria-describedby=[&self.described] aria-invalid=[self.invalid] {
                option value="" { "—" }
                @for (value, label) in words {
                    option value=(value) selected[*value == self.value] { (label) }
                }
            }
        }
    }
}
