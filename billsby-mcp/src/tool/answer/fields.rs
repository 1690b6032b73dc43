//! Shows only the fields that a caller names.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::page::{COUNTERS, ENTRIES};
use super::remarks::{Remarks, join};
use super::{WRAPPER, keys};
use crate::tool::nearest::nearest;

/// One step of a path. Lists have no step of their own: what follows applies to every entry.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    /// Entries of a list from this one on, counted from 0.
    From(usize),
}

/// What to show, merged from all paths.
#[derive(Debug, Default)]
struct Wanted {
    everything: bool,
    from: usize,
    members: BTreeMap<String, Wanted>,
}

/// Whether a path leads anywhere. Of several entries of a list, the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Presence {
    /// There is an empty list or a null on the way.
    Unknown,
    Missing,
    Found,
}

/// How many entries each list has lost at its beginning, because the caller has seen them.
pub(super) type Skipped = Vec<(String, usize)>;

/// Removes what no path names. Kept besides are the identity keys of every object that is shown in
/// part, and the counters of a page. Paths that match nothing are remarked on.
///
/// A path is `results.billingAddress.city`; signs of lists as in `results[].email` or `results[0].email`
/// are passed over, and `results` itself may be left out. `result[120:]` is that list from its
/// 121st entry on.
pub(super) fn select(
    body: &mut Value,
    fields: &[String],
    root: &str,
    remarks: &mut Remarks,
) -> Skipped {
    let mut wanted = Wanted::default();
    let mut skipped = Skipped::new();
    let mut missing = Vec::new();
    for field in fields {
        match resolve(body, field, root) {
            Some(steps) => {
                note_skipped(&steps, root, &mut skipped);
                wanted.add(&steps);
            }
            None => missing.push(field),
        }
    }
    remark_missing(body, &missing, root, remarks);
    wanted.pick(body, &COUNTERS);
    skipped
}

/// The steps of a path as they apply to this body; `None` when they lead nowhere.
fn resolve(body: &Value, field: &str, root: &str) -> Option<Vec<Step>> {
    let mut steps = parse(field);
    if root == WRAPPER && steps.first() == Some(&Step::Member(WRAPPER.to_owned())) {
        steps.remove(0);
    }
    if presence(body, &steps) != Presence::Missing {
        return Some(steps);
    }
    steps.insert(0, Step::Member(ENTRIES.to_owned()));
    (presence(body, &steps) != Presence::Missing).then_some(steps)
}

fn parse(field: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for segment in field.trim().trim_start_matches('$').split('.') {
        let (name, brackets) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
        // `results.0.email` and `results.*.email` mean the same as `results.email`.
        if !name.is_empty() && name != "*" && name.parse::<usize>().is_err() {
            steps.push(Step::Member(name.to_owned()));
        }
        let from = brackets
            .split(['[', ']'])
            .find_map(|inner| inner.strip_suffix(':'));
        if let Some(from) = from.and_then(|from| from.parse().ok()) {
            steps.push(Step::From(from));
        }
    }
    steps
}

fn presence(value: &Value, steps: &[Step]) -> Presence {
    match (value, steps) {
        (_, []) => Presence::Found,
        (_, [Step::From(_), rest @ ..]) => presence(value, rest),
        (Value::Null, _) => Presence::Unknown,
        (Value::Object(members), [Step::Member(name), rest @ ..]) => members
            .get(name)
            .map_or(Presence::Missing, |member| presence(member, rest)),
        (Value::Array(items), _) => items
            .iter()
            .map(|item| presence(item, steps))
            .max()
            .unwrap_or(Presence::Unknown),
        _ => Presence::Missing,
    }
}

fn note_skipped(steps: &[Step], root: &str, skipped: &mut Skipped) {
    let mut path = root.to_owned();
    for step in steps {
        match step {
            Step::Member(name) => path = join(&path, name),
            Step::From(from) => skipped.push((path.clone(), *from)),
        }
    }
}

impl Wanted {
    fn add(&mut self, steps: &[Step]) {
        match steps {
            [] => self.everything = true,
            [Step::From(from), rest @ ..] => {
                self.from = self.from.max(*from);
                self.add(rest);
            }
            [Step::Member(name), rest @ ..] => {
                self.members.entry(name.clone()).or_default().add(rest);
            }
        }
    }

    fn pick(&self, value: &mut Value, besides: &[&str]) {
        match value {
            Value::Array(items) => {
                items.drain(..self.from.min(items.len()));
                for item in items {
                    self.pick(item, &[]);
                }
            }
            Value::Object(members) if !self.everything => self.pick_members(members, besides),
            _ => {}
        }
    }

    fn pick_members(&self, members: &mut Map<String, Value>, besides: &[&str]) {
        members.retain(|name, member| match self.members.get(name) {
            Some(wanted) => {
                wanted.pick(member, &[]);
                true
            }
            None => keys::is_key(name) || besides.contains(&name.as_str()),
        });
    }
}

/// Says which paths match nothing, and what there is instead.
fn remark_missing(body: &Value, missing: &[&String], root: &str, remarks: &mut Remarks) {
    /// So many are explained; the others are as wrong.
    const EXPLAINED: usize = 5;
    if missing.is_empty() {
        return;
    }
    let mut paths = Vec::new();
    collect_paths(body, root, &mut paths);
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = paths.iter().map(|path| last(path)).collect();
    let mut unexplained = Vec::new();
    for field in missing.iter().take(EXPLAINED) {
        let shown: String = field.chars().take(80).collect();
        let wanted = parse(field).into_iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(name),
            Step::From(_) => None,
        });
        let near = nearest(
            &wanted.unwrap_or_default(),
            names.iter().map(String::as_str),
        );
        let near = near.and_then(|near| names.iter().position(|name| name == near));
        match near {
            Some(index) => remarks
                .notes
                .push(format!("No field {shown}; nearest: {}.", paths[index])),
            None => unexplained.push(shown),
        }
    }
    if !unexplained.is_empty() {
        let there: Vec<&str> = paths.iter().map(String::as_str).take(20).collect();
        let there = match there.as_slice() {
            [] => "none to choose from".to_owned(),
            some => format!("the fields are {}", some.join(", ")),
        };
        let missing = unexplained.join(", ");
        remarks.notes.push(format!("No field {missing}; {there}."));
    }
}

/// The paths of all members, outer ones first within each object, as far as is useful to know.
fn collect_paths(value: &Value, path: &str, paths: &mut Vec<String>) {
    const MOST: usize = 300;
    const ENTRIES_LOOKED_AT: usize = 20;
    match value {
        Value::Array(items) => {
            for item in items.iter().take(ENTRIES_LOOKED_AT) {
                collect_paths(item, path, paths);
            }
        }
        Value::Object(members) => {
            for name in members.keys() {
                let path = join(path, name);
                if paths.len() < MOST && !paths.contains(&path) {
                    paths.push(path);
                }
            }
            for (name, member) in members {
                collect_paths(member, &join(path, name), paths);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page() -> Value {
        json!({
            "currentPage": 1, "pageCount": 2, "notes": "x",
            "results": [
                {"customerUniqueId": "8WER0F4J1R", "email": "a@example.com", "status": "Active",
                 "billingAddress": {"city": "Leeds", "country": "GBR"}},
                {"customerUniqueId": "6ZP37ULD4F", "email": null, "billingAddress": null},
            ],
        })
    }

    fn selected(mut body: Value, fields: &[&str], root: &str) -> (Value, Value) {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        let mut remarks = Remarks::default();
        select(&mut body, &fields, root, &mut remarks);
        (body, remarks.into_value().unwrap_or_default())
    }

    #[test]
    fn a_path_applies_to_every_entry_and_ids_stay() {
        let expected = json!({
            "currentPage": 1, "pageCount": 2,
            "results": [
                {"customerUniqueId": "8WER0F4J1R", "billingAddress": {"city": "Leeds"}},
                {"customerUniqueId": "6ZP37ULD4F", "billingAddress": null},
            ],
        });
        for path in [
            "results.billingAddress.city",
            "results[].billingAddress.city",
            "results[0].billingAddress.city",
            "results[*].billingAddress.city",
            "results.0.billingAddress.city",
            "$.results.*.billingAddress.city",
            "billingAddress.city",
            " results.billingAddress.city ",
        ] {
            assert_eq!(
                selected(page(), &[path], ""),
                (expected.clone(), Value::Null),
                "{path}"
            );
        }
    }

    #[test]
    fn several_paths_are_shown_together() {
        let (body, said) = selected(
            page(),
            &["results.email", "results.billingAddress", "notes"],
            "",
        );
        let first = json!({
            "customerUniqueId": "8WER0F4J1R", "email": "a@example.com",
            "billingAddress": {"city": "Leeds", "country": "GBR"},
        });
        assert_eq!((&body["results"][0], &body["notes"]), (&first, &json!("x")));
        assert_eq!(said, Value::Null);
        let everything = selected(page(), &["results", "results.email"], "").0;
        assert_eq!(everything["results"], page()["results"]);
    }

    #[test]
    fn a_list_that_is_the_answer_is_named_like_its_wrapper_or_not_at_all() {
        let list = json!([{"invoiceNumber": "8WER0F4J1R-1", "amount": 1, "status": "Paid"}]);
        let expected = json!([{"invoiceNumber": "8WER0F4J1R-1", "amount": 1}]);
        for path in ["amount", "result.amount", "result[].amount", "[0].amount"] {
            let (body, said) = selected(list.clone(), &[path], WRAPPER);
            assert_eq!((body, said), (expected.clone(), Value::Null), "{path}");
        }
    }

    #[test]
    fn a_list_can_be_continued() {
        let list = json!([{"planId": 1, "name": "a"}, {"planId": 2, "name": "b"}, {"planId": 3, "name": "c"}]);
        let (body, _) = selected(list.clone(), &["result[2:]"], WRAPPER);
        assert_eq!(body, json!([{"planId": 3, "name": "c"}]));
        let (body, _) = selected(list.clone(), &["result[1:].planId"], WRAPPER);
        assert_eq!(body, json!([{"planId": 2}, {"planId": 3}]));
        let (body, _) = selected(list, &["[9:]"], WRAPPER);
        assert_eq!(body, json!([]));
    }

    #[test]
    fn what_matches_nothing_is_answered_with_what_is_near() {
        let (body, said) = selected(
            page(),
            &["results.e_mail", "results.billingAddress.town", "cty"],
            "",
        );
        assert_eq!(body, json!({"currentPage": 1, "pageCount": 2}));
        let notes = json!([
            "No field results.e_mail; nearest: results.email.",
            "No field cty; nearest: results.billingAddress.city.",
            "No field results.billingAddress.town; the fields are currentPage, pageCount, notes, results, \
             results.customerUniqueId, results.email, results.status, results.billingAddress, \
             results.billingAddress.city, results.billingAddress.country.",
        ]);
        assert_eq!(said, json!({"notes": notes}));
    }

    #[test]
    fn nobody_is_blamed_for_a_list_that_is_empty() {
        let body = json!({"results": [], "address": null});
        let (_, said) = selected(body, &["results.email", "address.city"], "");
        assert_eq!(said, Value::Null);
        let (_, said) = selected(json!("Success"), &["status"], WRAPPER);
        assert_eq!(
            said,
            json!({"notes": ["No field status; none to choose from."]})
        );
    }
}
