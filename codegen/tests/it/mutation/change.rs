//! One random change of a document.

use serde_json::{Value, json};

use crate::random::Random;

const TEXTS: &[&str] = &[
    "",
    " ",
    "\0",
    "\r",
    "a\nb\r\nc",
    "\u{202e}\u{feff}",
    "日本語",
    "ÄÖÜß",
    "🦀",
    "İi",
    "\"",
    "\\",
    "*/",
    "//",
    "{",
    "{}",
    "{{}}",
    "/{a}/{a}",
    "..",
    "#",
    "#/",
    "#/components/schemas/Nothing",
    "#/components/schemas/~",
    "$ref",
    "self",
    "Self",
    "type",
    "fn",
    "_",
    "r#raw",
    "1st",
    "-",
    "--- #",
    "null",
    "~",
    "1e3",
    "2XX",
    "x-",
    "x-billsby-",
    "mod",
    "shared",
    "body",
    "client",
    "new",
    "unknown",
    "get",
    "object",
    "array",
    "integer",
    "number",
    "string",
    "boolean",
    "date-time",
    "amount",
    "timestamp",
    "application/json",
    "default",
];

/// Changes a value and says how.
pub(super) fn apply(document: &mut Value, random: &mut Random) -> String {
    let place = place(document, random);
    match random.below(6) {
        0 => remove(document, &place),
        1 => rename(document, &place, random),
        2 | 3 => retype(document, &place, random),
        4 => duplicate(document, &place, random),
        _ => swap(document, &place, random),
    }
}

/// Steps from the root; each is a member name or, below a list, an index.
type Place = Vec<String>;

fn shown(place: &Place) -> String {
    let steps = place
        .iter()
        .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")));
    steps.collect()
}

/// A place anywhere below the root. Each level is left with the same chance, so that large parts are not the only ones
/// hit; what describes calls is hit more often than what surrounds it.
fn place(document: &Value, random: &mut Random) -> Place {
    let mut place = Place::new();
    let mut value = document;
    if let Some(part) = ["paths", "components"].get(random.below(3))
        && let Some(inside) = document.get(part)
    {
        place.push((*part).to_owned());
        value = inside;
    }
    loop {
        let step = match value {
            Value::Object(map) if !map.is_empty() => map
                .keys()
                .nth(random.below(map.len()))
                .cloned()
                .expect("it is below the length"),
            Value::Array(items) if !items.is_empty() => random.below(items.len()).to_string(),
            _ => return place,
        };
        value = child(value, &step);
        place.push(step);
        if random.below(10) == 0 {
            return place;
        }
    }
}

fn child<'a>(value: &'a Value, step: &str) -> &'a Value {
    match value {
        Value::Array(items) => &items[index(step)],
        other => &other[step],
    }
}

fn get<'a>(document: &'a Value, place: &Place) -> &'a Value {
    place
        .iter()
        .fold(document, |value, step| child(value, step))
}

fn index(step: &str) -> usize {
    step.parse().expect("a step below a list is an index")
}

/// The value at a place, unless an earlier change has taken it away.
fn at<'a>(document: &'a mut Value, place: &[String]) -> Option<&'a mut Value> {
    place.iter().try_fold(document, |value, step| match value {
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        Value::Object(map) => map.get_mut(step),
        _ => None,
    })
}

fn parent<'a>(document: &'a mut Value, place: &'a Place) -> Option<(&'a mut Value, &'a String)> {
    let (last, before) = place.split_last()?;
    Some((at(document, before)?, last))
}

fn remove(document: &mut Value, place: &Place) -> String {
    match parent(document, place) {
        Some((Value::Object(map), step)) => drop(map.shift_remove(step)),
        Some((Value::Array(items), step)) => drop(items.remove(index(step))),
        _ => {}
    }
    format!("removed {}", shown(place))
}

fn rename(document: &mut Value, place: &Place, random: &mut Random) -> String {
    let name = name(document, place, random);
    if let Some((Value::Object(map), step)) = parent(document, place) {
        let renamed = std::mem::take(map).into_iter().map(|(key, value)| {
            if key == *step {
                (name.clone(), value)
            } else {
                (key, value)
            }
        });
        *map = renamed.collect();
    }
    format!("renamed {} to {name:?}", shown(place))
}

/// A name: strange, one of another place, or the one that is there with a small difference.
fn name(document: &Value, place: &Place, random: &mut Random) -> String {
    let own = place.last().cloned().unwrap_or_default();
    match random.below(6) {
        0 | 1 => (*random.pick(TEXTS)).to_owned(),
        2 => own.to_uppercase(),
        3 => format!("{own}_"),
        4 => format!("{own}2"),
        _ => self::place(document, random).pop().unwrap_or_default(),
    }
}

fn retype(document: &mut Value, place: &Place, random: &mut Random) -> String {
    let old = at(document, place).cloned().unwrap_or_default();
    let new = match old {
        // A value of the same type gets further than one of another type.
        Value::String(_) if random.below(2) == 0 => json!(random.pick(TEXTS)),
        Value::String(_) if random.below(2) == 0 => text_elsewhere(document, random),
        Value::Number(_) if random.below(2) == 0 => number(random),
        Value::Bool(old) if random.below(2) == 0 => Value::Bool(!old),
        _ => any_value(document, random),
    };
    let text = new.to_string();
    if let Some(value) = at(document, place) {
        *value = new;
    }
    format!(
        "replaced {} by {}",
        shown(place),
        text.chars().take(200).collect::<String>()
    )
}

fn text_elsewhere(document: &Value, random: &mut Random) -> Value {
    let places = (0..50).map(|_| self::place(document, random));
    let mut texts = places
        .map(|place| get(document, &place))
        .filter(|value| value.is_string());
    texts.next().cloned().unwrap_or_default()
}

fn number(random: &mut Random) -> Value {
    let numbers = [
        json!(0),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(-0.0),
        json!(1e308),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(random.next()),
    ];
    random.pick(&numbers).clone()
}

fn any_value(document: &Value, random: &mut Random) -> Value {
    match random.below(12) {
        0 => Value::Null,
        1 => Value::Bool(random.below(2) == 0),
        2 | 3 => number(random),
        4 | 5 => json!(random.pick(TEXTS)),
        6 => json!("long ".repeat(1 + random.below(2_000))),
        7 => random
            .pick(&[
                json!([]),
                json!({}),
                json!([null]),
                json!([[]]),
                json!({"": null}),
                json!(["a", "a"]),
                json!([1, "1", 1.0]),
            ])
            .clone(),
        8 => json!({"$ref": random.pick(TEXTS)}),
        9 => json!({"$ref": format!("#{}", shown(&self::place(document, random)))}),
        10 => {
            json!({"type": random.pick(&["string", "integer", "number", "boolean", "array", "object"])})
        }
        _ => get(document, &self::place(document, random)).clone(),
    }
}

fn duplicate(document: &mut Value, place: &Place, random: &mut Random) -> String {
    let name = name(document, place, random);
    let copy = at(document, place).cloned().unwrap_or_default();
    match parent(document, place) {
        Some((Value::Object(map), _)) => drop(map.insert(name.clone(), copy)),
        Some((Value::Array(items), _)) => items.push(copy),
        _ => {}
    }
    format!("copied {} to {name:?} beside it", shown(place))
}

fn swap(document: &mut Value, place: &Place, random: &mut Random) -> String {
    let other = self::place(document, random);
    let first = at(document, place).cloned().unwrap_or_default();
    let second = at(document, &other).cloned().unwrap_or_default();
    if let Some(value) = at(document, place) {
        *value = second;
    }
    if let Some(value) = at(document, &other) {
        *value = first;
    }
    format!("swapped {} and {}", shown(place), shown(&other))
}
