//! Calls, one by one.

use maud::{Markup, html};

use super::filter::address;
use super::names::Names;
use super::{PATH, outcome};
use crate::page::form::Form;
use crate::page::part;
use crate::page::visitor::Visitor;
use crate::provision::Call;

/// The most of a client's name that is shown.
const LONGEST_CLIENT: usize = 60;
/// The ids by which calls can be found, and what the filter calls them.
const FOUND_BY: [(&str, &str); 2] = [
    ("customerUniqueId", "customer"),
    ("invoiceNumber", "invoice"),
];

/// The calls of a page.
pub(super) fn table(visitor: &Visitor, form: &Form, calls: &[Call], names: &Names) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Time" }
            th scope="col" { "Server" }
            th scope="col" { "Account" }
            th scope="col" { "Client" }
            th scope="col" { "Tool" }
            th scope="col" { "Kind" }
            th scope="col" { "Result" }
            th.number scope="col" { "Status" }
            th.number scope="col" { "Took" }
            th scope="col" { "Ids" }
        }
    };
    let body = html! { @for call in calls { (row(visitor, form, call, names)) } };
    part::table("Calls, newest first", &head, &body)
}

fn row(visitor: &Visitor, form: &Form, call: &Call, names: &Names) -> Markup {
    html! {
        tr id=(call.id) {
            td { (part::time(visitor, call.at)) }
            td { (server(call, names)) }
            td { (account(call, names)) }
            td { (client(call)) }
            td { a href=(address(PATH, form, Some(("tool", &call.tool)))) { (tool(&call.tool)) } }
            td { @if call.is_write { span.badge.write { "writes" } } @else { span.badge.read { "reads" } } }
            td { (result(call)) }
            td.number { @if let Some(status) = call.status { (status) } @else { "–" } }
            td.number { (part::milliseconds(call.milliseconds)) }
            td { (keys(form, call)) }
        }
    }
}

/// A long name, which may go on in the next line after any of its words.
fn tool(name: &str) -> Markup {
    html! { code { @for word in name.split_inclusive('_') { (word) wbr; } } }
}

fn server(call: &Call, names: &Names) -> Markup {
    let (Some(server), Some(account)) = (call.server_id, call.account_id) else {
        return html! { span.soft { "none" } };
    };
    html! {
        @if let Some(name) = names.server(server) {
            a href={ "/ui/servers/" (account) "/" (server) } { (part::text(name)) }
        } @else {
            code { (server) }
        }
    }
}

fn account(call: &Call, names: &Names) -> Markup {
    let Some(id) = call.account_id else {
        return html! { span.soft { "none" } };
    };
    html! {
        @if let Some(account) = names.account(id) {
            (part::text(&account.label)) " " (part::environment(account.environment))
        } @else {
            code { (id) }
        }
    }
}

fn client(call: &Call) -> Markup {
    let short = |text: &str| text.chars().take(LONGEST_CLIENT).collect::<String>();
    html! {
        @if let Some(name) = &call.client.name { (part::text(&short(name))) }
        @else { span.soft { "not named" } }
        @if let Some(version) = &call.client.version { " " (part::text(&short(version))) }
    }
}

/// What the client got, and what became of the call at Billsby.
fn result(call: &Call) -> Markup {
    html! {
        @if call.is_error { span.badge.bad { "error" } " " }
        (outcome::words(call.outcome))
    }
}

fn keys(form: &Form, call: &Call) -> Markup {
    html! {
        @for (name, value) in &call.keys {
            div {
                span.soft { (name) } " "
                @if let Some((_, filter)) = FOUND_BY.iter().find(|(key, _)| key == name) {
                    a href=(address(PATH, form, Some((filter, value)))) { (part::text(value)) }
                } @else {
                    (part::text(value))
                }
            }
        }
    }
}
