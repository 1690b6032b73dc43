//! Arguments, as a schema asks for them.

use serde_json::{Map, Value, json};

use super::entry::{self, member};
use super::toolbox::{Id, Tool, is_required, properties};
use super::{Agent, Attempt, GivenUp, gives_up};
use crate::evaluation::plan::{Fact, Step, step, with};
use crate::evaluation::words::plain;

/// The argument of a tool that identifies such a thing.
pub(super) fn id_of(tool: &Tool, noun: &str) -> Option<Id> {
    let ids = tool
        .properties()
        .values()
        .filter_map(|schema| Id::of(schema).or_else(|| Id::of(&schema["items"])));
    let mut ids = ids.filter(|id| id.noun == noun);
    ids.next()
}

impl Agent<'_> {
    /// All arguments of a call: what is required, what the step says, and, where a tool replaces all of a
    /// thing, what it is now.
    pub(super) async fn arguments(
        &mut self,
        tool: &Tool,
        step: &Step,
    ) -> Result<Map<String, Value>, GivenUp> {
        let mut arguments = Map::new();
        let ids_first = |name: &&String| Id::of(&tool.properties()[name.as_str()]).is_none();
        let mut names: Vec<&String> = tool.properties().keys().collect();
        names.sort_by_key(ids_first);
        let mut current = Value::Null;
        for name in names {
            let schema = &tool.properties()[name];
            if current.is_null()
                && Id::of(schema).is_none()
                && let Some(noun) = tool.reads_first()
            {
                current = self.current(&noun, step).await?;
            }
            let required = is_required(&tool.schema, name);
            let mut value = self.argument(tool, name, schema, required, step).await?;
            if value.is_none() {
                value = member(&current, name).and_then(|now| as_wanted(now, schema));
            }
            match value {
                Some(value) => {
                    arguments.insert(name.clone(), value);
                }
                None if required => return Err(gives_up(format!("what is {}?", plain(name)))),
                None => {}
            }
        }
        Ok(in_order(arguments, tool))
    }

    /// The arguments without which a call cannot be made.
    pub(super) fn required_arguments<'b>(
        &'b mut self,
        tool: &'b Tool,
        step: &'b Step,
    ) -> Attempt<'b, Map<String, Value>> {
        Box::pin(async move {
            let mut arguments = Map::new();
            for (name, schema) in tool.properties() {
                if is_required(&tool.schema, name) {
                    let value = self.argument(tool, name, schema, true, step).await?;
                    let value =
                        value.ok_or_else(|| gives_up(format!("what is {}?", plain(name))))?;
                    arguments.insert(name.clone(), value);
                }
            }
            Ok(arguments)
        })
    }

    async fn argument(
        &mut self,
        tool: &Tool,
        name: &str,
        schema: &Value,
        required: bool,
        step: &Step,
    ) -> Result<Option<Value>, GivenUp> {
        let id = Id::of(schema);
        let fact = step
            .facts
            .iter()
            .find(|(fact, _)| is_called(fact, name, schema));
        match fact.map(|(_, fact)| fact) {
            Some(Fact::Given(Value::Array(names))) if Id::of(&schema["items"]).is_some() => {
                return self.ids_of(names, &schema["items"], step).await.map(Some);
            }
            Some(Fact::Given(value)) => return Ok(Some(written(value, schema))),
            Some(Fact::Everything) => return Ok(self.everything(tool, schema)),
            Some(Fact::Unchanged) => return self.unchanged(name, schema, step).await.map(Some),
            None => {}
        }
        if let Some(id) = id {
            let wanted = required || step.pick(&id.noun).is_some();
            if !wanted {
                return Ok(None);
            }
            return self.resolve(name, &id, step).await.map(Some);
        }
        if !required {
            return Ok(None);
        }
        if let Some([only]) = schema["enum"].as_array().map(Vec::as_slice) {
            return Ok(Some(only.clone()));
        }
        if let Some(id) = Id::of(&schema["items"]) {
            let name = self
                .toolbox
                .id_name(&id.noun)
                .unwrap_or_default()
                .to_owned();
            return Ok(Some(json!([self.resolve(&name, &id, step).await?])));
        }
        Ok(nested(schema, step))
    }

    /// The ids of things that are given by their names.
    async fn ids_of(
        &mut self,
        names: &[Value],
        items: &Value,
        about: &Step,
    ) -> Result<Value, GivenUp> {
        let Some(id) = Id::of(items) else {
            return Ok(json!(names));
        };
        let id_name = self
            .toolbox
            .id_name(&id.noun)
            .unwrap_or_default()
            .to_owned();
        let mut ids = Vec::new();
        for name in names.iter().filter_map(Value::as_str) {
            self.settled.remove(id.noun.as_str());
            let mut about = about.clone();
            about.about.retain(|(noun, _)| *noun != id.noun);
            let about = about.about(&id.noun, with(&[name]));
            ids.push(self.resolve(&id_name, &id, &about).await?);
        }
        Ok(Value::Array(ids))
    }

    /// How much there is, by the property that the tool's description names.
    fn everything(&self, tool: &Tool, schema: &Value) -> Option<Value> {
        let seen = self.memory.seen(tool.named_property()?)?;
        Some(written(seen, schema))
    }

    /// What an argument would be if nothing changed.
    async fn unchanged(
        &mut self,
        name: &str,
        schema: &Value,
        about: &Step,
    ) -> Result<Value, GivenUp> {
        let items = &schema["items"];
        let ids = properties(items)
            .values()
            .find_map(Id::of)
            .or_else(|| Id::of(items));
        let Some(id) = ids else {
            let seen = self.memory.seen(name);
            return seen
                .cloned()
                .ok_or_else(|| gives_up(format!("what is {name} now?")));
        };
        let tool = self.tool(&format!("list the {}s of a subscription", id.noun))?;
        let arguments = self.required_arguments(&tool, about).await?;
        let answer = self.call(&tool, arguments).await?;
        let id_name = self.toolbox.id_name(&id.noun).unwrap_or_default();
        let entries = entry::entries(&answer, id_name);
        let kept = entries.iter().map(|entry| match properties(items) {
            none if none.is_empty() => entry.get(id_name).cloned().unwrap_or_default(),
            wanted => wanted
                .keys()
                .filter_map(|name| Some((name.clone(), entry.get(name)?.clone())))
                .collect(),
        });
        Ok(kept.collect())
    }

    /// What a thing is before it is replaced.
    async fn current(&mut self, noun: &str, about: &Step) -> Result<Value, GivenUp> {
        let wish = format!("get a {noun}");
        if let Some(tool) = self.toolbox.choose(&wish).cloned() {
            let arguments = self.required_arguments(&tool, &step(wish)).await?;
            return self.call(&tool, arguments).await;
        }
        let entry = self
            .toolbox
            .id_name(noun)
            .and_then(|name| self.memory.entry(name));
        let known = entry
            .and_then(|entry| entry.objects.first())
            .map(|object| object.clone().into_owned());
        known.ok_or_else(|| gives_up(format!("what is the {noun} of {:?} now?", about.wish)))
    }
}

/// Whether a fact is about an argument: by its name, its description or what it identifies.
fn is_called(fact: &str, name: &str, schema: &Value) -> bool {
    let described = schema["description"].as_str().unwrap_or_default();
    let noun = Id::of(schema).map(|id| id.noun);
    plain(name) == fact || plain(described) == fact || noun.is_some_and(|noun| noun == fact)
}

/// An object made of the step's facts.
fn nested(schema: &Value, step: &Step) -> Option<Value> {
    let mut object = Map::new();
    for (name, schema) in properties(schema) {
        let fact = step
            .facts
            .iter()
            .find(|(fact, _)| is_called(fact, name, schema));
        if let Some((_, Fact::Given(value))) = fact {
            object.insert(name.clone(), written(value, schema));
        }
    }
    let complete = |name: &Value| name.as_str().is_some_and(|name| object.contains_key(name));
    let is_complete = schema["required"].as_array()?.iter().all(complete);
    is_complete.then_some(Value::Object(object))
}

/// A value in the form that a schema wants: words of an enumeration, whole numbers, names of members.
fn written(value: &Value, schema: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let known = properties(schema);
            let member = |(name, value): (&String, &Value)| {
                let found = known
                    .iter()
                    .find(|(known, schema)| is_called(name, known, schema));
                let (known, schema) = found.unwrap_or((name, &Value::Null));
                (known.clone(), written(value, schema))
            };
            members.iter().map(member).collect()
        }
        Value::Array(items) => items
            .iter()
            .map(|item| written(item, &schema["items"]))
            .collect(),
        Value::String(text) if schema["type"] == "integer" => match text.parse::<i64>() {
            Ok(number) => json!(number),
            Err(_) => value.clone(),
        },
        Value::String(text) => {
            let words = schema["enum"].as_array().into_iter().flatten();
            let mut words = words.filter(|word| word.as_str().map(plain) == Some(plain(text)));
            words.next().unwrap_or(value).clone()
        }
        other => other.clone(),
    }
}

/// A value that was read, if a schema takes it.
fn as_wanted(now: &Value, schema: &Value) -> Option<Value> {
    let fits = match schema["type"].as_str()? {
        "string" => now.is_string() && schema.get("enum").is_none(),
        "integer" => now.is_i64(),
        "boolean" => now.is_boolean(),
        "array" => {
            let items = now.as_array()?;
            items.iter().all(|item| item.is_string() || item.is_i64())
        }
        "object" => {
            let members = properties(schema).iter();
            let kept = members.filter_map(|(name, schema)| {
                Some((name.clone(), as_wanted(member(now, name)?, schema)?))
            });
            let kept: Map<String, Value> = kept.collect();
            return (!kept.is_empty()).then_some(Value::Object(kept));
        }
        _ => false,
    };
    fits.then(|| now.clone())
}

/// The arguments in the order in which the schema has them.
fn in_order(mut arguments: Map<String, Value>, tool: &Tool) -> Map<String, Value> {
    let names = tool.properties().keys();
    names
        .filter_map(|name| Some((name.clone(), arguments.remove(name)?)))
        .collect()
}
