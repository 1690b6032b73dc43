//! The 58 operations, read from the JSON files in `operations/`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::schema::{Field, Shape};

/// One operation of the API.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The operation id of the published document.
    pub(crate) id: String,
    pub(crate) method: String,
    /// `core`, `billing` or `counters`.
    pub(crate) prefix: String,
    /// The path behind the prefix.
    pub(crate) path: Vec<Segment>,
    pub(crate) query: Vec<Field>,
    /// At least one query parameter must be given, whichever.
    pub(crate) query_needs_one: bool,
    /// The shape of the body; `None` means that there must be none.
    pub(crate) body: Option<Shape>,
    /// What the API is documented to answer.
    pub(crate) answer: Answer,
}

/// One segment of a path template.
#[derive(Debug)]
pub(crate) enum Segment {
    Literal(String),
    Value { name: String, shape: Shape },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    id: String,
    route: String,
    #[serde(default)]
    query: Map<String, Value>,
    #[serde(default)]
    query_needs_one: bool,
    body: Option<Value>,
    answer: String,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let types = serde_json::from_str(include_str!("operations/types.json"))
        .expect("types.json is an object");
    [
        include_str!("operations/customers.json"),
        include_str!("operations/subscriptions.json"),
        include_str!("operations/invoices.json"),
        include_str!("operations/products.json"),
        include_str!("operations/extras.json"),
    ]
    .into_iter()
    .flat_map(|file| serde_json::from_str::<Vec<Written>>(file).expect("a list of operations"))
    .map(|written| written.parse(&types))
    .collect()
});

/// All operations.
pub(crate) fn all() -> &'static [Operation] {
    &OPERATIONS
}

/// The operation with this id; panics when there is none.
pub(crate) fn find(id: &str) -> &'static Operation {
    all()
        .iter()
        .find(|operation| operation.id == id)
        .unwrap_or_else(|| panic!("the mock knows no operation `{id}`"))
}

impl Operation {
    /// Whether the path behind the prefix has the form of this operation's template.
    pub(crate) fn matches(&self, segments: &[String]) -> bool {
        self.path.len() == segments.len()
            && self.path.iter().zip(segments).all(|(template, segment)| {
                !matches!(template, Segment::Literal(literal) if literal != segment)
            })
    }

    /// How many segments of the template are literals; the most specific template wins.
    pub(crate) fn literals(&self) -> usize {
        self.path
            .iter()
            .filter(|segment| matches!(segment, Segment::Literal(_)))
            .count()
    }
}

impl Written {
    fn parse(self, types: &Map<String, Value>) -> Operation {
        let route: Vec<&str> = self.route.split(' ').collect();
        let [method, prefix, path] = route[..] else {
            panic!("`{}` is not a route", self.route);
        };
        let path = path.strip_prefix('/').expect("a path begins with a slash");
        Operation {
            answer: documented_answer(&self.id, &self.answer),
            id: self.id,
            method: method.to_owned(),
            prefix: prefix.to_owned(),
            path: path.split('/').map(Segment::parse).collect(),
            query: Field::parse_all(&self.query, types),
            query_needs_one: self.query_needs_one,
            body: self.body.map(|body| Shape::parse(&body, types)),
        }
    }
}

impl Segment {
    fn parse(written: &str) -> Self {
        let Some(inner) = written
            .strip_prefix('{')
            .and_then(|written| written.strip_suffix('}'))
        else {
            return Self::Literal(written.to_owned());
        };
        let (name, shape) = match inner.strip_suffix(":int") {
            Some(name) => (
                name,
                Shape::Integer {
                    min: 1,
                    max: i64::MAX,
                },
            ),
            None => (inner, Shape::Text),
        };
        Self::Value {
            name: name.to_owned(),
            shape,
        }
    }
}

/// `json` and `plain json` answers are files of `fixtures/answers`, `word X` answers the bare word,
/// which the published document calls JSON though it is none.
fn documented_answer(id: &str, written: &str) -> Answer {
    let fixture = || {
        let path = format!("{}/fixtures/answers/{id}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    match written.split_once(' ') {
        None if written == "json" => Answer::new(200, "application/json", fixture()),
        Some(("plain", "json")) => Answer::new(200, "text/plain", fixture()),
        Some(("word", word)) => Answer::new(200, "application/json", word),
        _ => panic!("`{written}` is not an answer"),
    }
}
