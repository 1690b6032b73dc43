//! Finding the thing that is meant, through as many pages as it takes.

use serde_json::{Map, Value, json};

use super::entry::{self, Entry};
use super::toolbox::{Id, Tool};
use super::{Agent, Attempt, GivenUp, Habit, gives_up};
use crate::evaluation::plan::{Pick, Step};

impl Agent<'_> {
    /// The id of the thing that is meant, looked up where its schema says.
    pub(super) fn resolve<'b>(
        &'b mut self,
        name: &'b str,
        id: &'b Id,
        step: &'b Step,
    ) -> Attempt<'b, Value> {
        Box::pin(async move {
            let pick = step
                .pick(&id.noun)
                .filter(|_| !self.settled.contains(&id.noun));
            if pick.is_none()
                && let Some(known) = self.memory.id(name)
            {
                return Ok(known.clone());
            }
            let source = self.source(id)?;
            let pick = pick.cloned().unwrap_or_default();
            if !self.sought.insert(id.noun.clone()) {
                return Err(gives_up(format!("finding a {0} takes a {0}", id.noun)));
            }
            let arguments = self.search(&source, step, &pick).await;
            self.sought.remove(&id.noun);
            let arguments = arguments?;
            self.pick_from(&source, arguments, &id.noun, &pick).await?;
            let chosen = self.memory.id(name).cloned();
            chosen.ok_or_else(|| gives_up(format!("there is no {name}")))
        })
    }

    /// Everything that fits.
    pub(super) async fn find_all(
        &mut self,
        id: &Id,
        step: &Step,
    ) -> Result<Vec<Entry<'static>>, GivenUp> {
        let source = self.source(id)?;
        let pick = step.pick(&id.noun).cloned().unwrap_or_default();
        let arguments = self.search(&source, step, &pick).await?;
        let name = self
            .toolbox
            .id_name(&id.noun)
            .unwrap_or_default()
            .to_owned();
        let answers = self.pages(&source, arguments, |_| false).await?;
        let mut found: Vec<Entry<'static>> = Vec::new();
        for entry in answers
            .iter()
            .flat_map(|answer| entry::entries(answer, &name))
        {
            let is_new = found
                .iter()
                .all(|known| known.get(&name) != entry.get(&name));
            if is_new && entry.fits(&pick.marks) {
                found.push(entry.into_owned());
            }
        }
        Ok(found)
    }

    /// Chooses from what a tool lists.
    pub(super) async fn pick_from(
        &mut self,
        tool: &Tool,
        arguments: Map<String, Value>,
        noun: &str,
        pick: &Pick,
    ) -> Result<(), GivenUp> {
        let id_name = self.toolbox.id_name(noun);
        let name = id_name
            .ok_or_else(|| gives_up(format!("what is a {noun}?")))?
            .to_owned();
        let found = |answer: &Value| entry::choose(entry::entries(answer, &name), pick).is_some();
        let mut answers = self.pages(tool, arguments.clone(), found).await?;
        let is_short = |answer: &Value| answer["_mcp"].get("omitted").is_some();
        if !answers.iter().any(found) && answers.iter().any(is_short) {
            let mut arguments = arguments;
            arguments.insert("detail".to_owned(), json!("full"));
            answers = self.pages(tool, arguments, found).await?;
        }
        let entries = answers
            .iter()
            .flat_map(|answer| entry::entries(answer, &name))
            .collect();
        let entry = entry::choose(entries, pick).map(Entry::into_owned);
        let entry =
            entry.ok_or_else(|| gives_up(format!("there is no {noun} with {:?}", pick.marks)))?;
        self.settle(noun, entry);
        Ok(())
    }

    /// Reads page after page until something is found.
    pub(super) async fn pages(
        &mut self,
        tool: &Tool,
        mut arguments: Map<String, Value>,
        found: impl Fn(&Value) -> bool,
    ) -> Result<Vec<Value>, GivenUp> {
        let mut answers = Vec::new();
        loop {
            let answer = self.call(tool, arguments.clone()).await?;
            let next = next_call(&answer);
            let enough = found(&answer) || self.habit == Habit::IgnoresPages;
            answers.push(answer);
            match next {
                Some(changes) if !enough => arguments.extend(changes),
                _ => return Ok(answers),
            }
        }
    }

    fn source(&self, id: &Id) -> Result<Tool, GivenUp> {
        let source = self.toolbox.source(id).cloned();
        source.ok_or_else(|| gives_up(format!("no tool lists any {}", id.noun)))
    }

    /// The arguments of a tool that is asked for an id.
    async fn search(
        &mut self,
        tool: &Tool,
        step: &Step,
        pick: &Pick,
    ) -> Result<Map<String, Value>, GivenUp> {
        let mut arguments = self.required_arguments(tool, step).await?;
        if tool.properties().contains_key("search")
            && let Some(mark) = pick.marks.first()
        {
            arguments.insert("search".to_owned(), json!(mark));
        }
        Ok(arguments)
    }
}

/// What is to be changed in a call to read on, as its answer says.
fn next_call(answer: &Value) -> Option<Map<String, Value>> {
    let said = &answer["_mcp"];
    if let Some(next) = said["nextPage"].as_object() {
        return Some(next.clone());
    }
    let rest = said["cut"]
        .as_array()?
        .iter()
        .find_map(|cut| cut.get("rest"))?;
    Some(Map::from_iter([("fields".to_owned(), json!([rest]))]))
}
