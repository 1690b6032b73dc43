//! The four tools: what a client sees of them.

use serde_json::{Value, json};

use crate::tool::{
    Catalogue, Effect, Entry, Hints, Listing, OutputSchemas, Profile, Settings, profile,
};

/// One of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Search,
    Describe,
    Read,
    Write,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Search, Self::Describe, Self::Read, Self::Write];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Search => "search_tools",
            Self::Describe => "describe_tool",
            Self::Read => "call_read_tool",
            Self::Write => "call_write_tool",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Search => "Search tools",
            Self::Describe => "Describe a tool",
            Self::Read => "Call a tool that only reads",
            Self::Write => "Call a tool that changes something",
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::Search => {
                "Finds this account's Billsby tools by what you want to do. Start here, then call \
                 describe_tool."
            }
            Self::Describe => {
                "One tool's description, effect and arguments as JSON Schema, and which tool calls \
                 it. Read it before the first call."
            }
            Self::Read => "Calls a tool whose effect is `read`. Nothing changes.",
            Self::Write => {
                "Calls a tool with any other effect: it changes data, charges, refunds or sends \
                 messages."
            }
        }
    }

    const fn hints(self) -> Hints {
        match self {
            // They look at this server's own table.
            Self::Search | Self::Describe => Hints {
                open_world: false,
                ..Effect::Read.hints()
            },
            Self::Read => Effect::Read.hints(),
            Self::Write => Effect::Irreversible.hints(),
        }
    }

    /// The tool that calls tools of this effect.
    pub(super) const fn executor(effect: Effect) -> Self {
        if effect.is_read() {
            Self::Read
        } else {
            Self::Write
        }
    }

    pub(super) fn is_needed(self, catalogue: &Catalogue) -> bool {
        match self {
            Self::Search | Self::Describe => true,
            Self::Read | Self::Write => catalogue
                .entries()
                .iter()
                .any(|entry| Self::executor(entry.tool().effect) == self),
        }
    }

    /// The schema that arguments are checked against.
    pub(super) fn accepted_input(self, catalogue: &Catalogue) -> Value {
        let name = json!({"type": "string", "description": "The tool's name, from search_tools"});
        match self {
            Self::Search => {
                let tools = || catalogue.entries().iter().map(Entry::tool);
                let mut properties = json!({
                    "query": {"type": "string", "description": "A few words, such as `refund invoice`"},
                    "tag": {"type": "string", "description": "Only this group"},
                    "effect": {"type": "string", "description": "Only tools that do this"},
                });
                properties["tag"]["enum"] = distinct(tools().map(|tool| tool.tag));
                properties["effect"]["enum"] = distinct(tools().map(|tool| word(tool.effect)));
                object(&properties, &["query"])
            }
            Self::Describe => object(&json!({ "name": name }), &["name"]),
            Self::Read | Self::Write => {
                let arguments =
                    json!({"type": "object", "description": "As describe_tool's inputSchema says"});
                object(
                    &json!({"name": name, "arguments": arguments}),
                    &["name", "arguments"],
                )
            }
        }
    }

    /// The tool as a client sees it.
    pub(super) fn listing(self, accepted: Value, settings: &Settings) -> Listing {
        let mut schema = accepted;
        if let Some(arguments) = schema.pointer_mut("/properties/arguments") {
            match settings.profile {
                Profile::Standard | Profile::Anthropic | Profile::Cursor => {}
                // These know no object whose properties are not listed; as text it is unwrapped again.
                Profile::Openai | Profile::Gemini => {
                    *arguments = json!({
                        "type": "string",
                        "description": "A JSON object as text, as describe_tool's inputSchema says",
                    });
                }
            }
        }
        profile::adapt(settings.profile, &mut schema);
        Listing {
            name: self.name(),
            title: self.title(),
            description: self.description().to_owned(),
            input_schema: schema,
            output_schema: match settings.output_schemas {
                OutputSchemas::None => None,
                OutputSchemas::Compact | OutputSchemas::Full => Some(json!({"type": "object"})),
            },
            hints: self.hints(),
        }
    }
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Each word once, in the order in which they first come.
pub(super) fn distinct(words: impl Iterator<Item = &'static str>) -> Value {
    let mut seen: Vec<&str> = Vec::new();
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    Value::from(seen)
}

/// The word for an effect.
pub(super) const fn word(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Write => "write",
        Effect::Money => "money",
        Effect::Message => "message",
        Effect::Irreversible => "irreversible",
        Effect::Accumulates => "accumulates",
    }
}
