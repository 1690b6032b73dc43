//! The rules of clients, one by one.

use serde_json::Value;

use super::gemini;
use super::lint::each_schema;
use crate::tool::Listing;

/// Takes what is wrong: where, and what.
type Report<'a> = dyn FnMut(&str, String) + 'a;

/// Something that clients want of a listing.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// A word or two.
    pub(super) name: &'static str,
    /// Reports what breaks the rule.
    pub(super) check: fn(&Listing, &mut Report<'_>),
}

/// Most clients allow 64 characters, a prefix of their own included where they have one.
const LONGEST_NAME: usize = 64;

/// Cursor allows 60 characters for the names of server and tool together.
const CURSOR_LONGEST: usize = 60;
const SERVER_NAME: &str = "billsby";

pub(super) const NAME_CHARACTERS: Rule = Rule {
    name: "name-characters",
    check: |listing, report| {
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let first = listing.name.chars().next();
        if !first.is_some_and(|c| c.is_ascii_alphabetic()) || !listing.name.chars().all(legal) {
            let message = "a name is made of letters, digits, _ and -, a letter first";
            report("/name", message.to_owned());
        }
    },
};

pub(super) const NAME_LENGTH: Rule = Rule {
    name: "name-length",
    check: |listing, report| {
        let length = listing.name.len();
        if length > LONGEST_NAME {
            let message = format!("{length} characters, at most {LONGEST_NAME} are allowed");
            report("/name", message);
        }
    },
};

pub(super) const CURSOR_NAME: Rule = Rule {
    name: "cursor-name",
    check: |listing, report| {
        let length = SERVER_NAME.len() + 1 + listing.name.len();
        if length > CURSOR_LONGEST {
            let message = format!(
                "{length} characters with those of the server, at most {CURSOR_LONGEST} are allowed"
            );
            report("/name", message);
        }
    },
};

pub(super) const TEXTS: Rule = Rule {
    name: "texts",
    check: |listing, report| {
        if listing.title.is_empty() {
            report("/annotations/title", "there is no title".to_owned());
        }
        if listing.description.is_empty() {
            report("/description", "there is no description".to_owned());
        }
    },
};

pub(super) const ROOT_OBJECT: Rule = Rule {
    name: "root-object",
    check: |listing, report| {
        let schemas = [
            ("/inputSchema", Some(&listing.input_schema)),
            ("/outputSchema", listing.output_schema.as_ref()),
        ];
        for (place, schema) in schemas {
            if schema.is_some_and(|schema| schema.get("type") != Some(&Value::from("object"))) {
                report(place, "its type must be \"object\"".to_owned());
            }
        }
    },
};

pub(super) const ROOT_COMBINATOR: Rule = Rule {
    name: "root-combinator",
    check: |listing, report| {
        for keyword in ["oneOf", "anyOf", "allOf", "not", "if"] {
            if listing.input_schema.get(keyword).is_some() {
                report("/inputSchema", format!("`{keyword}` at the root"));
            }
        }
    },
};

pub(super) const PROPERTY_NAME: Rule = Rule {
    name: "property-name",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            let properties = schema.get("properties").and_then(Value::as_object);
            for name in properties.into_iter().flat_map(|known| known.keys()) {
                let legal = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
                if !(1..=64).contains(&name.len()) || !name.chars().all(legal) {
                    report(place, format!("`{name}` is no name of a property"));
                }
            }
        });
    },
};

pub(super) const REFERENCE: Rule = Rule {
    name: "reference",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            for keyword in ["$ref", "$defs", "definitions"] {
                if schema.get(keyword).is_some() {
                    report(place, format!("`{keyword}` is not followed everywhere"));
                }
            }
        });
    },
};

/// What strict mode knows; bounds came later and not with every model.
const OPENAI_KEYWORDS: [&str; 8] = [
    "type",
    "format",
    "description",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "items",
];

pub(super) const OPENAI_KEYWORD: Rule = Rule {
    name: "openai-keyword",
    check: |listing, report| only(&OPENAI_KEYWORDS, listing, report),
};

pub(super) const GEMINI_KEYWORD: Rule = Rule {
    name: "gemini-keyword",
    check: |listing, report| only(&gemini::KEYWORDS, listing, report),
};

fn only(keywords: &[&str], listing: &Listing, report: &mut Report<'_>) {
    each_schema(listing, &mut |place, schema| {
        for keyword in schema
            .as_object()
            .into_iter()
            .flat_map(|known| known.keys())
        {
            if !keywords.contains(&keyword.as_str()) {
                report(place, format!("`{keyword}` is not known"));
            }
        }
    });
}

pub(super) const STRICT_OBJECT: Rule = Rule {
    name: "strict-object",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
                return;
            };
            if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
                report(place, "other properties are not forbidden".to_owned());
            }
            let required = schema.get("required").and_then(Value::as_array);
            for name in properties.keys() {
                if !required.is_some_and(|names| names.iter().any(|required| required == name)) {
                    report(place, format!("`{name}` is not required"));
                }
            }
        });
    },
};

pub(super) const TYPED: Rule = Rule {
    name: "typed",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            if schema.get("type").is_none() {
                report(place, "there is no type".to_owned());
            }
        });
    },
};

pub(super) const SINGLE_TYPE: Rule = Rule {
    name: "single-type",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            if schema.get("type").is_some_and(Value::is_array) {
                report(place, "there are several types".to_owned());
            }
        });
    },
};

pub(super) const WORDS: Rule = Rule {
    name: "words",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            let words = schema.get("enum").and_then(Value::as_array);
            if words.is_some_and(|words| !words.iter().all(Value::is_string)) {
                report(place, "the choices are not all texts".to_owned());
            }
        });
    },
};

pub(super) const ARRAY_ITEMS: Rule = Rule {
    name: "array-items",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            let is_array = kinds(schema).any(|kind| kind == "array");
            if is_array && schema.get("items").is_none() {
                report(place, "nothing is said of the items".to_owned());
            }
        });
    },
};

pub(super) const NO_EMPTY_OBJECT: Rule = Rule {
    name: "no-empty-object",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            let properties = schema.get("properties").and_then(Value::as_object);
            let is_object = kinds(schema).any(|kind| kind == "object");
            if is_object && properties.is_none_or(serde_json::Map::is_empty) {
                report(place, "an object without properties".to_owned());
            }
        });
    },
};

pub(super) const DATE_FORMAT: Rule = Rule {
    name: "date-format",
    check: |listing, report| {
        each_schema(listing, &mut |place, schema| {
            let format = schema.get("format");
            if format.is_some_and(|format| format != "date-time") {
                report(
                    place,
                    "no format but date-time is known everywhere".to_owned(),
                );
            }
        });
    },
};

fn kinds(schema: &Value) -> impl Iterator<Item = &str> {
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    kinds.into_iter()
}
