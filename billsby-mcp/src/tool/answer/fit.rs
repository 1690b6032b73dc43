//! Cuts an answer to a size, at the borders of entries and members.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::page::COUNTERS;
use super::remarks::{Cut, Remarks, join};
use super::{cost, keys};

/// What a list or object needs at least to say anything, in parts of a token.
const LEAST: usize = 20 * cost::PARTS;

/// Cuts an answer so that it takes no more than `room`, in parts of a token: lists lose entries at their
/// end, objects lose their largest members, and a text that is the whole answer loses its end. Identity
/// keys and the counters of a page stay, so that an answer can be larger than a very small room.
pub(super) fn fit(body: &mut Value, room: usize, place: &str, remarks: &mut Remarks) {
    if let Value::String(text) = body {
        cut_text(text, room, place, remarks);
    } else {
        shrink(body, room, place, remarks);
    }
}

fn shrink(value: &mut Value, room: usize, path: &str, remarks: &mut Remarks) {
    if cost::of(value) <= room {
        return;
    }
    match value {
        Value::Array(items) => shrink_list(items, room, path, remarks),
        Value::Object(members) => shrink_object(members, room, path, remarks),
        _ => {}
    }
}

/// Keeps as many entries from the beginning as there is room for; of a first entry that is too large by
/// itself, what there is room for.
fn shrink_list(items: &mut Vec<Value>, room: usize, path: &str, remarks: &mut Remarks) {
    let of = items.len();
    let mut left = room.saturating_sub(cost::of_text("[]"));
    let mut shown = 0;
    for item in &*items {
        match left.checked_sub(cost::of(item) + cost::of_text(",")) {
            Some(less) => left = less,
            None => break,
        }
        shown += 1;
    }
    if shown == 0
        && let Some(first @ (Value::Object(_) | Value::Array(_))) = items.first_mut()
    {
        shrink(first, room, path, remarks);
        shown = 1;
    }
    if shown < of {
        items.truncate(shown);
        remarks.cuts.push(Cut {
            path: path.to_owned(),
            shown,
            of,
            is_text: false,
            rest: None,
        });
    }
}

/// Plain members come first, the smallest before the larger ones; what is nested shares the rest.
fn shrink_object(members: &mut Map<String, Value>, room: usize, path: &str, remarks: &mut Remarks) {
    let mut left = room;
    let (mut plain, mut nested) = (Vec::new(), Vec::new());
    for (name, member) in &*members {
        let size = cost::of(member) + cost::of_text(name) + cost::of_text("\"\":,");
        if keys::is_key(name) || COUNTERS.contains(&name.as_str()) {
            left = left.saturating_sub(size);
        } else if matches!(member, Value::Array(_) | Value::Object(_)) {
            nested.push((size, name.clone()));
        } else {
            plain.push((size, name.clone()));
        }
    }
    plain.sort();
    nested.sort();

    let mut lost = HashSet::new();
    let for_plain = if nested.is_empty() { left } else { left / 2 };
    let mut left_for_plain = for_plain;
    for (size, name) in plain {
        if let Some(less) = left_for_plain.checked_sub(size) {
            left_for_plain = less;
        } else {
            left_for_plain = 0;
            lost.insert(name);
        }
    }
    left -= for_plain - left_for_plain;

    let mut count = nested.len();
    for (size, name) in nested {
        let share = left / count;
        count -= 1;
        if size <= share {
            left -= size;
        } else if share < LEAST {
            lost.insert(name);
        } else if let Some(member) = members.get_mut(&name) {
            let around = size - cost::of(member);
            shrink(
                member,
                share.saturating_sub(around),
                &join(path, &name),
                remarks,
            );
            left = left.saturating_sub(cost::of(member) + around);
        }
    }
    members.retain(|name, _| {
        let stays = !lost.contains(name);
        if !stays {
            remarks.omitted.add(join(path, name));
        }
        stays
    });
}

fn cut_text(text: &mut String, room: usize, path: &str, remarks: &mut Remarks) {
    if cost::of_text(text) <= room {
        return;
    }
    let mut used = 0;
    let end = text.char_indices().find(|(at, c)| {
        used += cost::of_text(&text[*at..*at + c.len_utf8()]);
        used > room
    });
    let of = text.chars().count();
    text.truncate(end.map_or(text.len(), |(at, _)| at));
    remarks.cuts.push(Cut {
        path: path.to_owned(),
        shown: text.chars().count(),
        of,
        is_text: true,
        rest: None,
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fitted(mut body: Value, tokens: usize) -> (Value, Value) {
        let mut remarks = Remarks::default();
        fit(&mut body, tokens * cost::PARTS, "", &mut remarks);
        (body, remarks.into_value().unwrap_or_default())
    }

    fn entries(count: usize) -> Vec<Value> {
        let entry =
            |index| json!({"customerUniqueId": format!("8WER0F4J{index:02}"), "name": "Ines Webb"});
        (0..count).map(entry).collect()
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let body = json!({"results": entries(10), "x": null});
        assert_eq!(fitted(body.clone(), 1_000), (body, Value::Null));
    }

    #[test]
    fn lists_lose_whole_entries_at_their_end() {
        let (body, said) = fitted(json!(entries(90)), 500);
        let shown = body.as_array().unwrap().len();
        assert!((15..90).contains(&shown), "{shown}");
        assert_eq!(body, json!(entries(shown)));
        assert_eq!(
            said,
            json!({"cut": [{"path": "", "shown": shown, "of": 90}]})
        );
        assert!(cost::of(&body) <= 500 * cost::PARTS);
        // One more would have been too many.
        assert!(cost::of(&json!(entries(shown + 1))) > 500 * cost::PARTS - 6);
    }

    #[test]
    fn a_page_keeps_its_counters() {
        let (body, said) = fitted(
            json!({"currentPage": 1, "results": entries(90), "pageCount": 9}),
            300,
        );
        assert_eq!(
            (&body["currentPage"], &body["pageCount"]),
            (&json!(1), &json!(9))
        );
        assert_eq!(said["cut"][0]["path"], "results");
        assert!(cost::of(&body) <= 300 * cost::PARTS);
        assert!(cost::of(&body) > 250 * cost::PARTS);
    }

    #[test]
    fn objects_lose_their_largest_members() {
        let body = json!({
            "invoiceNumber": "8WER0F4J1R-1", "terms": "x".repeat(40_000), "status": "Paid",
            "footer": "y".repeat(3_000), "advert": "z".repeat(600),
        });
        let (body, said) = fitted(body, 200);
        let names: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert_eq!(names, ["invoiceNumber", "status", "advert"]);
        assert_eq!(said, json!({"omitted": ["terms", "footer"]}));
    }

    #[test]
    fn lists_share_the_room() {
        let body = json!({"a": entries(3), "b": entries(400), "c": entries(300), "status": "Paid"});
        let (body, said) = fitted(body, 1_000);
        assert_eq!(body["a"], json!(entries(3)));
        assert_eq!(body["status"], "Paid");
        let shown = |name: &str| body[name].as_array().unwrap().len();
        assert!(shown("b") > 10 && shown("b").abs_diff(shown("c")) <= 1);
        assert_eq!(said["cut"].as_array().unwrap().len(), 2);
        assert!(cost::of(&body) <= 1_000 * cost::PARTS);
    }

    #[test]
    fn an_entry_that_is_too_large_by_itself_is_shown_in_part() {
        let entry = json!({
            "planId": 26, "about": "x".repeat(30_000), "cycles": entries(200), "name": "Team",
        });
        let (body, said) = fitted(json!([entry, entry]), 400);
        let [only] = &body.as_array().unwrap()[..] else {
            panic!("one entry: {body}");
        };
        assert_eq!(
            (&only["planId"], &only["name"]),
            (&json!(26), &json!("Team"))
        );
        assert!(only["cycles"].as_array().unwrap().len() > 5);
        assert_eq!(said["omitted"], json!(["about"]));
        assert_eq!(said["cut"][1]["path"], "cycles");
        assert_eq!(said["cut"][0], json!({"path": "", "shown": 1, "of": 2}));
    }

    #[test]
    fn a_text_that_is_the_answer_loses_its_end() {
        let (body, said) = fitted(json!("ä".repeat(5_000)), 100);
        let shown = body.as_str().unwrap().chars().count();
        assert_eq!(shown, 100);
        assert_eq!(
            said,
            json!({"cut": [{"path": "", "shown": 100, "of": 5_000}]})
        );
    }

    #[test]
    fn a_text_that_is_too_large_for_a_list_is_not_cut_in_half() {
        let (body, said) = fitted(json!(["x".repeat(9_000), "b"]), 100);
        assert_eq!(body, json!([]));
        assert_eq!(said, json!({"cut": [{"path": "", "shown": 0, "of": 2}]}));
    }

    #[test]
    fn an_object_of_very_many_members_is_cut_quickly() {
        let members = (0..50_000).map(|index| (format!("member{index}"), json!("some text")));
        let (body, _) = fitted(Value::Object(members.collect()), 1_000);
        assert!(cost::of(&body) <= 1_000 * cost::PARTS);
        assert!(body.as_object().unwrap().len() > 100);
    }
}
