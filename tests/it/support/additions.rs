//! What a result has more than the API's answer.

use serde_json::Value;

/// The places where `shown` has a member more than `whole`, such as `results[0].planId`. Panics unless
/// everything in `whole` is also in `shown`, unchanged.
#[track_caller]
pub(crate) fn additions(whole: &Value, shown: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Err(place) = compare("", whole, shown, &mut found) {
        panic!("{place} is not what the API answered:\n{whole}\n{shown}");
    }
    found
}

fn compare(at: &str, whole: &Value, shown: &Value, found: &mut Vec<String>) -> Result<(), String> {
    let below = |name: &str| match at {
        "" => name.to_owned(),
        at => format!("{at}.{name}"),
    };
    match (whole, shown) {
        (Value::Object(whole), Value::Object(shown)) => {
            for (name, value) in whole {
                let at = below(name);
                compare(&at, value, shown.get(name).ok_or(at.as_str())?, found)?;
            }
            let added = shown.keys().filter(|name| !whole.contains_key(*name));
            found.extend(added.map(|name| below(name)));
            Ok(())
        }
        (Value::Array(whole), Value::Array(shown)) if whole.len() == shown.len() => whole
            .iter()
            .zip(shown)
            .enumerate()
            .try_for_each(|(index, (whole, shown))| {
                compare(&format!("{at}[{index}]"), whole, shown, found)
            }),
        (whole, shown) if whole == shown => Ok(()),
        _ => Err(at.to_owned()),
    }
}
