//! Which part of a list is wanted.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::fields::{Problems, not_a_word, time, unknown};
use super::{ProvisionError, fields};
use crate::record::{AccountId, ServerId, State};
use crate::store::Page;

/// How many entries a page has unless something else is asked for, and at most.
const USUAL: u32 = 50;
const MOST: u32 = 100;

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// The entries, newest first.
    pub result: Vec<T>,
    /// What to ask for as `cursor` to get the next page; none at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A page of a list. By default the first one.
#[derive(Debug, Clone, Default, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many entries at most; 50 unless given.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Which servers of an account are wanted.
#[derive(Debug, Clone, Default, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ServerFilter {
    /// Those that stand like this now.
    #[param(inline)]
    pub state: Option<State>,
    /// Those whose name contains this, in any case.
    pub name: Option<String>,
}

/// Which calls are wanted.
#[derive(Debug, Clone, Default, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ActivityFilter {
    /// Those of this server.
    pub server_id: Option<ServerId>,
    /// Those of this account.
    pub account_id: Option<AccountId>,
    /// Those of this tool, by any of its names.
    pub tool: Option<String>,
    /// Those with this outcome at Billsby.
    #[param(inline)]
    pub outcome: Option<OutcomeWord>,
    /// Those that gave an error, or those that did not.
    pub is_error: Option<bool>,
    /// Those that named this customer.
    pub customer: Option<String>,
    /// Those that named this invoice.
    pub invoice: Option<String>,
    /// Those from this time on.
    pub from: Option<Timestamp>,
    /// Those before this time.
    pub until: Option<Timestamp>,
}

/// What became of a call at Billsby.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum OutcomeWord {
    /// Nothing reached Billsby
    NotSent,
    /// Billsby did not do it
    Rejected,
    /// Billsby did it
    Done,
    /// Nobody knows
    Unknown,
}

impl Paging {
    /// The page, with one entry more than wanted, so that one can tell whether there is another page.
    pub(super) fn page<I: FromStr>(&self, problems: &mut Problems) -> (Page<I>, usize) {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            problems.add(
                "?limit",
                format!("expected a whole number from 1 to {MOST}"),
            );
        }
        let limit = limit.clamp(1, MOST);
        let after = self.cursor.as_deref().and_then(|cursor| {
            let id = cursor.parse();
            if id.is_err() {
                problems.add("?cursor", "is not the next_cursor of a page of this list");
            }
            id.ok()
        });
        let page = Page {
            after,
            limit: limit + 1,
        };
        (page, limit as usize)
    }
}

impl<T> List<T> {
    /// A page of what was read for it.
    pub(super) fn of<R>(
        mut records: Vec<R>,
        limit: usize,
        id: impl Fn(&R) -> String,
        view: impl FnMut(R) -> T,
    ) -> Self {
        let more = records.len() > limit;
        records.truncate(limit);
        let next_cursor = records.last().filter(|_| more).map(id);
        Self {
            result: records.into_iter().map(view).collect(),
            next_cursor,
        }
    }
}

/// The parameters of a request's query. Each may be there once, and none that is not known.
pub struct Query<'a> {
    pairs: &'a [(String, String)],
    problems: Problems,
}

impl<'a> Query<'a> {
    /// Looks at the names and values of a query.
    #[must_use]
    pub fn new(pairs: &'a [(String, String)], known: &[&str]) -> Self {
        let mut problems = Problems::default();
        for (index, (name, _)) in pairs.iter().enumerate() {
            let shown: String = name.chars().take(64).collect();
            if !known.contains(&name.as_str()) {
                problems.add(format!("?{shown}"), unknown("parameter", name, known));
            } else if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                problems.add(format!("?{shown}"), "is there more than once");
            }
        }
        Self { pairs, problems }
    }

    /// The page.
    pub fn paging(&mut self) -> Paging {
        Paging {
            limit: self.read("limit", "expected a whole number from 1 to 100"),
            cursor: self.text("cursor"),
        }
    }

    /// Which servers.
    pub fn servers(&mut self) -> ServerFilter {
        ServerFilter {
            state: self.word("state"),
            name: self.text("name"),
        }
    }

    /// Which calls.
    pub fn activity(&mut self) -> ActivityFilter {
        ActivityFilter {
            server_id: self.read("server_id", "is not the id of a server"),
            account_id: self.read("account_id", "is not the id of an account"),
            tool: self.text("tool"),
            outcome: self.word("outcome"),
            is_error: self.read("is_error", "expected true or false"),
            customer: self.text("customer"),
            invoice: self.text("invoice"),
            from: self.time("from"),
            until: self.time("until"),
        }
    }

    /// Says everything that is wrong.
    ///
    /// # Errors
    ///
    /// If anything is.
    pub fn finish(self) -> Result<(), ProvisionError> {
        self.problems.finish()
    }

    /// A value; blank ones count as absent.
    fn get(&self, name: &str) -> Option<&'a str> {
        let mut pairs = self.pairs.iter();
        let (_, value) = pairs.find(|(known, _)| known == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    fn read<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let value = self.get(name)?.parse();
        if value.is_err() {
            self.problems.add(format!("?{name}"), expected);
        }
        value.ok()
    }

    fn word<T: clap::ValueEnum>(&mut self, name: &str) -> Option<T> {
        let text = self.get(name)?;
        let word = T::from_str(text, false);
        if word.is_err() {
            let detail = not_a_word(text, &fields::words::<T>());
            self.problems.add(format!("?{name}"), detail);
        }
        word.ok()
    }

    fn time(&mut self, name: &str) -> Option<Timestamp> {
        match time(self.get(name)?) {
            Ok(time) => Some(time),
            Err(problem) => {
                self.problems.add(format!("?{name}"), problem);
                None
            }
        }
    }
}
