//! What the list of tools says: which tool does what, and where each id comes from.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::evaluation::words::{likeness, stems, verb};

/// The tools of a server, as its list describes them.
#[derive(Debug, Clone)]
pub(crate) struct Toolbox {
    tools: Vec<Tool>,
    /// Names of ids by what they identify: `customerUniqueId` by `customer`.
    ids: BTreeMap<String, IdName>,
}

/// An entry of the list.
#[derive(Debug, Clone)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) only_reads: bool,
    pub(crate) schema: Value,
}

/// The name of an id, and the tool whose answers have it.
#[derive(Debug, Clone)]
struct IdName {
    name: String,
    source: Option<String>,
}

/// What a schema says of an argument that is an id: `Plan like 26 from list_all_billsby_plans, …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Id {
    /// `plan`
    pub(crate) noun: String,
    pub(crate) source: Option<String>,
}

impl Tool {
    fn read(listed: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            name: text(&listed["name"]),
            title: text(&listed["annotations"]["title"]),
            description: text(&listed["description"]),
            only_reads: listed["annotations"]["readOnlyHint"] == true,
            schema: listed["inputSchema"].clone(),
        }
    }

    /// The arguments and their schemas.
    pub(crate) fn properties(&self) -> &Map<String, Value> {
        properties(&self.schema)
    }

    /// What has to be read before the tool may replace it: `customer`.
    pub(crate) fn reads_first(&self) -> Option<String> {
        let description = self.description.to_lowercase();
        let (_, rest) = description.split_once("read the ")?;
        rest.split_once(" first").map(|(noun, _)| noun.to_owned())
    }

    /// The name that stands in backticks in the description.
    pub(crate) fn named_property(&self) -> Option<&str> {
        self.description.split('`').nth(1)
    }
}

impl Toolbox {
    pub(crate) fn new(listed: &[Value]) -> Self {
        let tools: Vec<Tool> = listed.iter().map(Tool::read).collect();
        let mut ids = BTreeMap::new();
        for tool in &tools {
            for (name, schema) in tool.properties() {
                if let Some(id) = Id::of(schema) {
                    let (name, source) = (name.clone(), id.source);
                    ids.entry(id.noun).or_insert(IdName { name, source });
                }
            }
        }
        Self { tools, ids }
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.name == name)
    }

    /// The tool whose title says what is wished for, if one does.
    pub(crate) fn choose(&self, wish: &str) -> Option<&Tool> {
        /// Less in common means something else.
        const ENOUGH: f64 = 0.6;
        let verb = verb(wish);
        let fits = |tool: &&Tool| stems(&tool.title).contains(verb.trim_end_matches('s'));
        let rated = self.tools.iter().filter(fits);
        let rated = rated.map(|tool| (likeness(wish, &tool.title), tool));
        let best = rated.max_by(|(one, a), (other, b)| {
            // Of two equal ones the first in the list.
            one.total_cmp(other).then_with(|| b.name.cmp(&a.name))
        });
        best.filter(|(likeness, _)| *likeness >= ENOUGH)
            .map(|(_, tool)| tool)
    }

    /// The name of the id of a thing: `planId` for `plan`.
    pub(crate) fn id_name(&self, noun: &str) -> Option<&str> {
        self.ids.get(noun).map(|id| id.name.as_str())
    }

    /// The names of all ids.
    pub(crate) fn id_names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.ids
            .iter()
            .map(|(noun, id)| (noun.as_str(), id.name.as_str()))
    }

    /// The tool to ask for an id: the one that a schema names, else one that lists such things.
    pub(crate) fn source(&self, id: &Id) -> Option<&Tool> {
        let known = self
            .ids
            .get(&id.noun)
            .and_then(|known| known.source.as_deref());
        let named = id
            .source
            .as_deref()
            .or(known)
            .and_then(|name| self.find(name));
        named.or_else(|| self.choose(&format!("list {}s", id.noun)))
    }
}

impl Id {
    /// The noun before the example, and the tool behind it.
    pub(crate) fn of(schema: &Value) -> Option<Self> {
        let (noun, rest) = schema["description"].as_str()?.split_once(" like ")?;
        let noun = noun.split(" of ").next().unwrap_or(noun);
        let source = rest.split_once(" from ").map(|(_, source)| {
            let end = source.find([',', ' ', ';']).unwrap_or(source.len());
            source[..end].to_owned()
        });
        Some(Self {
            noun: noun.to_lowercase(),
            source,
        })
    }
}

/// The members that an object may have.
pub(crate) fn properties(schema: &Value) -> &Map<String, Value> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    schema["properties"].as_object().unwrap_or(&NONE)
}

/// Whether an object has to have a member.
pub(crate) fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema["required"].as_array();
    required.is_some_and(|names| names.iter().any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_says_where_an_id_comes_from() {
        let schema = json!({"description": "Cycle of one plan like 28 from list_all_billsby_plans, not planId"});
        let id = Id::of(&schema).expect("an id");
        assert_eq!(id.noun, "cycle");
        assert_eq!(id.source.as_deref(), Some("list_all_billsby_plans"));
        assert_eq!(Id::of(&json!({"description": "Text on the invoice"})), None);
    }
}
